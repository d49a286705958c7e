#!/bin/bash
# The examples under real MPIs, from outside: results, exit codes, signals, a killed and a stopped rank.
# Prints "ok NAME", "FAILED NAME" or "skipped NAME" per test.
#
#   tests/examples.sh [PATTERN]    all tests, or those whose name matches
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
# Every process of these tests carries it, so that what is left can be found.
HEDDLE_TEST_MARK=examples-$$-$RANDOM
export HEDDLE_TEST_MARK
# shellcheck source=libexec/heddle-common.sh
. "${here%/*}/libexec/heddle-common.sh"

# mapped WAY ARGS...: readmap, with its JSON in `json`.
mapped() {
  timeout -k 5 200 "$heddle" run "$@" --tiny examples/readmap --reads 20000 --json json >out 2>err </dev/null
  expect_code $? 0
  expect_text json '"correctFraction":1.0'
  local sha
  sha=$(grep -o '"resultSha256":"[0-9a-f]*"' json)
  [[ -n ${first_sha-} ]] || first_sha=$sha
  [[ $sha == "$first_sha" ]] || problem "another result: $sha instead of $first_sha"
  [[ $problems == '' ]] || problem "stderr: $(<err)"
}

# hold CODE ARGS...: examples/hold, which must end with CODE.
hold() {
  local code=$1
  shift
  timeout -k 5 100 "$heddle" run "$@" >out 2>err </dev/null
  expect_code $? "$code"
  [[ $problems == '' ]] || problem "stderr: $(<err)"
}

# start_hold ARGS...: starts it in the background and waits until it holds.
start_hold() {
  set -m
  timeout -k 5 100 "$heddle" run "$@" >out 2>err </dev/null &
  started=$!
  set +m
  local tries=0
  until grep -qs '^holding:' out || ((++tries > 600)); do sleep 0.1; done
  grep -q '^holding:' out || problem "it never held: $(<err) $(ours | xargs -r ps -o pid,ppid,stat,wchan:20,args -p | cut -c1-200)"
}

# Every process of these tests, separated by commas.
ours() {
  grep -lszx "HEDDLE_TEST_MARK=$HEDDLE_TEST_MARK" /proc/[0-9]*/environ | tr -dc '0-9\n' | paste -sd,
}

