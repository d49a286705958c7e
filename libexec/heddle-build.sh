# shellcheck shell=bash
# Builds when sources are newer than the last build: Java by Maven with the JDK found, offline if that
# works, the native part by cmake.
# A lock keeps two commands from building at the same time.

# shellcheck source=libexec/heddle-archive.sh
. "$heddle_home/libexec/heddle-archive.sh"

build_folder=$heddle_home/target/heddle
build_log=$build_folder/build.log

# is_newer STAMP PATH...: is anything in the paths newer than the stamp, or is there no stamp?
is_newer() {
  local stamp=$1 first
  shift
  [[ -e $stamp ]] || return 0
  first=$(find "$@" -newer "$stamp" -print -quit 2>/dev/null)
  [[ -n $first ]]
}

java_sources() {
  local path
  sources=("$heddle_home/pom.xml" "$heddle_home/.mvn")
  for path in "$heddle_home"/{java-api,mpi-executor,examples,examples/*}/{pom.xml,src/main}; do
    [[ -e $path ]] && sources+=("$path")
  done
}

native_sources() {
  local path
  sources=()
  for path in "$heddle_home"/CMakeLists.txt "$heddle_home"/native/{CMakeLists.txt,cmake,src,test}; do
    [[ -e $path ]] && sources+=("$path")
  done
}

# java_is_current [bench]: is what runs built from the present sources, with `bench` also what measures?
java_is_current() {
  own_class_path
  java_sources
  [[ -n $own_jar ]] && ! is_newer "$build_folder/java.stamp" "${sources[@]}" || return 1
  [[ ${1-} == bench ]] || return 0
  bench_class_path
  sources+=("$heddle_home"/jmh-benchmarks/{pom.xml,src/main})
  [[ -n $bench_jar ]] && ! is_newer "$build_folder/bench.stamp" "${sources[@]}"
}

# native_is_current [MPI...]: is the shim of each of these MPIs built from the present sources, by the
# compiler that would build it now?
native_is_current() {
  local name
  native_sources
  for name in "$@"; do
    if [[ -e $heddle_home/native/build/lib/libheddle-$name.so ]]; then
      compiler_is_stamped "$name" || return 1
    else
      # That of the standard ABI serves an MPI without a compiler.
      [[ -e $heddle_home/native/build/lib/libheddle-abi.so ]] && ! find_compiler "$name" || return 1
    fi
  done
  ! is_newer "$build_folder/native.stamp" "${sources[@]}"
}

# compiler_is_stamped MPI: the stamp has a line per shim: its MPI, what marks its compiler, and the MPI's
# version. Where there is no compiler nothing else could be built.
compiler_is_stamped() {
  local compiler mark line
  find_compiler "$1" && mark_compiler || return 0
  while IFS= read -r line; do
    [[ $line == "$1"$'\t'"$mark"$'\t'* ]] && return 0
  done 2>/dev/null <"$build_folder/native.stamp"
  return 1
}

# Sets `mark` to the path of `compiler` and to size and time of its file, which a new version changes.
mark_compiler() {
  mark=$(stat -L -c '%s %Y' -- "$compiler" 2>/dev/null) && mark=$compiler$'\t'$mark
}

# with_lock FUNCTION ARGS...: runs it with nobody else building.
with_lock() {
  local status lock
  mkdir -p "$build_folder" 2>/dev/null && [[ -w $build_folder ]] ||
    refuse "cannot write to $build_folder, which building needs: make a copy of your own (cp -a $heddle_home FOLDER)"
  if ! type -P flock >/dev/null; then
    "$@"
    return
  fi
  exec {lock}>"$build_folder/lock"
  if ! flock -n "$lock"; then
    say "waiting for another build in $heddle_home"
    flock "$lock"
  fi
  "$@"
  status=$?
  exec {lock}>&-
  return "$status"
}

# use_old OBSTACLE: what is built serves where nobody can build again, as in a checkout of another user.
use_old() {
  say "what is built in $heddle_home is not of the present sources or compiler, and is used all the same: $1"
}

need_maven() {
  type -P mvn >/dev/null ||
    refuse "Maven is missing, which building needs: install it (Debian: apt-get install maven)"
}

# maven ARGS...: offline if the local repository has everything, else online. The log keeps both.
maven() {
  local common=(-q -B --no-transfer-progress -f "$heddle_home/pom.xml")
  interruptible mvn -o "${common[@]}" "$@" && return 0
  grep -qE 'offline mode|has not been downloaded|Could not resolve|could not be resolved' "$build_log" || return 1
  interruptible mvn "${common[@]}" "$@"
}

# Runs a command of the build into the log; a signal ends it and us.
interruptible() {
  local child status=0 signalled=''
  trap 'signalled=INT' INT
  trap 'signalled=TERM' TERM HUP
  set -m
  (
    use_utf8_for_ascii
    JAVA_HOME=$jdk exec "$@"
  ) >"$build_log" 2>&1 </dev/null &
  child=$!
  set +m
  { wait "$child"; } 2>/dev/null
  status=$?
  if [[ -n $signalled ]]; then
    kill -TERM -- "-$child" 2>/dev/null
    { wait "$child"; } 2>/dev/null
    say "interrupted while building"
    [[ $signalled == INT ]] && exit 130
    exit 143
  fi
  trap - INT TERM HUP
  return "$status"
}

build_failed() {
  # Maven repeats itself and explains itself: the first of each line is enough.
  grep -E '^\[ERROR\] .|error:|CMake Error' "$build_log" |
    grep -vE '\[Help 1\] http|To see the full stack|Re-run Maven|For more information about|After correcting|mvn <args>' |
    awk '!seen[$0]++' | head -n 20 >&2
  say "the build failed: $build_log has the whole log"
  exit 1
}

# A stamp gets the time at which the build began: what is edited meanwhile counts as newer.
build_java_locked() {
  java_is_current "$@" && return 0
  local text="building" modules=(-pl '!jmh-benchmarks')
  [[ -e $build_folder/java.stamp ]] || text="building (first time: a minute or two)"
  say "$text ..."
  : >"$build_folder/java.begun"
  # Tests are not even compiled, nor is what measures: who runs a program should not wait for them.
  [[ ${1-} != bench ]] || modules=()
  maven -Dmaven.test.skip=true ${modules[@]+"${modules[@]}"} package || build_failed
  [[ ${1-} != bench ]] || cp -p "$build_folder/java.begun" "$build_folder/bench.stamp"
  mv -f "$build_folder/java.begun" "$build_folder/java.stamp"
}

# build_java [bench]: what runs, with `bench` also what measures.
build_java() {
  java_is_current "$@" && return 0
  local is_built=$own_jar
  if [[ ${1-} == bench ]]; then
    bench_class_path
    [[ -n $bench_jar ]] || is_built=''
  fi
  if ! can_write_build; then
    [[ -n $own_jar ]] || refuse "Heddle is not built in $heddle_home: $(build_remedy)"
    [[ -n $is_built ]] || refuse "the benchmarks are not built in $heddle_home: $(build_remedy)"
    use_old "you cannot write there"
    return 0
  elif [[ -n $is_built ]] && ! type -P mvn >/dev/null; then
    use_old "Maven is missing (Debian: apt-get install maven)"
    return 0
  fi
  need_maven
  with_lock build_java_locked "$@"
}

build_native_locked() {
  native_is_current "$@" && return 0
  say "building the native part ..."
  local name compilers='' mark='' family='' mpi_version=unknown
  : >"$build_folder/native.begun"
  # In a copy cmake refuses the folder that it prepared for the original.
  grep -qsxF "CMAKE_HOME_DIRECTORY:INTERNAL=$heddle_home" "$heddle_home/native/build/CMakeCache.txt" ||
    rm -rf "$heddle_home"/native/build/{CMakeCache.txt,CMakeFiles}
  for name in openmpi mpich; do
    find_compiler "$name" || continue
    compilers+="${compilers:+;}$compiler"
    mark_compiler && compiler_family "$compiler"
    printf '%s\t%s\t%s\n' "$name" "$mark" "$mpi_version" >>"$build_folder/native.begun"
  done
  # Into the folder where Maven's profile builds too, without its seconds of start-up.
  interruptible cmake -S "$heddle_home" -B "$heddle_home/native/build" -DHEDDLE_MPICC="$compilers" || build_failed
  interruptible cmake --build "$heddle_home/native/build" || build_failed
  mv -f "$build_folder/native.begun" "$build_folder/native.stamp"
}

# build_native [MPI]...: without names, that of the MPI chosen. Where it cannot be built the run says
# what is missing, before it starts.
build_native() {
  [[ $# -gt 0 ]] || set -- "$mpi"
  [[ -e $heddle_home/CMakeLists.txt && -z ${HEDDLE_NATIVE_DIR-} ]] || return 0
  native_is_current "$@" && return 0
  local name is_built=1 obstacle=''
  for name in "$@"; do has_shim "$name" || is_built=''; done
  if ! can_write_build; then
    [[ -n $is_built ]] || refuse "the native part for $* is not built in $heddle_home: $(build_remedy)"
    use_old "you cannot write there"
    return 0
  fi
  for name in "$@"; do
    find_compiler "$name" || obstacle="the compiler of $name is missing, which Heddle's native part needs: $(compiler_advice "$name")"
  done
  type -P cmake >/dev/null || obstacle+="${obstacle:+; }cmake is missing, which Heddle's native part needs: install it (Debian: apt-get install cmake)"
  if [[ -z $obstacle ]]; then
    with_lock build_native_locked "$@"
  elif [[ -n $is_built ]]; then
    use_old "$obstacle"
  else
    refuse "$obstacle"
  fi
}

# has_shim MPI: is there one, of whatever age? That of the standard ABI serves every MPI that has it.
has_shim() {
  [[ -e $heddle_home/native/build/lib/libheddle-$1.so || -e $heddle_home/native/build/lib/libheddle-abi.so ]]
}

compiler_advice() {
  if [[ -n ${HEDDLE_MPICC-} ]]; then
    printf '%s' "HEDDLE_MPICC=$HEDDLE_MPICC is none of it, correct or unset it"
    return
  fi
  case $1 in
    openmpi) printf 'install it (Debian: apt-get install libopenmpi-dev)' ;;
    mpich) printf 'install it (Debian: apt-get install libmpich-dev)' ;;
  esac
}

# Makes the archives for a faster start, a few seconds once per build and JDK. A run does without where
# they can't be made.
build_archives() {
  local kind
  own_class_path
  for kind in "${archive_kinds[@]}"; do
    archive_is_current "$kind" && continue
    mkdir -p "$archive_folder" 2>/dev/null && [[ -w $archive_folder && -w $build_folder ]] || return 0
    with_lock build_archive_locked "$kind"
  done
}

build_archive_locked() {
  local kind=$1 build_log=$build_folder/archive-$1.log draft name old options=()
  archive_is_current "$kind" && return 0
  archive_key || return 0
  say "preparing faster starts ($kind heaps, once) ..."
  name=$kind-$jdk_found_version-$BASHPID-$RANDOM.aot draft=$archive_folder/$name
  [[ $kind == narrow ]] || options+=(-XX:-UseCompressedOops)
  # On threads: under a launcher the JVM that writes the archive would be one of its processes.
  if interruptible timeout -k 5 120 env -i PATH="$PATH" HOME="${HOME-/}" LC_ALL=C.UTF-8 "$jdk/bin/java" "${base_flags[@]}" \
    ${options[@]+"${options[@]}"} "-XX:AOTCacheOutput=$draft" -cp "$archive_path" dev.heddle.cli.Training &&
    [[ -s $draft ]]; then
    :
  else
    rm -f "$draft" "$draft.config"
    say "could not prepare them, runs start as before: $build_log says why"
    # Kept too, so that not every run tries again.
    name=none
  fi
  # The note is what makes an archive valid; it changes in one step.
  printf '%s\n%s' "$name" "$archive_key" >"$archive_folder/note.$BASHPID" &&
    mv -f "$archive_folder/note.$BASHPID" "$archive_folder/$kind-$jdk_found_version.note"
  for old in "$archive_folder/$kind-$jdk_found_version"-*.aot; do
    [[ ! -e $old || $old == "$draft" ]] || rm -f "$old"
  done
}
