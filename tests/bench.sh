#!/bin/bash
# Tests of `heddle bench` under real MPIs, from outside; small runs, whose numbers mean nothing. Prints
# "ok NAME", "FAILED NAME" or "skipped NAME" per test.
#
#   tests/bench.sh [PATTERN]    all tests, or those whose name matches
set -u
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
heddle=${here%/*}/heddle
# shellcheck source=tests/check.sh
. "$here/check.sh" "${1-}"

# Nothing of the caller's settings may change the outcome.
for name in $(compgen -e | grep '^HEDDLE_'); do
  [[ $name == HEDDLE_JAVA_HOME ]] || unset "$name"
done
unset OMPI_COMM_WORLD_SIZE PMI_RANK PMIX_RANK "${!PRTE_@}"
# shellcheck source=libexec/heddle-common.sh
. "${here%/*}/libexec/heddle-common.sh"

# measured NAME ARGS...: a short run, whose JSON is in `json`.
measured() {
  timeout -k 5 120 "$heddle" bench "$@" --warmup 1 --repetitions 2 --json - >json 2>err
  expect_code $? 0
  [[ $(wc -l <json) -eq 1 ]] || problem "stdout is not one line: $(<json)"
  expect_text json '"schema":"heddle.bench/1"'
  expect_text json "\"benchmark\":\"$1\""
  expect_text json '"checksumOk":true'
  expect_text json '"repetitions":2'
  [[ $problems == '' ]] || problem "stderr: $(<err)"
}

# expect_number KEY: the JSON has a number there; noise in memory can be below zero.
expect_number() {
  grep -qE "\"$1\":-?[0-9]+(\.[0-9]+)?[,}]" json || problem "$1 is no number: $(<json)"
}

# Each start of bare MPI, and the modes that its starts fall into.
expect_bare_starts() {
  grep -qE '"pingPongStartsUs":\[[0-9.]+(,[0-9.]+)*\]' json || problem "no starts: $(<json)"
  grep -qE '"pingPongModesUs":\[[0-9.]+(,[0-9.]+)?\]' json || problem "no modes: $(<json)"
  grep -qE '"pingPongModeStarts":\[[0-9]+(,[0-9]+)?\]' json || problem "no starts of modes: $(<json)"
  expect_text err pingPongModesUs
}

options_of() {
  case $1 in
    latency) printf '%s' '--tasks 50 --silence 0.02' ;;
    throughput) printf '%s' '--tasks 5000' ;;
    chain) printf '%s' '--tasks 200' ;;
    fanout | fanin | dag) printf '%s' '--tasks 1000' ;;
    memory) printf '%s' '--tasks 20000' ;;
    allocation) printf '%s' '--tasks 5000' ;;
    idle) printf '%s' '--seconds 0.2' ;;
    payload) printf '%s' '--bytes-max 70000 --tasks 40' ;;
    map) printf '%s' '--tasks 300000' ;;
    metg) printf '%s' '--pattern all --steps 4 --width 5' ;;
  esac
}

metrics_of() {
  case $1 in
    latency) printf '%s' 'p50Us p90Us p99Us p999Us maxUs pingPongUs firstAfterIdleUs' ;;
    throughput | fanout | fanin | dag) printf '%s' tasksPerSecond ;;
    memory) printf '%s' 'bytesPerPendingTask bytesPerFinishedTask heapBytesPerPendingTask bytesPerKeptTask' ;;
    allocation) printf '%s' 'bytesPerMessage bytesPerTask' ;;
    chain) printf '%s' usPerTask ;;
    idle) printf '%s' 'cpuShareMax cpuShareAsleep cpuShareInGet' ;;
    payload) printf '%s' 'bytesPerSecondMax bytes bytesPerSecond mpiBytesPerSecond ratio' ;;
    map) printf '%s' 'indicesPerSecond boxedIndicesPerSecond keptIndicesPerSecond' ;;
    metg) printf '%s' 'kernelNsPerIteration efficiency coreCount outputBytes' ;; # metgUs is null on a busy machine
  esac
}

for mpi in openmpi mpich; do
  for name in latency throughput chain fanout fanin dag idle memory allocation metg payload map; do
    if begin "bench $name: $mpi, 2 ranks"; then
      if ! find_launcher "$mpi"; then
        skipped "$test_name"
        continue
      fi
      read -ra options < <(options_of "$name"; echo)
      measured "$name" --mpi "$mpi" --ranks 2 "${options[@]}"
      for key in $(metrics_of "$name"); do expect_number "$key"; done
      [[ $name != latency ]] || expect_bare_starts
      expect_number rssBytes
      expect_text json "\"mpi\":\"$mpi\""
      expect_text json '"transport":"mpi","ranks":2,"slots":1,'
      grep -qE '"mpiVersion":"[0-9]' json || problem "no version of MPI: $(<json)"
      end
    fi
  done

  if begin "bench metg: $mpi, outputs that are compared, rank 0's core too"; then
    if ! find_launcher "$mpi"; then
      skipped "$test_name"
      continue
    fi
    measured metg --mpi "$mpi" --ranks 3 --tiny --pattern all_to_all --steps 4 --width 6 --output 5000 --cores all
    expect_text json '"metgUs":'
    expect_text json '"cores":"all","coreCount":3,"outputBytes":5000,'
    end
  fi

  if begin "bench fanout: $mpi, 3 levels"; then
    if ! find_launcher "$mpi"; then
      skipped "$test_name"
      continue
    fi
    measured fanout --mpi "$mpi" --ranks 7 --fanout 2 --tiny --tasks 500
    expect_text json '"ranks":7,"slots":6,"treeFanout":2,"levels":3'
    end
  fi

  if begin "bench throughput: $mpi, tasks that stay ready"; then
    if ! find_launcher "$mpi"; then
      skipped "$test_name"
      continue
    fi
    measured throughput --mpi "$mpi" --ranks 2 --pending 50000 --seconds 0.5 --payload 64
    for key in tasksPerSecond longestPauseMs finishedTasks readyTasksMin; do expect_number "$key"; done
    expect_text json '"pending":50000,"payloadBytes":64,"seconds":0.5'
    end
  fi

  if begin "bench idle: $mpi, every rank is looked at"; then
    if ! find_launcher "$mpi"; then
      skipped "$test_name"
      continue
    fi
    measured idle --mpi "$mpi" --ranks 4 --tiny --seconds 0.1
    expect_text json '"ranksMeasured":4'
    end
  fi

  if begin "bench startup: $mpi, ranks and the same JVMs that only call MPI_Init"; then
    if ! find_launcher "$mpi"; then
      skipped "$test_name"
      continue
    fi
    rm -rf heddle-runs
    measured startup --mpi "$mpi" --ranks 3 --tiny --jvm-arg -Dtest.mark=1
    for key in firstTaskS mpiInitS ratio rssBytesPerRank; do expect_number "$key"; done
    expect_text json "\"mpi\":\"$mpi\""
    expect_text json '"transport":"mpi","ranks":3,"slots":2,'
    expect_text json '"-XX:TieredStopAtLevel=1"'
    expect_text json '"-Dtest.mark=1"'
    [[ ! -e heddle-runs ]] || problem "run directories are left"
    end
  fi

  if begin "bench startup: $mpi, what a launch says when it fails"; then
    if ! find_launcher "$mpi"; then
      skipped "$test_name"
      continue
    fi
    timeout 60 "$heddle" bench startup --mpi "$mpi" --ranks 2 --warmup 0 --jvm-arg -XX:NoSuchFlag >out 2>err
    expect_code $? 1
    expect_text err 'NoSuchFlag'
    end
  fi

  if begin "bench: $mpi, bad input starts nothing"; then
    if ! find_launcher "$mpi"; then
      skipped "$test_name"
      continue
    fi
    rm -rf heddle-runs
    timeout 60 "$heddle" bench chain --mpi "$mpi" --ranks 2 --tasks 0 >out 2>err
    expect_code $? 2
    expect_text err '--tasks must be at least 1'
    [[ ! -s out && ! -e heddle-runs ]] || problem "something was started: $(<out)"
    end
  fi
done

# await_true LIMIT_S COMMAND: waits until it succeeds.
await_true() {
  local until=$((SECONDS + $1))
  shift
  until "$@"; do
    ((SECONDS <= until)) || return 1
    nap 0.05
  done
}

# Nothing of a test's is left: processes are known by a variable, folders by TMPDIR.
# shellcheck disable=SC2317 # by await_true
none_left() {
  ! grep -qszx "BENCH_TEST_MARK=$mark" /proc/[0-9]*/environ && ! compgen -G 'tmp/heddle-*' >/dev/null
}