# pid_of PATTERN VARIABLES...: the process of ours whose command matches and whose environment has one of the variables.
pid_of() {
  local pattern=$1 file pid words variable
  shift
  for file in /proc/[0-9]*/environ; do
    pid=${file#/proc/} pid=${pid%/environ}
    grep -qszx "HEDDLE_TEST_MARK=$HEDDLE_TEST_MARK" "$file" || continue
    words=$({ tr '\0' ' ' <"/proc/$pid/cmdline"; } 2>/dev/null)
    [[ $words =~ $pattern ]] || continue
    [[ $# -gt 0 ]] || { printf '%s\n' "$pid" && return; }
    for variable in "$@"; do
      grep -qszx "$variable" "$file" && printf '%s\n' "$pid" && return
    done
  done
}

nothing_left() {
  local tries=0
  while [[ -n $(pid_of 'examples|mpirun|mpiexec|prterun') ]] && ((++tries < 50)); do sleep 0.1; done
  [[ -z $(pid_of 'examples|mpirun|mpiexec|prterun') ]] || problem "a process is left: $(pid_of 'examples|mpirun|mpiexec|prterun')"
}

if begin "readmap: threads"; then
  mapped
  end
fi

if begin "readmap: threads, 16 ranks in 3 levels"; then
  HEDDLE_LOCAL_RANKS=16 mapped --fanout 4
  expect_text err 'tree: ranks=16 fanout=4 levels=3 relays=4 workers=15 mpi=none'
  end
fi

for mpi in openmpi mpich; do
  if ! find_launcher "$mpi"; then
    skipped "examples: $mpi"
    continue
  fi

  if begin "readmap: $mpi, 2 ranks"; then
    mapped --mpi "$mpi" -n 2
    end
  fi

  if begin "readmap: $mpi, 3 levels"; then
    HEDDLE_FANOUT=4 mapped --mpi "$mpi" -n 16
    expect_text err "tree: ranks=16 fanout=4 levels=3 relays=4 workers=15 mpi=$mpi"
    expect_text json '"ranks":16,"workers":15,"levels":3'
    end
  fi

  # With this MPICH says of each rank that it is alone on its host, as MPICH 5.0.2 (Debian's) does by itself.
  if [[ $mpi == mpich ]] && begin "readmap: $mpi, 3 levels, where MPI takes each rank for a host"; then
    MPIR_CVAR_NOLOCAL=1 HEDDLE_FANOUT=4 mapped --mpi "$mpi" -n 16
    expect_text err "tree: ranks=16 fanout=4 levels=3 relays=4 workers=15 mpi=$mpi"
    end
  fi

  for name in 'chain --tasks 100000' 'fanout --tasks 100000' 'fanin --tasks 10000'; do
    if begin "bench $name in 256 MB: $mpi, 2 ranks"; then
      read -ra options <<<"$name"
      timeout -k 5 120 "$heddle" bench "${options[@]}" --mpi "$mpi" --ranks 2 --heap 256m --jvm-arg -Xss256k \
        --warmup 0 --repetitions 1 --json json >out 2>err </dev/null
      expect_code $? 0
      expect_text json '"checksumOk":true'
      rss=$(grep -o '"rssBytes":[0-9]*' json)
      [[ ${rss#*:} -le 536870912 ]] || problem "rank 0 had $rss"
      end
    fi
  done

  if begin "hold --exit 7: $mpi"; then
    hold 7 --mpi "$mpi" -n 4 --tiny examples/hold --exit 7
    nothing_left
    end
  fi

  if begin "hold --throw: $mpi"; then
    hold 1 --mpi "$mpi" -n 4 --tiny examples/hold --throw
    expect_text err 'heddle: java.lang.IllegalStateException: hold was told to throw'
    nothing_left
    end
  fi

  for signal in INT TERM; do
    [[ $signal == INT ]] && code=130 || code=143
    if begin "SIG$signal to heddle: $mpi"; then
      start_hold --mpi "$mpi" -n 4 --tiny examples/hold
      kill -s "$signal" "$started"
      wait "$started"
      expect_code $? $((code))
      nothing_left
      end
    fi
    if begin "SIG$signal to the launcher: $mpi"; then
      start_hold --mpi "$mpi" -n 4 --tiny examples/hold
      kill -s "$signal" "$(pid_of '^[^ ]*(mpirun|mpiexec|prterun)')"
      wait "$started"
      expect_code $? $((code))
      nothing_left
      end
    fi
  done

  if begin "hold --kill-rank 2: $mpi"; then
    hold 1 --mpi "$mpi" -n 4 --tiny --liveness 6s examples/hold --kill-rank 2
    grep -qE 'rank 2 on .* gave no sign of life for .* and is lost with [0-9]+ tasks?: [0-9]+ \(Hold\.' err ||
      problem "no sentence about rank 2: $(<err)"
    nothing_left
    end
  fi

  if begin "hold --exit-rank 2, told at once: $mpi"; then
    hold 1 --mpi "$mpi" -n 4 --tiny --liveness 10m examples/hold --exit-rank 2
    grep -qE 'rank 2 on .* ended in the middle of the run \(System.exit in a task, or a signal\) with [0-9]+ tasks?: [0-9]+ \(Hold\.endIfOn' err ||
      problem "no sentence about rank 2: $(<err)"
    nothing_left
    end
  fi

  if begin "rank 0 stopped for longer than the liveness time: $mpi"; then
    start_hold --mpi "$mpi" -n 4 --tiny --liveness 3s examples/hold --seconds 9
    rank_0=$(pid_of '^[^ ]*/java .*examples' OMPI_COMM_WORLD_RANK=0 PMI_RANK=0)
    kill -STOP "$rank_0"
    sleep 5
    kill -CONT "$rank_0"
    wait "$started"
    expect_code $? 0
    nothing_left
    end
  fi
done

summary
