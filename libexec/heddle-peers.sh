# shellcheck shell=bash
# `heddle bench peers`: one JVM without ranks, which starts the systems that it compares, this command
# among them, one at a time. It is our child, so that nothing of theirs outlives us.

# heddle_peers bench peers ARGS...
heddle_peers() {
  local family driver status signalled='' handled='' launchers=() buildable=()
  ! inside_launcher || refuse "'heddle bench peers' starts MPI's launchers itself: start it without one"
  parse_run_options -- dev.heddle.cli.Main "$@"
  note_commit
  need_jdk
  export HEDDLE_JAVA_HOME=$jdk
  for family in openmpi mpich; do
    ! find_launcher "$family" || launchers+=(--launcher "$family=$launcher")
  done
  if [[ ${HEDDLE_BUILD-} != never ]]; then
    # shellcheck source=libexec/heddle-build.sh
    . "$heddle_home/libexec/heddle-build.sh"
    build_java
    for family in openmpi mpich; do
      ! find_compiler "$family" || buildable+=("$family")
    done
    [[ ${#buildable[@]} -eq 0 || ${#launchers[@]} -eq 0 ]] || build_native "${buildable[@]}"
  fi
  resolve_program
  # shellcheck source=libexec/heddle-rank.sh
  . "$heddle_home/libexec/heddle-rank.sh"
  # shellcheck source=libexec/heddle-launch.sh
  . "$heddle_home/libexec/heddle-launch.sh"
  check_arguments "${arguments[@]:1}"
  make_own_folders
  mpi=mpich # whose segments are looked for at the end
  trap 'remove_leftovers' EXIT
  trap 'note_signal INT' INT
  trap 'note_signal TERM' TERM HUP
  # What the C programs and mpi4py's ranks leave is removed with ours; `heddle` makes its own folders.
  bare_environment "$HEDDLE_TMP" "$HEDDLE_SHM"
  unset HEDDLE_TINY
  java_command 1 '' 0
  java=("${java[0]}" "-Djava.io.tmpdir=$HEDDLE_TMP" "${java[@]:1}")
  tied_to_parent KILL
  nap 0
  # A process group of its own: Ctrl-C comes to us, and the driver ends what it started in order.
  set -m
  ${tie[@]+"${tie[@]}"} "${java[@]}" "${arguments[@]:1}" --home "$heddle_home" \
    ${launchers[@]+"${launchers[@]}"} </dev/null {nap_fd}>&- &
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