# interrupted SIGNAL PATTERN ARGS...: sends it to `heddle bench ARGS` alone, once there is a process of
# its own with PATTERN in its command line; expects its exit code and that nothing is left.
interrupted() {
  local signal=$1 pattern=$2 bench
  shift 2
  mark=bench-$$-$RANDOM
  rm -rf tmp && mkdir tmp
  set -m # so that SIGINT is not ignored
  TMPDIR=$PWD/tmp BENCH_TEST_MARK=$mark "$heddle" bench "$@" >out 2>err </dev/null &
  bench=$!
  set +m
  if await_true 400 running "$pattern"; then
    kill -s "$signal" "$bench"
  else
    problem "no process of $pattern was seen: $(<err)"
    kill -s "$signal" "$bench"
  fi
  if ! await_true 40 not_running "$bench"; then
    problem "still there after the signal"
    kill -KILL -- "-$bench"
  fi
  { wait "$bench"; } 2>/dev/null
  expect_code $? "$([[ $signal == INT ]] && echo 130 || echo 143)"
  await_true 10 none_left || problem "left: $(ls tmp) $(grep -lszx "BENCH_TEST_MARK=$mark" /proc/[0-9]*/environ)"
}

# shellcheck disable=SC2317 # by await_true
not_running() { ! kill -0 "$1" 2>/dev/null; }

