# shellcheck shell=bash
# One JVM: all of a run on threads, or one rank. On a rank this script stays java's parent, because
# launchers deliver no exit codes, some end the whole job when one process dies, and a JVM must never
# outlive the launcher. It has to be cheap: it runs once per rank.

# shellcheck source=libexec/heddle-archive.sh
. "$heddle_home/libexec/heddle-archive.sh"
# shellcheck source=libexec/heddle-end.sh
. "$heddle_home/libexec/heddle-end.sh"

# java_command LOCAL_RANKS HEAP RANK: fills `java`.
java_command() {
  local share=$((7000 / $1))
  java=("$jdk/bin/java" "${base_flags[@]}")
  # G1's own settings, for every collector: a counted loop asks for a safepoint each 1,000 rounds. Without,
  # one task's long loop holds up another's collection, and that the thread that says that this rank lives.
  java+=(-XX:+UseCountedLoopSafepoints -XX:LoopStripMiningIter=1000)
  use_utf8_for_ascii
  java+=(${java_locale[@]+"${java_locale[@]}"})
  if [[ -n ${HEDDLE_TINY-} && $HEDDLE_TINY != 0 ]]; then
    java+=(-XX:+UseSerialGC -Xss256k -XX:TieredStopAtLevel=1 -XX:ReservedCodeCacheSize=16m "-Xmx${2:-64m}")
  elif [[ -n $2 ]]; then
    java+=("-Xmx$2")
  else
    # 70 % of the host's (or the container's) memory, divided by the ranks there: the JVM knows it best.
    java+=("-XX:MaxRAMPercentage=$((share / 100)).$(printf '%02d' $((share % 100)))")
  fi
  choose_collector "$1" "$3"
  java+=("-Dlogback.configurationFile=$heddle_home/libexec/logback.xml")
  use_archive "$2" "$share"
  java+=(${jvm_arguments[@]+"${jvm_arguments[@]}"})
}

# Opens the run's folder for java, which can't name every folder in every locale.
open_run_folder() {
  local run_fd
  unset HEDDLE_RUN_FD
  [[ -n ${HEDDLE_RUN_DIR-} ]] || return 0
  { exec {run_fd}<"$HEDDLE_RUN_DIR"; } 2>/dev/null && export HEDDLE_RUN_FD=$run_fd
}

# choose_collector LOCAL_RANKS RANK: adds to `java` the garbage collector (docs/builders/adr/0008),
# unless somebody has chosen one: two are an error that ends the JVM.
choose_collector() {
  local memory share cores words
  words=" ${jvm_arguments[*]-} ${JAVA_TOOL_OPTIONS-} ${JDK_JAVA_OPTIONS-} ${_JAVA_OPTIONS-}"
  [[ ! $words =~ -XX:\+Use[A-Za-z]*GC && (-z ${HEDDLE_TINY-} || $HEDDLE_TINY == 0) ]] || return 0
  if [[ $2 == 0 ]]; then
    # Rank 0 writes to the futures of all pending tasks: with G1 such a write may cost a fence. What
    # survives one young collection is pending: to copy it twice would gain nothing.
    java+=(-XX:+UseParallelGC -XX:MaxTenuringThreshold=0)
    # About 1 GiB to begin with, where the heap may get so large: this collector grows late. A run
    # takes of it what it uses.
    host_memory
    ((memory > 0)) || return 0
    share=$(((10000 << 20) / memory))
    ((share < 10000)) || share=10000
    printf -v share '%d.%02d' $((share / 100)) $((share % 100))
    java+=("-XX:InitialRAMPercentage=$share")
  else
    # As the JVM chooses where it sees one core; it sees those of the host, which the ranks share.
    host_cores
    ((cores == 0 || cores >= 2 * $1)) || java+=(-XX:+UseSerialGC)
  fi
}

