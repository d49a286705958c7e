#!/bin/bash
# Tests of the command `heddle`, from outside: what a shell user sees. Needs a JDK, both MPIs and Heddle
# built, though it runs a small Java program of its own. Prints "ok NAME" or "FAILED NAME" per test.
#
#   tests/launcher.sh [PATTERN]    all tests, or those whose name matches
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
export HEDDLE_BUILD=never
export HEDDLE_TEST_MARK=launcher-test-$$

# shellcheck source=libexec/heddle-common.sh
. "${here%/*}/libexec/heddle-common.sh"
need_jdk
export HEDDLE_JAVA_HOME=$jdk
mkdir program
cat >Probe.java <<'END'
import java.io.FileOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

public final class Probe {
  static int rank() {
    for (String name : new String[] {"OMPI_COMM_WORLD_RANK", "PMI_RANK"}) {
      String text = System.getenv(name);
      if (text != null) return Integer.parseInt(text);
    }
    return 0;
  }

  static void markStarted() throws Exception {
    String descriptor = System.getenv("HEDDLE_STARTED_FD");
    if (descriptor == null) return;
    try (var out = new FileOutputStream("/proc/self/fd/" + descriptor)) {
      out.write(1);
    }
  }

  static void killMyself() throws Exception {
    new ProcessBuilder("kill", "-9", "" + ProcessHandle.current().pid()).start().waitFor();
    Thread.sleep(60_000);
  }

  public static void main(String[] arguments) throws Exception {
    int rank = rank();
    String what = arguments[0];
    if (!what.startsWith("before-start")) markStarted();
    switch (what) {
      case "arguments" -> {
        for (String argument : arguments) System.out.println("[" + argument + "]");
      }
      // Which of these classes, of libraries and modules, are there?
      case "classes" -> {
        StringBuilder found = new StringBuilder();
        for (int i = 1; i < arguments.length; i++) {
          try {
            Class.forName(arguments[i], false, Probe.class.getClassLoader());
            found.append(' ').append(arguments[i]);
          } catch (ClassNotFoundException absent) {
            // as it should be
          }
        }
        String path = System.getProperty("java.class.path") + ":" + System.getProperty("jdk.module.path", "");
        System.out.println(rank + " found:" + found + "\n" + rank + " path: " + path);
      }
      case "environment" -> System.out.println(arguments[1] + "=" + System.getenv(arguments[1]));
      case "heap" -> System.out.println(rank + " heap=" + Runtime.getRuntime().maxMemory() / 1048576);
      case "exit" -> {
        if (rank == 0) System.exit(Integer.parseInt(arguments[1]));
      }
      case "throw" -> {
        if (rank == 0) throw new IllegalStateException("planned");
      }
      case "verdict" -> {
        if (rank == 0) {
          Path draft = Path.of(System.getenv("HEDDLE_RUN_DIR"), "exit.draft");
          String mark = "run " + System.getenv("HEDDLE_RUN_TOKEN") + "\n";
          Files.writeString(draft, "1\tplanned reason\n" + mark);
          Files.move(draft, draft.resolveSibling("exit"));
          Runtime.getRuntime().halt(1);
        }
      }
      case "killed-0" -> {
        if (rank == 0) killMyself();
      }
      case "killed-1" -> {
        if (rank == 1) killMyself();
        // Rank 0 outlives the loss, and is the one to say how the run ends.
        if (rank == 0) {
          Thread.sleep(3_000);
          System.exit(5);
        }
      }
      case "before-start-1" -> {
        if (rank == 1) System.exit(4);
        Thread.sleep(120_000);
      }
      case "exit-late" -> {
        Thread.sleep(1_500);
        System.exit(Integer.parseInt(arguments[1]));
      }
      case "sleep" -> {
        Files.writeString(Path.of(arguments[1] + "." + rank), "up");
        Thread.sleep(120_000);
      }
      default -> System.out.println("ran " + what);
    }
  }
}
END
"$jdk/bin/javac" -d program Probe.java || exit 1

# ways: the options of each way to run. More ranks than cores would only be slower.
declare -A way_options=([threads]='' [openmpi]='--mpi openmpi -n 3' [mpich]='--mpi mpich -n 3')
ways=(threads)
for name in openmpi mpich; do
  if find_launcher "$name"; then ways+=("$name"); else skipped "everything under $name: it is not installed"; fi
done

# run_way WAY OPTIONS... -- ARGS: the probe, with output in `out` and `err` and the code in `code`.
run_way() {
  local way=$1
  shift
  # shellcheck disable=SC2086 # several words
  timeout -k 5 90 "$heddle" run ${way_options[$way]} --tiny -cp program "$@" >out 2>err </dev/null
  code=$?
}

# No process of these tests, and no file that was not there before.
nothing_left() {
  local file pid words
  while IFS= read -r file; do
    pid=${file#/proc/} pid=${pid%/environ}
    words=$({ tr '\0' ' ' <"/proc/$pid/cmdline"; } 2>/dev/null)
    [[ $words != *Probe* ]] || problem "process $pid is left: $words"
  done < <(grep -lszx "HEDDLE_TEST_MARK=$HEDDLE_TEST_MARK" /proc/[0-9]*/environ)
  for file in /dev/shm/* "${TMPDIR:-/tmp}"/{heddle-,ompi.,prte.,prterun,pmix}*; do
    [[ -e $file && $file -nt test-begun ]] || continue
    # Another run on this machine may be removing its own at this moment.
    local tries=0
    until [[ ! -e $file ]] || of_another_run "$file" || ((++tries > 30)); do sleep 0.1; done
    [[ ! -e $file ]] || of_another_run "$file" || problem "$file is left"
  done
}

# Others may run on this machine too: their folders have a process with their token, their shared
# memory one that maps it.
of_another_run() {
  case ${1##*/} in
    heddle-doctor-* | heddle-test-* | ompi.* | prte* | pmix*) return 0 ;;
    heddle-*) grep -qszx "HEDDLE_RUN_TOKEN=${1##*/heddle-}" /proc/[0-9]*/environ ;;
    *) grep -qsF "$1" /proc/[0-9]*/maps ;;
  esac
}

