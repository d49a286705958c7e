# shellcheck shell=bash
# What is typed, or comes through a pipe, reaches the program under a launcher as it does on threads: when
# the program reads, or one that its body has started with its own input, and not before.
#
# A launcher reads its input as fast as it can, whether or not rank 0 does: it would eat the lines of a
# shell loop around `heddle run`, and, outside the terminal's foreground, would be stopped by reading. So
# its input is a pipe of ours, into which nothing goes before rank 0's java waits for input. Java's
# parent, which may be on another host, sees that, and leaves a note in the run's folder.

# open_input: sets input_from, what the launcher reads, and input_fd, the end to write to. HEDDLE_INPUT
# tells rank 0 that somebody looks for its note.
open_input() {
  input_from=/dev/null input_pid=''
  unset HEDDLE_INPUT
  if [[ -e /dev/stdin && ! /dev/stdin -ef /dev/null ]] && mkfifo -m 600 "$HEDDLE_TMP/input" 2>/dev/null; then
    input_from=$HEDDLE_TMP/input
    # For both ways, so that neither end waits for the other one to be opened.
    exec {input_fd}<>"$input_from"
    export HEDDLE_INPUT=1
  else
    exec {input_fd}</dev/null
  fi
}

# feed_input: passes our input on from when rank 0 waits for it; at its end rank 0 finds an end too.
feed_input() {
  [[ -n ${HEDDLE_INPUT-} ]] || return 0
  if [[ -n $input_pid ]]; then
    kill -0 "$input_pid" 2>/dev/null && return 0
    exec {input_fd}>&-
    unset HEDDLE_INPUT
  elif [[ -e $HEDDLE_RUN_DIR/input.$HEDDLE_RUN_TOKEN ]]; then
    rm -f "$HEDDLE_RUN_DIR/input.$HEDDLE_RUN_TOKEN"
    # In our own process group: if we are in the terminal's foreground, so is it. What it reads ahead is
    # lost for a loop around us, as what java reads ahead would be.
    ${tie[@]+"${tie[@]}"} cat <&0 >"$input_from" 2>/dev/null {guard_fd}>&- &
    input_pid=$!
    disown "$input_pid"
  fi
}

# watch_input: on rank 0's host, every half second. `child` is java.
watch_input() {
  local file call argument read_call sees='' waits='' readers members children process member
  ((++input_turns % 5 == 0)) || return 0
  case $HOSTTYPE in
    x86_64) read_call=0 ;;
    i?86 | arm* | powerpc* | ppc* | s390*) read_call=3 ;;
    *) read_call=63 ;;
  esac
  # A thread that sleeps in a system call shows its number and arguments: read(0, ...). A program that the body has
  # started may be the one that reads, if it was given java's own input.
  readers=("/proc/$child/task"/*/syscall)
  for file in "/proc/$child/task"/*/children; do
    children=()
    { read -ra children <"$file"; } 2>/dev/null
    for process in ${children[@]+"${children[@]}"}; do
      descendants "$process"
      for member in "${members[@]}"; do
        [[ ! /proc/$member/fd/0 -ef /proc/$child/fd/0 ]] || readers+=("/proc/$member/syscall")
      done
    done
  done
  for file in "${readers[@]}"; do
    { read -r call argument _ <"$file"; } 2>/dev/null || continue
    sees=1
    [[ $call == "$read_call" && $argument == 0x0 ]] && waits=1 && break
  done
  # Where the system shows nothing, java may be waiting.
  if [[ -n $waits || -z $sees ]] && kill -0 "$child" 2>/dev/null; then
    : >"$HEDDLE_RUN_DIR/input.$HEDDLE_RUN_TOKEN"
    unset HEDDLE_INPUT
  fi
}