# Sets cores: how many are online; 0 where nobody says.
host_cores() {
  local list='' range
  cores=0
  read -r list 2>/dev/null </sys/devices/system/cpu/online || return 0
  for range in ${list//,/ }; do
    cores=$((cores + ${range#*-} - ${range%-*} + 1))
  done
}

# SIGUSR1 and SIGUSR2 are the user's: schedulers send them before a job's time is over. Java ignores them,
# by what it inherits, until the program has a handler. It would use the second itself otherwise
# (docs.oracle.com, Java SE troubleshooting, "Handle Signals and Exceptions").
ignore_user_signals() {
  trap '' USR1 USR2
  export _JAVA_SR_SIGNUM=${_JAVA_SR_SIGNUM-40}
}

# Threads need no supervisor: java takes this process's place, its signals and its exit code. What its tasks have started
# is ended when it has ended, by a process that waits for that.
run_threads() {
  # The choice of an MPI is for launchers; here it would load a library for nothing.
  unset HEDDLE_MPI HEDDLE_RANKS HEDDLE_STARTED_FD HEDDLE_RUN_FD
  java_command 1 "${HEDDLE_HEAP-}" 0
  program_command "$@"
  if [[ -n ${HEDDLE_RUN_DIR-} ]]; then
    # shellcheck source=libexec/heddle-folder.sh
    . "$heddle_home/libexec/heddle-folder.sh"
    make_token
    make_run_dir
  else
    new_run_token
    export HEDDLE_RUN_TOKEN
  fi
  start_guard ${HEDDLE_RUN_DIR:+"$HEDDLE_RUN_DIR"}
  ignore_user_signals
  exec "${java[@]}" "${program_words[@]}"
}

# Ranks on this host, as the launcher tells; Slurm's form is "4(x2),3": the first is the largest.
local_ranks() {
  local count=${OMPI_COMM_WORLD_LOCAL_SIZE-${MPI_LOCALNRANKS-${SLURM_STEP_TASKS_PER_NODE-${SLURM_NTASKS_PER_NODE-}}}} cores
  count=${count%%[!0-9]*}
  if [[ -z $count ]]; then
    # A launcher that does not say: all of the ranks, but none without a core.
    count=${HEDDLE_RANKS:-1}
    host_cores
    ((cores == 0 || count <= cores)) || count=$cores
  fi
  ((${count:-0} > 0)) || count=1
  printf -v local_rank_count '%d' "$count"
  # So that a rank knows whether it has a core to itself; java reads no scheduler's variables.
  export HEDDLE_HOST_RANKS=$local_rank_count
}

# Seconds after which rank 0 must have said what was lost: 2 x liveness + 10.
verdict_patience() {
  local text=${HEDDLE_LIVENESS-15s} number unit
  number=${text%%[!0-9]*} unit=${text##*[0-9]}
  case $unit in
    ns) number=$((number / 1000000000)) ;;
    us) number=$((number / 1000000)) ;;
    ms) number=$((number / 1000)) ;;
    m) number=$((number * 60)) ;;
    h) number=$((number * 3600)) ;;
  esac
  patience_s=$((2 * number + 10))
}

# Ends with the given reason whenever the shell that owns us is gone; `setpriv` is in util-linux.
tied_to_parent() {
  tie=()
  setpriv --pdeathsig "$1" true 2>/dev/null && tie=(setpriv --pdeathsig "$1" --)
}