# running PATTERN: a process that carries the test's mark has it in its command line.
# shellcheck disable=SC2317 # by await_true
running() {
  local file
  while read -r file; do
    grep -qsa -- "$1" "${file%environ}cmdline" && return 0
  done < <(grep -lszx "BENCH_TEST_MARK=$mark" /proc/[0-9]*/environ)
  return 1
}

for mpi in openmpi mpich; do
  if begin "bench latency: $mpi, Ctrl-C in the bare measurement leaves nothing"; then
    if ! find_launcher "$mpi"; then
      skipped "$test_name"
      continue
    fi
    rm -rf heddle-runs
    interrupted INT "heddle-pingpong-$mpi" latency --mpi "$mpi" --ranks 2 --tasks 20
    [[ ! -e heddle-runs ]] || problem "the run was started all the same"
    end
  fi
done

# The driver's JVM is not what is waited for, but a process that it started.
for what in 'INT PeersPools' 'TERM peers_dask' 'INT peers_mpi4py' 'TERM heddle-pingpong' 'INT bench.latency'; do
  if begin "bench peers: $what, a signal leaves nothing"; then
    read -r signal pattern <<<"$what"
    case $pattern in
      peers_dask) needed='distributed' ;;
      peers_mpi4py) needed='mpi4py' ;;
      *) needed= ;;
    esac
    if { [[ -n $needed ]] && ! /usr/bin/python3 -c "import $needed" 2>/dev/null; } ||
      { [[ $pattern == heddle-pingpong ]] && ! find_launcher openmpi && ! find_launcher mpich; }; then
      skipped "$test_name"
      continue
    fi
    interrupted "$signal" "$pattern" peers --tasks 2000 --repetitions 100000 --warmup 0
    end
  fi
