#!/bin/bash
# Tests of options and class paths, from outside: what a shell user sees. Needs Heddle and its native
# part built, and runs ranks under each MPI that is there. Prints "ok NAME" or "FAILED NAME" per test.
#
#   tests/config.sh [PATTERN]    all tests, or those whose name matches
set -u
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
heddle=${here%/*}/heddle
native=${HEDDLE_NATIVE_DIR-${here%/*}/native/build/lib}
# shellcheck source=tests/check.sh
. "$here/check.sh" "${1-}"

# Nothing of the caller's settings may change the outcome.
for name in $(compgen -e | grep '^HEDDLE_'); do
  [[ $name == HEDDLE_JAVA_HOME ]] || unset "$name"
done
unset OMPI_COMM_WORLD_SIZE PMI_RANK PMIX_RANK "${!PRTE_@}"
export HEDDLE_BUILD=never HEDDLE_NATIVE_DIR=$native

# shellcheck source=libexec/heddle-common.sh
. "${here%/*}/libexec/heddle-common.sh"
need_jdk
export HEDDLE_JAVA_HOME=$jdk

# ---- heddle config ----

# config ARGS...: output in `out` and `err`, the code in `code`.
config() {
  timeout 60 "$heddle" config "$@" >out 2>err </dev/null
  code=$?
}

# expect_row OPTION VALUE DEFAULT UNIT SOURCE
expect_row() {
  grep -qE "^$1 +$2 +$3 +$4 +$5 " out || problem "no row $*: $(grep "^$1 " out)"
}

if begin "config: every option with its default"; then
  config
  expect_code "$code" 0
  [[ ! -s err ]] || problem "$(<err)"
  while IFS=$'\t' read -r variable name _; do
    [[ -z $name ]] || grep -qE "^$name .* default " out || problem "$variable is not there as default"
  done <"${here%/*}/libexec/options.tsv"
  expect_row fanout 128 128 children default
  end
fi
if begin "config: command, property, environment and default, in this order"; then
  HEDDLE_FANOUT=9 HEDDLE_SLOTS=8 HEDDLE_PREFETCH_MAX=7 config --fanout 4 --liveness=3s --jvm-arg -Dheddle.slots=5
  expect_code "$code" 0
  expect_row fanout 4 128 children command
  expect_row liveness 3s 15s s command
  expect_row slots 5 0 tasks property
  expect_row prefetchMax 7 1024 tasks environment
  expect_row parkMax 1ms 1ms s default
  end
fi
if begin "config: JSON to stdout and to a file"; then
  config --json -
  expect_code "$code" 0
  expect_text out '"option":"parkMax","property":"heddle.parkMax","environment":"HEDDLE_PARK_MAX"'
  mv out first
  config --json options.json
  expect_code "$code" 0
  cmp -s first options.json || problem "they differ"
  [[ ! -s out ]] || problem "something on stdout"
  end
fi

# ---- wrong values: exit code 2 and one sentence, before anything starts ----

# refused NAME SENTENCE COMMAND...: the same from config and from run, on threads and under an MPI.
refused() {
  local name=$1 sentence=$2 words
  shift 2
  begin "wrong option: $name" || return 0
  for words in "config" "run" "run --mpi openmpi -n 2" "bench chain"; do
    rm -rf heddle-runs
    local tail=(-cp . NoSuchClass)
    [[ $words == run* ]] || tail=()
    # shellcheck disable=SC2086 # several words
    timeout 60 env "${settings[@]}" "$heddle" $words "$@" ${tail[@]+"${tail[@]}"} >out 2>err </dev/null
    expect_code $? 2
    [[ $(<err) == "heddle: $sentence" ]] || problem "$words: $(<err)"
    [[ ! -s out && ! -e heddle-runs ]] || problem "$words: something was started"
  done
  end
}

settings=(PATH="$PATH")
refused "liveness below its bound" "--liveness=1ms is out of range: 200ms to 1h" --liveness 1ms
refused "liveness above its bound" "--liveness=61m is out of range: 200ms to 1h" --liveness=61m
refused "fan-out below its bound" "--fanout=1 is out of range: 2 to 4096" --fanout 1
refused "slots beyond every number" "--slots=99999999999999999999 is out of range: 0 to 4096" --slots 99999999999999999999
refused "a product that would wrap" "--liveness=18446744074s is out of range: 200ms to 1h" --liveness 18446744074s
refused "an empty value" "--slots= is not a whole number; allowed: 0 to 4096" --slots ''
refused "no duration" "--liveness=soon is not a duration such as 15s, 250ms or 2m; allowed: 200ms to 1h" --liveness soon
refused "a property" "-Dheddle.parkMax=2s is out of range: 10us to 1s" --jvm-arg -Dheddle.parkMax=2s
refused "a misspelt property" "unknown option: -Dheddle.fanotu=4; did you mean heddle.fanout?" --jvm-arg -Dheddle.fanotu=4
settings=(HEDDLE_FANOUT=x)
refused "a variable" "HEDDLE_FANOUT=x is not a whole number; allowed: 2 to 4096"
settings=(HEDDLE_INLINE_BYTES_MAX=2m)
refused "a size" "HEDDLE_INLINE_BYTES_MAX=2m is out of range: 256 to 1m"
settings=(HEDDLE_TASK_OUTPUT=file)
refused "no such choice" "HEDDLE_TASK_OUTPUT=file is none of collect, files, inherit"
settings=(HEDDLE_FANOTU=4)
refused "a misspelt variable" "unknown option: HEDDLE_FANOTU=4; did you mean HEDDLE_FANOUT?"
settings=(HEDDLE_HEPA=1g)
refused "a misspelt variable of the command" "unknown option: HEDDLE_HEPA=1g; did you mean HEDDLE_HEAP?"
settings=(HEDDLE_TINY=maybe)
refused "HEDDLE_TINY" "HEDDLE_TINY is 'maybe', but has to be 1, for small JVMs, or 0"
settings=(HEDDLE_BUILD=nevr)
refused "HEDDLE_BUILD" "HEDDLE_BUILD is 'nevr', but there is only 'never': leave it out to build what is out of date"

# What module systems set for a package of our name, and a site's own, are none of ours.
if begin "other variables: a module system's own do no harm"; then
  for name in ROOT DIR BIN INC LIB VERSION BASE PREFIX LICENSE INCLUDE DOC MAN CC PATH INSTALL_FOLDER; do
    env "HEDDLE_$name=/opt/heddle" "$heddle" config >out 2>err </dev/null || problem "HEDDLE_$name is refused: $(<err)"
    [[ ! -s err ]] || problem "HEDDLE_$name: $(<err)"
  done
  end
fi
for name in openmpi mpich; do
  # Where an MPI is missing, the tests of class paths below say so.
  find_launcher "$name" && [[ -e $native/libheddle-$name.so ]] || continue
  if begin "other variables: all of a module's at once, on ranks of $name"; then
    env HEDDLE_{ROOT,DIR,BIN,INC,LIB,VERSION,BASE,PREFIX,LICENSE}=/opt/heddle timeout -k 5 90 \
      "$heddle" bench chain --mpi "$name" -n 2 --tiny --tasks 100 --repetitions 1 >out 2>err </dev/null || problem "$(<err)"
    [[ $(<err) != *HEDDLE_* ]] || problem "$(<err)"
    end
  fi
done
if begin "other variables: nearly one of the command's is worth a word"; then
  HEDDLE_JAVA_HOEM=/opt/jdk "$heddle" config >out 2>err </dev/null || problem "refused: $(<err)"
  [[ $(<err) == "heddle: there is no variable HEDDLE_JAVA_HOEM; did you mean HEDDLE_JAVA_HOME?" ]] || problem "$(<err)"
  end
fi

# The shell reads what Java reads: Java's sentences with the shell's check left out.
if begin "wrong option: the shell and Java say the same"; then
  printf 'HEDDLE_%s\n' FANOUT=1 FANOUT=4x FANOUT=-99999999999999999999 LIVENESS=199999us LIVENESS=5parsecs \
    LIVENESS=7201s MEMO_BYTES_MAX=2t MEMO_BYTES_MAX=1.5g TASK_OUTPUT=FILES PARK_MAX=9us CLASS_CHECK=yes FANOTU=4 \
    LOCALRANKS=2 JOIN_DEPTHMAX=1 VALUE_BYTES_MAX=2147483584 >cases
  class_path=$(echo "${here%/*}"/mpi-executor/target/heddle-mpi-executor-*T.jar):${here%/*}/mpi-executor/target/lib/\*
  while read -r setting; do
    shell=$(env "$setting" "$heddle" config 2>&1 </dev/null)
    java=$(env "$setting" "$jdk/bin/java" -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -cp "$class_path" dev.heddle.cli.Main config 2>&1 </dev/null)
    [[ $shell == "heddle: "*"${setting}"* && $shell == "$java" ]] || problem "$setting: '$shell', but Java: '$java'"
  done <cases
  end
fi
if begin "right options at their bounds are taken"; then
  for setting in HEDDLE_FANOUT=2 HEDDLE_FANOUT=4096 HEDDLE_FANOUT=010 HEDDLE_FANOUT=' 5 ' HEDDLE_FANOUT= HEDDLE_LIVENESS=200000us \
    HEDDLE_LIVENESS=1h HEDDLE_MEMO_BYTES_MAX=1T HEDDLE_VALUE_BYTES_MAX=2147483583 HEDDLE_TEST_WHAT=ever; do
    env "$setting" "$heddle" config >out 2>err </dev/null || problem "$setting: $(<err)"
  done
  end
fi

# ---- class paths ----

mkdir app
cat >app/Skew.java <<'END_JAVA'
import dev.heddle.Heddle;

public final class Skew {
  static int twice(int n) {
    return 2 * n;
  }

  public static void main(String[] arguments) {
    Heddle.run(arguments, heddle -> System.out.println("ran " + heddle.submit(Skew::twice, 21).get()));
  }
}
END_JAVA
"$jdk/bin/javac" -cp "${here%/*}/java-api/target/*" -d app/classes app/Skew.java || exit 1
"$jdk/bin/jar" --create --file app.jar --date 2026-01-01T00:00:00Z -C app/classes .
mkdir -p one two && printf 1 >one/1 && printf 2 >two/2
"$jdk/bin/jar" --create --file one.jar -C one .
"$jdk/bin/jar" --create --file two.jar -C two .
cp one.jar more.jar
# The same jar elsewhere, another one of its name, and Heddle in another version.
mkdir -p same newer && cp app.jar same/ && cp app.jar newer/
"$jdk/bin/jar" --update --file newer/app.jar -C one .
own_jar=$(echo "${here%/*}"/mpi-executor/target/heddle-mpi-executor-*T.jar)
cp "$own_jar" newer/
printf 'Implementation-Version: 0.0.9\n' >manifest
"$jdk/bin/jar" --update --file "newer/${own_jar##*/}" --manifest manifest 2>/dev/null

