# shellcheck shell=bash
# A few words for tests in bash: begin, problem, end, summary. Sourced with the pattern of the names to
# run; changes to a temporary folder, which is removed at the end.

test_pattern=${1-}
passed_count=0 failed_count=0 skipped_count=0
test_folder=$(mktemp -d "${TMPDIR:-/tmp}/heddle-test-XXXXXX")
trap 'rm -rf "$test_folder"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
cd "$test_folder" || exit 1

# begin NAME: returns 1 when the test is not wanted. What the test before wrote is gone: a test that waits for a word in `out`
# would find the old one, since a command in the background opens its files late.
begin() {
  test_name=$1 problems='' test_began=$SECONDS
  [[ -z $test_pattern || $test_name =~ $test_pattern ]] || return 1
  rm -f out err
  touch test-begun
}

problem() { problems+="  $*"$'\n'; }

expect_code() {
  [[ $1 -eq $2 ]] || problem "exit code $1 instead of $2"
}

expect_text() {
  grep -qF -- "$2" "$1" || problem "'$2' is not in $1: $(<"$1")"
}

end() {
  if [[ -z $problems ]]; then
    printf 'ok %s\n' "$test_name"
    passed_count=$((passed_count + 1))
  else
    printf 'FAILED %s\n%s' "$test_name" "$problems"
    failed_count=$((failed_count + 1))
  fi
  # where a suite's time goes
  ((SECONDS - test_began < 5)) || printf '  took %d s\n' $((SECONDS - test_began))
}

skipped() {
  printf 'skipped %s\n' "$1"
  skipped_count=$((skipped_count + 1))
}

summary() {
  printf '%d passed, %d failed, %d skipped\n' "$passed_count" "$failed_count" "$skipped_count"
  [[ $failed_count -eq 0 && $passed_count -gt 0 ]]
  exit
}
