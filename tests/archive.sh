#!/bin/bash
# Tests of the archives for a faster start, in a copy of what is built: made once, used by every kind of
# JVM that runs start, never used when stale, and never in the way. Prints "ok NAME" or "FAILED NAME".
#
#   tests/archive.sh [PATTERN]    all tests, or those whose name matches
set -u
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
built=${here%/*}
# shellcheck source=tests/check.sh
. "$here/check.sh" "${1-}"

# Nothing of the caller's settings may change the outcome.
for name in $(compgen -e | grep '^HEDDLE_'); do
  [[ $name == HEDDLE_JAVA_HOME ]] || unset "$name"
done
unset OMPI_COMM_WORLD_SIZE PMI_RANK PMIX_RANK "${!PRTE_@}" JAVA_TOOL_OPTIONS JDK_JAVA_OPTIONS _JAVA_OPTIONS
# shellcheck source=libexec/heddle-common.sh
. "$built/libexec/heddle-common.sh"
need_jdk
export HEDDLE_JAVA_HOME=$jdk

# A Heddle whose sources are older than its build, so that nothing is compiled here.
home=$PWD/home
heddle=$home/heddle
archives=$home/target/heddle/archive
mkdir -p "$home"/{mpi-executor/target,native/build,target/heddle}
cp -r "$built"/{heddle,libexec,pom.xml} "$home"
cp "$built"/mpi-executor/target/heddle-mpi-executor-*.jar "$home/mpi-executor/target"
cp -r "$built/mpi-executor/target/lib" "$home/mpi-executor/target"
cp -r "$built/native/build/lib" "$home/native/build"
touch "$home"/target/heddle/{java,native}.stamp
jar=("$home"/mpi-executor/target/heddle-mpi-executor-*.jar)

mkdir program
cat >One.java <<'END'
import dev.heddle.Heddle;

public final class One {
  static long next(long number) {
    return number + 1;
  }

  public static void main(String[] arguments) {
    Heddle.run(arguments, heddle -> System.out.println("got " + heddle.submit(One::next, 4L).get()));
  }
}
END
"$jdk/bin/javac" -cp "${jar[0]}:$home/mpi-executor/target/lib/*" -d program One.java || exit 1

# one OPTIONS...: a run; its classes and where they came from are in classes-*, one file per JVM.
one() {
  rm -f classes-*
  timeout -k 5 100 "$heddle" run --jvm-arg "-Xlog:class+load:file=$PWD/classes-%p" -cp "${class_path-program}" "$@" One \
    >out 2>err </dev/null
  expect_code $? 0
  expect_text out "got 5"
  [[ $problems == '' ]] || problem "stderr: $(<err)"
}

# A JVM's own words would be the only others.
expect_quiet() {
  [[ $(<out) == 'got 5' ]] || problem "stdout: $(<out)"
  ! grep -qvE '^(heddle: run directory|tree:) ' err || problem "stderr: $(<err)"
}

# from_archive COUNT: so many JVMs of the last run were started, and each took Heddle from the archive.
from_archive() {
  local file files=(classes-*)
  [[ ${#files[@]} -eq $1 && -e ${files[0]} ]] || problem "not $1 JVMs but ${files[*]}"
  for file in "${files[@]}"; do
    grep -q 'dev\.heddle\.core\.link\.Link source: shared objects file' "$file" || problem "without the archive: $(grep -m 1 'dev\.heddle\.' "$file")"
  done
}

without_archive() {
  ! grep -q 'dev\.heddle\..* source: shared objects file' classes-* || problem "the archive was used"
  grep -q 'dev\.heddle\..* source: file:' classes-* || problem "no class of Heddle was loaded from its jar"
}

if begin "archive: without one, and HEDDLE_BUILD=never, a run on threads makes none"; then
  HEDDLE_BUILD=never one
  expect_quiet
  without_archive
  [[ ! -e $archives ]] || problem "something was made"
  end
fi

if begin "archive: the first run on threads makes it, the second uses it"; then
  one
  expect_text err "heddle: preparing faster starts (narrow heaps, once) ..."
  one
  expect_quiet
  from_archive 1
  end
fi
# Whatever was selected: the tests from here on have archives.
[[ -e $archives ]] || one

for name in openmpi mpich; do
  for tiny in '' --tiny; do
    if begin "archive: used by 2 ranks of $name${tiny:+ with $tiny}"; then
      if ! find_launcher "$name"; then
        skipped "$test_name"
        continue
      fi
      # shellcheck disable=SC2086 # none or one word
      HEDDLE_RUN_DIR=$PWD/run one --mpi "$name" -n 2 $tiny
      expect_quiet
      from_archive 2
      end
    fi
  done
done

if begin "archive: used by a heap of more than 32 GiB, on threads"; then
  one --heap 33g
  expect_quiet
  from_archive 1
  end
fi

if begin "archive: a JVM that refuses it runs on threads as before, and says nothing"; then
  one --jvm-arg -XX:-UseCompactObjectHeaders
  expect_quiet
  without_archive
  end
fi

if begin "archive: a user's own choice of an archive is left alone"; then
  one --jvm-arg -Xshare:off
  expect_quiet
  without_archive
  end
fi

if begin "archive: a program that brings its own queues gets them, without the archive"; then
  mkdir -p own
  cp "$home"/mpi-executor/target/lib/jctools-core-*.jar own/jctools-core-1.jar
  class_path=program:own/jctools-core-1.jar one
  expect_quiet
  without_archive
  grep -q 'org\.jctools.*source: file:.*/own/jctools-core-1.jar' classes-* || problem "the program's queues were not used"
  end
fi

if begin "archive: a damaged one is in nobody's way"; then
  cp -r "$archives" saved
  for file in "$archives"/*.aot; do printf 'damaged' >"$file"; done
  HEDDLE_BUILD=never one
  expect_quiet
  without_archive
  rm -rf "$archives" && mv saved "$archives"
  end
fi

if begin "archive: after a change of a jar it is not used, and made anew"; then
  before=("$archives"/*.aot)
  touch -d '2020-01-01' "${jar[0]}"
  HEDDLE_BUILD=never one
  expect_quiet
  without_archive
  one
  expect_text err "preparing faster starts"
  one
  expect_quiet
  from_archive 1
  for file in "${before[@]}"; do [[ ! -e $file ]] || problem "$file is left"; done
  end
fi

if begin "archive: two runs at once make one"; then
  rm -rf "$archives"
  timeout 100 "$heddle" run -cp program One >out-2 2>err-2 </dev/null &
  one
  wait $!
  expect_code $? 0
  expect_text out-2 "got 5"
  [[ $(find "$archives" -type f | wc -l) -eq 4 ]] || problem "not two archives and two notes: $(ls "$archives")"
  [[ $(cat err err-2 | grep -c 'preparing faster starts') -eq 2 ]] || problem "made twice: $(cat err err-2)"
  HEDDLE_BUILD=never one
  from_archive 1
  end
fi

if begin "archive: where nothing can be written a run goes on without"; then
  as_user=()
  # Root writes everywhere, unless it gives that right up.
  [[ $EUID -ne 0 ]] || as_user=(setpriv '--bounding-set=-dac_override,-dac_read_search' --)
  mv "$archives" saved
  chmod a-w "$home/target/heddle"
  timeout 60 ${as_user[@]+"${as_user[@]}"} "$heddle" run -cp program One >out 2>err </dev/null
  expect_code $? 0
  expect_quiet
  chmod u+w "$home/target/heddle"
  [[ ! -e $archives ]] || problem "something was made"
  mv saved "$archives"
  end
fi

if begin "archive: doctor tries each, and says when there is none"; then
  timeout 120 "$heddle" doctor >out 2>err
  expect_text out "archive used for narrow, wide heaps"
  touch "${jar[0]}"
  timeout 120 "$heddle" doctor >out 2>err
  expect_text out "no archive for narrow heaps yet"
  end
fi

summary
