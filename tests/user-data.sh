#!/bin/bash
# Tests of what is the user's: arguments, class path, folders, environment, run folders and signals reach
# the program, or leave it alone, whatever they are and whatever starts the ranks. Needs Heddle and its
# native part built. Prints "ok NAME" or "FAILED NAME" per test.
#
#   tests/user-data.sh [PATTERN]    all tests, or those whose name matches
set -u
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
home=${here%/*} heddle=${here%/*}/heddle
# shellcheck source=tests/check.sh
. "$here/check.sh" "${1-}"
for name in $(compgen -e | grep '^HEDDLE_'); do
  [[ $name == HEDDLE_JAVA_HOME ]] || unset "$name"
done
unset OMPI_COMM_WORLD_SIZE PMI_RANK PMIX_RANK
export HEDDLE_BUILD=never
# shellcheck source=libexec/heddle-common.sh
. "$home/libexec/heddle-common.sh"
need_jdk
export HEDDLE_JAVA_HOME=$jdk

cat >Own.java <<'END_JAVA'
import dev.heddle.Heddle;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

public final class Own {
  static int twice(int n) {
    System.out.println("in the task");
    return 2 * n;
  }

  /// To the file, since a terminal's or a launcher's encoding is another matter.
  static void write(String file, String... words) throws Exception {
    var bytes = new ByteArrayOutputStream();
    for (String word : words) {
      bytes.write(word.getBytes(StandardCharsets.UTF_8));
      bytes.write(0);
    }
    Path draft = Path.of(file + ".draft");
    Files.write(draft, bytes.toByteArray());
    Files.move(draft, Path.of(file));
  }

  public static void main(String[] arguments) throws Exception {
    if (arguments[0].equals("handle")) {
      sun.misc.Signal.handle(
          new sun.misc.Signal(arguments[3]), signal -> wroteOnce(arguments[4], signal.getName()));
    }
    boolean isFirst =
        Heddle.run(
            arguments,
            heddle -> {
              int result = heddle.submit(Own::twice, 21).get();
              switch (arguments[0]) {
                case "arguments" -> {
                  write(arguments[1], java.util.Arrays.copyOfRange(arguments, 2, arguments.length));
                }
                case "environment" -> {
                  String[] values = new String[arguments.length - 2];
                  for (int i = 0; i < values.length; i++) {
                    values[i] = String.valueOf(System.getenv(arguments[i + 2]));
                  }
                  write(arguments[1], values);
                }
                // Until the file is there.
                case "wait", "handle" -> {
                  write(arguments[1]);
                  for (int i = 0; i < 600 && !Files.exists(Path.of(arguments[2])); i++) {
                    Thread.sleep(100);
                  }
                }
                default -> {}
              }
              System.out.println("got " + result);
            });
    if (!isFirst && arguments[0].equals("arguments")) {
      System.err.println("another rank has " + arguments.length + " arguments");
    }
  }

  private static void wroteOnce(String file, String word) {
    try {
      write(file, word);
    } catch (Exception e) {
      System.err.println("the second time: " + e);
    }
  }
}
END_JAVA
mkdir program
"$jdk/bin/javac" -nowarn -cp "$home/java-api/target/*" -d program Own.java 2>javac.log || { cat javac.log && exit 1; }

declare -A way_options=([threads]='' [openmpi]='--mpi openmpi -n 2' [mpich]='--mpi mpich -n 2')
ways=(threads)
for name in openmpi mpich; do
  if find_launcher "$name"; then ways+=("$name"); else skipped "everything under $name: it is not installed"; fi
done

# run_way WAY OPTIONS... MAIN ARGS: output in `out` and `err`, the code in `code`.
run_way() {
  local way=$1
  shift
  # shellcheck disable=SC2086 # several words
  timeout -k 5 120 "$heddle" run ${way_options[$way]} --tiny "$@" >out 2>err </dev/null
  code=$?
}

expect_done() {
  expect_code "$code" 0
  [[ $(grep -c '^got 42$' out) -eq 1 ]] || problem "$(<out) $(<err)"
}

# ---- arguments, class path, environment, folders ----

huge=$(printf '%0100000d' 7)
# shellcheck disable=SC2016,SC1003 # as they stand
odd=(: touch made-by-argument '' ' ' $'two\nlines' -n 3 -x PATH -genv -- --mca @here '*' '?' '[a-z]' '~' '$(touch made-by-argument)'
  '`touch made-by-argument`' '\' 'back\slash' '"' "it's" ';' '|' '&&' '%s' '{}' a=b '#' '!' $'\t' größe 'three  blanks' "$huge" :)
for way in "${ways[@]}"; do
  if begin "arguments arrive whatever they are: $way"; then
    run_way "$way" -cp program Own arguments written "${odd[@]}"
    expect_done
    printf '%s\0' "${odd[@]}" >wanted
    cmp -s wanted written || problem "they are others: $(tr '\0' '|' <written | head -c 600)"
    [[ ! -e made-by-argument ]] || problem "an argument was executed"
    [[ $way == threads ]] || expect_text err "another rank has $((${#odd[@]} + 2)) arguments"
    rm -f written made-by-argument
    end
  fi
  if begin "arguments that are not in ASCII arrive under the C locale: $way"; then
    LC_ALL=C run_way "$way" -cp program Own arguments 'größe' $'\u4e16 \U1f600'
    expect_done
    printf '%s\0' $'\u4e16 \U1f600' >wanted
    cmp -s wanted größe || problem "they are others: $(ls) $(od -c größe | head)"
    rm -f größe
    end
  fi
  if begin "the environment arrives whatever it is: $way"; then
    (
      export ODD_A=$'two\nlines' ODD_B="quote'\"s" ODD_C='a:b;c=d,e' ODD_D='' ODD_E="\$(touch made-by-argument) \\" ODD_F=größe \
        ODD_G="${huge:0:60000}" HEDDLE_TEST_ODD=$'a;b\n"c" = d:'
      run_way "$way" -cp program Own environment written ODD_{A,B,C,D,E,F,G} HEDDLE_TEST_ODD
      printf '%s\0' "$ODD_A" "$ODD_B" "$ODD_C" "$ODD_D" "$ODD_E" "$ODD_F" "$ODD_G" "$HEDDLE_TEST_ODD" >wanted
      exit "$code"
    )
    code=$?
    expect_done
    cmp -s wanted written || problem "it is another: $(tr '\0' '|' <written | head -c 600)"
    rm -f written
    end
  fi
  if begin "a class path of 1,500 jars: $way"; then
    if [[ ! -d lib ]]; then
      mkdir lib && "$jdk/bin/jar" --create --file lib/one.jar -C program Own.class
      for ((number = 0; number < 1500; number++)); do
        ln lib/one.jar "lib/a-library-with-a-name-as-long-as-those-in-repositories-of-artifacts-are-$number.jar"
      done
      rm lib/one.jar
    fi
    run_way "$way" -cp 'lib/*' Own arguments written "$huge"
    expect_done
    printf '%s\0' "$huge" >wanted
    cmp -s wanted written || problem "the arguments are others"
    rm -f written
    end
  fi
  folder=$'gr\u00f6\u00dfe two:words \'"*[a]?%41#a=b;& $(touch x)\n.'
  for locale in C.UTF-8 C; do
    if begin "a folder whatever its name, in locale $locale: $way"; then
      rm -rf "$folder" && mkdir -p "$folder/tmp" && cp -r program "$folder/pro gram"
      (
        cd "./$folder" || exit 1
        LC_ALL=$locale TMPDIR=$PWD/tmp run_way "$way" -cp 'pro gram' Own arguments "$PWD/written" "$PWD"
        printf '%s\0' "$PWD" >wanted
        exit "$code"
      )
      code=$?
      cp "$folder/out" "$folder/err" .
      expect_done
      cmp -s "$folder/wanted" "$folder/written" || problem "its name is another: $(od -c "$folder/written")"
      [[ $way == threads ]] || [[ $(<"$folder/heddle-runs/001/exit") == $'0\t'*$'\nrun '* ]] || problem "no verdict in its run directory"
      [[ -z $(ls -A "$folder/tmp") ]] || problem "left: $(ls -A "$folder/tmp")"
      end
    fi
  done
  if begin "Heddle itself in a folder whatever its name: $way"; then
    folder=$PWD/$'gr\u00f6\u00dfe \'"[a]?%41#b=c $(touch x)'
    if [[ ! -d $folder ]]; then
      mkdir -p "$folder"/{mpi-executor,native/build}
      cp -r "$home"/{heddle,libexec,pom.xml} "$folder/"
      cp -r "$home/mpi-executor/target" "$folder/mpi-executor/" && cp -r "$home/native/build/lib" "$folder/native/build/"
    fi
    heddle=$folder/heddle run_way "$way" -cp program Own x
    expect_done
    end
  fi
done
if begin "a colon in Heddle's folder or a jar's name is refused"; then
  mkdir -p a:b && cp -r "$home"/{heddle,libexec,pom.xml} a:b/
  heddle=a:b/heddle run_way threads -cp program Own x
  expect_code "$code" 2
  expect_text err "has a colon in its name"
  : >c:d.jar
  run_way threads c:d.jar x
  expect_code "$code" 2
  expect_text err "c:d.jar has a colon in its name"
  end
fi
if [[ " ${ways[*]} " == *" openmpi "* ]] && begin "a launcher whose path has an equals sign"; then
  find_launcher openmpi
  mkdir -p mpi=4 && ln -sf "$launcher" mpi=4/mpirun
  PATH=$PWD/mpi=4:$PATH HEDDLE_MPI_DIR='' run_way openmpi -cp program Own x
  expect_done
  end
fi
if begin "a jar whose name unzip would take for a pattern"; then
  "$jdk/bin/jar" --create --file 'pro[g]*.jar' --main-class Own -C program Own.class
  printf 'no archive' >'prog and more.jar'
  run_way threads 'pro[g]*.jar' x
  expect_done
  end
fi

# ---- a run's folder ----

# start_waiting WAY: a run in the background that ends when the file `go` is there; its pid in `waiting`.
start_waiting() {
  local way=$1 tries
  shift
  rm -f up go
  set -m
  # shellcheck disable=SC2086 # several words
  timeout -k 5 150 "$heddle" run ${way_options[$way]} --tiny -cp program Own "$@" >first-out 2>first-err </dev/null &
  waiting=$!
  set +m
  for ((tries = 0; tries < 900; tries++)); do
    [[ ! -e up ]] || return 0
    kill -0 "$waiting" 2>/dev/null || break
    nap 0.1
  done
  problem "the run did not start: $(<first-err)"
}

# It must not have ended before, and end well now.
end_waiting() {
  kill -0 "$waiting" 2>/dev/null || problem "it ended before: $(<first-err)"
  touch go
  wait "$waiting"
  expect_code $? 0
  expect_text first-out "got 42"
}

for way in "${ways[@]}"; do
  if begin "a run directory in use is refused, naming its run: $way"; then
    rm -rf shared
    HEDDLE_RUN_DIR=shared start_waiting "$way" wait up go
    read -r token _ <shared/heddle.run
    for other in "${ways[@]}"; do
      HEDDLE_RUN_DIR=$PWD/shared run_way "$other" -cp program Own x
      expect_code "$code" 2
      expect_text err "shared is in use by run $token"
      [[ ! -s out ]] || problem "$other: it was started"
    done
    end_waiting
    # And it is free again.
    HEDDLE_RUN_DIR=shared run_way "$way" -cp program Own x
    expect_done
    end
  fi
  if begin "the user's own files in a run directory stay: $way"; then
    rm -rf shared && mkdir shared && touch shared/{input.csv,input.,stop.words,signal.dat,exit.txt,stop.0123456789ab.x}
    printf 'x' >shared/stop.000000000000.INT
    HEDDLE_RUN_DIR=shared run_way "$way" -cp program Own x
    expect_done
    for name in input.csv input. stop.words signal.dat exit.txt stop.0123456789ab.x; do
      [[ -e shared/$name ]] || problem "$name is gone"
    done
    [[ ! -e shared/stop.000000000000.INT ]] || problem "a note of another run stays"
    end
  fi
  if begin "logs carry the run's token: $way"; then
    rm -rf shared
    for _ in 1 2; do
      HEDDLE_RUN_DIR=shared HEDDLE_TASK_OUTPUT=files run_way "$way" -cp program Own x
      expect_done
    done
    grep -L 'in the task' shared/logs/* | grep . && problem "no log: $(ls -R shared)"
    [[ $(find shared/logs -type f | sed -nE 's/.*\.([0-9a-f]{12})\.out$/\1/p' | sort -u | wc -l) -eq 2 ]] || problem "$(ls shared/logs)"
    [[ $(find shared/logs -type f | wc -l) -eq 2 ]] || problem "$(ls shared/logs)"
    end
  fi
  [[ $way != threads ]] || continue
  if begin "a verdict and a stop that are another run's do nothing: $way"; then
    rm -rf shared
    HEDDLE_RUN_DIR=shared start_waiting "$way" wait up go
    printf '0\tdone\nrun 000000000000\n' >shared/exit
    nap 2
    printf '3\tan old one\n' >shared/exit
    printf 'INT\n' | tee shared/stop >shared/stop.000000000000.INT
    nap 2
    end_waiting
    [[ $(<shared/exit) == $'0\t'*$'\nrun '"$(cut -f 1 shared/heddle.run)" ]] || problem "$(<shared/exit)"
    end
  fi
done
if [[ ${#ways[@]} -gt 1 ]]; then
  way=${ways[1]}
  if begin "a run directory of another host is refused until its verdict is there"; then
    rm -rf shared && mkdir shared
    printf '00000000000a\tanother-host\t77\t2026-01-01\n' >shared/heddle.run
    HEDDLE_RUN_DIR=shared run_way "$way" -cp program Own x
    expect_code "$code" 2
    expect_text err "in use by run 00000000000a, which process 77 on another-host began"
    printf '1\tlost\nrun 00000000000a\n' >shared/exit
    HEDDLE_RUN_DIR=shared run_way "$way" -cp program Own x
    expect_done
    # The sentence's remedy.
    printf '00000000000b\tanother-host\t77\t2026-01-01\n' >shared/heddle.run
    rm shared/heddle.run
    HEDDLE_RUN_DIR=shared run_way "$way" -cp program Own x
    expect_done
    end
  fi
  if begin "the run directory of a run that was killed is free"; then
    rm -rf shared
    HEDDLE_RUN_DIR=shared start_waiting "$way" wait up go
    kill -KILL "$(pgrep -P "$waiting" -f 'heddle run')" 2>/dev/null || problem "nothing to kill"
    wait "$waiting" 2>/dev/null
    # Its ranks end by themselves, which takes a moment.
    for ((tries = 0; tries < 20; tries++)); do
      HEDDLE_RUN_DIR=shared run_way "$way" -cp program Own x
      [[ $code -eq 2 ]] || break
    done
    expect_done
    end
  fi
  if begin "a rank that does not see the run directory says so"; then
    HEDDLE_RUN_DIR=$PWD/nowhere HEDDLE_RUN_TOKEN=0 PMI_RANK=1 timeout 60 "$heddle" rank >out 2>err
    expect_code $? 1
    expect_text err "cannot read $PWD/nowhere/heddle.program: put the run's folder where all hosts see it"
    end
  fi
fi

# ---- signals that are the user's ----

for way in "${ways[@]}"; do
  if begin "SIGUSR1 and SIGUSR2 do no harm: $way"; then
    start_waiting "$way" wait up go
    run=$(pgrep -P "$waiting" -f 'heddle run|Own')
    # To heddle, to the launcher, and to everything of this run at once, as schedulers do.
    processes=("$run")
    for process in $(pgrep -P "$run"); do processes+=("$process"); done
    token=$(tr '\0' '\n' <"/proc/${processes[-1]}/environ" | sed -n 's/^HEDDLE_RUN_TOKEN=//p')
    for signal in USR1 USR2; do
      for process in "${processes[@]}"; do
        kill -s "$signal" "$process" || problem "$process is gone"
        nap 1
      done
      while IFS= read -r file; do
        file=${file#/proc/}
        kill -s "$signal" "${file%/environ}" 2>/dev/null
      done < <([[ -z $token ]] || grep -lszx "HEDDLE_RUN_TOKEN=$token" /proc/[0-9]*/environ)
      nap 1
    done
    end_waiting
    [[ $(<first-out) == "got 42" || $(<first-out) == *$'in the task\ngot 42' ]] || problem "said: $(<first-out)"
    end
  fi
  for signal in USR1 USR2; do
    if begin "a program may handle SIG$signal: $way"; then
      rm -f handled
      start_waiting "$way" handle up go "$signal" handled
      kill -s "$signal" "$(pgrep -P "$waiting" -f 'heddle run|Own')"
      for ((tries = 0; tries < 100; tries++)); do
        [[ ! -e handled ]] || break
        nap 0.1
      done
      [[ -e handled ]] || problem "it was not told"
      end_waiting
      end
    fi
  done
done

summary
