# shellcheck shell=bash
# Starts the ranks, waits for rank 0's verdict, and leaves nothing behind. Launchers deliver neither
# exit codes nor signals dependably, so this process watches three things: the verdict file, the
# launcher, and the signals that it or the launcher received.

# shellcheck source=libexec/heddle-folder.sh
. "$heddle_home/libexec/heddle-folder.sh"

launch_patience_s=10 # the launcher's time to end after the verdict
lost_patience_s=2    # the same where a rank was lost: the others have been told, or never will be
stop_patience_s=5    # rank 0's time to end in order after a signal
kill_patience_s=3    # the launcher's time between TERM and KILL

# shellcheck source=libexec/heddle-input.sh
. "$heddle_home/libexec/heddle-input.sh"

# A token marks every process of this run in its environment, and names its temporary folders.
make_own_folders() {
  [[ -n ${run_lock-} ]] || make_token
  HEDDLE_TMP=${TMPDIR:-/tmp}/heddle-$HEDDLE_RUN_TOKEN
  HEDDLE_SHM=$HEDDLE_TMP
  [[ -d /dev/shm && -w /dev/shm ]] && HEDDLE_SHM=/dev/shm/heddle-$HEDDLE_RUN_TOKEN
  local folder_lock=''
  if type -P flock >/dev/null && { exec {folder_lock}<"${HEDDLE_TMP%/*}"; } 2>/dev/null; then
    flock -w 2 "$folder_lock" && sweep_folders
  fi
  started_stamp=$HEDDLE_TMP/owner
  # Held as long as we or the launcher live: the folders of a run that was killed are known by it.
  { mkdir -p "$HEDDLE_TMP" && exec {owner_lock}>"$started_stamp"; } 2>/dev/null ||
    refuse "cannot make $HEDDLE_TMP: set TMPDIR to a folder that can be written"
  mkdir -p "$HEDDLE_SHM" 2>/dev/null || HEDDLE_SHM=$HEDDLE_TMP
  [[ -z $folder_lock ]] || flock -n "$owner_lock"
  [[ -z $folder_lock ]] || exec {folder_lock}<&-
  export HEDDLE_TMP HEDDLE_SHM
}

# Removes the folders of runs whose `heddle` was killed, which could not do it.
sweep_folders() {
  local folder token lock
  for folder in "${HEDDLE_TMP%/*}"/heddle-????????????; do
    [[ -O $folder && -e $folder/owner ]] || continue
    token=${folder##*/heddle-}
    exec {lock}<"$folder/owner" || continue
    if flock -n "$lock" && ! grep -qszx "HEDDLE_RUN_TOKEN=$token" /proc/[0-9]*/environ; then
      rm -rf "$folder" "/dev/shm/heddle-$token"
    fi
    exec {lock}<&-
  done
}

# Fills `launcher_command` for `mpi`.
launcher_options() {
  local name starter
  export HEDDLE_MPI=$mpi HEDDLE_RANKS=$ranks UCX_ERROR_SIGNALS='' UCX_POSIX_DIR=$HEDDLE_SHM
  pass_environment
  openmpi_folders "$HEDDLE_TMP" "$HEDDLE_SHM"
  prefer_srun
  launcher_for_ranks "$ranks"
  launcher_command=("${starter[@]}")
  case $launcher_kind in
    mpirun)
      # A lost rank does not end the job.
      launcher_command+=(--enable-recovery)
      oversubscribe
      if [[ $EUID -eq 0 ]]; then
        export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
      fi
      # Open MPI sends other hosts only what is named.
      while read -r name; do
        [[ $name == HEDDLE_* || $name == UCX_* || $name == CLASSPATH ]] && launcher_command+=(-x "$name")
      done < <(compgen -e)
      ;;
    hydra) launcher_command+=(-disable-auto-cleanup) ;;
    srun)
      # It no longer takes the cores of a task from sbatch by itself (Slurm 22.05).
      [[ -z ${SLURM_CPUS_PER_TASK-} ]] || export SRUN_CPUS_PER_TASK=${SRUN_CPUS_PER_TASK-$SLURM_CPUS_PER_TASK}
      launcher_command+=(--kill-on-bad-exit=0 --no-kill --input=0)
      ;;
  esac
}

# In a job of Slurm, srun goes on when a rank is lost, hydra does not.
prefer_srun() {
  local path
  [[ $launcher_kind == hydra && -n ${SLURM_JOB_ID-} && -z ${HEDDLE_LAUNCHER-} ]] && path=$(type -P srun) || return 0
  launcher=$path launcher_kind=srun
}

# Has a scheduler started us, which may have given us other hosts too?
in_job() { [[ -n ${SLURM_JOB_ID-}${PBS_NODEFILE-}${LSB_JOBID-}${PE_HOSTFILE-} ]]; }

