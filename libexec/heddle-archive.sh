# shellcheck shell=bash
# The archives for a faster start (JDK 25's "AOT cache"): Heddle's classes and those of the JDK that it
# uses, loaded and linked once in a training run, mapped by every JVM after. Two kinds, since a JVM refuses
# one that was made with another width of pointers: narrow, and wide for heaps of 32 GiB and more.
#
# The JVM checks its own build and flags. It does NOT check that our jars are still those that were
# archived (25.0.3, archives of one step: it goes on with the old classes), so we do: the note beside an
# archive names home, JDK, and size and time of each jar, and without an equal note there is no archive.

archive_folder=$heddle_home/target/heddle/archive
archive_kinds=(narrow wide)

# What every JVM of ours gets; an archive made with other flags is refused.
base_flags=(--enable-native-access=ALL-UNNAMED)
# Libraries that still use sun.misc.Unsafe would make the JDK say so at every start.
base_flags+=(--sun-misc-unsafe-memory-access=allow)
# Perf data is a file per JVM in /tmp, which stays when a JVM is killed.
base_flags+=(-XX:-UsePerfData)
# Eight bytes less for every pending task and future; needs no other change (JEP 519).
base_flags+=(-XX:+UseCompactObjectHeaders)

# Sets archive_path, the class path that has to stand first, and archive_key; returns 1 where there can be
# no archive. Runs on every rank: one process.
archive_key() {
  local jars release='' times
  [[ -n $own_jar && -n $own_queues && -r $jdk/release ]] || return 1
  archive_path=$own_first:$own_queues
  IFS=: read -ra jars <<<"$archive_path"
  times=$(stat -L -c '%s %.9Y' -- "${jars[@]}" 2>/dev/null) || return 1
  IFS= read -rd '' release <"$jdk/release"
  archive_key="$archive_path"$'\n'"$times"$'\n'"$jdk"$'\n'"$release"
}

# archive_is_current narrow|wide: is there a note for what is here now? Sets archive_name, `none` where it
# could not be made.
archive_is_current() {
  local note=''
  archive_name=
  IFS= read -rd '' note 2>/dev/null <"$archive_folder/$1-$jdk_found_version.note" || [[ -n $note ]] || return 1
  archive_key || return 1
  [[ ${note#*$'\n'} == "$archive_key" ]] || return 1
  archive_name=${note%%$'\n'*}
}

# use_archive HEAP SHARE: adds to `java` what uses the archive, where there is one for it. SHARE is the
# heap's part of the memory, in hundredths of a percent, where HEAP is empty.
use_archive() {
  local kind=narrow words
  # Whoever chooses an archive, or none, for himself gets that: two are an error that ends the JVM.
  words=" ${jvm_arguments[*]-} ${JAVA_TOOL_OPTIONS-} ${JDK_JAVA_OPTIONS-} ${_JAVA_OPTIONS-}"
  [[ $words != *AOT* && $words != *-Xshare* && $words != *SharedArchive* && $words != *ArchiveClasses* &&
    $words != *SharedClassList* && $words != *DumpLoadedClassList* ]] || return 0
  has_wide_heap "$@" && kind=wide
  archive_is_current "$kind" && [[ $archive_name != none && -r $archive_folder/$archive_name ]] || return 0
  [[ $class_path == "$archive_path" || $class_path == "$archive_path":* ]] || return 0
  # A JVM that refuses it goes on without, and has nothing to say about it.
  java+=("-XX:AOTCache=$archive_folder/$archive_name" '-Xlog:aot*=off')
}

# Sets memory: what this host, or container, has, in KiB; 0 where nobody says.
host_memory() {
  local limit='' name=''
  memory=0
  while read -r name memory _; do
    [[ $name != MemTotal: ]] || break
  done 2>/dev/null </proc/meminfo
  read -r limit 2>/dev/null </sys/fs/cgroup/memory.max || limit=max
  memory=${memory:-0}
  [[ ! ${limit:-max} =~ ^[0-9]+$ ]] || ((limit >> 10 >= memory)) || memory=$((limit >> 10))
}

# Will the JVM choose a heap for which pointers are wide? If this errs, the JVM refuses the archive.
has_wide_heap() {
  local number='' unit='' memory=''
  if [[ -n $1 || -n ${HEDDLE_TINY-} && $HEDDLE_TINY != 0 ]]; then
    number=${1:-64m} unit=${number##*[0-9]} number=${number%%[!0-9]*}
    case $unit in
      k | K) memory=$number ;;
      m | M) memory=$((number << 10)) ;;
      g | G) memory=$((number << 20)) ;;
      t | T) memory=$((number << 30)) ;;
      *) memory=$((number >> 10)) ;;
    esac
  else
    host_memory
    memory=$((memory * $2 / 10000))
  fi
  ((memory >= 32 << 20))
}