# ---- bad input: exit code 2, one sentence on stderr, nothing started ----

# refused NAME WORDS ARGS...: the sentence has the words.
as_user=()
refused() {
  local name=$1 words=$2
  shift 2
  begin "bad input: $name" || return 0
  rm -rf heddle-runs
  timeout 60 ${as_user[@]+"${as_user[@]}"} "$heddle" "$@" >out 2>err </dev/null
  expect_code $? 2
  [[ ! -s out ]] || problem "something on stdout: $(head -n 1 out)"
  [[ $(wc -l <err) -eq 1 && $(<err) == "heddle: "* ]] || problem "not one sentence: $(<err)"
  [[ $(<err) == *"$words"* ]] || problem "'$words' is not in: $(<err)"
  [[ ! -e heddle-runs ]] || problem "a run directory was made"
  end
}

refused "no command of that name" "no command 'dance'" dance
refused "no program" "no program named" run
refused "no program after options" "no program named" run -n 2 --mpi openmpi
refused "unknown option" "unknown option '--bogus'" run --bogus -cp program Probe x
refused "option without value" "--slots needs a value" run --slots
refused "-n 0" "-n is '0'" run --mpi openmpi -n 0 -cp program Probe x
refused "-n is no number" "-n is 'four'" run --mpi openmpi -n four -cp program Probe x
refused "-n is negative" "-n is '-3'" run --mpi openmpi -n -3 -cp program Probe x
refused "unknown MPI" "unknown MPI 'lam'" run --mpi lam -n 2 -cp program Probe x
refused "MPI without ranks" "add -n N" run --mpi openmpi -cp program Probe x
refused "both MPIs and no choice" "openmpi and mpich" run -n 2 -cp program Probe x
refused "fan-out 1" "--fanout=1 is out of range: 2 to 4096" run --fanout 1 -cp program Probe x
refused "slots out of range" "--slots=5000 is out of range: 0 to 4096" run --slots=5000 -cp program Probe x
HEDDLE_RANKS=x refused "a variable is called by its name" "HEDDLE_RANKS is 'x'" run --mpi openmpi -cp program Probe
refused "heap without number" "--heap is 'big'" run --heap big -cp program Probe x
refused "heap too small for java, on threads" "java refuses --heap 1k: Too small maximum heap" run --heap 1k -cp program Probe x
refused "heap beyond all memory" "java refuses --heap 100000000t: Invalid maximum heap size" run --mpi openmpi -n 2 --heap 100000000t -cp program Probe x
refused "worker heap too small for java" "java refuses --worker-heap 3k: Too small" run --mpi mpich -n 2 --worker-heap 3k -cp program Probe x
HEDDLE_HEAP=2k refused "heap too small, by its variable" "java refuses HEDDLE_HEAP=2k: Too small" run -cp program Probe x
for options in '' '--mpi openmpi -n 2' '--mpi mpich -n 2'; do
  # shellcheck disable=SC2086 # several words
  refused "no such flag of the JVM: ${options:-threads}" "java refuses --jvm-arg -XX:+NoSuchFlag: Unrecognized VM option 'NoSuchFlag'" \
    run $options --jvm-arg -XX:+NoSuchFlag -cp program Probe x
done
refused "JVM arguments at odds" "java refuses --jvm-arg -XX:+UseZGC --jvm-arg -XX:+UseG1GC: Multiple garbage" \
  run --jvm-arg -XX:+UseZGC --jvm-arg -XX:+UseG1GC -cp program Probe x
refused "a JVM argument that is none" "--jvm-arg is 'nodash', but an option of java begins with a dash" run --jvm-arg nodash -cp program Probe x
refused "a JVM argument that runs something else" "--jvm-arg '-version' has java do something else" run --jvm-arg -version -cp program Probe x
refused "a JVM argument for the class path" "--jvm-arg '-cp' would replace the class path" run --jvm-arg -cp --jvm-arg x -cp program Probe x
HEDDLE_TINY=maybe refused "HEDDLE_TINY is neither 1 nor 0" "HEDDLE_TINY is 'maybe'" run -cp program Probe x
refused "liveness without number" "--liveness=soon is not a duration" run --liveness soon -cp program Probe x
refused "no such class, on threads" "no class Prober" run -cp program Prober x
refused "no such class, under openmpi" "no class Prober" run --mpi openmpi -n 2 -cp program Prober x
refused "no such class, under mpich" "no class a.b.Prober" run --mpi mpich -n 2 -cp program a.b.Prober x
refused "not the name of a class" "neither a .jar nor an example" run -cp program ./Probe.java
refused "class path that does not exist" "does not exist" run -cp nowhere Probe x
refused "no such jar" "no file nowhere.jar" run nowhere.jar
printf 'no archive' >damaged.jar
refused "damaged jar" "is not a jar" run damaged.jar
refused "damaged jar on the class path" "is not a jar" run -cp damaged.jar Probe
"$jdk/bin/jar" --create --file plain.jar -C program .
refused "jar without Main-Class" "no Main-Class" run plain.jar
refused "no such example" "no example 'examples/nothing'" run examples/nothing
refused "arguments for doctor" "takes no arguments" doctor now
refused "arguments for test" "takes no arguments" test now
refused "an unknown release for test" "takes no arguments but --long or --mpis newest, but got '--mpis'" test --mpis oldest
refused "more than --long for test" "takes no arguments but --long or --mpis newest, but got 'now'" test --long now
cp plain.jar closed.jar && chmod 000 closed.jar
# Root reads what nobody may read, unless it gives that right up.
[[ $EUID -ne 0 ]] || as_user=(setpriv '--bounding-set=-dac_override,-dac_read_search' --)
refused "unreadable jar" "cannot be read" run closed.jar
as_user=()

# ---- the JDK ----

# fake_jdk FOLDER VERSION
fake_jdk() {
  mkdir -p "$1/bin"
  printf 'JAVA_VERSION="%s"\n' "$2" >"$1/release"
  printf '#!/bin/sh\necho "fake %s: $*"\n' "$2" >"$1/bin/java"
  cp "$1/bin/java" "$1/bin/javac"
  chmod +x "$1/bin/java" "$1/bin/javac"
}
fake_jdk jvm/jdk-17 17.0.9
fake_jdk other/jdk-26 26.0.1
fake_jdk newer/jdk-25 25.0.1

