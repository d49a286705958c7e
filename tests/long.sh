#!/bin/bash
# Tests that take minutes: `heddle test --long` runs them behind all others. Needs what `heddle test`
# builds. Prints "ok NAME", "FAILED NAME" or "skipped NAME" per test.
#
#   tests/long.sh [PATTERN]    all tests, or those whose name matches
set -u
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
heddle=${here%/*}/heddle
# shellcheck source=tests/check.sh
. "$here/check.sh" "${1-}"

# Nothing of the caller's settings may change the outcome.
for name in $(compgen -e | grep '^HEDDLE_'); do
  [[ $name == HEDDLE_JAVA_HOME || $name == HEDDLE_BUILD ]] || unset "$name"
done
unset OMPI_COMM_WORLD_SIZE PMI_RANK PMIX_RANK "${!PRTE_@}"
test_classes=${here%/*}/mpi-executor/target/test-classes

# cancels COUNT KIND ARGS...: so many calls of `cancel` at random moments, and nobody disagrees.
cancels() {
  local count=$1 kind=$2
  shift 2
  timeout -k 5 1500 "$heddle" run "$@" -cp "$test_classes" dev.heddle.runtime.session.CancelRoundsMain "$count" 1 "$kind" >out 2>err
  expect_code $? 0
  expect_text out 'disagreements=0'
  [[ $problems == '' ]] || problem "$(tail -n 5 out err)"
  cat out
}

if begin "cancel: threads, 4,000,000 at random moments"; then
  cancels 4000000 plain
  end
fi

for mpi in openmpi mpich; do
  if begin "cancel: $mpi, 3,000,000 at random moments"; then
    cancels 3000000 plain --mpi "$mpi" -n 2
    end
  fi
done

if begin "cancel: threads, 1,000,000 of futures of every kind"; then
  cancels 1000000 mixed
  end
fi

for mpi in openmpi mpich; do
  if begin "cancel: $mpi, 1,000,000 of futures of every kind"; then
    cancels 1000000 mixed --mpi "$mpi" -n 2
    end
  fi
done

summary
