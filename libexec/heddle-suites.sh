# shellcheck shell=bash
# `heddle demo` and `heddle test`.

heddle_demo() {
  local name found=''
  "$heddle_script" run examples/readmap --reads 20000 --seed 1 || exit
  for name in openmpi mpich; do
    if find_launcher "$name" && find_compiler "$name" && type -P cmake >/dev/null; then
      found=$name
      break
    fi
  done
  if [[ -n $found ]]; then
    say "the same on 4 ranks of $found"
    "$heddle_script" run --mpi "$found" -n 4 examples/readmap --reads 20000 --seed 1 || exit
  fi
  printf 'Try next:\n'
  if [[ -n $found ]]; then
    printf '  HEDDLE_FANOUT=4 ./heddle run --mpi %s -n 16 --tiny examples/readmap   # a tree of three levels\n' "$found"
  else
    printf '  ./heddle doctor                          # what an MPI would need\n'
  fi
  printf '  ./heddle bench latency                   # what a task costs\n'
}

# ---- heddle test ----

test_folder=$heddle_home/target/heddle/test

# heddle_test WHAT: all, with `long` also the tests that take minutes, or `newest`, the newest MPIs alone.
heddle_test() {
  local what=$1 name mpis=(openmpi mpich) can_install='' began=$SECONDS
  [[ $EUID -ne 0 ]] || ! type -P apt-get >/dev/null || can_install=1
  install_missing
  need_jdk
  export HEDDLE_JAVA_HOME=$jdk
  rm -rf "$test_folder"
  mkdir -p "$test_folder"
  results=$test_folder/results suite_times=
  : >"$results"

  [[ -z $can_install || $what == newest ]] || start_root
  build_java bench
  build_native "${mpis[@]}"
  build_archives
  if [[ $what == newest ]]; then
    suite test-compile 900 compile_tests
    suite mpis-newest 3600 bash "$heddle_home/tests/mpis.sh" newest
    result_table
    return
  fi
  begin_suite shellcheck 120 shell_scripts
  begin_suite clang-format 120 native_sources_formatted
  end_suites
  await_root
  suite native 600 native_tests
  suite launcher 900 bash "$heddle_home/tests/launcher.sh"
  suite end 1500 bash "$heddle_home/tests/end.sh"
  begin_suite user-data 1200 bash "$heddle_home/tests/user-data.sh"
  begin_suite read-only 1200 bash "$heddle_home/tests/read-only.sh"
  end_suites
  suite surroundings 1200 bash "$heddle_home/tests/surroundings.sh"
  begin_suite archive 600 bash "$heddle_home/tests/archive.sh"
  begin_suite job-templates 300 bash "$heddle_home/tests/job-templates.sh"
  end_suites
  suite bench 2400 bash "$heddle_home/tests/bench.sh"
  begin_suite config 900 bash "$heddle_home/tests/config.sh"
  begin_suite simulate 900 bash "$heddle_home/tests/simulate.sh"
  end_suites
  suite examples 900 bash "$heddle_home/tests/examples.sh"
  suite maven 1800 maven_verify
  # Other versions of both MPIs, where a root folder can be made for them.
  [[ $what != long ]] || export HEDDLE_TEST_LONG=1
  [[ -z $can_install ]] || suite mpis 3600 bash "$heddle_home/tests/mpis.sh" stable
  [[ $what != long ]] || suite long 5400 bash "$heddle_home/tests/long.sh"
  result_table
}

# The root folder that the suite mpis needs is made beside the builds, which leave the network idle, and is
# there before the first test that anything could disturb. Where it fails, the suite tries again and says why.
root_making=
start_root() {
  trap stop_root EXIT
  set -m
  bash "$heddle_home/tests/debian-root.sh" make trixie >/dev/null 2>&1 </dev/null &
  root_making=$!
  set +m
}

