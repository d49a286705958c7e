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
unset OMPI_COMM_WORLD_SIZE PMI_RANK PMIX_RANK
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
    metg) printf '%s' '--pattern all --steps 4 --width 5' ;;
  esac
}

metrics_of() {
  case $1 in
    latency) printf '%s' 'p50Us p90Us p99Us p999Us maxUs pingPongUs firstAfterIdleUs' ;;
    throughput | fanout | fanin | dag) printf '%s' tasksPerSecond ;;
    memory) printf '%s' 'bytesPerPendingTask bytesPerFinishedTask heapBytesPerPendingTask argumentBytes' ;;
    allocation) printf '%s' 'bytesPerMessage bytesPerTask' ;;
    chain) printf '%s' usPerTask ;;
    idle) printf '%s' 'cpuShareMax cpuShareAsleep cpuShareInGet' ;;
    payload) printf '%s' 'bytesPerSecondMax bytes bytesPerSecond mpiBytesPerSecond ratio' ;;
    metg) printf '%s' 'kernelNsPerIteration efficiency' ;; # metgUs is null on a busy machine
  esac
}

for mpi in openmpi mpich; do
  for name in latency throughput chain fanout fanin dag idle memory allocation metg payload; do
    if begin "bench $name: $mpi, 2 ranks"; then
      if ! find_launcher "$mpi"; then
        skipped "$test_name"
        continue
      fi
      read -ra options < <(options_of "$name"; echo)
      measured "$name" --mpi "$mpi" --ranks 2 "${options[@]}"
      for key in $(metrics_of "$name"); do expect_number "$key"; done
      expect_number rssBytes
      expect_text json "\"mpi\":\"$mpi\""
      expect_text json '"transport":"mpi","ranks":2,"slots":1,'
      grep -qE '"mpiVersion":"[0-9]' json || problem "no version of MPI: $(<json)"
      end
    fi
  done

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

summary
