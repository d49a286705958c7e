#!/bin/bash
# Tests of `heddle run` where something else has started it: srun, another launcher, a task of another run,
# a shell loop, a terminal. Needs a JDK and Heddle's jars (`heddle run` has built them). Prints "ok NAME",
# "FAILED NAME" or "skipped NAME" per test. tests/slurm.sh has what only a real Slurm shows.
#
#   tests/surroundings.sh [PATTERN]    all tests, or those whose name matches
set -u
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
heddle=${here%/*}/heddle
# shellcheck source=tests/check.sh
. "$here/check.sh" "${1-}"

# Nothing of the caller's settings may change the outcome.
for name in $(compgen -e | grep -E '^(HEDDLE|SLURM|PMI|PMIX)_'); do
  [[ $name == HEDDLE_JAVA_HOME ]] || unset "$name"
done
unset OMPI_COMM_WORLD_SIZE OMPI_COMM_WORLD_RANK
export HEDDLE_BUILD=never OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
# shellcheck source=libexec/heddle-common.sh
. "${here%/*}/libexec/heddle-common.sh"
need_jdk
export HEDDLE_JAVA_HOME=$jdk

mkdir program
cat >Probe.java <<'END'
import dev.heddle.*;
import java.io.File;
import java.util.Arrays;
import java.util.List;
import java.util.Scanner;

public final class Probe {
  // Before the run, as programs do it.
  static final Scanner IN = new Scanner(System.in);

  static int square(int n) {
    return n * n;
  }

  /// What a program of a task's own says, and how it ends.
  static String call(List<String> command) throws Exception {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).redirectInput(new File("/dev/null")).start();
    String text = new String(process.getInputStream().readAllBytes());
    return text + "inner exit code " + process.waitFor();
  }

  static int crash() {
    System.out.print("about to crash ");
    System.out.flush();
    Runtime.getRuntime().halt(9);
    return 0;
  }

  static int forever() throws InterruptedException {
    Thread.sleep(Long.MAX_VALUE);
    return 0;
  }

  public static void main(String[] args) {
    Heddle.run(args, heddle -> {
      switch (args[0]) {
        case "square" -> System.out.println("{square " + heddle.submit(Probe::square, 7).get() + "}");
        case "exit" -> System.exit(Integer.parseInt(args[1]));
        case "call" ->
            System.out.println(
                heddle.submit(Probe::call, List.copyOf(Arrays.asList(args).subList(1, args.length))).get());
        case "read" -> {
          for (int i = Integer.parseInt(args[1]); i > 0; i--) {
            System.out.println("{read " + (IN.hasNextLine() ? IN.nextLine() : "nothing") + "}");
          }
        }
        case "pipe" -> {
          // it reads what the body writes to it, and nothing of ours
          Process cat = new ProcessBuilder("cat").start();
          // six looks of ours: that nothing is taken can't be waited for
          Thread.sleep(3_000);
          cat.getOutputStream().close();
          System.out.println("{pipe " + cat.waitFor() + "}");
        }
        case "cat" -> new ProcessBuilder("cat").inheritIO().start().waitFor();
        case "crash" -> System.out.println(heddle.submit(Probe::crash).get());
        case "forever" -> heddle.submit(Probe::forever);
        default -> throw new IllegalArgumentException(args[0]);
      }
    });
  }
}
END
"$jdk/bin/javac" -cp "${here%/*}/java-api/target/*" -d program Probe.java || exit 1
# What starts a program without `heddle`.
plain_java=("$jdk/bin/java" -Xmx64m -cp
  "$PWD/program:${here%/*}/java-api/target/*:${here%/*}/mpi-executor/target/*:${here%/*}/mpi-executor/target/lib/*")

declare -A launch=() other=([openmpi]=mpich [mpich]=openmpi)
mpis=()
for name in openmpi mpich; do
  if find_launcher "$name"; then
    launch[$name]=$launcher
    mpis+=("$name")
  else
    skipped "everything under $name: it is not installed"
  fi
done

# limited COMMAND...: output in `out` and `err`, the exit code in `code`.
limited() {
  timeout -k 5 90 "$@" >out 2>err
  code=$?
}

# one_sentence CODE TEXT: of all processes together one says why not, and nothing else is done.
one_sentence() {
  expect_code "$code" "$1"
  [[ $(grep -c '^heddle: ' err) -eq 1 ]] || problem "not one sentence: $(<err)"
  expect_text err "$2"
  [[ ! -s out ]] || problem "it ran: $(<out)"
}

# once TEXT: one program has said it, not as many as there are ranks.
once() {
  [[ $(grep -cF -- "$1" out) -eq 1 ]] || problem "'$1' is not once in: $(<out) $(<err)"
}

# ---- srun ----

# as_srun COUNT VARIABLES... -- COMMAND...: as many processes as srun would start, with the variables of a step,
# in which RANK stands for the number of the process; the highest exit code, as srun's.
as_srun() {
  local count=$1 words=() rank child children=() status
  shift
  while [[ $1 != -- ]]; do words+=("$1") && shift; done
  shift
  code=0
  : >out
  : >err
  for ((rank = 0; rank < count; rank++)); do
    env SLURM_JOB_ID=4711 SLURM_STEP_ID=0 SLURM_STEP_NUM_TASKS="$count" SLURM_PROCID="$rank" SLURM_LOCALID="$rank" \
      ${words[@]+"${words[@]//RANK=RANK/RANK=$rank}"} timeout -k 5 90 "$@" >>out 2>>err </dev/null &
    children+=($!)
  done
  for child in "${children[@]}"; do
    wait "$child"
    status=$?
    ((status <= code)) || code=$status
  done
}

if begin "srun without a plug-in: one sentence in place of four programs"; then
  as_srun 4 -- "$heddle" run -cp program Probe square
  one_sentence 2 "srun has started 4 processes that can't find each other"
  end
fi
if begin "srun without a plug-in: one sentence in place of four launchers"; then
  as_srun 4 -- "$heddle" run --mpi openmpi -n 4 -cp program Probe square
  one_sentence 2 "leave srun out"
  end
fi
if begin "srun without a plug-in: java itself refuses too"; then
  as_srun 2 -- "${plain_java[@]}" Probe square
  expect_code "$code" 1
  expect_text err "srun has started 2 processes that can't find each other"
  [[ ! -s out ]] || problem "it ran: $(<out)"
  end
fi
if begin "srun: the remedy for programs of their own works"; then
  as_srun 2 -- env -u SLURM_STEP_NUM_TASKS "$heddle" run --tiny -cp program Probe square
  expect_code "$code" 0
  [[ $(grep -c '{square 49}' out) -eq 2 ]] || problem "$(<out) $(<err)"
  end
fi
if begin "srun: one process is a program of its own, with a plug-in too"; then
  as_srun 1 PMI_RANK=0 PMI_SIZE=1 PMI_FD=9 -- "$heddle" run --tiny -cp program Probe square
  expect_code "$code" 0
  once '{square 49}'
  expect_text err 'mpi=none'
  end
fi
if begin "srun --mpi=pmi2: another MPI is one sentence"; then
  as_srun 4 PMI_RANK=RANK PMI_SIZE=4 -- "$heddle" run --mpi openmpi -n 4 -cp program Probe square
  one_sentence 2 "--mpi is openmpi, but this process was started as a rank of mpich by srun --mpi=pmi2"
  HEDDLE_MPI=openmpi as_srun 4 PMI_RANK=RANK PMI_SIZE=4 -- "$heddle" run -cp program Probe square
  one_sentence 2 "HEDDLE_MPI is openmpi"
  end
fi
if begin "srun --mpi=pmix: another MPI is one sentence"; then
  as_srun 4 PMIX_RANK=RANK -- "$heddle" run --mpi mpich -n 4 -cp program Probe square
  one_sentence 2 "--mpi is mpich, but this process was started as a rank of openmpi by srun --mpi=pmix"
  end
fi
if begin "srun: another number of ranks is one sentence"; then
  as_srun 4 PMI_RANK=RANK PMI_SIZE=4 -- "$heddle" run -n 8 -cp program Probe square
  one_sentence 2 "-n is 8, but this process is one of 4 ranks"
  end
fi
if begin "srun: a bad option is one sentence"; then
  as_srun 4 PMI_RANK=RANK PMI_SIZE=4 -- "$heddle" run --fanout 1 -cp program Probe square
  one_sentence 2 "--fanout=1"
  end
fi

# ---- launchers that the user starts ----

for mpi in ${mpis[@]+"${mpis[@]}"}; do
  own=("${launch[$mpi]}" -n 3)
  [[ $mpi == mpich ]] || own+=(--oversubscribe --bind-to none)
  if begin "the user's own launcher makes one program of three ranks: $mpi"; then
    limited "${own[@]}" "$heddle" run --mpi "$mpi" -n 3 --tiny -cp program Probe square </dev/null
    expect_code "$code" 0
    once '{square 49}'
    expect_text err 'tree: ranks=3'
    end
  fi
  if begin "the user's own launcher hears that the program failed, with a run folder too: $mpi"; then
    # Of the ranks' codes one launcher takes the first that is not 0, another puts their bits together.
    HEDDLE_RUN_DIR=$PWD/own-$mpi limited "${own[@]}" "$heddle" run --tiny -cp program Probe exit 7 </dev/null
    [[ $code -ne 0 && $code -lt 124 ]] || problem "exit code $code: $(<err)"
    end
  fi
  if begin "the user's own launcher of another MPI is one sentence: $mpi"; then
    limited "${own[@]}" "$heddle" run --mpi "${other[$mpi]}" -cp program Probe square </dev/null
    one_sentence 2 "this process was started as a rank of $mpi"
    end
  fi
done

# ---- programs that tasks start ----

for mpi in ${mpis[@]+"${mpis[@]}"}; do
  if begin "a task starts heddle run, a program of its own: $mpi"; then
    limited "$heddle" run --mpi "$mpi" -n 2 --tiny -cp program Probe call \
      "$heddle" run --tiny -cp "$PWD/program" Probe square </dev/null
    expect_code "$code" 0
    once '{square 49}'
    once 'inner exit code 0'
    once 'mpi=none'
    end
  fi
  if begin "a task starts heddle run with two ranks, a program of its own: $mpi"; then
    limited "$heddle" run --mpi "$mpi" -n 2 --tiny -cp program Probe call \
      "$heddle" run --mpi "$mpi" -n 2 --tiny -cp "$PWD/program" Probe square </dev/null
    expect_code "$code" 0
    once '{square 49}'
    once 'inner exit code 0'
    once "mpi=$mpi"
    end
  fi
  if begin "a task starts java with Heddle, a program of its own: $mpi"; then
    limited "$heddle" run --mpi "$mpi" -n 2 --tiny -cp program Probe call "${plain_java[@]}" Probe square </dev/null
    expect_code "$code" 0
    once '{square 49}'
    once 'inner exit code 0'
    end
  fi
done

# ---- input ----

for way in threads ${mpis[@]+"${mpis[@]}"}; do
  options=()
  [[ $way == threads ]] || options=(--mpi "$way" -n 2)
  run=("$heddle" run ${options[@]+"${options[@]}"} --tiny -cp program Probe)
  if begin "a shell loop keeps its input where the program reads none: $way"; then
    printf 'one\ntwo\nthree\n' | while read -r line; do
      printf '{line %s}\n' "$line"
      timeout -k 5 90 "${run[@]}" square
    done >out 2>err
    [[ $(grep -c '^{line' out) -eq 3 && $(grep -c '^{square 49}' out) -eq 3 ]] || problem "$(<out) $(<err)"
    end
  fi
  if begin "input reaches the body, and its end too: $way"; then
    printf 'one\ntwo\n' >lines
    limited "${run[@]}" read 3 < <(cat lines)
    expect_code "$code" 0
    expect_text out '{read one}'
    expect_text out '{read two}'
    expect_text out '{read nothing}'
    end
  fi
  if begin "a program with input of its own takes none of a shell loop's: $way"; then
    printf 'one\ntwo\nthree\n' >lines
    while read -r line; do
      limited "${run[@]}" pipe
      printf '%s %s\n' "$line" "$code"
    done <lines >seen
    [[ $(<seen) == $'one 0\ntwo 0\nthree 0' ]] || problem "$(<seen)"
    end
  fi
  if begin "input reaches a program that the body starts: $way"; then
    printf 'one\ntwo\n' >lines
    limited "${run[@]}" cat < <(cat lines)
    expect_code "$code" 0
    [[ $(grep -cxE 'one|two' out) -eq 2 ]] || problem "$(<out) $(<err)"
    end
  fi
  if begin "no input is an end of input: $way"; then
    limited "${run[@]}" read 1 </dev/null
    expect_code "$code" 0
    expect_text out '{read nothing}'
    if [[ $way != threads ]]; then
      limited "${run[@]}" read 1 <&-
      expect_code "$code" 0
      expect_text out '{read nothing}'
    fi
    end
  fi
  if begin "what is typed at a terminal reaches the body: $way"; then
    # The end of what script reads is the end of its terminal: it stays open until the answer is there.
    : >typed
    printf -v words '%q ' "${run[@]}" read 1
    # shellcheck disable=SC2094 # it waits for what is written there
    {
      printf 'typed\n'
      for ((i = 0; i < 800; i++)); do
        grep -q '{read' typed && break
        sleep 0.1
      done
    } | timeout -k 5 90 script -qefc "$words" /dev/null >typed 2>err
    expect_code "${PIPESTATUS[1]}" 0
    expect_text typed '{read typed}'
    end
  fi
done

# ---- what tasks say ----

for mpi in ${mpis[@]+"${mpis[@]}"}; do
  if begin "half a line that was flushed survives the crash of its rank: $mpi"; then
    limited "$heddle" run --mpi "$mpi" -n 2 --liveness 2s --tiny -cp program Probe crash </dev/null
    expect_code "$code" 1
    expect_text out '[rank 1 task 1] about to crash '
    end
  fi
  if begin "a run that waits for a task without end says which: $mpi"; then
    timeout -k 5 90 "$heddle" run --mpi "$mpi" -n 2 --tiny -cp program Probe forever >out 2>err </dev/null &
    child=$!
    for ((i = 0; i < 600; i++)); do
      grep -q 'waits for' err && break
      sleep 0.1
    done
    expect_text err 'the run waits for 1 task: 1 (Probe.forever) on rank 1'
    kill -TERM "$child"
    wait "$child"
    expect_code $? 143
    end
  fi
done

summary