# with_jdks HEDDLE_JAVA_HOME JAVA_HOME JVM_DIR: runs with only these, and the old one on the PATH.
with_jdks() {
  env HEDDLE_JAVA_HOME="$1" JAVA_HOME="$2" HEDDLE_JVM_DIR="$3" PATH="$PWD/jvm/jdk-17/bin:$PATH" \
    timeout 60 "$heddle" run -cp program Probe x >out 2>err </dev/null
  code=$?
}

if begin "JDK: only version 17 is refused with what to install"; then
  with_jdks '' '' "$PWD/jvm"
  expect_code "$code" 2
  expect_text err "no JDK 25 or newer"
  expect_text err "version 17 in"
  [[ ! -s out ]] || problem "it was started"
  end
fi
if begin "JDK: HEDDLE_JAVA_HOME comes first"; then
  with_jdks "$PWD/other/jdk-26" "$PWD/newer/jdk-25" "$PWD/newer"
  expect_text out "fake 26.0.1"
  end
fi
if begin "JDK: an older HEDDLE_JAVA_HOME is refused"; then
  with_jdks "$PWD/jvm/jdk-17" "$PWD/newer/jdk-25" "$PWD/newer"
  expect_code "$code" 2
  expect_text err "heddle: HEDDLE_JAVA_HOME=$PWD/jvm/jdk-17 is version 17, but Heddle needs a JDK 25 or newer"
  [[ ! -s out ]] || problem "another one was started: $(<out)"
  end
fi
if begin "JDK: a HEDDLE_JAVA_HOME without java is refused"; then
  with_jdks "$PWD/nowhere" "$PWD/newer/jdk-25" "$PWD/newer"
  expect_code "$code" 2
  expect_text err "heddle: HEDDLE_JAVA_HOME=$PWD/nowhere has no bin/java"
  [[ ! -s out ]] || problem "another one was started: $(<out)"
  end
fi
if begin "JDK: JAVA_HOME comes before the system's folders"; then
  with_jdks '' "$PWD/other/jdk-26" "$PWD/newer"
  expect_text out "fake 26.0.1"
  end
fi
if begin "JDK: an older JAVA_HOME falls through"; then
  with_jdks '' "$PWD/jvm/jdk-17" "$PWD/jvm:$PWD/newer"
  expect_text out "fake 25.0.1"
  end
fi
if begin "JDK: a JAVA_HOME without java falls through"; then
  with_jdks '' "$PWD/nowhere" "$PWD/newer"
  expect_text out "fake 25.0.1"
  end
fi

# ---- which MPI ----