run_rank() {
  local rank=${OMPI_COMM_WORLD_RANK-${PMIX_RANK-${PMI_RANK-${PALS_RANKID-${ALPS_APP_PE-0}}}}} host=${HOSTNAME%%.*}
  local heap=${HEDDLE_WORKER_HEAP-} child status received=
  [[ $rank != 0 ]] || heap=${HEDDLE_HEAP-}
  # A descriptor of the launcher's.
  unset PMIX_OUTPUT_STDERR_FD
  # UCX must not take SIGSEGV over, which the JVM needs; it reads this when libmpi is loaded.
  export UCX_ERROR_SIGNALS=''
  [[ -z ${HEDDLE_TMP-} ]] || own_folders
  local_ranks
  java_command "$local_rank_count" "$heap" "$rank"
  [[ -z ${HEDDLE_TMP-} ]] || java=("${java[0]}" "-Djava.io.tmpdir=$HEDDLE_TMP" "${java[@]:1}")
  program_command "$@"
  if [[ $command == rank ]]; then
    # Java writes one byte here when MPI_Init has returned: a pipe, so that no rank leaves a file.
    local started_fd
    exec {started_fd}<> <(:)
    export HEDDLE_STARTED_FD=$started_fd
  else
    # Somebody else's launcher has started us: no `heddle` outside waits for a verdict, to say it and to end with its
    # code. Java does; what it starts knows that it is below a rank.
    unset HEDDLE_STARTED_FD
    export HEDDLE_RUN_TOKEN=$rank.$$.$RANDOM
  fi
  java=("${java[0]}" "-Dheddle.runToken=$HEDDLE_RUN_TOKEN" "${java[@]:1}")
  # Marks what this rank's java starts, wherever that goes.
  export HEDDLE_RANK_TOKEN=$HEDDLE_RUN_TOKEN.$rank
  open_run_folder
  trap 'received=INT' INT
  trap 'received=TERM' TERM HUP
  ignore_user_signals
  tied_to_parent KILL
  nap 0
  # Its own process group, which also keeps SIGINT from being ignored in it.
  set -m
  ${tie[@]+"${tie[@]}"} "${java[@]}" "${program_words[@]}" <&0 {nap_fd}>&- &
  child=$!
  set +m
  # From the launcher. Hydra sends SIGUSR1 too, when a rank ended without MPI_Finalize: rank 0 decides then.
  trap 'kill -s USR1 "$child" 2>/dev/null' USR1
  trap 'kill -s USR2 "$child" 2>/dev/null' USR2
  [[ $command == rank ]] || unset HEDDLE_RUN_DIR
  if [[ $rank == 0 ]]; then
    guard_rank_0
  else
    guard_rank
  fi
}

# Folders for temporary files and shared memory; outside rank 0's host nobody else makes them.
own_folders() {
  export TMPDIR=$HEDDLE_TMP
  mkdir -p "$HEDDLE_TMP" "${HEDDLE_SHM-$HEDDLE_TMP}" 2>/dev/null
  [[ $host != "${HEDDLE_HOST-}" ]] || return 0
  # Removed by whoever ends last on this host: rmdir leaves a folder that is in use.
  trap 'rm -f "$HEDDLE_SHM/beats"; rmdir "$HEDDLE_SHM" "$HEDDLE_TMP" 2>/dev/null' EXIT
}

reached_start() { read -rt 0 -u "$started_fd" _; }

# Waits for java without polling; `status` is its exit status.
await_child() {
  while :; do
    { wait "$child"; } 2>/dev/null
    status=$?
    kill -0 "$child" 2>/dev/null || break
    [[ -z $received ]] || return 1
  done
  # The status of a wait that a signal interrupted is not java's.
  { wait "$child"; } 2>/dev/null
  status=$?
}

# Signals by their meaning for java's status: a JVM that handled INT or TERM exits with 130 or 143.
killed_by_signal() {
  ((status > 128 && status <= 192 && status != 130 && status != 143))
}