# A JDK whose java gives rank 1 another class path, TEST_FROM instead of TEST_TO, and another host.
mkdir -p skewed/bin
cp "$jdk/release" skewed/
cat >skewed/bin/java <<END
#!/bin/bash
if [[ \${OMPI_COMM_WORLD_RANK-\${PMI_RANK-}} == 1 ]]; then
  set -- "\${@//"\$TEST_FROM"/"\$TEST_TO"}"
  [[ -z \${TEST_HOST-} ]] || export HEDDLE_TEST_HOST=\$TEST_HOST
fi
exec "$jdk/bin/java" "\$@"
END
chmod +x skewed/bin/java

# skewed MPI FROM TO: 3 ranks, of which the second stands for a host of its own with another class path.
skewed() {
  TEST_FROM=$2 TEST_TO=$3 HEDDLE_JAVA_HOME=$PWD/skewed timeout -k 5 90 "$heddle" run --mpi "$1" -n 3 --tiny \
    -cp "$PWD/app.jar:$PWD/one.jar:$PWD/two.jar" Skew >out 2>err </dev/null
  code=$?
}

# refused_skew WORDS...: exit code 1, said once, and nothing ran.
refused_skew() {
  local words
  expect_code "$code" 1
  [[ ! -s out ]] || problem "it ran: $(<out)"
  [[ $(grep -c 'differ: ' err) -eq 1 ]] || problem "not said once: $(<err)"
  for words in "rank 0 on " "$@"; do expect_text err "$words"; done
  ! grep -q 'Exception' err || problem "a stack trace: $(<err)"
}

