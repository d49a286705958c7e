# shellcheck shell=bash
# `heddle run`: options, the program's class path, and the way on: threads of one JVM, the ranks of a
# launcher, or, inside one, this rank.

# option_value OPTION VALUE...: the value of an option, refused if there is none.
need_value() {
  [[ $# -ge 2 ]] || refuse "$1 needs a value: see 'heddle help'"
}

# Sets `given` to what the user wrote for a variable: its option, or its name.
given() {
  given=${option_given[$1]-$1}
}

check_size() {
  [[ $2 =~ ^[1-9][0-9]*[kKmMgGtT]?$ ]] || refuse "$1 is '$2', but a size is a whole number with k, m or g, such as 256m"
}

# check_count NAME VALUE MIN MAX
check_count() {
  [[ $2 =~ ^[0-9]{1,9}$ ]] && ((10#$2 >= $3 && 10#$2 <= $4)) ||
    refuse "$1 is '$2', but has to be a whole number from $3 to $4"
}

# Reads the options of `run` from "$@"; what follows goes to `arguments`, MAIN first. Every option is
# also an environment variable: an option overrides it.
parse_run_options() {
  mpi=${HEDDLE_MPI-} ranks=${HEDDLE_RANKS-} user_class_path=${HEDDLE_CP-} mpi_option='' ranks_option=''
  jvm_arguments=() arguments=()
  declare -gA option_given=()
  local option value
  while [[ $# -gt 0 ]]; do
    option=$1
    case $option in
      --*=*)
        value=${option#*=} option=${option%%=*}
        shift
        set -- "$option" "$value" "$@"
        [[ $option == --tiny ]] && refuse "--tiny takes no value"
        ;;
    esac
    case $option in
      --mpi) need_value "$@" && mpi=$2 mpi_option=1 && shift ;;
      -n | -np | --ranks) need_value "$@" && ranks=$2 ranks_option=1 && shift ;;
      --slots | --fanout | --liveness | --heap | --worker-heap)
        need_value "$@"
        value=${option#--} value=${value^^} value=HEDDLE_${value//-/_}
        export "$value=$2"
        option_given[$value]=$option
        shift
        ;;
      --jvm-arg) need_value "$@" && jvm_arguments+=("$2") && shift ;;
      -cp | --class-path) need_value "$@" && user_class_path=$2 && shift ;;
      --tiny) export HEDDLE_TINY=1 ;;
      -h | --help) usage && exit 0 ;;
      --)
        shift
        break
        ;;
      -*) refuse "unknown option '$option' of run: see 'heddle help'; options of the program stand after its name" ;;
      *) break ;;
    esac
    shift
  done
  arguments=("$@")
  check_run_options
}