done

if begin "bench peers: every system has its row"; then
  timeout -k 5 400 "$heddle" bench peers --tasks 2000 --warmup 0 --repetitions 1 --json - >json 2>err
  expect_code $? 0
  [[ $(wc -l <json) -eq 1 ]] || problem "stdout is not one line: $(<json)"
  expect_text json '"schema":"heddle.bench/1","benchmark":"peers","simulated":false'
  expect_text json '"checksumOk":true'
  for system in heddle-threads heddle-openmpi heddle-mpich pingpong-openmpi pingpong-mpich mpi4py.futures \
    mpi4py.futures.map dask.distributed dask.distributed.map java.fixed-pool java.fork-join-pool java.virtual-threads; do
    row=$(grep -oE "\{\"system\":\"$system\"[^}]*\}" json)
    figure=p50Us
    [[ $system != *.map ]] || figure=tasksPerSecond
    # A figure, or a reason.
    grep -qE "\"$figure\":[0-9.]+,.*\"unavailable\":null" <<<"$row" ||
      grep -qE "\"$figure\":null,.*\"unavailable\":\"[^\"]+ [^\"]+" <<<"$row" || problem "$system: $row"
  done
  # What needs nothing but this repository and an MPI that is there.
  for system in heddle-threads java.fixed-pool; do
    grep -qE "\"system\":\"$system\"[^}]*\"unavailable\":null" json || problem "$system is unavailable: $(<json)"
  done
  for mpi in openmpi mpich; do
    ! find_launcher "$mpi" || grep -qE "\"system\":\"heddle-$mpi\"[^}]*\"unavailable\":null" json ||
      problem "heddle-$mpi is unavailable: $(<json)"
  done
  [[ $problems == '' ]] || problem "stderr: $(<err)"
  [[ ! -e heddle-runs ]] || problem "runs of others stay in heddle-runs"
  end
fi

if begin "bench peers: without the packages of Python"; then
  printf '#!/bin/sh\nexec /usr/bin/env python3 -I -S "$@"\n' >bare-python
  chmod +x bare-python
  timeout -k 5 300 "$heddle" bench peers --python "$PWD/bare-python" --mpi mpich --tasks 100 --warmup 0 \
    --repetitions 1 --json - >json 2>err
  expect_code $? 0
  for package in mpi4py distributed; do
    expect_text json "No module named '$package'): on Debian, apt-get install python3-$package"
  done
  ! grep -q openmpi json || problem "--mpi mpich does not keep Open MPI out: $(<json)"
  end
fi

if begin "bench peers: a launcher's process is refused"; then
  OMPI_COMM_WORLD_SIZE=2 timeout 60 "$heddle" bench peers >out 2>err
  expect_code $? 2
  expect_text err "starts MPI's launchers itself"
  end
fi

# What is compared is a build of the last commit with this one, so it takes a build each. A copy without
# git's folder has no commit.
is_checkout() { git -C "${here%/*}" rev-parse --verify --quiet HEAD >/dev/null 2>&1; }

