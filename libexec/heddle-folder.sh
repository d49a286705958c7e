# shellcheck shell=bash
# The folder of a run: one run has it at a time, and what lies there says of which run it is.
#
#   heddle.run       the run that has the folder: token, host, process, start; locked while it lives
#   heddle.program   what each rank starts (read_program), where no launcher has a say in it
#   exit             the verdict: code and reason, and on the second line the run's token
#   stop.TOKEN.INT   the signal by which rank 0 is to end, by its name: a full disk has no room for more
#   signal.TOKEN.USR1    a signal for rank 0's program
#   logs/            what tasks print, with taskOutput=files

make_token() {
  parent_token=${HEDDLE_RUN_TOKEN-}
  new_run_token
  HEDDLE_HOST=${HOSTNAME%%.*}
  export HEDDLE_RUN_TOKEN HEDDLE_HOST
}

# Sets HEDDLE_RUN_DIR to a new folder, the next number in heddle-runs; mkdir is the lock. One that the user
# named is made where it isn't there.
make_run_dir() {
  local folder='' number=1 last=0 token=''
  # A program that a task starts has its run's folder in the environment, and needs one of its own.
  if [[ -n ${HEDDLE_RUN_DIR-} && -n $parent_token && -r $HEDDLE_RUN_DIR/heddle.run ]]; then
    IFS=$'\t' read -r token _ <"$HEDDLE_RUN_DIR/heddle.run"
    [[ $token != "$parent_token" ]] || HEDDLE_RUN_DIR=''
  fi
  if [[ -n ${HEDDLE_RUN_DIR-} ]]; then
    [[ $HEDDLE_RUN_DIR == /* ]] || HEDDLE_RUN_DIR=$PWD/$HEDDLE_RUN_DIR
    [[ -e $HEDDLE_RUN_DIR ]] || made_run_dir=1
    mkdir -p "$HEDDLE_RUN_DIR" 2>/dev/null && [[ -w $HEDDLE_RUN_DIR ]] ||
      refuse "the run directory $HEDDLE_RUN_DIR cannot be made or written: choose another with HEDDLE_RUN_DIR"
  else
    mkdir -p heddle-runs 2>/dev/null && [[ -w heddle-runs ]] ||
      refuse "cannot write to $PWD/heddle-runs: go to another folder, or choose one with HEDDLE_RUN_DIR"
    for folder in heddle-runs/[0-9]*; do
      number=${folder#heddle-runs/}
      [[ $number =~ ^[0-9]{1,9}$ ]] && ((10#$number > last)) && last=$((10#$number))
    done
    while :; do
      number=$((++last))
      printf -v folder 'heddle-runs/%03d' "$number"
      mkdir "$folder" 2>/dev/null && break
      [[ -e $folder ]] || refuse "cannot make $PWD/$folder: choose another place with HEDDLE_RUN_DIR"
    done
    HEDDLE_RUN_DIR=$PWD/$folder made_run_dir=1
  fi
  claim_run_dir
  # Of earlier runs; the folder may have files of the user's, whatever they are called.
  local hex='[0-9a-f]' any
  any=$hex$hex$hex$hex$hex$hex$hex$hex$hex$hex$hex$hex
  # shellcheck disable=SC2086 # a pattern
  rm -f "$HEDDLE_RUN_DIR"/exit "$HEDDLE_RUN_DIR"/{input.$any,stop.$any.{INT,TERM},signal.$any.{USR1,USR2}}
  export HEDDLE_RUN_DIR
  claimed_run_dir=1
}

# The folder is this run's as long as it, its launcher, or a rank on this host lives: they hold a lock,
# which ends with them however they end. Another host may not see that lock, so what was begun on another
# host counts as running until its verdict is there.
claim_run_dir() {
  local file=$HEDDLE_RUN_DIR/heddle.run token='' host='' pid='' begun='' status line tries
  printf -v line '%s\t%s\t%s\t%(%Y-%m-%dT%H:%M:%S%z)T' "$HEDDLE_RUN_TOKEN" "$HEDDLE_HOST" "$$" -1
  for tries in {1..20}; do
    # Whoever makes the file has it, on whatever host.
    (set -C && printf '%s\n' "$line" >"$file") 2>/dev/null
    { exec {run_lock}<>"$file"; } 2>/dev/null || refuse "$file cannot be written: choose another folder with HEDDLE_RUN_DIR"
    status=127
    if type -P flock >/dev/null; then
      flock -w 2 "$run_lock" 2>/dev/null
      status=$?
    fi
    # A run that has ended meanwhile takes its file away: what was locked is none any more.
    if [[ $file -ef /dev/fd/$run_lock ]]; then
      { IFS=$'\t' read -r token host pid begun <"$file"; } 2>/dev/null
      [[ $token != "$HEDDLE_RUN_TOKEN" ]] || return 0
      # One of another host that ends just now gives its folder free a moment later.
      [[ $status -ne 1 && $tries -lt 20 && -n $token && $host != "$HEDDLE_HOST" ]] && ! run_is_over || break
    fi
    exec {run_lock}>&-
    [[ $tries -lt 20 ]] || refuse "$file is made and removed by others all the time: choose another folder with HEDDLE_RUN_DIR"
    nap 0.1
  done
  if [[ -n $token ]] && ! run_is_over; then
    refuse "the run directory $HEDDLE_RUN_DIR is in use by run $token, which process $pid on $host began at $begun:" \
      "give each run its own by HEDDLE_RUN_DIR, or unset it to get a new one; if that run is gone, remove $file"
  fi
  # Without space this says nothing of whose it is, and `keep_room` refuses the folder.
  { printf '%s\n' "$line" >"$file"; } 2>/dev/null || true
}

# Gives the folder up again: nothing was started, or, on threads, all has ended. Who comes next finds no run there.
leave_run_dir() {
  local token='' lock
  if [[ -z ${run_lock-} ]] && type -P flock >/dev/null; then
    # The guard: unless somebody has it by now. For writing, since NFS locks nothing else; what fails otherwise than
    # by another's lock says that there are no locks here.
    [[ -e $HEDDLE_RUN_DIR/heddle.run ]] && { exec {lock}<>"$HEDDLE_RUN_DIR/heddle.run"; } 2>/dev/null || return 0
    flock -n "$lock" 2>/dev/null
    [[ $? -ne 1 ]] || return 0
  fi
  { IFS=$'\t' read -r token _ <"$HEDDLE_RUN_DIR/heddle.run"; } 2>/dev/null
  # Empty where there was no space for it.
  [[ $token == "$HEDDLE_RUN_TOKEN" || (-z $token && -n ${claimed_run_dir-}) ]] || return 0
  rm -f "$HEDDLE_RUN_DIR"/{heddle.run,exit.room}
  [[ -z ${made_run_dir-} ]] || rmdir "$HEDDLE_RUN_DIR" 2>/dev/null
}

# Is the run `token` over, which process `pid` on `host` began? `status` is that of taking its lock: 1 is
# that somebody has it, anything else but 0 that there are no locks here.
run_is_over() {
  [[ $status -ne 1 ]] || return 1
  if [[ $host != "$HEDDLE_HOST" ]]; then
    HEDDLE_RUN_TOKEN=$token read_verdict
  elif [[ $status -ne 0 ]]; then
    ! grep -qszx "HEDDLE_RUN_TOKEN=$token" /proc/[0-9]*/environ
  fi
}

# write_program ARGS...: leaves the class path, the class, its arguments and those of the JVM to the ranks.
# Launchers parse what stands on their command line: a lone `:` begins a second program, and there are
# bounds to its length.
write_program() {
  printf '%s\0' "$HEDDLE_RUN_TOKEN" "$class_path" "$main_class" "${#jvm_arguments[@]}" \
    ${jvm_arguments[@]+"${jvm_arguments[@]}"} "$@" >"$HEDDLE_RUN_DIR/heddle.program"
} 2>/dev/null

program_patience=100 # tenths of a second until a file made on another host is seen

# Sets class_path, main_class, jvm_arguments and arguments; returns 1 where this host does not see them.
read_program() {
  local words=() tries jvm_count
  for ((tries = 0; tries < program_patience; tries++)); do
    [[ ! -r $HEDDLE_RUN_DIR/heddle.program ]] || mapfile -d '' words <"$HEDDLE_RUN_DIR/heddle.program"
    [[ ${words[0]-} != "$HEDDLE_RUN_TOKEN" ]] || break
    nap 0.1
  done
  [[ ${words[0]-} == "$HEDDLE_RUN_TOKEN" ]] || return 1
  class_path=${words[1]} main_class=${words[2]} jvm_count=${words[3]}
  jvm_arguments=("${words[@]:4:jvm_count}")
  arguments=("${words[@]:4+jvm_count}")
}