# A PATH with everything but the MPIs, to which tests add what they want to be found.
mkdir -p tools
for file in /usr/bin/* /bin/*; do
  case ${file##*/} in
    mpi* | orte* | prte* | hydra* | srun | aprun | java | javac) ;;
    *) [[ -e tools/${file##*/} || -L tools/${file##*/} ]] || ln -s "$file" "tools/${file##*/}" ;;
  esac
done
stand_in() { # FOLDER/NAME PROGRAM
  mkdir -p "${1%/*}"
  printf '#!/bin/sh\nexec %s "$@"\n' "$(type -P "$2")" >"$1"
  chmod +x "$1"
}

if begin "MPI: none on the PATH is refused"; then
  PATH=$PWD/tools HEDDLE_MPI_DIR='' timeout 60 "$heddle" run -n 2 -cp program Probe x >out 2>err
  expect_code $? 2
  expect_text err "no MPI found"
  end
fi
for name in "${ways[@]:1}"; do
  if [[ $name == openmpi ]]; then other=mpirun.openmpi; else other=mpiexec.hydra; fi
  stand_in "only-$name/mpirun" "$other"
  if begin "MPI: -n alone takes the only one there is, $name, by its plain name"; then
    PATH=$PWD/only-$name:$PWD/tools HEDDLE_MPI_DIR='' timeout 60 "$heddle" run -n 2 -cp program Probe environment HEDDLE_MPI >out 2>err
    expect_code $? 0
    [[ $(grep -c "HEDDLE_MPI=$name" out) -eq 2 ]] || problem "$(<out) $(<err)"
    end
  fi
  if begin "MPI: $name is found in HEDDLE_MPI_DIR when it is off the PATH"; then
    PATH=$PWD/tools HEDDLE_MPI_DIR=$PWD/only-$name timeout 60 "$heddle" run --mpi "$name" -n 2 -cp program Probe x >out 2>err
    expect_code $? 0
    end
  fi
done

# ---- launchers of other MPIs and sites ----

# Stand-ins: what they say of themselves and take as options is the real ones', whose ranks MPICH's hydra
# starts here. What was said to them is in `started`.
stand_in_launcher() { # FOLDER/NAME VERSION
  mkdir -p "${1%/*}"
  cat >"$1" <<END
#!/bin/bash
[[ \${1-} == --version ]] && { printf '%s\n' '$2'; exit 0; }
printf '%s\n' "\$*" >>$PWD/started
options=()
while [[ \$1 == -* ]]; do
  case \$1 in
    -n) options+=(-n "\$2"); shift ;;
    -disable-auto-cleanup) options+=("\$1") ;;
  esac
  shift
done
exec $(type -P mpiexec.hydra) "\${options[@]}" "\$@"
END
  chmod +x "$1"
}

# started_by FOLDER WORDS OPTIONS...: two ranks of mpich, or whatever the options say, by what is in the folder.
started_by() {
  local folder=$1 words=$2 family=mpich
  shift 2
  [[ " $* " != *" openmpi "* ]] || family=openmpi
  : >started
  PATH=$PWD/$folder:$PWD/tools HEDDLE_MPI_DIR='' timeout 60 "$heddle" run "$@" -n 2 --tiny -cp program Probe environment HEDDLE_MPI >out 2>err
  expect_code $? 0
  [[ $(grep -c "HEDDLE_MPI=$family" out) -eq 2 ]] || problem "$(<out) $(<err)"
  expect_text started "$words"
}

if [[ " ${ways[*]} " == *" mpich "* ]]; then
  stand_in_launcher intel/mpiexec.hydra 'Intel(R) MPI Library for Linux* OS, Version 2021.13 Build 20240701 (id: 179630a)'
  stand_in_launcher alps/aprun 'aprun (ALPS) 6.6.67'
  stand_in_launcher pals/mpiexec 'PALS version 1.3.4'
  stand_in_launcher slurm/srun 'slurm 23.11.4'
  if begin "MPI: the launcher of Intel MPI, a stand-in, is one of mpich"; then
    started_by intel '-n 2 -disable-auto-cleanup'
    end
  fi
  if begin "MPI: aprun, a stand-in, is one of mpich"; then
    started_by alps '-n 2 '
    end
  fi
  if begin "MPI: mpiexec of PALS, a stand-in, is one of mpich"; then
    started_by pals '-n 2 '
    end
  fi
  if begin "MPI: srun, a stand-in, starts mpich where that has no launcher"; then
    started_by slurm '--mpi=pmi2 -n 2 --kill-on-bad-exit=0 --no-kill' --mpi mpich
    end
  fi
  if begin "MPI: srun, a stand-in, starts openmpi where that has no launcher"; then
    started_by slurm '--mpi=pmix -n 2 --kill-on-bad-exit=0 --no-kill' --mpi openmpi
    end
  fi
  if begin "MPI: srun's plug-in is the site's where it has chosen one, mpich"; then
    SLURM_MPI_TYPE=cray_shasta started_by slurm '-n 2 --kill-on-bad-exit=0' --mpi mpich
    ! grep -q -e --mpi= started || problem "$(<started)"
    end
  fi
  if begin "MPI: HEDDLE_MPICC says which MPI srun serves, mpich"; then
    HEDDLE_MPICC=$(type -P mpicc.mpich) started_by slurm '--mpi=pmi2'
    end
  fi
  if begin "MPI: HEDDLE_LAUNCHER comes before every other, mpich"; then
    HEDDLE_LAUNCHER=$PWD/slurm/srun started_by intel '--mpi=pmi2' --mpi mpich
    end
  fi
  if begin "MPI: a rank of aprun or PALS is one"; then
    for name in ALPS_APP_PE PALS_RANKID; do
      env "$name=0" HEDDLE_RANKS=3 timeout 60 "$heddle" run -cp program Probe environment HEDDLE_HOST_RANKS >out 2>err
      expect_code $? 0
      # as many as can be there, since nobody says
      grep -qE '^HEDDLE_HOST_RANKS=[123]$' out || problem "$(<out) $(<err)"
    done
    end
  fi
  if begin "MPI: a child of a rank of aprun or PALS is a program of its own"; then
    for name in ALPS_APP_PE PALS_RANKID; do
      env "$name=1" HEDDLE_RUN_TOKEN=000000000000 timeout 60 "$heddle" run -cp program Probe environment "$name" >out 2>err
      expect_code $? 0
      [[ $(<out) == "$name=null" ]] || problem "$(<out) $(<err)"
    done
    end
  fi
  HEDDLE_LAUNCHER=nowhere refused "a HEDDLE_LAUNCHER that is not there" "HEDDLE_LAUNCHER=nowhere is no program" run -n 2 -cp program Probe x
  HEDDLE_LAUNCHER=true refused "a HEDDLE_LAUNCHER that is none" "HEDDLE_LAUNCHER=true is no launcher that Heddle knows" run -n 2 -cp program Probe x
  HEDDLE_LAUNCHER=mpiexec.hydra refused "a HEDDLE_LAUNCHER of another MPI" "HEDDLE_LAUNCHER=mpiexec.hydra is a launcher of another MPI than openmpi" \
    run --mpi openmpi -n 2 -cp program Probe x
  HEDDLE_MPICC=nowhere refused "a HEDDLE_MPICC that is not there" "HEDDLE_MPICC=nowhere is no program" run -n 2 -cp program Probe x
fi

# What is said to Open MPI's launcher: a stand-in that writes it down and starts nothing.
mkdir -p recorded
cat >recorded/mpirun <<END
#!/bin/sh
[ "\$1" = --version ] && { echo "mpirun (Open MPI) 5.0.7"; exit 0; }
echo "\$@" >$PWD/started
env >$PWD/started.env
END
chmod +x recorded/mpirun
recorded() { # RANKS
  PATH=$PWD/recorded:$PWD/tools HEDDLE_MPI_DIR='' timeout 60 "$heddle" run --mpi openmpi -n "$1" --tiny -cp program Probe x >out 2>err
}
if begin "openmpi: outside a scheduler it may always start more ranks than it counts slots"; then
  recorded 1
  expect_text started '--oversubscribe'
  SLURM_JOB_ID=1 recorded 1
  ! grep -q -e --oversubscribe started || problem "in a job too: $(<started)"
  end
fi
if begin "openmpi: cores are counted whatever OpenMP is told"; then
  OMP_NUM_THREADS=1 recorded "$(env -u OMP_NUM_THREADS nproc)"
  expect_text started '--oversubscribe'
  ! grep -q mpi_yield_when_idle started || problem "$(<started)"
  OMP_NUM_THREADS=10000 recorded "$(($(env -u OMP_NUM_THREADS nproc) + 1))"
  expect_text started 'mpi_yield_when_idle'
  end
fi
if begin "openmpi: a launcher that SIGTERM has ended, without a word of rank 0, is 143"; then
  mkdir -p ended
  cat >ended/mpirun <<'END'
#!/bin/sh
[ "$1" = --version ] && { echo "mpirun (Open MPI) 6.0.0"; exit 0; }
kill -TERM $$
sleep 60
END
  chmod +x ended/mpirun
  PATH=$PWD/ended:$PWD/tools HEDDLE_MPI_DIR='' timeout 60 "$heddle" run --mpi openmpi -n 1 --tiny -cp program Probe x >out 2>err
  expect_code $? 143
  expect_text err "heddle: ended by SIGTERM"
  end
fi
if begin "openmpi: session folders and segments go to the run's own folder, by every version's name"; then
  recorded 1
  for name in OMPI_MCA_orte_tmpdir_base PRTE_MCA_prte_tmpdir_base; do
    grep -q "^$name=.*/heddle-[0-9a-f]*$" started.env || problem "no $name"
  done
  for name in OMPI_MCA_btl_vader_backing_directory OMPI_MCA_btl_sm_backing_directory; do
    grep -q "^$name=.*/heddle-[0-9a-f]*$" started.env || problem "no $name"
  done
  end
fi

# ---- doctor ----

if begin "doctor: without MPI it is ready for threads and says how to get one"; then
  PATH=$PWD/tools HEDDLE_MPI_DIR='' timeout 120 "$heddle" doctor >out 2>err
  expect_code $? 0
  expect_text out "openmpi    not found"
  expect_text out "note: no MPI"
  end
fi
if begin "doctor: with JDK 17 only it says what to install"; then
  env HEDDLE_JAVA_HOME='' JAVA_HOME='' HEDDLE_JVM_DIR="$PWD/jvm" PATH="$PWD/jvm/jdk-17/bin:$PWD/tools" \
    timeout 120 "$heddle" doctor >out 2>err
  expect_code $? 1
  expect_text out "to do: JDK: install one"
  end
fi
if [[ ${#ways[@]} -eq 3 ]] && begin "doctor: a compiler of the other MPI beside the launcher is seen"; then
  stand_in pair/mpirun mpirun.openmpi
  stand_in pair/mpicc mpicc.mpich
  PATH=$PWD/pair:$PWD/tools HEDDLE_MPI_DIR='' timeout 120 "$heddle" doctor >out 2>err
  expect_code $? 1
  expect_text out "belongs to another MPI"
  expect_text out "to do: openmpi: its compiler is missing"
  end
fi
if [[ " ${ways[*]} " == *" mpich "* ]]; then
  # Intel's compiler says its name by -v alone.
  mkdir -p intel
  cat >intel/mpicc <<END
#!/bin/bash
[[ \$* == *--showme* ]] && { echo "gcc: error: unrecognized option" >&2; exit 1; }
[[ \$* == -v ]] && { echo "mpigcc for the Intel(R) MPI Library 2021.13 for Linux*"; exit 0; }
exec $(type -P mpicc.mpich) "\$@"
END
  chmod +x intel/mpicc
  if begin "doctor: launcher and compiler of Intel MPI, stand-ins, belong together"; then
    PATH=$PWD/intel:$PWD/tools HEDDLE_MPI_DIR='' timeout 120 "$heddle" doctor >out 2>err
    expect_text out "version 2021.13, $PWD/intel/mpiexec.hydra"
    expect_text out "compiler $PWD/intel/mpicc"
    grep -A 5 "^  mpich " out | grep -q "starts 2 ranks" || problem "$(<out)"
    end
  fi
fi
for name in "${ways[@]:1}"; do
  if begin "doctor: 2 ranks start under $name"; then
    timeout 120 "$heddle" doctor >out 2>err
    grep -A 4 "^  $name " out | grep -q "starts 2 ranks" || problem "$(<out)"
    end
  fi
done

# ---- what reaches the program ----

for way in "${ways[@]}"; do
  if begin "arguments are handed on untouched: $way"; then
    run_way "$way" Probe arguments 'two words' '' '*' '--mpi' "quote'\"s" "\$HOME" '-n'
    expect_code "$code" 0
    for text in '[two words]' '[]' '[*]' '[--mpi]' "[quote'\"s]" "[\$HOME]" '[-n]'; do
      expect_text out "$text"
    done
    end
  fi
  if begin "stdout is the program's alone: $way"; then
    run_way "$way" Probe x
    expect_code "$code" 0
    [[ $(sort -u out) == "ran x" ]] || problem "$(<out)"
    end
  fi
  if begin "the environment stays unless an option overrides it: $way"; then
    HEDDLE_SLOTS=3 run_way "$way" Probe environment HEDDLE_SLOTS
    expect_text out "HEDDLE_SLOTS=3"
    HEDDLE_SLOTS=3 run_way "$way" --slots 2 Probe environment HEDDLE_SLOTS
    expect_text out "HEDDLE_SLOTS=2"
    end
  fi
done
# What measures, and its libraries, by a class of each.
bench_only=(dev.heddle.bench.BenchMain com.fasterxml.jackson.databind.ObjectMapper com.fasterxml.jackson.core.JsonFactory
  picocli.CommandLine org.HdrHistogram.Histogram org.knowm.xchart.XYChart de.erichseifert.vectorgraphics2d.VectorGraphics2D
  com.samskivert.mustache.Mustache org.openjdk.jmh.Main)
bench_names='jackson|picocli|HdrHistogram|xchart|VectorGraphics2D|jmustache|jmh|heddle-benchmarks'
for way in "${ways[@]}"; do
  if begin "a program's class path has no library of what measures: $way"; then
    run_way "$way" Probe classes dev.heddle.Heddle "${bench_only[@]}"
    expect_code "$code" 0
    [[ $way == threads ]] && count=1 || count=3
    [[ $(grep -cE '^[0-9] found: dev\.heddle\.Heddle$' out) -eq $count && $(grep -c ' path: .*heddle-mpi-executor' out) -eq $count ]] ||
      problem "$(<out)"
    ! grep -qE "$bench_names" out || problem "$(grep -oE "[^:/]*($bench_names)[^:]*" out)"
    # That each would be seen: the same with all of them.
    libraries=$(printf '%s:' "${here%/*}"/jmh-benchmarks/target/{heddle-benchmarks-*,lib/*}.jar)
    run_way "$way" -cp "program:${libraries%:}" Probe classes "${bench_only[@]}"
    [[ $(grep -cxE "[0-9] found: ${bench_only[*]}" out) -eq $count ]] || problem "with all of them: $(<out)"
    end
  fi
done
if begin "the engine's module requires no desktop and no library of what measures"; then
  for jar in "${here%/*}"/mpi-executor/target/heddle-mpi-executor-*T.jar; do
    "$jdk/bin/jar" --describe-module --file "$jar" >out 2>err
    expect_text out 'requires java.management'
    ! grep -E "requires .*(java\.desktop|$bench_names|mustache)" out >err || problem "$(<err)"
  done
  end
fi
for way in "${ways[@]:1}"; do
  if begin "heap by role: $way"; then
    run_way "$way" --heap 200m --worker-heap 100m Probe heap
    expect_code "$code" 0
    [[ $(sed -n 's/^0 heap=//p' out) -gt 150 && $(sed -n 's/^1 heap=//p' out) -lt 150 ]] || problem "$(<out)"
    end
  fi
done
if begin "JVM arguments with a value of their own are taken"; then
  run_way threads --jvm-arg --add-opens --jvm-arg java.base/java.lang=ALL-UNNAMED --jvm-arg -Xlog:gc:file=gc.log --heap 64m \
    --jvm-arg -XX:+UnlockDiagnosticVMOptions --jvm-arg -XX:+ShowHiddenFrames Probe x
  expect_code "$code" 0
  expect_text out "ran x"
  end
fi
if begin "a jar is a program"; then
  "$jdk/bin/jar" --create --file runs.jar --main-class Probe -C program .
  timeout 60 "$heddle" run runs.jar y >out 2>err
  expect_code $? 0
  expect_text out "ran y"
  end
fi

# ---- exit codes ----

for way in "${ways[@]}"; do
  if begin "exit code 0: $way"; then
    run_way "$way" Probe x
    expect_code "$code" 0
    nothing_left
    end
  fi
  if begin "exit code of System.exit: $way"; then
    run_way "$way" Probe exit 7
    expect_code "$code" 7
    nothing_left
    end
  fi
  if begin "exit code 1 when the program throws: $way"; then
    run_way "$way" Probe throw
    expect_code "$code" 1
    expect_text err "IllegalStateException: planned"
    nothing_left
    end
  fi
done
for way in "${ways[@]:1}"; do
  if begin "the verdict's reason is printed once: $way"; then
    run_way "$way" Probe verdict
    expect_code "$code" 1
    [[ $(grep -c 'planned reason' err) -eq 1 ]] || problem "$(<err)"
    expect_text err "heddle: planned reason"
    nothing_left
    end
  fi
  if begin "a killed rank 0 is named: $way"; then
    run_way "$way" Probe killed-0
    expect_code "$code" 1
    expect_text err "heddle: rank 0 on ${HOSTNAME%%.*} was ended by signal 9"
    nothing_left
    end
  fi
  if begin "rank 0 outlives a killed rank and decides: $way"; then
    run_way "$way" --liveness 1s Probe killed-1
    expect_code "$code" 5
    nothing_left
    end
  fi
  if begin "a rank that ends before MPI_Init ends the run: $way"; then
    run_way "$way" Probe before-start-1
    expect_code "$code" 1
    expect_text err "heddle: rank 1 on ${HOSTNAME%%.*} could not start: java ended with status 4"
    nothing_left
    end
  fi
  if begin "a JVM that can't start ends the run: $way"; then
    # An agent is not tried before: it could do anything.
    run_way "$way" --jvm-arg -javaagent:nowhere.jar Probe sleep up
    expect_code "$code" 1
    expect_text err "could not start"
    nothing_left
    end
  fi
done

if begin "a code without a launcher is the library's, not the program's: openmpi"; then
  mkdir -p orphan
  printf '%s\0' of-orphan "$PWD/program" Probe 0 exit-late 195 $$ >orphan/heddle.program
  # the launcher is a shell that ends before java does
  for name in gone there; do
    rm -f orphan/exit
    (
      OMPI_COMM_WORLD_RANK=0 OMPI_COMM_WORLD_SIZE=1 HEDDLE_RUN_DIR=$PWD/orphan HEDDLE_RUN_TOKEN=of-orphan "$heddle" rank \
        >out 2>err </dev/null &
      if [[ $name == there ]]; then wait; else sleep 0.5; fi
    )
    for ((tries = 0; tries < 100; tries++)); do
      pgrep -f "Probe exit-late 195 $$" >/dev/null || break
      nap 0.1
    done
    nap 0.5
    if [[ $name == gone ]]; then
      [[ ! -e orphan/exit ]] || problem "a verdict: $(<orphan/exit)"
    else
      [[ $(<orphan/exit) == 195* ]] || problem "no verdict where the launcher lives"
    fi
  done
  end
fi

# ---- signals ----

declare -A signal_code=([INT]=130 [TERM]=143)

# The ranks are up when each has made its file.
await_ranks() {
  local count=1 tries
  [[ $1 == threads ]] || count=3
  for ((tries = 0; tries < 600; tries++)); do
    [[ $(find . -maxdepth 1 -name 'up.*' | wc -l) -eq $count ]] && return 0
    nap 0.1
  done
  problem "the ranks did not start: $(<err)"
  return 1
}

# start_sleeper WAY: in the background, with SIGINT not ignored, as from a terminal.
start_sleeper() {
  rm -f up.*
  set -m
  # shellcheck disable=SC2086 # several words
  "$heddle" run ${way_options[$1]} --tiny -cp program Probe sleep up >out 2>err </dev/null &
  sleeper=$!
  set +m
  await_ranks "$1"
}

# await_sleeper LIMIT_S: sets `code`.
await_sleeper() {
  local until=$((SECONDS + $1))
  while kill -0 "$sleeper" 2>/dev/null; do
    if ((SECONDS > until)); then
      problem "still running $1 s after the signal"
      kill -KILL -- "-$sleeper"
      break
    fi
    nap 0.1
  done
  { wait "$sleeper"; } 2>/dev/null
  code=$?
}

for way in "${ways[@]}"; do
  for signal in INT TERM; do
    if begin "SIG$signal to heddle: $way"; then
      if start_sleeper "$way"; then
        kill -s "$signal" "$sleeper"
        await_sleeper 25
        expect_code "$code" "${signal_code[$signal]}"
        nap 1
        nothing_left
      fi
      end
    fi
    [[ $way != threads ]] || continue
    if begin "SIG$signal to the launcher: $way"; then
      if start_sleeper "$way"; then
        kill -s "$signal" "$(pgrep -P "$sleeper" -f 'mpirun|mpiexec|prterun')"
        await_sleeper 25
        expect_code "$code" "${signal_code[$signal]}"
        nap 1
        nothing_left
      fi
      end
    fi
  done
  [[ $way != threads ]] || continue
  if begin "SIGKILL to the launcher: $way"; then
    if start_sleeper "$way"; then
      kill -s KILL "$(pgrep -P "$sleeper" -f 'mpirun|mpiexec|prterun')"
      await_sleeper 25
      expect_code "$code" 1
      expect_text err "left no verdict"
      nap 1
      nothing_left
    fi
    end
  fi
  if begin "SIGKILL to heddle ends the ranks: $way"; then
    if start_sleeper "$way"; then
      kill -s KILL "$sleeper"
      await_sleeper 5
      for ((tries = 0; tries < 100; tries++)); do
        problems='' && nothing_left
        [[ $problems != *process* ]] && break
        nap 0.1
      done
      # The folders have nobody left to remove them: the next run does.
      run_way "$way" Probe x
      problems='' && nothing_left
    fi
    end
  fi
done

# ---- the run directory ----

if [[ ${#ways[@]} -gt 1 ]]; then
  way=${ways[1]}
  if begin "run directories are numbered, also when runs start together"; then
    rm -rf heddle-runs && mkdir -p heddle-runs/007 heddle-runs/notes
    children=()
    for _ in 1 2 3; do
      # shellcheck disable=SC2086 # several words
      timeout 90 "$heddle" run ${way_options[$way]} --tiny -cp program Probe x >/dev/null 2>&1 </dev/null &
      children+=($!)
    done
    wait "${children[@]}"
    [[ $(echo heddle-runs/*) == "heddle-runs/007 heddle-runs/008 heddle-runs/009 heddle-runs/010 heddle-runs/notes" ]] ||
      problem "$(echo heddle-runs/*)"
    for name in 008 009 010; do
      [[ $(<heddle-runs/$name/exit) == 0* ]] || problem "no verdict in $name"
    done
    end
  fi
  if begin "HEDDLE_RUN_DIR is used, and an old verdict in it is not believed"; then
    mkdir -p elsewhere && printf '9\told\n' >elsewhere/exit
    HEDDLE_RUN_DIR=elsewhere run_way "$way" Probe x
    expect_code "$code" 0
    [[ $(<elsewhere/exit) == 0* ]] || problem "$(<elsewhere/exit)"
    end
  fi
  if begin "a temporary folder that can't be made leaves nothing"; then
    rm -rf heddle-runs
    TMPDIR=/proc/x run_way "$way" Probe x
    expect_code "$code" 2
    [[ $(wc -l <err) -eq 2 ]] || problem "$(<err)"
    [[ -z $(ls -A heddle-runs) ]] || problem "left: $(ls heddle-runs/*)"
    nothing_left
    end
  fi
fi
if begin "a run on threads has HEDDLE_RUN_DIR no longer than it lives"; then
  # Another host would take what is left for a run that goes on.
  mkdir -p of-threads no-locks
  # A file system without locks.
  printf '#!/bin/sh\nexit 65\n' >no-locks/flock && chmod +x no-locks/flock
  for first in "$PATH" "$PWD/no-locks:$PATH"; do
    PATH=$first HEDDLE_RUN_DIR=$PWD/of-threads run_way threads Probe x
    expect_code "$code" 0
    for _ in {1..50}; do
      [[ -e of-threads/heddle.run ]] || break
      nap 0.1
    done
    [[ ! -e of-threads/heddle.run ]] || problem "$first: $(<of-threads/heddle.run)"
  done
  end
fi

# ---- building, with a Maven that only makes a jar ----

mkdir -p home/{libexec,mpi-executor/src/main,java-api/src/main} fake-maven
cp "${here%/*}/heddle" home/ && cp "${here%/*}"/libexec/* home/libexec/
touch home/pom.xml home/mpi-executor/src/main/A.java
cat >fake-maven/mvn <<END
#!/bin/sh
echo "built" >>$PWD/builds
sleep 1
[ -e $PWD/broken ] && { echo "[ERROR] A.java:[1,1] planned"; exit 1; }
mkdir -p $PWD/home/mpi-executor/target/lib
cp $PWD/plain.jar $PWD/home/mpi-executor/target/heddle-mpi-executor-1.jar
END
chmod +x fake-maven/mvn

built_runs() { # the number of runs at the same time
  local children=() index
  : >builds
  for ((index = 0; index < $1; index++)); do
    PATH=$PWD/fake-maven:$PATH HEDDLE_BUILD='' timeout 60 home/heddle run -cp program Probe x >"out.$index" 2>"err.$index" &
    children+=($!)
  done
  wait "${children[@]}"
}

if begin "building: two runs at once build once"; then
  built_runs 2
  [[ $(wc -l <builds) -eq 1 ]] || problem "built $(wc -l <builds) times"
  [[ $(<out.0)$(<out.1) == "ran xran x" ]] || problem "$(cat err.0 err.1)"
  grep -q "heddle: building (first time" err.0 err.1 || problem "no progress line"
  end
fi
if begin "building: not when nothing is newer"; then
  built_runs 1
  [[ ! -s builds && ! -s err.0 ]] || problem "built again: $(<err.0)"
  end
fi
if begin "building: when a source is newer"; then
  touch -d '+5 seconds' home/mpi-executor/src/main/A.java
  built_runs 1
  [[ $(wc -l <builds) -eq 1 ]] || problem "not built"
  touch home/mpi-executor/src/main/A.java
  end
fi
if begin "building: a failure shows its errors and exits 1"; then
  touch broken && rm -f home/target/heddle/java.stamp
  PATH=$PWD/fake-maven:$PATH HEDDLE_BUILD='' timeout 60 home/heddle run -cp program Probe x >out 2>err
  expect_code $? 1
  expect_text err "[ERROR] A.java:[1,1] planned"
  expect_text err "build.log has the whole log"
  [[ ! -s out ]] || problem "it was started"
  rm -f broken
  end
fi
# What measures is a jar of its own, which Maven makes where the module is not left out.
mkdir -p stand-in home/jmh-benchmarks/src/main
cat >BenchMain.java <<'END'
package dev.heddle.bench;

public final class BenchMain {
  public static void main(String[] arguments) {
    System.out.println("benched " + String.join(" ", arguments));
  }
}
END
"$jdk/bin/javac" -d stand-in BenchMain.java && "$jdk/bin/jar" --create --file bench.jar -C stand-in . || exit 1
touch home/jmh-benchmarks/src/main/B.java
cat >>fake-maven/mvn <<END
case " \$* " in
  *" !jmh-benchmarks "*) echo "without benchmarks" >>$PWD/builds ;;
  *) mkdir -p $PWD/home/jmh-benchmarks/target && cp $PWD/bench.jar $PWD/home/jmh-benchmarks/target/heddle-benchmarks-1.jar ;;
esac
END
# bench_run SETTING: sets `built` to how often Maven was started.
bench_run() {
  : >builds
  env PATH="$PWD/fake-maven:$PATH" "$1" timeout 60 home/heddle bench chain --tasks 7 >out 2>err
  code=$?
  built=$(grep -cx built builds)
}
if begin "building: what measures is built for bench, and not for run"; then
  touch -d '+5 seconds' home/mpi-executor/src/main/A.java
  built_runs 1
  expect_text builds 'without benchmarks'
  [[ ! -e home/jmh-benchmarks/target ]] || problem "it was built for run"
  touch home/mpi-executor/src/main/A.java
  bench_run HEDDLE_BUILD=never
  expect_code "$code" 2
  expect_text err "the benchmarks are not built in $PWD/home: run it without HEDDLE_BUILD=never"
  bench_run HEDDLE_BUILD=
  expect_code "$code" 0
  expect_text out "benched bench chain --tasks 7"
  [[ $built -eq 1 ]] || problem "built $built times: $(<builds)"
  ! grep -q without builds || problem "built without it"
  for setting in HEDDLE_BUILD= HEDDLE_BUILD=never; do
    bench_run "$setting"
    expect_code "$code" 0
    [[ $built -eq 0 && ! -s err ]] || problem "built again: $(<err)"
  done
  touch -d '+5 seconds' home/jmh-benchmarks/src/main/B.java
  built_runs 1
  [[ ! -s builds ]] || problem "a run builds what measures"
  bench_run HEDDLE_BUILD=
  [[ $built -eq 1 ]] || problem "not built again"
  touch home/jmh-benchmarks/src/main/B.java
  end
fi
# A home with the native part too, whose shim is of MPICH, or of what HEDDLE_MPICC says.
if [[ " ${ways[*]} " == *" mpich "* ]]; then
  cp "${here%/*}/CMakeLists.txt" home/
  tar -C "${here%/*}" --exclude=native/build -cf - native | tar -C home -xf -
  native_run() {
    PATH=$PWD/fake-maven:$PATH HEDDLE_BUILD='' timeout 120 home/heddle run --mpi mpich -n 1 --tiny -cp program Probe x >out 2>err
    expect_code $? 0
    expect_text out "ran x"
    [[ -e home/native/build/lib/libheddle-mpich.so ]] || problem "no shim: $(<err)"
  }
  if begin "building: the native part again when its compiler is another, mpich"; then
    native_run
    expect_text err "building the native part"
    native_run
    ! grep -q "building the native part" err || problem "built twice by one compiler"
    printf '#!/bin/sh\nexec %s "$@"\n' "$(type -P mpicc.mpich)" >other-mpicc && chmod +x other-mpicc
    HEDDLE_MPICC=$PWD/other-mpicc native_run
    expect_text err "building the native part"
    HEDDLE_MPICC=$PWD/other-mpicc native_run
    ! grep -q "building the native part" err || problem "built twice by the other"
    grep -q "^mpich.$PWD/other-mpicc.*[0-9]\.[0-9]" home/target/heddle/native.stamp || problem "$(<home/target/heddle/native.stamp)"
    # a new version of it, in the same place
    touch -d '-1 day' other-mpicc
    HEDDLE_MPICC=$PWD/other-mpicc native_run
    expect_text err "building the native part"
    end
  fi
  if begin "building: the native part that is there serves where its compiler is not, mpich"; then
    native_run
    touch -d '+5 seconds' home/native/src/heddle_mpi.c
    stand_in launcher-only/mpiexec.hydra mpiexec.hydra
    PATH=$PWD/fake-maven:$PWD/launcher-only:$PWD/tools HEDDLE_MPI_DIR='' HEDDLE_BUILD='' timeout 120 \
      home/heddle run --mpi mpich -n 1 --tiny -cp program Probe x >out 2>err
    expect_code $? 0
    expect_text out "ran x"
    expect_text err "used all the same: the compiler of mpich is missing"
    touch home/native/src/heddle_mpi.c
    end
  fi
  if begin "building: ranks keep the shim that they have loaded, mpich"; then
    exec {held}<home/native/build/lib/libheddle-mpich.so
    touch home/native/src/heddle_mpi.c
    native_run
    expect_text err "building the native part"
    [[ ! home/native/build/lib/libheddle-mpich.so -ef /dev/fd/$held ]] || problem "it was written in place"
    exec {held}<&-
    end
  fi
  if begin "building: by Cray's compiler, a stand-in, which has no -show, mpich"; then
    mkdir -p cray
    cat >cray/cc <<END
#!/bin/bash
case \$1 in
  -show) echo "cc: error: unrecognized command-line option '-show'" >&2; exit 1 ;;
  --cray-print-opts=all) set -- \$($(type -P mpicc.mpich) -show) && shift && echo "\$@" ;;
  *) exec $(type -P mpicc.mpich) "\$@" ;;
esac
END
    chmod +x cray/cc
    rm -rf home/native/build
    HEDDLE_MPICC=$PWD/cray/cc native_run
    expect_text err "building the native part"
    end
  fi
fi
if begin "building: never inside a launcher"; then
  : >builds
  mkdir -p no-shim && touch no-shim/libheddle-mpich.so
  HEDDLE_NATIVE_DIR=$PWD/no-shim PMI_RANK=0 PATH=$PWD/fake-maven:$PATH HEDDLE_BUILD='' timeout 60 home/heddle run -cp program Probe x >out 2>err
  expect_code $? 0
  [[ ! -s builds ]] || problem "it built"
  expect_text out "ran x"
  end
fi

summary
