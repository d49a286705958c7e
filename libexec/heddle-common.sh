# shellcheck shell=bash
# Messages and the JDK: what every command needs.

jdk_version_min=25

# Not the environment's, which jobs bring along from the host where they were submitted.
[[ ! -r /proc/sys/kernel/hostname ]] || read -r HOSTNAME </proc/sys/kernel/hostname

say() { printf 'heddle: %s\n' "$*" >&2; }

# Bad input or something missing, before anything was started. Of many processes that were given the same
# one says so; the others give it time, since a launcher may end all when the first has ended.
refuse() {
  if [[ -n ${others_refuse-} ]]; then nap 2; else say "$*"; fi
  exit 2
}

# Are we one of a launcher's processes? Not SLURM_PROCID: an sbatch script has that too.
inside_launcher() {
  [[ -n ${OMPI_COMM_WORLD_SIZE-}${PMI_RANK-}${PMIX_RANK-}${PALS_RANKID-}${ALPS_APP_PE-} ]]
}

# jdk_major HOME: the feature version of the Java there, read from its `release` file (no process is
# started, this runs on every rank), else from the program itself.
jdk_major() {
  local line version=
  [[ -x $1/bin/java ]] || return 1
  if [[ -r $1/release ]]; then
    while read -r line; do
      [[ $line =~ ^JAVA_VERSION=\"?([0-9]+) ]] && version=${BASH_REMATCH[1]} && break
    done <"$1/release"
  fi
  if [[ -z $version ]]; then
    line=$("$1/bin/java" -version 2>&1) || return 1
    [[ $line =~ version\ \"([0-9]+) ]] && version=${BASH_REMATCH[1]}
  fi
  [[ -n $version ]] && jdk_found_version=$version
}

jdk_candidates() {
  local java folder folders home
  [[ -n ${HEDDLE_JAVA_HOME-} ]] && printf '%s\n' "$HEDDLE_JAVA_HOME"
  [[ -n ${JAVA_HOME-} ]] && printf '%s\n' "$JAVA_HOME"
  if java=$(type -P java); then
    home=$(readlink -f "$java")
    home=${home%/bin/java}
    # A version manager's stand-in is no JDK's java: ask it where it leads.
    [[ -e $home/release || -e $home/lib/modules ]] ||
      home=$("$java" -XshowSettings:properties -version 2>&1 | sed -n 's/^ *java\.home = //p')
    [[ -n $home ]] && printf '%s\n' "$home"
  fi
  IFS=: read -ra folders <<<"${HEDDLE_JVM_DIR-/usr/lib/jvm:/usr/lib64/jvm:/usr/java:/opt/java:/opt}"
  for folder in ${folders[@]+"${folders[@]}"}; do
    for home in "$folder"/*; do
      [[ -x $home/bin/java ]] && printf '%s\n' "$home"
    done
  done
  return 0
}

# Sets `jdk` to the first JDK that is new enough; an older one is passed over. Returns 1 if there is
# none, with `jdk_passed_over` saying what was seen.
find_jdk() {
  local home
  jdk_passed_over=
  # The usual case on a rank: the choice was made outside, no process is needed to repeat it.
  if [[ -n ${HEDDLE_JAVA_HOME-} ]] && jdk_major "$HEDDLE_JAVA_HOME" &&
    ((jdk_found_version >= jdk_version_min)); then
    jdk=$HEDDLE_JAVA_HOME
    return 0
  fi
  # It was asked for: another one in its place would be a surprise. Ranks on other hosts were not asked.
  if [[ -n ${HEDDLE_JAVA_HOME-} ]] && ! inside_launcher; then
    jdk_passed_over="HEDDLE_JAVA_HOME=$HEDDLE_JAVA_HOME has no bin/java"
    ! jdk_major "$HEDDLE_JAVA_HOME" || jdk_passed_over="HEDDLE_JAVA_HOME=$HEDDLE_JAVA_HOME is version $jdk_found_version"
    return 1
  fi
  while read -r home; do
    if ! jdk_major "$home"; then
      [[ $home == "${HEDDLE_JAVA_HOME-}" || $home == "${JAVA_HOME-}" ]] &&
        jdk_passed_over+="${jdk_passed_over:+, }no bin/java in $home"
    elif ((jdk_found_version < jdk_version_min)); then
      [[ $jdk_passed_over == *"in $home" ]] ||
        jdk_passed_over+="${jdk_passed_over:+, }version $jdk_found_version in $home"
    elif [[ -x $home/bin/javac ]] || inside_launcher; then
      jdk=$home
      return 0
    else
      jdk_passed_over+="${jdk_passed_over:+, }a runtime without compiler in $home"
    fi
  done < <(jdk_candidates)
  return 1
}

need_jdk() {
  find_jdk && return
  [[ $jdk_passed_over != HEDDLE_JAVA_HOME=* ]] ||
    refuse "$jdk_passed_over, but Heddle needs a JDK $jdk_version_min or newer: correct it, or unset it to use the JDK that is found"
  refuse "no JDK $jdk_version_min or newer found${jdk_passed_over:+ ($jdk_passed_over)}:" \
    "install one (https://adoptium.net, package temurin-$jdk_version_min-jdk) or set HEDDLE_JAVA_HOME to its folder"
}

# shellcheck source=libexec/heddle-mpi.sh
. "${BASH_SOURCE[0]%/*}/heddle-mpi.sh"

# The JVM reads arguments, environment and the names of files in the locale's charset. Where that is ASCII
# (LC_ALL=C, no locale at all, one that is not installed) a folder with any other letter can't be named, nor
# its classes found: UTF-8 then, with everything else as it was. Sets `java_locale` to the option that keeps
# the country which java takes a locale C for. Starts no process; to be called right before java is started.
use_utf8_for_ascii() {
  local letter=$'\xc3\xa4' high=$'\xe4' variable=LC_CTYPE before
  java_locale=()
  # One letter is UTF-8, and a byte that is a letter the charset of some languages.
  [[ ${#letter} -eq 2 && $high != [[:alpha:]] ]] || return 0
  [[ -z ${LC_ALL-} ]] || variable=LC_ALL
  before=${!variable-}
  { export "$variable=C.UTF-8"; } 2>/dev/null
  if [[ ${#letter} -eq 1 ]]; then
    java_locale=(-Duser.country=US)
  elif [[ -n $before ]]; then
    { export "$variable=$before"; } 2>/dev/null
  else
    unset "$variable"
  fi
}

# Waits up to the given seconds without starting a process; a trapped signal ends it early.
nap() {
  [[ -n ${nap_fd-} ]] || exec {nap_fd}<> <(:)
  read -rt "$1" -u "$nap_fd" _ || true
}

# Sets HEDDLE_RUN_TOKEN, which marks the processes of a run in their environment; a run inside of one keeps the tokens
# of those around it, which end it with them.
new_run_token() {
  [[ -z ${HEDDLE_RUN_TOKEN-} ]] || export HEDDLE_OUTER_TOKENS=$HEDDLE_RUN_TOKEN${HEDDLE_OUTER_TOKENS:+:$HEDDLE_OUTER_TOKENS}
  if [[ -n ${SRANDOM-} ]]; then
    printf -v HEDDLE_RUN_TOKEN '%08x%04x' "$SRANDOM" $((SRANDOM & 65535))
  else
    HEDDLE_RUN_TOKEN=$(od -An -N6 -tx1 /dev/urandom)
    HEDDLE_RUN_TOKEN=${HEDDLE_RUN_TOKEN// /}
  fi
}

# write_verdict CODE REASON [once]: the run's last word, seen whole or not at all. With `once` it
# yields to a verdict of this run that is already there.
write_verdict() {
  local draft=$HEDDLE_RUN_DIR/exit.${HOSTNAME%%.*}.$$ reason=${2//$'\n'/ } verdict_code verdict_reason
  local mark="run ${HEDDLE_RUN_TOKEN-}"
  if ! { printf '%s\t%s\n%s\n' "$1" "$reason" "$mark" >"$draft"; } 2>/dev/null; then
    # The disk is full: over the space that was kept.
    rm -f "$draft"
    draft=$HEDDLE_RUN_DIR/exit.room
    [[ -e $draft ]] && { printf '%s\t%s\n%s\n' "$1" "${reason:0:900}" "$mark" 1<>"$draft"; } 2>/dev/null || return 1
  fi
  (
    # Hydra sends SIGUSR1 to all that is left of a rank: what we start must not end by it.
    trap '' USR1 USR2
    if [[ ${3-} != once ]] || { ! ln -T "$draft" "$HEDDLE_RUN_DIR/exit" 2>/dev/null && ! read_verdict; }; then
      mv -f "$draft" "$HEDDLE_RUN_DIR/exit"
    else
      rm -f "$draft"
    fi
  )
}

# Sets verdict_code and verdict_reason; returns 1 while there is none. Another run's is none.
read_verdict() {
  local token=''
  verdict_code='' verdict_reason=''
  [[ -s $HEDDLE_RUN_DIR/exit ]] || return 1
  {
    IFS=$'\t' read -r verdict_code verdict_reason
    read -r _ token
  } <"$HEDDLE_RUN_DIR/exit"
  [[ $verdict_code =~ ^[0-9]{1,3}$ && $token == "${HEDDLE_RUN_TOKEN-}" ]]
}