# Of a rank that ends without MPI_Finalize PMIx says "BAD-PARAM" (4.2, with Open MPI 4.1.4): noise beside our own
# sentence. On this host alone its words go to a file, which is shown where we have no sentence; elsewhere the
# descriptor would be another's.
divert_runtime() {
  [[ $launcher_kind == mpirun ]] && { ! in_job || [[ ${SLURM_JOB_NUM_NODES-} == 1 && ${SLURMD_NODENAME-} == "${HOSTNAME%%.*}" ]]; } || return 0
  exec {runtime_fd}>"$HEDDLE_TMP/runtime.log" && export PMIX_OUTPUT_STDERR_FD=$runtime_fd
}

# Outside a scheduler, which counts for itself, Open MPI takes a core for one slot, whatever its threads:
# without being told it refuses more ranks. Those without a core each have to yield.
oversubscribe() {
  local cores
  ! in_job || return 0
  launcher_command+=(--oversubscribe)
  # nproc would say what OpenMP's programs are told.
  cores=$(env -u OMP_NUM_THREADS -u OMP_THREAD_LIMIT nproc)
  ((ranks <= cores)) || launcher_command+=(--mca mpi_yield_when_idle 1)
}

# bare_environment FOLDER SHM: what programs in C want that run under an MPI; what they leave goes there.
bare_environment() {
  export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 UCX_POSIX_DIR=$2
  openmpi_folders "$1" "$2"
}

