# shellcheck shell=bash
# The end of a run: what it may leave behind, and who ends that. The processes of a run carry its token in
# their environment, and those of a rank are in java's process group.

guard_patience_s=5 # for an end in order, after `heddle` itself was killed

# name_processes PID...: sets `left_names` to what people call them, a few of them, and `left_count`.
name_processes() {
  local pid words text
  left_names='' left_count=0
  for pid; do
    words=()
    { mapfile -d '' -t words <"/proc/$pid/cmdline"; } 2>/dev/null
    # A process that has ended meanwhile has none.
    [[ ${#words[@]} -gt 0 ]] || continue
    text="${words[*]}" text=${text//[$'\n\t']/ }
    ((++left_count > 3)) || left_names+="${left_names:+, }$pid (${text:0:60})"
  done
  ((left_count <= 3)) || left_names+=" and $((left_count - 3)) more"
}

# tell_left WHERE: one sentence about the processes that name_processes has found.
tell_left() {
  local what='a process'
  ((left_count > 0)) || return 0
  ((left_count == 1)) || what="$left_count processes"
  say "$1the program has left $what, ended now: $left_names"
}

# group_members PGID: sets `members` to the processes of a group.
group_members() {
  local file line fields
  members=()
  for file in /proc/[0-9]*/stat; do
    { IFS= read -r line <"$file"; } 2>/dev/null || continue
    # pid (name) state parent group ...; a name may have anything in it
    read -ra fields <<<"${line##*) }"
    [[ ${fields[2]-} == "$1" && ${fields[0]} != Z ]] && members+=("${line%% *}")
  done
}

# Ends what java has left: whatever tasks have started holds the launcher's pipes, and the launcher would wait for it.
# It may have left java's process group, as daemons do, or start more while we look.
end_children() {
  local members left_names='' left_count=0 tries
  for tries in 1 2 3; do
    rank_processes
    [[ ${#members[@]} -gt 0 ]] || break
    ((tries > 1)) || name_processes "${members[@]}"
    kill -KILL -- "-$child" 2>/dev/null
    kill -KILL "${members[@]}" 2>/dev/null
    nap 0.05
  done
  [[ -n $received ]] || tell_left "rank $rank on $host: "
}

# rank_processes: sets `members` to the processes that this rank's java has left: those of its group, and those that
# carry the rank's mark. What they start by a launcher has marks of its own.
rank_processes() {
  local file pid found=() mark=HEDDLE_RANK_TOKEN=${HEDDLE_RANK_TOKEN-}
  members=()
  if kill -0 -- "-$child" 2>/dev/null; then
    group_members "$child"
    found=(${members[@]+"${members[@]}"})
  fi
  members=()
  while IFS= read -r file; do
    pid=${file#/proc/} pid=${pid%/environ}
    [[ " ${found[*]-} " == *" $pid "* || $pid == "$$" || $pid == "$BASHPID" ]] || members+=("$pid")
  done < <([[ -z ${HEDDLE_RANK_TOKEN-} ]] ||
    HEDDLE_RANK_TOKEN='' LC_ALL=C grep -lszxF "$mark" /proc/[0-9]*/environ 2>/dev/null)
  members=(${found[@]+"${found[@]}"} ${members[@]+"${members[@]}"})
}

# token_processes: sets `members` to the processes of this run on this host, and of runs that it has started, without us.
token_processes() {
  # shellcheck disable=SC2153 # not that of a rank
  local file pid token=$HEDDLE_RUN_TOKEN
  members=()
  while IFS= read -r file; do
    pid=${file#/proc/} pid=${pid%/environ}
    [[ $pid == "$$" || $pid == "$BASHPID" ]] || members+=("$pid")
  done < <(HEDDLE_RUN_TOKEN='' HEDDLE_OUTER_TOKENS='' grep -lszxE \
    "HEDDLE_(RUN_TOKEN=$token|OUTER_TOKENS=(.*:)?$token(:.*)?)" /proc/[0-9]*/environ 2>/dev/null)
}

# Ends what is left of this run on this host: the processes that carry its token, and no others.
end_processes() {
  local members pid found
  for _ in 1 2 3; do
    token_processes
    found=
    for pid in ${members[@]+"${members[@]}"}; do
      kill -KILL "$pid" 2>/dev/null && found=1
    done
    [[ -n $found ]] || return 0
    nap 0.1
  done
}

# start_guard [RUN_DIR | MPI TMP SHM]: a process of its own that outlives us, whatever ends us, and ends what we leave then
# (heddle-guard.sh). It reads a pipe that we, and what takes our place, hold open; `dismiss_guard` sends it away.
start_guard() {
  # In a group of its own, which a signal to ours does not reach, nobody's child, and without our environment: it is
  # no process of the run.
  exec {guard_fd}> >(
    [[ -z ${owner_lock-} ]] || exec {owner_lock}>&-
    [[ -z ${run_lock-} ]] || exec {run_lock}>&-
    trap '' INT TERM HUP QUIT PIPE
    set -m
    exec -c "$BASH" "$heddle_home/libexec/heddle-guard.sh" "$HEDDLE_RUN_TOKEN" "$@" <&0 >/dev/null &
  )
  { wait "${!:-}"; } 2>/dev/null
  printf '%s\n' "$PATH" >&"$guard_fd"
}

dismiss_guard() {
  [[ -z ${guard_fd-} ]] || { echo dismissed >&"$guard_fd"; } 2>/dev/null
}

# On threads: java took our place, and has ended.
end_left_processes() {
  local members left_names='' left_count=0
  token_processes
  if [[ ${#members[@]} -gt 0 ]]; then
    name_processes "${members[@]}"
    end_processes
  fi
  [[ -z ${HEDDLE_RUN_DIR-} ]] || leave_run_dir
  tell_left ''
}

# On ranks: `heddle` was killed. Its launcher knows it and ends; what that leaves is ended here.
end_killed_run() {
  local until=$((SECONDS + guard_patience_s)) members
  while ((SECONDS < until)); do
    token_processes
    [[ ${#members[@]} -gt 0 ]] || break
    nap 0.2
  done
  remove_leftovers
}

# ---- what comes out of the ranks

pump_patience_s=10 # for a reader that is slow

# Launchers end a job whose output can't be written: its reader has left (`| head`), its disk is full. A process
# between them and our output reads on then. Sets `our_out` and `our_err` to our own output, until leave_pumps.
start_pumps() {
  pump_pids=()
  exec {our_out}>&1 {our_err}>&2
  if [[ -p /dev/stdout || -f /dev/stdout || -S /dev/stdout ]]; then
    exec > >(pump 'standard output')
    pump_pids+=("$!")
  fi
  if [[ -p /dev/stderr || -f /dev/stderr || -S /dev/stderr ]]; then
    # Not yet ours: the pump before writes to the same pipe, where they are one.
    exec 2> >(exec >&"$our_err" && pump 'standard error')
    pump_pids+=("$!")
  fi
}

leave_pumps() {
  exec >&"$our_out" 2>&"$our_err" {our_out}>&- {our_err}>&-
}

# pump WHAT: copies; where that is not possible, says so by the name of an empty file, since there may be no space for
# more, and goes on reading.
pump() {
  local problem
  trap '' INT TERM HUP
  # Ours alone: the guard and rank 0's input end with the last one who has these.
  [[ -z ${guard_fd-} ]] || exec {guard_fd}>&-
  [[ -z ${input_fd-} ]] || exec {input_fd}>&-
  [[ -z ${run_lock-} ]] || exec {run_lock}>&-
  # Without the token: it has to stay until all is written.
  if ! { problem=$(LC_ALL=C HEDDLE_RUN_TOKEN='' cat 2>&1 >&3); } 3>&1; then
    problem=${problem##*: }
    problem="$1 could not be written (${problem:-its reader has left})"
    : >"$HEDDLE_TMP/pump.${problem//\//-}"
    cat >/dev/null
  fi
}

# descendants PID: sets `members` to it and what is below it.
descendants() {
  local next children
  members=("$1")
  for ((next = 0; next < ${#members[@]}; next++)); do
    children=()
    { read -ra children <"/proc/${members[next]}/task/${members[next]}/children"; } 2>/dev/null
    members+=(${children[@]+"${children[@]}"})
  done
}

# Waits until all is written, as long as somebody reads, and says what could not be.
await_pumps() {
  local members
  local file files until=$((SECONDS + pump_patience_s)) pid written='' written_before=''
  for pid in ${pump_pids[@]+"${pump_pids[@]}"}; do
    written_before=''
    while kill -0 "$pid" 2>/dev/null; do
      if ((SECONDS >= until)); then
        descendants "$pid"
        files=("${members[@]/#//proc/}")
        written=$(grep -hs ^wchar "${files[@]/%//io}")
        if [[ $written == "$written_before" ]]; then
          say "what the ranks have written was not read to its end"
          kill -KILL "${members[@]}" 2>/dev/null
        fi
        written_before=$written until=$((SECONDS + pump_patience_s))
      fi
      nap 0.05
    done
  done
  for file in "$HEDDLE_TMP"/pump.*; do
    [[ ! -e $file ]] || say "${file##*/pump.}: what came after was dropped, the run went on"
  done
}

# ---- space for the last word

# Takes the space that the verdict needs while there is some: on a disk that is full at the end it is written
# over this, which is then renamed.
keep_room() {
  { printf '%4095s\n' '' >"$HEDDLE_RUN_DIR/exit.room"; } 2>/dev/null && return
  refuse "there is no space left in the run directory $HEDDLE_RUN_DIR: make some, or choose another with HEDDLE_RUN_DIR"
}

release_room() {
  if [[ -e $HEDDLE_RUN_DIR/exit.room ]]; then
    rm -f "$HEDDLE_RUN_DIR/exit.room"
  elif [[ -d $HEDDLE_RUN_DIR ]]; then
    say "the run directory $HEDDLE_RUN_DIR is full: what should have been written there during the run may be missing"
  fi
}
