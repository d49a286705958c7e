# shellcheck shell=bash
# Checks options before a JVM is started, by options.tsv: it has what OptionTable.java has (a test holds
# that), and the sentences are those of OptionText.java.
#
# A line of options.tsv: variable, name, kind, lowest, highest (nanoseconds, bytes), bounds as shown. A
# variable of the command's own has nothing but its name.

declare -gA option_name=() option_kind=() option_min=() option_max=() option_bounds=() option_variable=()
declare -gA other_variable=()

read_options() {
  local variable name kind min max bounds
  [[ ${#option_name[@]} -eq 0 ]] || return 0
  while IFS=$'\t' read -r variable name kind min max bounds; do
    if [[ -z $name ]]; then
      other_variable[$variable]=1
    else
      option_name[$variable]=$name option_kind[$variable]=$kind option_variable[$name]=$variable
      option_min[$variable]=$min option_max[$variable]=$max option_bounds[$variable]=$bounds
    fi
  done <"$heddle_home/libexec/options.tsv" || refuse "$heddle_home/libexec/options.tsv cannot be read: get Heddle again"
}

# check_option VARIABLE GIVEN VALUE: GIVEN is what the user wrote: --fanout, HEDDLE_FANOUT, -Dheddle.fanout.
check_option() {
  local variable=$1 given=$2=$3 value=$3 what='' factor='' digits sign=''
  local allowed=${option_bounds[$1]}
  value=${value#"${value%%[![:space:]]*}"} value=${value%"${value##*[![:space:]]}"}
  case ${option_kind[$variable]} in
    TEXT) return 0 ;;
    CHOICE)
      [[ -n $value && ", $allowed, " == *", $value, "* ]] || refuse "$given is none of $allowed"
      return 0
      ;;
    COUNT)
      what="a whole number"
      [[ $value =~ ^-?[0-9]+$ ]] && factor=1
      ;;
    BYTES)
      what="a size such as 65536, 64k, 256m or 1g"
      if [[ $value =~ ^-?[0-9]+([kKmMgGtT]?)$ ]]; then
        case ${BASH_REMATCH[1]} in
          k | K) factor=$((1 << 10)) ;;
          m | M) factor=$((1 << 20)) ;;
          g | G) factor=$((1 << 30)) ;;
          t | T) factor=$((1 << 40)) ;;
          *) factor=1 ;;
        esac
      fi
      ;;
    DURATION)
      what="a duration such as 15s, 250ms or 2m"
      if [[ $value =~ ^-?[0-9]+(ns|us|ms|s|m|h)?$ ]]; then
        case ${BASH_REMATCH[1]} in
          ns) factor=1 ;;
          us) factor=1000 ;;
          ms) factor=1000000 ;;
          m) factor=60000000000 ;;
          h) factor=3600000000000 ;;
          *) factor=1000000000 ;;
        esac
      fi
      ;;
  esac
  [[ -n $factor ]] || refuse "$given is not $what; allowed: $allowed"
  [[ $value == -* ]] && sign=-
  digits=${value#-} digits=${digits%%[!0-9]*}
  while [[ $digits == 0?* ]]; do digits=${digits#0}; done
  # Divided, not multiplied: a product could be too large for a number, and wrap.
  ((${#digits} <= 18)) && (("$sign$digits" >= (option_min[$variable] + factor - 1) / factor)) &&
    (("$sign$digits" <= option_max[$variable] / factor)) ||
    refuse "$given is out of range: $allowed"
}

# check_options: all options in the environment, and in the properties among jvm_arguments. What
# --fanout and its like set is in the environment too; option_given says so.
check_options() {
  local variable name argument
  read_options
  for variable in "${!HEDDLE_@}"; do
    if [[ -n ${option_name[$variable]-} ]]; then
      if [[ -n ${option_given[$variable]-} ]]; then
        check_option "$variable" "${option_given[$variable]}" "${!variable}"
      elif [[ ${!variable} == *[![:space:]]* ]]; then
        check_option "$variable" "$variable" "${!variable}"
      fi
    elif [[ -z ${other_variable[$variable]-} && $variable != HEDDLE_TEST_* ]]; then
      unknown_variable "$variable"
    fi
  done
  for argument in ${jvm_arguments[@]+"${jvm_arguments[@]}"}; do
    [[ $argument == -Dheddle.* && $argument != -Dheddle.test.* ]] || continue
    name=${argument#-Dheddle.} name=${name%%=*}
    variable=${option_variable[$name]-}
    if [[ -n $variable ]]; then
      [[ ${argument#*=} != *[![:space:]]* || $argument != *=* ]] ||
        check_option "$variable" "-Dheddle.$name" "${argument#*=}"
    elif [[ $name != mpi && $name != nativeDir ]]; then
      unknown_property "$argument" "$name"
    fi
  done
}

# Those of the command that are its options. -cp and --mpi are not among them: a name of three letters is
# near to too many others.
command_options=(HEDDLE_HEAP HEDDLE_RANKS HEDDLE_TINY HEDDLE_WORKER_HEAP)

# unknown_variable NAME: refuses what is nearly an option. Whatever else begins with HEDDLE_ may be a
# module's, which names its folders so: nearly a variable of the command is worth a word, no more.
unknown_variable() {
  local best name=${1#HEDDLE_}
  nearest "$name" 8 HEDDLE_ "${!option_name[@]}" "${command_options[@]}"
  [[ -z $best ]] || refuse "unknown option: $1=${!1}; did you mean HEDDLE_$best?"
  nearest "$name" 8 HEDDLE_ "${!other_variable[@]}"
  [[ -z $best || ${#best} -le 3 ]] || say "there is no variable $1; did you mean HEDDLE_$best?"
}

# unknown_property GIVEN NAME: refuses it with the known one that has the fewest slips.
unknown_property() {
  local best
  nearest "$2" 3 '' "${!option_variable[@]}"
  [[ -z $best ]] || refuse "unknown option: $1; did you mean heddle.$best?"
  refuse "unknown option: $1; 'heddle config' lists all that there are"
}

# nearest NAME LETTERS PREFIX KNOWN...: sets `best` to the known name with the fewest slips, empty where
# all have more than one and one more for so many letters.
nearest() {
  local name=${1,,} prefix=$3 slips slips_min known
  slips_min=$((${#1} / $2 + 2)) best=''
  shift 3
  for known; do
    known=${known#"$prefix"}
    count_slips "$name" "${known,,}"
    ((slips >= slips_min)) || slips_min=$slips best=$known
  done
}

# count_slips A B: sets `slips` to the letters to insert, remove, change or swap with their neighbour.
count_slips() {
  local a=$1 b=$2 i j value before=() last=() row=()
  for ((j = 0; j <= ${#b}; j++)); do last[j]=$j; done
  for ((i = 1; i <= ${#a}; i++)); do
    row=("$i")
    for ((j = 1; j <= ${#b}; j++)); do
      value=$((last[j - 1] + 1))
      [[ ${a:i-1:1} != "${b:j-1:1}" ]] || value=$((value - 1))
      ((last[j] + 1 >= value)) || value=$((last[j] + 1))
      ((row[j - 1] + 1 >= value)) || value=$((row[j - 1] + 1))
      if ((i > 1 && j > 1)) && [[ ${a:i-1:1} == "${b:j-2:1}" && ${a:i-2:1} == "${b:j-1:1}" ]]; then
        ((before[j - 2] + 1 >= value)) || value=$((before[j - 2] + 1))
      fi
      row[j]=$value
    done
    before=("${last[@]}") last=("${row[@]}")
  done
  slips=${last[${#b}]}
}