if begin "bench against: threads, two starts of each build"; then
  if ! is_checkout; then
    skipped "$test_name"
  else
    rm -rf heddle-runs tmp && mkdir tmp
    TMPDIR=$PWD/tmp timeout -k 20 500 "$heddle" bench against HEAD throughput chain --starts 2 --slots 1 --tasks 2000 \
      --warmup 0 --repetitions 2 --json - >json 2>err
    expect_code $? 0
    [[ $(wc -l <json) -eq 1 ]] || problem "stdout is not one line: $(<json)"
    expect_text json '"schema":"heddle.bench/1","benchmark":"against","simulated":false'
    expect_text json '"checksumOk":true,"repetitions":2,'
    expect_text json '"transport":"local","ranks":1,"slots":1,'
    expect_text json "\"thenCommit\":\"$(git -C "${here%/*}" rev-parse HEAD)\""
    for row in throughput:tasksPerSecond chain:usPerTask; do
      text=$(grep -oE "\{\"benchmark\":\"${row%:*}\",\"key\":\"${row#*:}\"[^}]*\}" json)
      for key in thenMedian nowMedian ratio ratioLow ratioHigh thenCpuNs nowCpuNs thenBytes nowBytes; do
        grep -qE "\"$key\":[0-9.]+[,}]" <<<"$text" || problem "$row has no number for $key: $text"
      done
      grep -q '"starts":2,' <<<"$text" || problem "$row is not of two starts: $text"
    done
    expect_text err 'no verdict: 2 starts of each build'
    [[ $problems == '' ]] || problem "stderr: $(<err)"
    [[ ! -e heddle-runs && -z $(ls tmp) ]] || problem "left behind: $(ls -d heddle-runs) $(ls tmp)"
    ! git -C "${here%/*}" worktree list | grep -q "$PWD" || problem "git knows of a folder of ours"
    end
  fi
fi

if begin "bench against: bad input starts nothing"; then
  if ! is_checkout; then
    skipped "$test_name"
  else
    rm -rf tmp && mkdir tmp
    while IFS='|' read -r line why; do
      read -ra words <<<"$line"
      TMPDIR=$PWD/tmp timeout 60 "$heddle" bench against "${words[@]}" >out 2>err
      expect_code $? 2
      expect_text err "heddle: $why"
      [[ ! -s out && -z $(ls tmp) ]] || problem "something was started or left: $(<out) $(ls tmp)"
    done <<'END'
no-such-commit|there is no commit 'no-such-commit'
HEAD no-such-benchmark|there is no benchmark 'no-such-benchmark'
HEAD --within 3 --starts 2|--within is a verdict, which needs at least 20 starts
HEAD chain --transport tcp|--transport is 'tcp', but there are local and mpi
END
    OMPI_COMM_WORLD_SIZE=2 timeout 60 "$heddle" bench against HEAD >out 2>err
    expect_code $? 2
    expect_text err "starts MPI's launchers itself"
    end
  fi
fi

# One while the other build is made, one during the first start of this build, over MPI if there is one.
for what in 'INT plexus.classworlds' 'TERM bench.throughput'; do
  if begin "bench against: $what, a signal leaves nothing"; then
    if ! is_checkout; then
      skipped "$test_name"
      continue
    fi
    read -r signal pattern <<<"$what"
    options=()
    [[ $signal != TERM ]] || ! find_launcher openmpi || options=(--mpi openmpi --ranks 2)
    interrupted "$signal" "$pattern" against HEAD throughput "${options[@]}" --tasks 2000
    end
  fi
done

if begin "bench: threads, in-process ranks by --ranks"; then
  HEDDLE_SLOTS=2 measured fanin --ranks 4 --fanout=2 --tasks 300
  expect_text json '"transport":"local","ranks":4,"slots":6,"treeFanout":2,"levels":3'
  end
fi

if begin "bench startup: threads, one JVM and a tree in it"; then
  measured startup
  expect_number firstTaskS
  expect_text json '"mpiInitS":null,"ratio":null'
  expect_text json '"transport":"local","ranks":1,'
  measured startup --transport local --ranks 5 --fanout 2
  expect_text json '"ranks":5,"slots":4,"treeFanout":2,"levels":3'
  end
fi

# targets_file KEY BOUND...: a file in which the round trip on threads has to stay below each bound.
targets_file() {
  local key=$1 bound lines=''
  shift
  for bound in "$@"; do
    lines+="${lines:+,}
{\"name\":\"below-$bound\",\"what\":\"round trip\",\"benchmark\":\"latency\",\"on\":\"threads\",\"key\":\"$key\",
\"operator\":\"<=\",\"bound\":$bound,\"unit\":\"us\",\"repetitionsMin\":1}"
  done
  printf '{"schema":"heddle.targets/1","targets":[%s]}\n' "$lines" >targets.json
}

if begin "bench all: quick, on threads and each MPI, with its reports"; then
  targets_file p50Us 1000000
  rm -rf heddle-runs
  mkdir -p tmp
  TMPDIR=$PWD/tmp timeout -k 5 600 "$heddle" bench all --quick --warmup 0 --repetitions 1 \
    --only latency,throughput,metg,memory,payload --check targets.json \
    --json all.json --html all.html --markdown all.md >out 2>err
  expect_code $? 0
  expect_text out '1 of 1 targets reached'
  for system in threads openmpi mpich; do
    [[ $system == threads ]] || find_launcher "$system" || continue
    for name in latency throughput metg memory payload; do
      expect_text all.md "| $name | $system |"
      grep -qE "^$name +$system " out || problem "no row of $name on $system: $(<out)"
      expect_text err "$name on $system"
    done
    [[ $system == threads ]] || expect_text all.json "\"$system\":{\"schema\":\"heddle.bench/1\""
  done
  for name in latency throughput payload metg memory; do expect_text all.html "<figure id=\"plot-$name\">"; done
  if type -P xmllint >/dev/null; then
    xmllint --nonet --noout all.html || problem 'the page is not well-formed'
  fi
  [[ ! -e heddle-runs ]] || problem 'run directories were left behind'
  [[ -z $(ls tmp) ]] || problem "left behind: $(ls tmp)"
  [[ $problems == '' ]] || problem "stderr: $(<err)"
  end
fi

if begin "bench all: a missed target, a broken file"; then
  targets_file p50Us 1000000 0.0001
  timeout -k 5 60 "$heddle" bench all --quick --only latency --on threads --check targets.json >out 2>err
  expect_code $? 3
  expect_text out 'missed        below-0.0001'
  expect_text out '1 of 2 targets reached'
  timeout -k 5 60 "$heddle" bench latency --tasks 50 --silence 0 --repetitions 2 --check targets.json >out 2>err
  expect_code $? 3
  expect_text out 'reached       below-1000000'
  targets_file p49Us 1
  timeout -k 5 60 "$heddle" bench all --quick --check targets.json >out 2>err
  expect_code $? 2
  expect_text err "targets.json, line 2: target 'below-1': there is no key 'p49Us' in latency"
  [[ ! -s out ]] || problem "something ran: $(<out)"
  end
fi

if begin "bench: a target under MPI, missed on rank 0"; then
  targets_file p50Us 0.0001
  for mpi in openmpi mpich; do
    find_launcher "$mpi" || continue
    sed "s/\"threads\"/\"$mpi\"/" targets.json >of-mpi.json
    timeout -k 5 120 "$heddle" bench latency --mpi "$mpi" --ranks 2 --tasks 50 --silence 0 --repetitions 2 --check of-mpi.json >out 2>err
    expect_code $? 3
    expect_text out 'missed        below-0.0001'
  done
  end
fi

if begin "bench all: Ctrl-C ends everything"; then
  mkdir -p tmp
  set -m # else it would ignore SIGINT
  TMPDIR=$PWD/tmp timeout -k 5 120 "$heddle" bench all --only idle >out 2>err &
  pid=$!
  set +m
  for _ in {1..600}; do
    [[ -n $(compgen -G 'tmp/heddle-bench-*/stderr') ]] && break
    nap 0.1
  done
  pkill -INT -P "$pid" # timeout's child, which is java by now
  wait "$pid"
  expect_code $? 130
  expect_text err 'bench all: 1 of'
  pgrep -f "dev.heddle.bench.BenchMain bench idle .*$PWD/tmp/heddle-bench-" >/dev/null && problem 'a benchmark still runs'
  [[ -z $(ls tmp) ]] || problem "left behind: $(ls tmp)"
  end
fi

summary