check_run_options() {
  local given
  [[ -z $mpi_option ]] && given=HEDDLE_MPI || given=--mpi
  [[ -z $mpi || $mpi == openmpi || $mpi == mpich ]] || refuse "unknown MPI '$mpi' ($given): it is openmpi or mpich"
  [[ -z $ranks_option ]] && given=HEDDLE_RANKS || given=-n
  [[ -z $ranks && -z $ranks_option ]] || check_count "$given" "$ranks" 1 1000000
  # On a rank everything was checked outside.
  if [[ $command != rank ]]; then
    # shellcheck source=libexec/heddle-options.sh
    . "$heddle_home/libexec/heddle-options.sh"
    check_options
  fi
  given HEDDLE_HEAP
  [[ -z ${HEDDLE_HEAP-} ]] || check_size "$given" "$HEDDLE_HEAP"
  given HEDDLE_WORKER_HEAP
  [[ -z ${HEDDLE_WORKER_HEAP-} ]] || check_size "$given" "$HEDDLE_WORKER_HEAP"
  [[ ${HEDDLE_TINY-} =~ ^[01]?$ ]] ||
    refuse "HEDDLE_TINY is '$HEDDLE_TINY', but has to be 1, for small JVMs, or 0"
  check_jvm_arguments
  [[ -z ${HEDDLE_BUILD-} || $HEDDLE_BUILD == never ]] ||
    refuse "HEDDLE_BUILD is '$HEDDLE_BUILD', but there is only 'never': leave it out to build what is out of date"
  [[ ${#arguments[@]} -gt 0 && -n ${arguments[0]} ]] ||
    refuse "no program named: say 'heddle run MAIN', where MAIN is a .jar, examples/NAME or a class"
  [[ $heddle_home != *:* ]] ||
    refuse "Heddle's folder $heddle_home has a colon in its name, which separates the entries of a class path: move or copy it"
  # An MPI in the environment is a preference; as an option it means ranks.
  [[ -z $mpi_option || -n $ranks ]] || inside_launcher ||
    refuse "--mpi $mpi needs the number of ranks: add -n N, or leave out --mpi to run on threads"
}

# What java itself would take for something else than an option of the JVM.
check_jvm_arguments() {
  local argument previous=''
  for argument in ${jvm_arguments[@]+"${jvm_arguments[@]}"}; do
    case $argument in
      -cp | -classpath | --class-path | --class-path=*)
        refuse "--jvm-arg '$argument' would replace the class path: name the program's by -cp, in front of its class"
        ;;
      -jar | -m | --module | --module=* | --source | --dry-run | -version | --version | -help | --help | -h | '-?' | -X | \
        --help-extra | --list-modules | --validate-modules | -Xinternalversion | -Xshare:dump | -d | --describe-module | --describe-module=*)
        refuse "--jvm-arg '$argument' has java do something else than run the program: leave it out"
        ;;
      -?* | @?*) ;;
      *)
        # The value of the one previous, as in --add-opens java.base/java.lang=ALL-UNNAMED.
        [[ $previous == --* && $previous != *=* || $previous == -p ]] ||
          refuse "--jvm-arg is '$argument', but an option of java begins with a dash; the program's arguments stand after its name"
        ;;
    esac
    previous=$argument
  done
}