await_root() {
  local until=$((SECONDS + 900))
  [[ -n $root_making ]] || return 0
  ! kill -0 "$root_making" 2>/dev/null || say "waiting for the root folder of Debian 13 ..."
  while kill -0 "$root_making" 2>/dev/null && ((SECONDS < until)); do nap 0.3; done
  stop_root
  root_making=
}

# shellcheck disable=SC2317 # by a trap
stop_root() {
  [[ -z $root_making ]] || kill -TERM -- "-$root_making" 2>/dev/null
}

install_missing() {
  local program package missing=()
  while read -r program package; do
    type -P "$program" >/dev/null || missing+=("$package")
  done <<'END'
mvn maven
cmake cmake
make make
cc gcc
unzip unzip
pgrep procps
shellcheck shellcheck
clang-format clang-format
mpirun.openmpi openmpi-bin
mpicc.openmpi libopenmpi-dev
mpiexec.hydra mpich
mpicc.mpich libmpich-dev
END
  # What makes a root folder of another Debian, where this one can be asked for.
  [[ -z $can_install ]] || type -P debootstrap >/dev/null || missing+=(debootstrap)
  # Other systems, to stand beside Heddle in `bench peers`; where they can't be installed their tests are skipped.
  if [[ -n $can_install ]]; then
    while read -r program package; do
      /usr/bin/python3 -c "import $program" 2>/dev/null || missing+=("$package")
    done <<'END'
mpi4py python3-mpi4py
distributed python3-distributed
END
  fi
  [[ ${#missing[@]} -gt 0 ]] || return 0
  if [[ -z $can_install ]]; then
    refuse "the tests need ${missing[*]}: install them (Debian: apt-get install -y ${missing[*]})"
  fi
  say "installing ${missing[*]} ..."
  export DEBIAN_FRONTEND=noninteractive
  apt-get install -y --no-install-recommends "${missing[@]}" >/dev/null 2>&1 ||
    { apt-get update && apt-get install -y --no-install-recommends "${missing[@]}"; } >&2 ||
    refuse "could not install ${missing[*]}: see what apt-get says above"
}

# suite NAME LIMIT_S COMMAND...: runs it in a process group of its own under a time limit. What it says
# goes to a log; lines "ok NAME", "FAILED NAME" and "skipped NAME" are counted.
suite() {
  begin_suite "$@"
  end_suites
}

# The suites that run now: their names, limits in seconds, processes, and when they began.
suite_names=() suite_limits=() suite_children=() suite_begins=()

# begin_suite NAME LIMIT_S COMMAND...: the first half of `suite`. Suites in which nothing is timed, and that leave
# one of two cores idle, run beside each other.
begin_suite() {
  local name=$1 limit_s=$2 log=$test_folder/$1.log
  shift 2
  say "testing: $name ..."
  set -m
  ("$@") >"$log" 2>&1 </dev/null &
  suite_children+=("$!")
  set +m
  suite_names+=("$name")
  suite_limits+=("$limit_s")
  suite_begins+=("$SECONDS")
  trap 'stop_suites; exit 130' INT
  trap 'stop_suites; exit 143' TERM
}

# shellcheck disable=SC2317 # by a trap
stop_suites() {
  local child
  for child in "${suite_children[@]}"; do kill -TERM -- "-$child" 2>/dev/null; done
}

# Waits for the suites that run, and counts what they said.
end_suites() {
  local i
  for i in "${!suite_names[@]}"; do
    end_suite "${suite_names[i]}" "${suite_limits[i]}" "${suite_children[i]}" "${suite_begins[i]}"
  done
  suite_names=() suite_limits=() suite_children=() suite_begins=()
  trap - INT TERM
}

end_suite() {
  local name=$1 limit_s=$2 child=$3 started=$4 log=$test_folder/$1.log status=0
  while kill -0 "$child" 2>/dev/null; do
    if ((SECONDS - started >= limit_s)); then
      kill -TERM -- "-$child" 2>/dev/null
      nap 5
      kill -KILL -- "-$child" 2>/dev/null
      printf 'FAILED %s exceeded its limit of %s s\n' "$name" "$limit_s" >>"$log"
    fi
    nap 0.3
  done
  { wait "$child"; } 2>/dev/null || status=$?
  suite_times+="${suite_times:+, }$name $((SECONDS - started))"
  count_lines "$name" "$log"
  # A suite that fails without naming a test has failed all the same, and so has one without tests.
  if [[ $status -ne 0 ]] && ! grep -q '^FAILED ' "$log"; then
    printf 'FAILED %s ended with exit code %s\n' "$name" "$status" | tee -a "$log" | count_lines "$name" /dev/stdin
  elif ! grep -qE '^(ok|FAILED|skipped) ' "$log"; then
    printf 'FAILED %s ran no test\n' "$name" | tee -a "$log" | count_lines "$name" /dev/stdin
  fi
  if grep -q '^FAILED ' "$log"; then
    failure_lines "$log" | tee -a "$test_folder/failures" >&2
    say "$name failed: $log has the whole log"
  fi
}

# failure_lines LOG: what failed and what it said. Whoever reads this may not have the log: a build's own
# words, else the lines behind a test's name, else the end of what was said.
failure_lines() {
  grep '^FAILED ' "$1" | head -n 20
  {
    grep -E '^\[ERROR\] .' "$1" ||
      awk '/^FAILED / { failed = 1; next } /^(ok|skipped) / { failed = 0 } failed { print; found = 1 } END { exit !found }' "$1" ||
      tail -n 30 "$1"
  } | head -n 40 | cut -c 1-500
}

# count_lines SUITE LOG: adds "suite TAB way TAB mpi TAB outcome" to the results. Way and MPI are taken
# from the test's name.
count_lines() {
  sed -nE 's/^(ok|FAILED|skipped) +(.*)/\1\t\2/p' "$2" | awk -F '\t' -v suite="$1" '
    {
      name = tolower($2); way = "-"; mpi = "-"; shown = suite
      # Tests of Java carry their class in front, which is the better name of a suite.
      if (match($2, /^[A-Za-z0-9_$]+#/)) shown = substr($2, 1, RLENGTH - 1)
      if (name ~ /openmpi|open mpi/) mpi = "openmpi"; else if (name ~ /mpich|hydra/) mpi = "mpich"
      if (name ~ /(3|three) levels/) way = "3 levels"
      else if (name ~ /(2|two) ranks/) way = "2 ranks"
      else if (name ~ /threads|local/) way = "threads"
      else if (mpi != "-") way = "ranks"
      printf "%s\t%s\t%s\t%s\n", shown, way, mpi, $1
    }' >>"$results"
}

# shellcheck disable=SC2016 # for the shells that xargs starts
shell_scripts() {
  local file
  for file in "$heddle_home"/heddle "$heddle_home"/.ci/run "$heddle_home"/{libexec,tests,job-templates}/*; do
    if [[ -f $file ]] && head -n 1 "$file" | grep -qE '^#!.*sh|shellcheck shell'; then printf '%s\0' "$file"; fi
  done | xargs -0 -n 1 -P "$(env -u OMP_NUM_THREADS -u OMP_THREAD_LIMIT nproc)" bash -c \
    'if said=$(shellcheck "$2" 2>&1); then echo "ok ${2#"$1"/}"; else printf "FAILED %s\n%s\n" "${2#"$1"/}" "$said"; fi' \
    shellcheck "$heddle_home"
}

native_sources_formatted() {
  local file
  while IFS= read -r file; do
    if clang-format --dry-run --Werror "$file"; then printf 'ok %s\n' "${file#"$heddle_home"/}"; else printf 'FAILED %s\n' "${file#"$heddle_home"/}"; fi
  done < <(find "$heddle_home/native" -path '*/build' -prune -o \( -name '*.c' -o -name '*.h' \) -print)
}

native_tests() {
  export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
  ctest --test-dir "$heddle_home/native/build" --timeout 120 --output-on-failure --no-tests=error |
    sed -E -e 's/^ *[0-9]+\/[0-9]+ Test +#[0-9]+: ([^ ]+) \.+ +Passed.*/ok \1/' \
      -e 's/^ *[0-9]+\/[0-9]+ Test +#[0-9]+: ([^ ]+) \.+\*\*\*(Skipped|Not Run).*/skipped \1/' \
      -e 's/^ *[0-9]+\/[0-9]+ Test +#[0-9]+: ([^ ]+) \.+\*\*\*.*/FAILED \1/'
}

compile_tests() {
  JAVA_HOME=$jdk mvn -o -q -B -f "$heddle_home/pom.xml" -pl mpi-executor -am test-compile && printf '\nok tests compiled\n' # Maven may leave a line open
}

maven_verify() {
  local status=0 file
  # A failed test is counted from its report; the modules behind it are tested all the same.
  local options=(-B --no-transfer-progress -f "$heddle_home/pom.xml" -Pnative -Dmaven.test.failure.ignore=true verify)
  : >"$test_folder/maven.begun"
  JAVA_HOME=$jdk mvn -o "${options[@]}" || status=$?
  if [[ $status -ne 0 ]] && grep -qE 'offline mode|has not been downloaded|Could not resolve|could not be resolved' "$test_folder/maven.log"; then
    status=0
    JAVA_HOME=$jdk mvn "${options[@]}" || status=$?
  fi
  while IFS= read -r file; do
    surefire_lines "$file"
  done < <(find "$heddle_home" -path '*/surefire-reports/TEST-*.xml' -newer "$test_folder/maven.begun")
  return "$status"
}

# surefire_lines REPORT: one line per test case, "ok Class#test" and so on.
surefire_lines() {
  awk '
    function value(text, key) {
      if (!match(text, " " key "=\"[^\"]*\"")) return ""
      return substr(text, RSTART + length(key) + 3, RLENGTH - length(key) - 4)
    }
    BEGIN { RS = "<testcase"; ORS = "\n" }
    NR > 1 {
      head = $0; sub(/>.*/, "", head); gsub(/[\n\r\t]/, " ", head)
      name = value(head, "name"); class = value(head, "classname"); sub(/.*\./, "", class); gsub(/ .*/, "", class)
      body = $0; sub(/<\/testcase>.*/, "", body); sub(/<system-(out|err)>.*/, "", body)
      outcome = "ok"
      if (body ~ /<(failure|error)[ >]/) outcome = "FAILED"
      else if (body ~ /<skipped/) outcome = "skipped"
      if (head ~ /\/$/) outcome = "ok"
      print outcome " " class "#" name
    }' "$1"
}

result_table() {
  local passed failed skipped
  printf '\n'
  awk -F '\t' '
    { key = $1 "\t" $2 "\t" $3; count[key, $4]++; if (!(key in seen)) { seen[key] = 1; order[++n] = key } }
    END {
      printf "%-36s %-9s %-8s %7s %7s %7s\n", "suite", "way", "MPI", "passed", "failed", "skipped"
      for (i = 1; i <= n; i++) {
        split(order[i], part, "\t")
        printf "%-36s %-9s %-8s %7d %7d %7d\n", part[1], part[2], part[3], count[order[i], "ok"], count[order[i], "FAILED"], count[order[i], "skipped"]
      }
    }' "$results"
  passed=$(grep -c $'\tok$' "$results")
  failed=$(grep -c $'\tFAILED$' "$results")
  skipped=$(grep -c $'\tskipped$' "$results")
  # Again at the end, since a log is often kept by its last lines alone.
  [[ ! -s $test_folder/failures ]] || { printf '\n' && cat "$test_folder/failures" && printf '\n'; }
  say "took $((SECONDS - began)) s, of which: $suite_times"
  [[ $skipped -eq 0 || -z $can_install ]] || say "skipped tests count as failures here, where everything can be installed"
  printf '%d passed, %d failed, %d skipped\n' "$passed" "$failed" "$skipped"
  [[ $failed -eq 0 && $passed -gt 0 ]] && { [[ $skipped -eq 0 ]] || [[ -z $can_install ]]; }
}