# accepted_skew: it ran, whatever differs.
accepted_skew() {
  expect_code "$code" 0
  expect_text out "ran 42"
}

for name in openmpi mpich; do
  if ! find_launcher "$name" || [[ ! -e $native/libheddle-$name.so ]]; then
    skipped "class paths under $name: it is not there"
    continue
  fi
  export TEST_HOST=other-host
  if begin "class paths: the same jars elsewhere are the same: $name"; then
    skewed "$name" "$PWD/app.jar" "$PWD/same/app.jar"
    accepted_skew
    end
  fi
  if begin "class paths: another jar of that name is refused: $name"; then
    began=$SECONDS
    skewed "$name" "$PWD/app.jar" "$PWD/newer/app.jar"
    refused_skew "has app.jar (" "rank 1 on other-host has app.jar ("
    # startTimeout is 120 s: nobody waited for it.
    ((SECONDS - began < 60)) || problem "it took $((SECONDS - began)) s"
    end
  fi
  if begin "class paths: a jar that is missing is refused: $name"; then
    skewed "$name" "$PWD/one.jar" "$PWD/nowhere/one.jar"
    refused_skew "has one.jar (" "which rank 1 on other-host lacks"
    end
  fi
  if begin "class paths: one jar more is refused: $name"; then
    skewed "$name" "$PWD/one.jar" "$PWD/one.jar:$PWD/more.jar"
    refused_skew "rank 1 on other-host has more.jar (" "lacks"
    end
  fi
  if begin "class paths: another order is refused: $name"; then
    skewed "$name" "$PWD/one.jar:$PWD/two.jar" "$PWD/two.jar:$PWD/one.jar"
    refused_skew "another order" "is one.jar for rank 0" "two.jar for rank 1 on other-host"
    end
  fi
  if begin "class paths: classCheck=off leaves the comparison out: $name"; then
    HEDDLE_CLASS_CHECK=off skewed "$name" "$PWD/app.jar" "$PWD/newer/app.jar"
    accepted_skew
    end
  fi
  TEST_HOST=
  if begin "class paths: only the first rank of a host is compared: $name"; then
    skewed "$name" "$PWD/app.jar" "$PWD/newer/app.jar"
    accepted_skew
    end
  fi
  if begin "class paths: another version of Heddle is refused on every rank: $name"; then
    skewed "$name" "$own_jar" "$PWD/newer/${own_jar##*/}"
    refused_skew "the versions of Heddle differ" "rank 1 on " "runs 0.0.9"
    end
  fi
  if begin "class paths: without the heddle command: $name"; then
    find_launcher "$name"
    options=()
    [[ $name == openmpi ]] && options=(--oversubscribe --bind-to none)
    program=("$jdk/bin/java" -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xmx64m --enable-native-access=ALL-UNNAMED)
    program+=(-cp)
    libraries=$own_jar:${here%/*}/mpi-executor/target/lib/\*
    OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 timeout -k 5 90 "$launcher" ${options[@]+"${options[@]}"} \
      -n 1 env "${program[@]}" "$PWD/app.jar:$libraries" Skew : \
      -n 1 env HEDDLE_TEST_HOST=other-host "${program[@]}" "$PWD/newer/app.jar:$libraries" Skew >out 2>err </dev/null
    code=$?
    refused_skew "has app.jar (" "rank 1 on other-host has app.jar ("
    end
  fi
done

summary
