# shellcheck shell=bash
# `heddle bench peers` and `heddle bench against`: one JVM without ranks, the driver, which starts what it
# compares, this command among it, one program at a time. It is our child, so that nothing of theirs
# outlives us.

# heddle_peers bench peers ARGS...
heddle_peers() {
  local family launchers=() buildable=()
  prepare_driver "$@"
  for family in openmpi mpich; do
    find_launcher "$family" && [[ $launcher_kind == mpirun || $launcher_kind == hydra ]] || continue
    launchers+=(--launcher "$family=$launcher")
  done
  if [[ ${HEDDLE_BUILD-} != never ]]; then
    for family in openmpi mpich; do
      ! find_compiler "$family" || buildable+=("$family")
    done
    [[ ${#buildable[@]} -eq 0 || ${#launchers[@]} -eq 0 ]] || build_native "${buildable[@]}"
  fi
  make_driver_folders
  # What the C programs and mpi4py's ranks leave is removed with ours; `heddle` makes its own folders.
  bare_environment "$HEDDLE_TMP" "$HEDDLE_SHM"
  run_driver --home "$heddle_home" ${launchers[@]+"${launchers[@]}"}
}

# heddle_against bench against ARGS...: what else has to be built is, by the first start of each build.
heddle_against() {
  prepare_driver "$@"
  make_driver_folders
  run_driver --home "$heddle_home"
}

# prepare_driver bench NAME ARGS...: builds the driver, and has it look at its arguments.
prepare_driver() {
  ! inside_launcher || refuse "'heddle $1 $2' starts MPI's launchers itself: start it without one"
  parse_run_options -- "$bench_main" "$@"
  note_commit
  need_jdk
  export HEDDLE_JAVA_HOME=$jdk
  if [[ ${HEDDLE_BUILD-} != never ]]; then
    # shellcheck source=libexec/heddle-build.sh
    . "$heddle_home/libexec/heddle-build.sh"
    build_java bench
  fi
  resolve_program
  # shellcheck source=libexec/heddle-rank.sh
  . "$heddle_home/libexec/heddle-rank.sh"
  # shellcheck source=libexec/heddle-launch.sh
  . "$heddle_home/libexec/heddle-launch.sh"
  check_arguments "${arguments[@]:1}"
}

make_driver_folders() {
  trap : PIPE
  make_own_folders
  mpi=mpich # whose segments are looked for at the end
  trap 'remove_leftovers' EXIT
  trap 'note_signal INT' INT
  trap 'note_signal TERM' TERM HUP
}

# run_driver OPTIONS...: does not return.
run_driver() {
  local driver status signalled='' handled=''
  unset HEDDLE_TINY
  java_command 1 '' 0
  java=("${java[0]}" "-Djava.io.tmpdir=$HEDDLE_TMP" "${java[@]:1}")
  program_command "${arguments[@]:1}" "$@"
  tied_to_parent KILL
  nap 0
  # A process group of its own: Ctrl-C comes to us, and the driver ends what it started in order.
  set -m
  ${tie[@]+"${tie[@]}"} "${java[@]}" "${program_words[@]}" </dev/null {nap_fd}>&- &
  driver=$!
  set +m
  while :; do
    { wait "$driver"; } 2>/dev/null
    status=$?
    kill -0 "$driver" 2>/dev/null || break
    if [[ -n $signalled ]]; then
      # A second signal: no more patience, EXIT kills what carries our token.
      if [[ -n $handled ]]; then
        [[ $handled == INT ]] && exit 130
        exit 143
      fi
      handled=$signalled signalled=''
      kill -s "$handled" "$driver" 2>/dev/null
    fi
  done
  { wait "$driver"; } 2>/dev/null
  status=$?
  [[ $status -ne 137 ]] || status=1
  exit "$status"
}