# Wrong heaps and arguments for the JVM are found by JVMs that run nothing, before anything is built or
# started. Arguments that would do something outside of the JVM, such as to write a file, are left out.
try_jvm() {
  local argument tried=()
  for argument in ${jvm_arguments[@]+"${jvm_arguments[@]}"}; do
    [[ $argument =~ ^-(agent|javaagent|Xrun|Xdebug|Xlog:.*file=|Xbootclasspath) ||
      $argument =~ ^-XX:[^=]*(File|Path|Output|Dump|Recording|OnError|OnOutOfMemory|Archive|AOT|Flags|Log|Trace) ]] ||
      tried+=("$argument")
  done
  # shellcheck source=libexec/heddle-rank.sh
  . "$heddle_home/libexec/heddle-rank.sh"
  own_class_path
  if [[ -n ${HEDDLE_HEAP-} || ${#tried[@]} -gt 0 ]]; then try_role HEDDLE_HEAP 0; fi
  if [[ -n $ranks ]] && [[ -n ${HEDDLE_WORKER_HEAP-} || ${#tried[@]} -gt 0 ]]; then try_role HEDDLE_WORKER_HEAP 1; fi
}

# try_role HEAP_VARIABLE RANK
try_role() {
  local given words java jvm_arguments=(${tried[@]+"${tried[@]}"}) class_path='' line text='' status
  java_command 1 "${!1-}" "$2"
  words=$(unset JAVA_TOOL_OPTIONS JDK_JAVA_OPTIONS _JAVA_OPTIONS && timeout -k 1 30 "${java[@]}" -version 2>&1)
  status=$?
  [[ $status -ne 0 && $status -ne 124 ]] || return 0
  while IFS= read -r line; do
    line=${line#Error: }
    [[ -z $line || $line == 'Error occurred during initialization of VM' || $line == *'ould not create the Java Virtual Machine'* ||
      $line == 'A fatal exception has occurred'* ]] || text+="${text:+; }$line"
  done <<<"$words"
  given "$1"
  [[ $given == -* ]] && given+=' ' || given+='='
  [[ -z ${!1-} ]] || tried=("$given${!1}" ${tried[@]+"${tried[@]/#/--jvm-arg }"})
  [[ -n ${!1-} ]] || tried=("${tried[@]/#/--jvm-arg }")
  refuse "java refuses ${tried[*]}: ${text:0:400}"
}

# Sets `jar_pattern` to what unzip takes for this jar and no other: where a name has one of its signs, each
# stands in brackets.
jar_pattern() {
  local name=${1##*/} sign
  jar_pattern=$1
  [[ $name == *['*?[']* ]] || return 0
  name=${name//$'\\'/$'\\\\'}
  name=${name//'['/[[]}
  for sign in '*' '?'; do name=${name//"$sign"/[$sign]}; done
  jar_pattern=${1%"${1##*/}"}$name
}

# jar_has JAR [ENTRY]: is it a readable archive (1: no), does it have the entry (2: no)?
jar_has() {
  local status jar_pattern
  if type -P unzip >/dev/null; then
    jar_pattern "$1"
    unzip -Z1 "$jar_pattern" "$2" >/dev/null 2>&1
    status=$?
    [[ $status -eq 0 ]] && return 0
    [[ $status -eq 11 ]] && return 2
    return 1
  fi
  local listing
  listing=$("$jdk/bin/jar" --list --file "$1" 2>/dev/null) || return 1
  [[ $'\n'$listing$'\n' == *$'\n'"$2"$'\n'* ]] || return 2
}

jar_manifest() {
  local jar_pattern
  if type -P unzip >/dev/null; then
    jar_pattern "$1"
    unzip -p "$jar_pattern" META-INF/MANIFEST.MF 2>/dev/null
  else
    local folder
    folder=$(mktemp -d) || return 1
    (cd "$folder" && "$jdk/bin/jar" --extract --file "$1" META-INF/MANIFEST.MF && cat META-INF/MANIFEST.MF)
    rm -rf "$folder"
  fi
}

# Sets main_class from a jar's manifest, whose lines are cut at 72 bytes and go on after a blank.
jar_main_class() {
  local line
  main_class=
  while IFS= read -r line; do
    line=${line%$'\r'}
    if [[ -n $main_class ]]; then
      [[ $line == ' '* ]] && main_class+=${line# } && continue
      break
    fi
    [[ $line == 'Main-Class: '* ]] && main_class=${line#Main-Class: }
  done < <(jar_manifest "$1")
  [[ -n $main_class ]]
}

check_jar() {
  local jar=$1 status
  [[ $jar != *:* ]] || refuse "$jar has a colon in its name, which separates the entries of a class path: reach it by a link without one"
  [[ -f $jar ]] || refuse "there is no file $jar: build it, or correct the path"
  [[ -r $jar ]] || refuse "$jar cannot be read: check its permissions"
  jar_has "$jar" META-INF/MANIFEST.MF
  status=$?
  [[ $status -ne 1 ]] || refuse "$jar is not a jar (damaged or cut off): build it again"
  [[ $status -eq 0 ]] && jar_main_class "$jar" ||
    refuse "$jar has no Main-Class in its manifest: add it, or say -cp $jar and the class's name"
}

list_examples() {
  local folder names=()
  for folder in "$heddle_home"/examples/*/pom.xml; do
    [[ -e $folder ]] && folder=${folder%/pom.xml} && names+=("examples/${folder##*/}")
  done
  printf '%s' "${names[*]-}"
}

# split_path PATH: sets `entries`. Nothing but a colon separates, not even the end of a line.
split_path() {
  entries=()
  [[ -n $1 ]] || return 0
  mapfile -td : entries <<<"$1"
  entries[-1]=${entries[-1]%$'\n'}
}

# check_class_path PATH: every entry of the user's class path exists and can be read.
check_class_path() {
  local entry entries
  split_path "$1"
  for entry in ${entries[@]+"${entries[@]}"}; do
    case $entry in
      '') ;;
      */\* | \*) [[ -d ${entry%\*}. ]] || refuse "the class path names the folder ${entry%/\*}, which does not exist" ;;
      *)
        [[ -e $entry ]] || refuse "the class path names $entry, which does not exist"
        [[ -r $entry ]] || refuse "the class path names $entry, which cannot be read: check its permissions"
        [[ -d $entry ]] || jar_has "$entry" META-INF/MANIFEST.MF || [[ $? -eq 2 ]] ||
          refuse "the class path names $entry, which is not a jar (damaged or cut off)"
        ;;
    esac
  done
}

# class_on_path CLASS PATH: is there such a class in the folders and jars?
class_on_path() {
  local file=${1//.//}.class entry entries jar
  split_path "$2"
  for entry in ${entries[@]+"${entries[@]}"}; do
    case $entry in
      '') [[ -f $file ]] && return 0 ;;
      */\*) for jar in "${entry%\*}"*.jar; do jar_has "$jar" "$file" && return 0; done ;;
      *.jar) jar_has "$entry" "$file" && return 0 ;;
      *) [[ -f $entry/$file ]] && return 0 ;;
    esac
  done
  return 1
}

# Heddle's own jars: the executor's, the folder with everything it needs, and of that what has to stand
# first: the API, and the queues in the archive for a faster start.
own_class_path() {
  local jar
  own_jar=
  for jar in "$heddle_home"/mpi-executor/target/heddle-mpi-executor-*.jar; do
    [[ $jar == *-sources.jar || $jar == *-javadoc.jar || $jar == *-tests.jar || ! -e $jar ]] || own_jar=$jar
  done
  own_libraries=$heddle_home/mpi-executor/target/lib/\*
  own_first=$own_jar own_queues=
  for jar in "$heddle_home"/mpi-executor/target/lib/heddle-api-*.jar; do
    [[ ! -e $jar ]] || own_first+=${own_first:+:}$jar
  done
  for jar in "$heddle_home"/mpi-executor/target/lib/jctools-core-*.jar; do
    [[ ! -e $jar ]] || own_queues=$jar
  done
}

bench_main=dev.heddle.bench.BenchMain

# Is what is started one of the classes that measure?
is_bench() { [[ ${arguments[0]-} == dev.heddle.bench.* ]]; }

# Sets bench_jar, with the classes that measure, and bench_libraries, what they need and Heddle's own
# classes don't. No program of a user's has them on its class path. JMH's are for the micro-benchmarks.
bench_class_path() {
  local jar
  bench_jar='' bench_libraries=''
  for jar in "$heddle_home"/jmh-benchmarks/target/heddle-benchmarks-*.jar; do
    [[ $jar == *-sources.jar || $jar == *-javadoc.jar || $jar == *-tests.jar || ! -e $jar ]] || bench_jar=$jar
  done
  for jar in "$heddle_home"/jmh-benchmarks/target/lib/*.jar; do
    [[ ! -e $jar || ${jar##*/} == @(heddle|jmh|jopt-simple|commons-math3)-* || -e $heddle_home/mpi-executor/target/lib/${jar##*/} ]] ||
      bench_libraries+=:$jar
  done
}

# What whoever started this can do about something that is not built.
build_remedy() {
  if ! can_write_build; then
    printf '%s' "you cannot write to $heddle_home, so have its owner run this once, or make a copy of your own (cp -a $heddle_home FOLDER)"
  elif [[ ${HEDDLE_BUILD-} == never ]]; then
    printf 'run it without HEDDLE_BUILD=never'
  else
    printf 'run it outside of a launcher once'
  fi
}

# Can this user build here?
can_write_build() {
  local folder
  for folder in "$heddle_home" "$heddle_home"/{target,target/heddle,native/build,java-api/target,mpi-executor/target,jmh-benchmarks/target}; do
    [[ ! -e $folder || -w $folder ]] || return 1
  done
}

# Is there what a run needs of ours? Without a build nobody else would say so before it starts.
check_built() {
  local folder=${HEDDLE_NATIVE_DIR:-$heddle_home/native/build/lib} argument
  own_class_path
  [[ -n $own_jar ]] || refuse "Heddle is not built in $heddle_home: $(build_remedy)"
  if is_bench; then
    bench_class_path
    [[ -n $bench_jar ]] || refuse "the benchmarks are not built in $heddle_home: $(build_remedy)"
  fi
  [[ -n $ranks ]] || return 0
  for argument in ${jvm_arguments[@]+"${jvm_arguments[@]}"}; do
    [[ $argument != -Dheddle.nativeDir=?* ]] || folder=${argument#*=}
  done
  # One for the standard ABI of MPI-5 serves every library that has it.
  [[ -e $folder/libheddle-$mpi.so || -e $folder/libheddle-abi.so ]] || {
    [[ $folder == "$heddle_home/native/build/lib" ]] ||
      refuse "there is no libheddle-$mpi.so in $folder: correct HEDDLE_NATIVE_DIR, or unset it"
    refuse "the native part for $mpi is not built in $heddle_home: $(build_remedy)"
  }
}

# The same for a rank that somebody else's launcher has started.
check_started() {
  local mpi ranks argument
  find_starter
  mpi=$started_as ranks=$started_count
  for argument in ${jvm_arguments[@]+"${jvm_arguments[@]}"}; do
    [[ $argument != -Dheddle.mpi=@(openmpi|mpich) ]] || mpi=${argument#*=}
  done
  # Not all of our own commands need a part for an MPI.
  [[ ${arguments[0]-} != "$bench_main" ]] || ranks=''
  [[ -z $started_as ]] || check_built
}

# What can be checked before anything is built.
check_program() {
  local main=${arguments[0]} name
  check_class_path "$user_class_path"
  if [[ $main == *.jar ]]; then
    check_jar "$main"
  elif [[ $main == examples/* ]]; then
    name=${main#examples/} name=${name%/}
    [[ -n $name && -e $heddle_home/examples/$name/pom.xml ]] ||
      refuse "there is no example '$main': there are $(list_examples)"
  elif [[ ! $main =~ ^[[:alpha:]_\$][[:alnum:]_\$.]*$ ]]; then
    refuse "'$main' is neither a .jar nor an example nor the name of a class"
  fi
}

# Sets main_class and class_path. Heddle's own jars stand first, so that a stale copy of the executor in
# the program's libraries is never used, and its other libraries last, so that the program's own versions
# of them are.
resolve_program() {
  local main=${arguments[0]} name jar program='' first
  own_class_path
  first=$own_first
  if [[ $main == *.jar ]]; then
    jar_main_class "$main"
    program=$main
  elif [[ $main == examples/* ]]; then
    name=${main#examples/} name=${name%/}
    for jar in "$heddle_home/examples/$name/target/heddle-example-$name"-*.jar; do
      [[ $jar == *-sources.jar || $jar == *-javadoc.jar ]] || program=$jar
    done
    [[ -f $program ]] || refuse "$main is not built: $(build_remedy)"
    jar_main_class "$program" || refuse "$program has no Main-Class in its manifest"
    for jar in "$heddle_home/examples/$name/target/lib"/*.jar; do
      [[ -e $jar && ${jar##*/} != heddle-api-* && ${jar##*/} != heddle-mpi-executor-* ]] && program+=:$jar
    done
  else
    main_class=$main
    if is_bench; then
      bench_class_path
      program=$bench_jar
      # What is launched to measure a start has no more on its class path than a user's program.
      [[ $main == dev.heddle.bench.start.* ]] || program+=$bench_libraries
    fi
  fi
  class_path=${program:+$program:}$user_class_path
  expand_class_path
  # JCTools is in the archive for a faster start, for which it has to stand before the program. A program
  # that brings its own keeps it, and starts without the archive.
  [[ $class_path == *jctools* ]] || first+=${own_queues:+:$own_queues}
  class_path=${first:+$first:}${class_path:+$class_path:}$own_libraries
  expand_class_path
  class_on_path "$main_class" "$class_path" ||
    refuse "there is no class $main_class in ${program:+$program or }${user_class_path:-the class path}:" \
      "check its full name, and name its folder or jar with -cp"
}

# Names the jars of wildcards in `class_path` in a fixed order: java takes them as the folder lists
# them, which differs from host to host. What stands there twice stays where it is first.
expand_class_path() {
  local entry entries jar expanded='' LC_ALL=C
  split_path "$class_path"
  for entry in ${entries[@]+"${entries[@]}"}; do
    if [[ $entry == */\* || $entry == \* ]]; then
      for jar in "${entry%\*}"*.[jJ][aA][rR]; do
        [[ ! -e $jar || $expanded: == *":$jar:"* ]] || expanded+=:$jar
      done
    elif [[ $expanded: != *":$entry:"* ]]; then
      expanded+=:$entry
    fi
  done
  class_path=${expanded#:}
}

heddle_run() {
  # Whoever reads what we say may have left, which must not end us.
  trap : PIPE
  parse_run_options "$@"
  start_program
}

# heddle rank: what to start is in the run's folder; all of it was checked outside.
heddle_rank() {
  [[ -n ${HEDDLE_RUN_DIR-} && -n ${HEDDLE_RUN_TOKEN-} ]] && inside_launcher ||
    refuse "'heddle rank' is started by launchers only: use 'heddle run'"
  mpi=${HEDDLE_MPI-} ranks=${HEDDLE_RANKS-} jvm_arguments=() arguments=()
  # shellcheck source=libexec/heddle-folder.sh
  . "$heddle_home/libexec/heddle-folder.sh"
  if ! read_program; then
    local reason
    reason="a rank on ${HOSTNAME%%.*} cannot read $HEDDLE_RUN_DIR/heddle.program:"
    reason+=" put the run's folder where all hosts see it, with HEDDLE_RUN_DIR"
    write_verdict 1 "$reason" once 2>/dev/null
    say "$reason"
    exit 1
  fi
  need_jdk
  own_class_path
  # shellcheck source=libexec/heddle-rank.sh
  . "$heddle_home/libexec/heddle-rank.sh"
  run_rank ${arguments[@]+"${arguments[@]}"}
}

command_bytes_max=65536 # one string of a command line may have 128 KiB, all of them together a few MiB

# program_command ARGS...: sets program_words, what java is to run: the class path, the class, and its
# arguments. Where they are long java reads them from a file, which has no name any more.
program_command() {
  local file word length=0 program_fd slash=$'\\\\' quote=$'\\"' line=$'\\n' return=$'\\r'
  program_words=(-cp "$class_path" "$main_class" "$@")
  for word in "${program_words[@]}"; do length=$((length + ${#word})); done
  ((length > command_bytes_max)) || return 0
  file=$(mktemp "${HEDDLE_TMP:-${TMPDIR:-/tmp}}/heddle-java-XXXXXX") ||
    refuse "cannot make a file in ${TMPDIR:-/tmp}: set TMPDIR to a folder that can be written"
  for word in "${program_words[@]}"; do
    word=${word//$'\\'/"$slash"} word=${word//\"/"$quote"} word=${word//$'\n'/"$line"} word=${word//$'\r'/"$return"}
    printf '"%s"\n' "$word"
  done >"$file"
  # By its descriptor, which java opens again: it may start itself a second time.
  exec {program_fd}<"$file"
  rm -f "$file"
  program_words=("@/dev/fd/$program_fd")
}

# `bench`, `simulate` and `study` are a class of ours. Its options go to it untouched, except those that are about JVMs and the
# launcher alone.
heddle_cli() {
  local name=$1 options=() passed=() wants_mpi='' wants_help='' is_startup='' has_ranks='' given_jvm=''
  if [[ ${2-} == against || ${2-} == peers ]]; then
    # shellcheck source=libexec/heddle-drivers.sh
    . "$heddle_home/libexec/heddle-drivers.sh"
    if [[ $2 == against ]]; then heddle_against "$@"; else heddle_peers "$@"; fi
  fi
  shift
  [[ ${1-} != startup ]] || is_startup=1
  while [[ $# -gt 0 ]]; do
    [[ $1 != --*=* ]] || set -- "${1%%=*}" "${1#*=}" "${@:2}"
    case $1 in
      --heap | --worker-heap | --jvm-arg | -cp | --liveness)
        need_value "$@"
        [[ $1 != --jvm-arg || -z $is_startup ]] || passed+=("--jvm-arg=$2")
        [[ $1 != --jvm-arg && $1 != -cp ]] || given_jvm=$1
        options+=("$1" "$2") && shift
        ;;
      --tiny) options+=("$1") ;;
      --mpi | -n | --ranks | --slots | --fanout)
        need_value "$@"
        [[ $1 != -n && $1 != --ranks ]] || has_ranks=1
        passed+=("$1" "$2")
        # A study runs in one process, and starts others under MPI.
        if [[ $name != study ]]; then
          [[ $1 == --mpi ]] && wants_mpi=1
          options+=("$1" "$2")
        fi
        shift
        ;;
      --transport)
        need_value "$@"
        [[ $2 == mpi ]] && wants_mpi=1
        passed+=("$1" "$2") && shift
        ;;
      -h | --help) wants_help=1 passed+=("$1") ;;
      *) passed+=("$1") ;;
    esac
    shift
  done
  if [[ -n $is_startup && -n $wants_mpi && -z $has_ranks ]]; then
    options+=(--ranks "${HEDDLE_RANKS:-32}")
    passed+=(--ranks "${HEDDLE_RANKS:-32}")
  fi
  if [[ $name == bench && ${passed[0]-} == all ]]; then
    bench_all "$given_jvm"
  fi
  parse_run_options ${options[@]+"${options[@]}"} -- "$bench_main" "$name" ${passed[@]+"${passed[@]}"}
  # Ranks without MPI are ranks inside one JVM: the harness makes them.
  if [[ -n $is_startup ]]; then
    prepare_startup
  elif [[ -z $wants_mpi || -n $wants_help ]]; then
    ranks=
  elif [[ -z $ranks ]] && ! inside_launcher; then
    refuse "$name over MPI needs the number of ranks: add --ranks N"
  fi
  [[ $name != study ]] || export HEDDLE_HOME=$heddle_home
  note_commit
  start_program
}

# `bench startup` launches its runs itself, by this script, and is one JVM without ranks. What it needs is
# checked and built before, so that no launch has to.
prepare_startup() {
  ranks=
  export HEDDLE_HOME=$heddle_home
  if [[ -n $wants_mpi && -z $wants_help ]] && ! inside_launcher; then
    choose_mpi
    arguments+=(--mpi "$mpi")
    need_jdk
    if [[ ${HEDDLE_BUILD-} != never ]]; then
      # shellcheck source=libexec/heddle-build.sh
      . "$heddle_home/libexec/heddle-build.sh"
      build_native
    fi
  fi
  # Its own JVM needs no further arguments, such as one that writes a file.
  jvm_arguments=()
}

# `bench all`, whose JVM has no ranks: it starts this command again for each benchmark. Heaps and slots
# reach those in the environment; `options` and `passed` are heddle_cli's.
bench_all() {
  local found='' name i options_left=()
  [[ -z $1 ]] || refuse "$1 is for a single benchmark: 'bench all' measures the default"
  ! inside_launcher || refuse "'bench all' starts launchers itself: run it outside of one"
  [[ -z $wants_mpi ]] || refuse "'bench all' runs every MPI it finds: choose some with --on threads,openmpi,mpich"
  for name in openmpi mpich; do
    find_launcher "$name" && found+=${found:+,}$name
  done
  bench_mpis=${found//,/ }
  passed+=(--heddle "$heddle_script" ${found:+--found "$found"})
  # The number of ranks is for the launchers to come.
  for ((i = 0; i < ${#options[@]}; i++)); do
    case ${options[i]} in
      -n | --ranks) i=$((i + 1)) ;;
      *) options_left+=("${options[i]}") ;;
    esac
  done
  options=(${options_left[@]+"${options_left[@]}"})
}

# What `bench all` measures is built before it begins. An MPI without compiler is left to its benchmarks,
# whose rows say what is missing.
build_benched() {
  local name names=()
  for name in $bench_mpis; do
    find_compiler "$name" && names+=("$name")
  done
  [[ ${#names[@]} -eq 0 ]] || build_native "${names[@]}"
}

# A number without the code it belongs to is worth nothing.
note_commit() {
  local changed
  unset HEDDLE_COMMIT HEDDLE_DIRTY
  HEDDLE_COMMIT=$(git -C "$heddle_home" rev-parse HEAD 2>/dev/null) || return 0
  export HEDDLE_COMMIT HEDDLE_DIRTY=0
  changed=$(git -C "$heddle_home" status --porcelain --untracked-files=no 2>/dev/null)
  [[ -z $changed ]] || HEDDLE_DIRTY=1
}

# Bad input to a class of ours is found before anything starts.
check_arguments() {
  local program_words
  program_command check "$@"
  (
    use_utf8_for_ascii
    exec "$jdk/bin/java" ${java_locale[@]+"${java_locale[@]}"} -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -XX:-UsePerfData -Xmx64m \
      "${program_words[@]}"
  ) || exit
}

# heddle config [--json FILE|-] [OPTIONS of run]: starts no rank, so it needs no MPI.
heddle_config() {
  local options=() passed=() variable given_names=''
  while [[ $# -gt 0 ]]; do
    [[ $1 != --*=* ]] || set -- "${1%%=*}" "${1#*=}" "${@:2}"
    case $1 in
      --json | --slots | --fanout | --liveness | --jvm-arg)
        need_value "$@"
        if [[ $1 == --json ]]; then passed+=("$1" "$2"); else options+=("$1" "$2"); fi
        shift 2
        ;;
      -h | --help) usage && exit 0 ;;
      *) refuse "unknown option '$1' of config: it takes --json, --slots, --fanout, --liveness and --jvm-arg" ;;
    esac
  done
  parse_run_options ${options[@]+"${options[@]}"} -- dev.heddle.cli.Main config ${passed[@]+"${passed[@]}"}
  for variable in "${!option_given[@]}"; do given_names+=,${option_name[$variable]}; done
  need_jdk
  if [[ ${HEDDLE_BUILD-} != never ]]; then
    # shellcheck source=libexec/heddle-build.sh
    . "$heddle_home/libexec/heddle-build.sh"
    build_java
  fi
  resolve_program
  program_command "${arguments[@]:1}" --given "${given_names#,}"
  use_utf8_for_ascii
  exec "$jdk/bin/java" -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -XX:-UsePerfData -Xmx64m \
    ${java_locale[@]+"${java_locale[@]}"} ${jvm_arguments[@]+"${jvm_arguments[@]}"} "${program_words[@]}"
}

start_program() {
  [[ $command == rank ]] || trap : PIPE
  # Until there is a program that may want them.
  trap '' USR1 USR2
  check_place
  inside_launcher || [[ -z $ranks ]] || choose_mpi
  need_jdk
  export HEDDLE_JAVA_HOME=$jdk
  check_program
  inside_launcher || try_jvm
  if ! inside_launcher && [[ ${HEDDLE_BUILD-} != never ]]; then
    # shellcheck source=libexec/heddle-build.sh
    . "$heddle_home/libexec/heddle-build.sh"
    if is_bench; then build_java bench; else build_java; fi
    [[ -z $ranks ]] || build_native
    build_archives
    [[ -z ${bench_mpis-} ]] || build_benched
  fi
  if ! inside_launcher; then check_built; elif [[ $command != rank ]]; then check_started; fi
  resolve_program
  # shellcheck source=libexec/heddle-rank.sh
  . "$heddle_home/libexec/heddle-rank.sh"
  if inside_launcher; then
    run_rank "${arguments[@]:1}"
  elif [[ -z $ranks ]]; then
    run_threads "${arguments[@]:1}"
  else
    # shellcheck source=libexec/heddle-launch.sh
    . "$heddle_home/libexec/heddle-launch.sh"
    if [[ $main_class == "$bench_main" ]]; then
      check_arguments "${arguments[@]:1}"
      [[ " ${arguments[*]:1} " != *" latency "* ]] || measure_ping_pong
      [[ " ${arguments[*]:1} " != *" payload "* ]] || measure_bandwidth "${arguments[@]:1}"
    fi
    launch "${arguments[@]:1}"
  fi
}
