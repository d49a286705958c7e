#!/bin/bash
# Tests of a checkout that one user built and others use read-only, and of remedies: what a sentence
# advises is tried. Works on a copy of what is built. Prints "ok NAME" or "FAILED NAME" per test.
#
#   tests/read-only.sh [PATTERN]    all tests, or those whose name matches
set -u
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
built=${here%/*}
# shellcheck source=tests/check.sh
. "$here/check.sh" "${1-}"
for name in $(compgen -e | grep '^HEDDLE_'); do
  [[ $name == HEDDLE_JAVA_HOME ]] || unset "$name"
done
unset OMPI_COMM_WORLD_SIZE PMI_RANK PMIX_RANK JAVA_TOOL_OPTIONS JDK_JAVA_OPTIONS _JAVA_OPTIONS
# shellcheck source=libexec/heddle-common.sh
. "$built/libexec/heddle-common.sh"
need_jdk
export HEDDLE_JAVA_HOME=$jdk

# Sources with their times, and what is built of them.
home=$PWD/home heddle=$PWD/home/heddle
mkdir -p "$home"/{java-api,mpi-executor/target,native/build,target/heddle}
cp -a "$built"/{heddle,libexec,pom.xml,CMakeLists.txt,.mvn} "$home"
for folder in java-api mpi-executor; do cp -a "$built/$folder"/{pom.xml,src} "$home/$folder"; done
cp -a "$built"/native/{CMakeLists.txt,cmake,src,test} "$home/native"
cp -a "$built"/mpi-executor/target/heddle-mpi-executor-*.jar "$built/mpi-executor/target/lib" "$home/mpi-executor/target"
cp -a "$built/native/build/lib" "$home/native/build"
touch "$home"/target/heddle/{java,native}.stamp
jar=("$home"/mpi-executor/target/heddle-mpi-executor-*T.jar)

mkdir program
cat >One.java <<'END_JAVA'
import dev.heddle.Heddle;

public final class One {
  static long next(long number) {
    return number + 1;
  }

  public static void main(String[] arguments) {
    Heddle.run(arguments, heddle -> System.out.println("got " + heddle.submit(One::next, 4L).get()));
  }
}
END_JAVA
"$jdk/bin/javac" -cp "${jar[0]}:$home/mpi-executor/target/lib/*" -d program One.java || exit 1

# Another user: for root one without rights, else ourselves without the right to write.
as_user=()
mine=$PWD/mine
mkdir "$mine"
if [[ $EUID -eq 0 ]]; then
  as_user=(setpriv --reuid 65534 --regid 65534 --clear-groups --)
  chmod 755 . && chown 65534:65534 "$mine" && chmod -R go-w,a+rX "$home"
fi
close_home() { [[ $EUID -eq 0 ]] || chmod -R a-w "$home"; }
open_home() { [[ $EUID -eq 0 ]] || chmod -R u+w "$home"; }

declare -A way_options=([threads]='' [openmpi]='--mpi openmpi -n 2' [mpich]='--mpi mpich -n 2')
ways=(threads)
for name in openmpi mpich; do
  if find_launcher "$name"; then ways+=("$name"); else skipped "everything under $name: it is not installed"; fi
done

# user_runs WAY [NAME=VALUE]...: as the other user, in a folder of his own.
user_runs() {
  local way=$1
  shift
  # shellcheck disable=SC2086 # several words
  (cd "$mine" && timeout -k 5 120 ${as_user[@]+"${as_user[@]}"} env HOME="$mine" "$@" "$heddle" run ${way_options[$way]} --tiny \
    -cp "$PWD/../program" One) >out 2>err </dev/null
  code=$?
}

owner_runs() {
  # shellcheck disable=SC2086 # several words
  timeout -k 5 240 "$heddle" run ${way_options[$1]} --tiny -cp program One >out 2>err </dev/null
  code=$?
}

expect_done() {
  expect_code "$code" 0
  [[ $(<out) == "got 5" ]] || problem "$(<out) $(<err)"
}

for way in "${ways[@]}"; do
  if begin "another user's checkout is used as it is: $way"; then
    # The owner has built all that this way needs.
    owner_runs "$way"
    expect_done
    close_home
    user_runs "$way"
    expect_done
    [[ $(<err) != *"used all the same"* ]] || problem "$(<err)"
    open_home
    end
  fi
  if begin "a touched source of another user's checkout stops nobody: $way"; then
    touch -d '+5 seconds' "$home"/mpi-executor/src/main/java/dev/heddle/cli/Main.java "$home/native/src/"*.c
    close_home
    user_runs "$way"
    expect_done
    expect_text err "is not of the present sources or compiler, and is used all the same: you cannot write there"
    open_home
    touch -r "$home/pom.xml" "$home"/mpi-executor/src/main/java/dev/heddle/cli/Main.java "$home/native/src/"*.c
    end
  fi
done

if begin "a touched source stops nobody who has no Maven"; then
  # A PATH with everything but Maven.
  mkdir tools
  for file in /usr/bin/* /bin/*; do
    [[ ${file##*/} == mvn* || -e tools/${file##*/} ]] || ln -s "$file" "tools/${file##*/}"
  done
  touch -d '+5 seconds' "$home"/mpi-executor/src/main/java/dev/heddle/cli/Main.java
  PATH=$PWD/tools owner_runs threads
  expect_done
  expect_text err "used all the same: Maven is missing"
  touch -r "$home/pom.xml" "$home"/mpi-executor/src/main/java/dev/heddle/cli/Main.java
  end
fi

if begin "another user's checkout has benchmarks if its owner has built them"; then
  user_benches() {
    (cd "$mine" && timeout -k 5 120 ${as_user[@]+"${as_user[@]}"} env HOME="$mine" "$heddle" bench chain --tasks 50 --warmup 0 \
      --repetitions 1 --json -) >out 2>err </dev/null
    code=$?
  }
  owner_runs threads
  close_home
  user_benches
  expect_code "$code" 2
  expect_text err "the benchmarks are not built in $home: you cannot write to $home, so have its owner run this once"
  user_runs threads
  expect_done
  open_home
  mkdir -p "$home/jmh-benchmarks/target"
  cp -a "$built"/jmh-benchmarks/target/{heddle-benchmarks-*.jar,lib} "$home/jmh-benchmarks/target"
  [[ $EUID -ne 0 ]] || chmod -R go-w,a+rX "$home/jmh-benchmarks"
  touch "$home/target/heddle/bench.stamp"
  close_home
  user_benches
  expect_code "$code" 0
  expect_text out '"checksumOk":true'
  [[ $(<err) != *"used all the same"* ]] || problem "$(<err)"
  open_home
  end
fi

for way in "${ways[@]:1}"; do
  if begin "HEDDLE_BUILD=never without a shim is refused, and each remedy helps: $way"; then
    mv "$home/native/build/lib/libheddle-$way.so" .
    close_home
    for setting in HEDDLE_BUILD=never HEDDLE_BUILD=; do
      user_runs "$way" "$setting"
      expect_code "$code" 2
      [[ $(grep -c ^heddle: err) -eq 1 && ! -s out ]] || problem "$(<err)"
      expect_text err "the native part for $way is not built in $home: you cannot write to $home, so have its owner run this once, or make a copy of your own (cp -a $home FOLDER)"
    done
    # A copy of one's own, which builds what is missing.
    rm -rf "$mine/copy"
    ${as_user[@]+"${as_user[@]}"} cp -a "$home" "$mine/copy" || problem "no copy"
    chmod -R u+w "$mine/copy"
    heddle=$mine/copy/heddle user_runs "$way"
    expect_done
    # Its owner, who is told to build first.
    open_home
    HEDDLE_BUILD=never owner_runs "$way"
    expect_code "$code" 2
    expect_text err "not built in $home: run it without HEDDLE_BUILD=never"
    owner_runs "$way"
    expect_done
    close_home
    user_runs "$way" HEDDLE_BUILD=never
    expect_done
    open_home
    end
  fi
  if begin "HEDDLE_NATIVE_DIR without a shim is refused: $way"; then
    HEDDLE_NATIVE_DIR=$PWD/program owner_runs "$way"
    expect_code "$code" 2
    expect_text err "there is no libheddle-$way.so in $PWD/program: correct HEDDLE_NATIVE_DIR, or unset it"
    owner_runs "$way"
    expect_done
    end
  fi
done

if begin "a checkout that was never built is refused to others, and each remedy helps"; then
  mv "${jar[0]}" .
  close_home
  for setting in HEDDLE_BUILD=never HEDDLE_BUILD=; do
    user_runs threads "$setting"
    expect_code "$code" 2
    expect_text err "Heddle is not built in $home: you cannot write to $home, so have its owner run this once"
  done
  open_home
  HEDDLE_BUILD=never owner_runs threads
  expect_code "$code" 2
  expect_text err "Heddle is not built in $home: run it without HEDDLE_BUILD=never"
  # A Maven that only makes the jar.
  mkdir -p maven
  printf '#!/bin/sh\ncp "%s" "%s"\n' "$PWD/${jar[0]##*/}" "${jar[0]}" >maven/mvn && chmod +x maven/mvn
  PATH=$PWD/maven:$PATH owner_runs threads
  expect_done
  close_home
  user_runs threads
  expect_done
  open_home
  end
fi

# remedy NAME WORDS BAD... -- GOOD...: BAD is refused with the WORDS, and GOOD, which they advise, runs.
remedy() {
  local name=$1 words=$2 bad=()
  shift 2
  begin "remedy: $name" || return 0
  while [[ $1 != -- ]]; do bad+=("$1") && shift; done
  shift
  timeout -k 5 90 "${bad[@]}" >out 2>err </dev/null
  expect_code $? 2
  expect_text err "$words"
  timeout -k 5 90 "$@" >out 2>err </dev/null
  expect_code $? 0
  expect_text out "got 5"
  end
}
one=(--tiny -cp program One)
"$jdk/bin/jar" --create --file plain.jar -C program One.class
mkdir closed && touch closed/heddle-runs
remedy "leave out --mpi to run on threads" "add -n N, or leave out --mpi" "$heddle" run --mpi openmpi "${one[@]}" -- "$heddle" run "${one[@]}"
remedy "say -cp and the class of a jar without Main-Class" "say -cp plain.jar and the class's name" \
  "$heddle" run plain.jar -- "$heddle" run -cp plain.jar One
remedy "name the class's folder with -cp" "name its folder or jar with -cp" "$heddle" run One -- "$heddle" run "${one[@]}"
remedy "unset HEDDLE_JAVA_HOME" "unset it to use the JDK that is found" env HEDDLE_JAVA_HOME=/nowhere "$heddle" run "${one[@]}" -- \
  env -u HEDDLE_JAVA_HOME JAVA_HOME="$jdk" "$heddle" run "${one[@]}"
remedy "leave out HEDDLE_BUILD" "leave it out to build what is out of date" env HEDDLE_BUILD=no "$heddle" run "${one[@]}" -- "$heddle" run "${one[@]}"
remedy "options of the program after its name" "options of the program stand after its name" \
  "$heddle" run --reads 5 "${one[@]}" -- "$heddle" run "${one[@]}" --reads 5
remedy "reach a jar with a colon by a link" "reach it by a link without one" \
  "$heddle" run a:b.jar -- bash -c "ln -sf '$PWD/plain.jar' link.jar && exec '$heddle' run -cp link.jar One"
for way in "${ways[@]:1}"; do
  # shellcheck disable=SC2206 # several words
  ranks=(${way_options[$way]})
  remedy "add -n N: $way" "add -n N" "$heddle" run --mpi "$way" "${one[@]}" -- "$heddle" run "${ranks[@]}" "${one[@]}"
  remedy "choose an MPI: $way" "choose one with --mpi" "$heddle" run -n 2 "${one[@]}" -- "$heddle" run "${ranks[@]}" "${one[@]}"
  remedy "choose a run directory where none can be made: $way" "choose one with HEDDLE_RUN_DIR" \
    env -C closed "$heddle" run "${ranks[@]}" --tiny -cp ../program One -- \
    env -C closed HEDDLE_RUN_DIR="$PWD/elsewhere" "$heddle" run "${ranks[@]}" --tiny -cp ../program One
  remedy "choose another run directory: $way" "choose another with HEDDLE_RUN_DIR" \
    env HEDDLE_RUN_DIR=/proc/x "$heddle" run "${ranks[@]}" "${one[@]}" -- env HEDDLE_RUN_DIR=other "$heddle" run "${ranks[@]}" "${one[@]}"
  remedy "set TMPDIR: $way" "set TMPDIR to a folder that can be written" \
    env TMPDIR=/proc/x "$heddle" run "${ranks[@]}" "${one[@]}" -- env TMPDIR="$PWD/mine" "$heddle" run "${ranks[@]}" "${one[@]}"
done

summary