# measure_bare PROGRAM ARGS...: a program in C on 2 ranks, same MPI, same machine, just before; what it
# prints is in `bare_line`, empty where it isn't built. Without it the report says null.
measure_bare() {
  local program=$heddle_home/native/build/bin/heddle-$1-$mpi starter folder bare_pid='' status
  shift
  bare_line=
  [[ -x $program ]] || return 0
  # Marks its processes, wherever the launcher puts them.
  local -x HEDDLE_RUN_TOKEN
  HEDDLE_RUN_TOKEN=bare-$(od -An -N6 -tx1 /dev/urandom)
  HEDDLE_RUN_TOKEN=${HEDDLE_RUN_TOKEN// /}
  # Removed by end_bare, also after a signal.
  if ! folder=$(mktemp -d "${TMPDIR:-/tmp}/heddle-bare-XXXXXX"); then
    say "${program##*/} is not measured, for want of a temporary folder: set TMPDIR to one that can be written"
    return 0
  fi
  trap 'end_bare; exit 130' INT
  trap 'end_bare; exit 143' TERM HUP
  prefer_srun
  launcher_for_ranks 2
  [[ $launcher_kind != mpirun ]] || starter+=(--oversubscribe)
  pass_environment
  tied_to_parent TERM
  # In the background, since bash runs no trap while it waits for a program in the foreground.
  set -m
  (
    bare_environment "$folder" "$folder"
    exec ${tie[@]+"${tie[@]}"} timeout -k 5 60 "${starter[@]}" "$program" "$@"
  ) </dev/null >"$folder/out" 2>"$folder/log" &
  bare_pid=$!
  set +m
  { wait "$bare_pid"; } 2>/dev/null
  status=$?
  [[ $status -ne 0 ]] || bare_line=$(<"$folder/out")
  [[ -n $bare_line ]] || say "${program##*/} gave no figure (exit code $status): $(head -n 1 "$folder/log")"
  end_bare
  trap - INT TERM HUP
}

# Ends what is left of a bare measurement, and removes its folder.
end_bare() {
  trap '' INT TERM HUP
  if [[ -n $bare_pid ]] && kill -TERM -- "-$bare_pid" 2>/dev/null; then
    local wait_count=0
    while kill -0 "$bare_pid" 2>/dev/null && ((wait_count++ < 20)); do nap 0.1; done
    kill -KILL -- "-$bare_pid" 2>/dev/null
    { wait "$bare_pid"; } 2>/dev/null
  fi
  end_processes
  local started_stamp=$folder/out
  remove_mpich_segments
  rm -rf "$folder"
}

bare_start_count=10    # an MPI is in one of two modes from one start to the next: one start says nothing
bare_budget_s=30       # no further start after it, as on a machine that has no core for a rank
bare_iterations=100000 # 0.03 to 0.2 s

# The yardstick of `bench latency`: the bare round trips of several process starts, in microseconds,
# separated by commas. All before the run: a rank of C never sleeps, and beside Heddle's ranks it would
# take their cores. `none` leaves it out: `bench peers` measures them itself, among all the others.
measure_ping_pong() {
  local begun=$SECONDS index times=''
  if [[ ${HEDDLE_PINGPONG_US-} == none ]]; then
    unset HEDDLE_PINGPONG_US
    return 0
  fi
  unset HEDDLE_PINGPONG_US
  for ((index = 0; index < bare_start_count && SECONDS - begun <= bare_budget_s; index++)); do
    measure_bare pingpong "$bare_iterations"
    [[ $bare_line =~ \"p50Us\":\ *([0-9.]+) ]] || break
    times+=,${BASH_REMATCH[1]}
  done
  [[ -z $times ]] || export HEDDLE_PINGPONG_US=${times#,}
}

# The yardstick of `bench payload`: the bare bandwidth, up to the size in ARGS.
measure_bandwidth() {
  local bytes_max=67108864
  while [[ $# -gt 1 ]]; do
    [[ $1 != --bytes-max ]] || bytes_max=$2
    shift
  done
  measure_bare bandwidth "$bytes_max"
  if [[ $bare_line =~ ^[0-9]+=[0-9=,]+$ ]]; then
    export HEDDLE_BANDWIDTH=$bare_line
  fi
}

# launch ARGS...: returns with the verdict's code.
launch() {
  local launcher_pid='' launcher_status signalled='' run_lock='' reason_said='' holds_term='' runtime_fd
  make_token
  trap 'remove_leftovers' EXIT
  make_run_dir
  keep_room
  say "run directory ${HEDDLE_RUN_DIR#"$PWD/"}"
  make_own_folders
  write_program "$@" || refuse "cannot write to $HEDDLE_RUN_DIR: choose another folder with HEDDLE_RUN_DIR"
  start_guard "$mpi" "$HEDDLE_TMP" "$HEDDLE_SHM"
  trap 'note_signal INT' INT
  trap 'note_signal TERM' TERM HUP
  open_input
  launcher_options
  divert_runtime
  tied_to_parent TERM
  hold_signals
  start_pumps
  set -m
  ${tie[@]+"${tie[@]}"} "${launcher_command[@]}" "$heddle_script" rank \
    <"$input_from" {input_fd}>&- {guard_fd}>&- {our_out}>&- {our_err}>&- &
  launcher_pid=$!
  set +m
  leave_pumps
  trap 'pass_signal USR1' USR1
  trap 'pass_signal USR2' USR2
  watch_launcher
  finish
}

note_signal() {
  signalled=$1
}

# The program's, not ours. By a file, since launchers differ in what they hand on; by its name, which takes no space
# on a disk that is full.
pass_signal() {
  { : >"$HEDDLE_RUN_DIR/signal.$HEDDLE_RUN_TOKEN.$1"; } 2>/dev/null
}

launcher_runs() { kill -0 "$launcher_pid" 2>/dev/null; }

# The version of Open MPI by the shim that was built with it, else by what its launcher says; 0 where neither does.
launcher_major() {
  local line=''
  [[ -n ${HEDDLE_NATIVE_DIR-} ]] || line=$(grep -sm 1 $'^openmpi\t' "$heddle_home/target/heddle/native.stamp")
  [[ ${line##*$'\t'} =~ ^([0-9]+)\. ]] || [[ $("$launcher" --version 2>/dev/null </dev/null) =~ \(Open[^\)]*\)\ ([0-9]+)\. ]]
  printf '%s' "${BASH_REMATCH[1]:-0}"
}

# SIGINT is blocked in Open MPI's launcher, which would send the ranks a TERM for it and kill them 0.9 s
# later: there it stays pending, where we can see it. (It unblocks signals for the ranks.) That of version 6
# does not even wait for a TERM, and ends with 1: there SIGTERM is blocked too.
hold_signals() {
  local held=INT
  [[ $mpi == openmpi ]] || return 0
  if [[ $launcher_kind == mpirun && $(launcher_major) -ge 6 ]]; then held=INT,TERM; fi
  env "--block-signal=$held" true 2>/dev/null || return 0
  if [[ $held != INT ]]; then
    holds_term=1
    tied_to_parent KILL
  fi
  # The shell in between: env takes a path with an equals sign for a variable.
  # shellcheck disable=SC2016 # for that shell
  tie+=(env "--block-signal=$held" sh -c 'exec "$0" "$@"')
}

# Did somebody send SIGINT or SIGTERM to the launcher itself, where they are held?
signalled_launcher() {
  local name mask
  while read -r name mask; do
    [[ $name == ShdPnd: || $name == SigPnd: ]] || continue
    ((0x$mask & 0x4000)) && signalled=TERM
    ((0x$mask & 2)) && signalled=INT
  done 2>/dev/null <"/proc/$launcher_pid/status"
}

watch_launcher() {
  local ends_at='' stage=running now handled=
  while launcher_runs; do
    now=$SECONDS
    feed_input
    [[ -n $signalled || -n $handled ]] || signalled_launcher
    if [[ -n $signalled && -z $handled ]]; then
      handled=$signalled
      # A verdict that is there already was earned before the signal.
      if read_verdict; then
        handled=late
      else
        { : >"$HEDDLE_RUN_DIR/stop.$HEDDLE_RUN_TOKEN.$signalled"; } 2>/dev/null
      fi
      signalled=
      stage=closing ends_at=$((now + stop_patience_s))
    elif [[ -n $signalled && $stage == closing ]]; then
      # A second Ctrl-C: no more patience.
      signalled='' ends_at=$now
    fi
    if [[ $stage == running ]] && read_verdict; then
      stage=closing ends_at=$((now + launch_patience_s))
      # Not rank 0's word but that of a rank that could not start: the others hang, nothing to wait for.
      [[ $verdict_reason == rank\ *' could not start: '* ]] && ends_at=$((now + 1))
      # The run could not go on, and what can be told of it has been: ranks below a lost one never hear of it.
      if [[ $verdict_code -ne 0 && $verdict_reason == rank\ *\ on\ * ]]; then
        say_reason
        ((ends_at <= now + lost_patience_s)) || ends_at=$((now + lost_patience_s))
      fi
    fi
    if [[ $stage == closing && -n $handled && ! -e $HEDDLE_RUN_DIR/stop.$HEDDLE_RUN_TOKEN.$handled ]] && ((ends_at > now + 2)); then
      ends_at=$((now + 2))
    fi
    if [[ $stage == closing ]] && ((now >= ends_at)); then
      kill -TERM "$launcher_pid" 2>/dev/null
      stage=terminated ends_at=$((now + kill_patience_s))
      [[ -z $holds_term ]] || ends_at=$now
    elif [[ $stage == terminated ]] && ((now >= ends_at)); then
      kill -KILL -- "-$launcher_pid" 2>/dev/null
      stage=killed
    fi
    nap 0.1
  done
  { wait "$launcher_pid"; } 2>/dev/null
  launcher_status=$?
  case $handled in
    INT) read_verdict && [[ $verdict_code == 130 ]] || write_verdict 130 "interrupted (SIGINT)" ;;
    TERM) read_verdict && [[ $verdict_code == 143 ]] || write_verdict 143 "ended by SIGTERM" ;;
  esac
}

# The sentence of the end, once.
say_reason() {
  [[ -z $reason_said ]] || return 0
  reason_said=1
  say "$verdict_reason"
}

finish() {
  end_processes
  await_pumps
  # A launcher may end by a signal and take the ranks with it before rank 0 could say so (Open MPI 6).
  if ((launcher_status == 143 || launcher_status == 130)) && ! read_verdict; then
    [[ $launcher_status -eq 143 ]] && write_verdict 143 "ended by SIGTERM" || write_verdict 130 "interrupted (SIGINT)"
  fi
  if ! read_verdict; then
    head -n 20 "$HEDDLE_TMP/runtime.log" >&2 2>/dev/null
    verdict_code=1
    verdict_reason="rank 0 left no verdict: the launcher (${launcher_command[0]##*/}) ended with exit code $launcher_status;"
    verdict_reason+=" what it and the ranks said stands above, and logs, if any, are in $HEDDLE_RUN_DIR"
    write_verdict 1 "$verdict_reason"
  fi
  [[ $verdict_code -eq 0 || -z $verdict_reason ]] || say_reason
  release_room
  exit "$verdict_code"
}

# Called by the guard too, for a `heddle` that was killed.
remove_leftovers() {
  trap '' INT TERM HUP
  end_processes
  if [[ -n ${started_stamp-} ]]; then
    remove_mpich_segments
    rm -rf "$HEDDLE_TMP" "$HEDDLE_SHM"
  fi
  dismiss_guard
  if [[ -z ${claimed_run_dir-} ]]; then
    [[ -z ${made_run_dir-} ]] || rmdir "$HEDDLE_RUN_DIR" 2>/dev/null
    return 0
  fi
  rm -f "$HEDDLE_RUN_DIR"/{heddle.program,input."$HEDDLE_RUN_TOKEN",{stop,signal}."$HEDDLE_RUN_TOKEN".*}
  [[ -n ${launcher_pid-} ]] || leave_run_dir
}

# MPICH's start-up segment has a fixed place and is unlinked once all ranks of the host have it; ranks
# that were killed before leave it. Ours: newer than the run, of this user, mapped by nobody.
remove_mpich_segments() {
  local file
  [[ $mpi == mpich ]] || return 0
  for file in /dev/shm/mpich_shar_tmp*; do
    [[ -e $started_stamp && -O $file && $file -nt $started_stamp ]] || continue
    grep -qsF "$file" /proc/[0-9]*/maps || rm -f "$file"
  done
}