# Rank 0: hands signals on, from the launcher or from the `stop` file of the outer heddle (which may be
# on another host), and completes the verdict.
guard_rank_0() {
  local sent='' signal code reason input_turns=0
  [[ -z ${HEDDLE_INPUT-} ]] || . "$heddle_home/libexec/heddle-input.sh"
  while kill -0 "$child" 2>/dev/null; do
    [[ -z ${HEDDLE_INPUT-} ]] || watch_input
    if [[ -z $received && -z $sent && -n ${HEDDLE_RUN_DIR-} ]]; then
      for signal in INT TERM; do
        [[ ! -e $HEDDLE_RUN_DIR/stop.${HEDDLE_RUN_TOKEN-}.$signal ]] || received=$signal
      done
    fi
    if [[ -n $received ]]; then
      signal=$received received='' sent=1
      # The launcher may kill us within a second: say first what we know.
      [[ -z ${HEDDLE_RUN_DIR-} ]] || signal_verdict "$signal"
      kill -s "$signal" "$child" 2>/dev/null
    fi
    [[ -z ${HEDDLE_RUN_DIR-} ]] || take_user_signal
    nap 0.1
  done
  # Nobody is left to hand them to, and what we start from here on inherits that they do nothing: hydra sends
  # SIGUSR1 when a rank has ended, and the verdict must come all the same.
  trap '' USR1 USR2
  { wait "$child"; } 2>/dev/null
  status=$?
  end_children
  [[ -n ${HEDDLE_RUN_DIR-} ]] || exit "$status"
  code=$status
  if killed_by_signal; then
    code=1 reason="rank 0 on $host was ended by signal $((status - 128))"
  elif [[ $status -eq 130 ]]; then
    reason="interrupted (SIGINT)"
  elif [[ $status -eq 143 ]]; then
    reason="ended by SIGTERM"
  elif [[ $status -eq 0 ]]; then
    reason=
  elif reached_start; then
    reason="the program ended with exit code $status"
  else
    reason="rank 0 on $host could not start: java ended with status $status; its own message stands above"
  fi
  # Without its launcher a library may end the process by a code of its own (195, Open MPI 6): that is
  # neither the program's nor a verdict.
  if [[ $status -ne 0 && -z $sent ]] && ! kill -0 "$PPID" 2>/dev/null; then exit 0; fi
  # Tells the outer heddle that rank 0 has done what it could.
  [[ -z $sent ]] || rm -f "$HEDDLE_RUN_DIR/stop.${HEDDLE_RUN_TOKEN-}".*
  if ! read_verdict; then
    write_verdict "$code" "$reason"
  elif [[ $code -ne 0 && $code -ne $verdict_code && -z $sent ]]; then
    write_verdict "$code" "$reason"
  fi
  exit 0
}

# Hands a signal that `heddle` got to the program.
take_user_signal() {
  local file=$HEDDLE_RUN_DIR/signal.${HEDDLE_RUN_TOKEN-} user_signal
  for user_signal in USR1 USR2; do
    [[ -e $file.$user_signal ]] || continue
    rm -f "$file.$user_signal"
    kill -s "$user_signal" "$child" 2>/dev/null
  done
}

signal_verdict() {
  case $1 in
    INT) write_verdict 130 "interrupted (SIGINT)" once ;;
    *) write_verdict 143 "ended by SIGTERM" once ;;
  esac
}

# Another rank: rank 0 decides. While it does, a dead java's launcher must not notice: hydra would end
# the job before rank 0 can say what was lost.
guard_rank() {
  local waited=0
  verdict_patience
  if ! await_child; then
    # Told to end: rank 0 was told too, and ends us through the tree; this is for when it does not.
    local limit=30
    while kill -0 "$child" 2>/dev/null; do
      ((++waited > limit)) && kill -TERM "$child" 2>/dev/null
      [[ -n ${HEDDLE_RUN_DIR-} ]] && ((waited < limit - 10)) && read_verdict && waited=$((limit - 10))
      nap 0.1
    done
    trap '' USR1 USR2
    end_children
    exit 0
  fi
  trap '' USR1 USR2
  end_children
  [[ $status -ne 0 ]] || exit 0
  [[ -n ${HEDDLE_RUN_DIR-} ]] || exit "$status"
  if ! reached_start; then
    # The others hang in MPI_Init. If the program itself ended everywhere, rank 0 says so soon.
    nap 2
    local how="java ended with status $status"
    killed_by_signal && how="java was ended by signal $((status - 128))"
    write_verdict 1 "rank $rank on $host could not start: $how; its own message stands above" once
    exit 0
  fi
  while ((waited < patience_s * 2)) && [[ -z $received ]] && ! read_verdict; do
    nap 0.5
    waited=$((waited + 1))
  done
  exit 0
}
