#!/bin/bash
# Tests of how runs end, with programs that leave something behind, lose a rank, fill a disk. Needs what
# `heddle test` builds. Prints "ok NAME" or "FAILED NAME" per test.
#
#   tests/end.sh [PATTERN]    all tests, or those whose name matches
set -u
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
heddle=${here%/*}/heddle
# shellcheck source=tests/check.sh
. "$here/check.sh" "${1-}"
for name in $(compgen -e | grep '^HEDDLE_'); do
  [[ $name == HEDDLE_JAVA_HOME ]] || unset "$name"
done
unset OMPI_COMM_WORLD_SIZE PMI_RANK PMIX_RANK
export HEDDLE_BUILD=never HEDDLE_TEST_MARK=end-test-$$

# shellcheck source=libexec/heddle-common.sh
. "${here%/*}/libexec/heddle-common.sh"
need_jdk
export HEDDLE_JAVA_HOME=$jdk
mkdir program
cat >End.java <<'END'
import dev.heddle.Heddle;
import dev.heddle.TaskFuture;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Executors;

public final class End {
  /** Says where it is, for a test that kills it. */
  static int forever(String folder) throws Exception {
    Files.writeString(Path.of(folder, "task." + ProcessHandle.current().pid()), "up");
    Thread.sleep(600_000);
    return 1;
  }

  static int halt(int code) {
    System.out.println("last words");
    Runtime.getRuntime().halt(code);
    return code;
  }

  static int pool(int n) throws Exception {
    return Executors.newFixedThreadPool(1).submit(() -> n).get();
  }

  static int hook(int n) {
    Runtime.getRuntime().addShutdownHook(new Thread(End::sleep));
    return n;
  }

  static int child(String way, String seconds) throws Exception {
    if (way.equals("run")) {
      String command = System.getenv("HEDDLE_TEST_HEDDLE") + " run " + System.getenv("HEDDLE_TEST_WAY") + " --tiny -cp "
          + System.getenv("HEDDLE_TEST_CP") + " End stay";
      new ProcessBuilder(command.split(" +")).inheritIO().start();
      while (!Files.exists(Path.of("up"))) {
        Thread.sleep(20);
      }
      return 0;
    }
    Process child =
        way.equals("orphan")
            ? new ProcessBuilder("sh", "-c", "sleep " + seconds + " &").inheritIO().start()
            : way.equals("daemon")
                ? new ProcessBuilder("setsid", "-f", "sleep", seconds).inheritIO().start()
                : new ProcessBuilder("sleep", seconds).inheritIO().start();
    if (way.equals("orphan") || way.equals("daemon")) {
      child.waitFor();
    }
    if (way.equals("wait")) {
      Files.writeString(Path.of("up"), "up");
      return child.waitFor();
    }
    return 0;
  }

  static int busy(String file) throws IOException {
    Files.writeString(Path.of(file), "up");
    long turns = 0;
    while (turns >= 0) {
      turns++;
    }
    return 0;
  }

  static int print(int lines) {
    for (int i = 0; i < lines; i++) {
      System.out.println("a line of a task " + i);
    }
    return lines;
  }

  static void sleep() {
    try {
      Thread.sleep(600_000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  static final class Weird extends RuntimeException {
    @Override
    public String toString() {
      throw new IllegalStateException("no text");
    }

    @Override
    public StackTraceElement[] getStackTrace() {
      return null;
    }
  }

  static void fill(Path file) throws IOException {
    try (FileOutputStream out = new FileOutputStream(file.toFile())) {
      byte[] block = new byte[4096];
      while (true) {
        out.write(block);
      }
    } catch (IOException full) {
      System.out.println("filled");
    }
  }

  public static void main(String[] args) {
    Heddle.run(args, heddle -> body(heddle, args));
    if (args[0].equals("main-throws")) {
      throw new IllegalStateException("planned");
    }
  }

  static void body(Heddle heddle, String[] args) throws Exception {
    switch (args[0]) {
      case "good" -> System.out.println("sum " + heddle.submit(End::print, 3).get());
      case "exit" -> System.exit(Integer.parseInt(args[1]));
      case "halt" -> System.out.println(heddle.submit(End::halt, 7).get());
      case "throws" -> throw new IllegalStateException("planned gr\u00f6\u00dfe");
      case "weird" -> throw new Weird();
      case "pool", "main-throws" -> System.out.println("sum " + heddle.submit(End::pool, 3).get());
      case "hook" -> System.out.println("sum " + heddle.submit(End::hook, 3).get());
      case "child" -> System.out.println("code " + heddle.submit(End::child, args[1], args[2]).get());
      case "cancel" -> {
        TaskFuture<Integer> child = heddle.submit(End::child, "wait", args[1]);
        while (!Files.exists(Path.of("up"))) {
          Thread.sleep(20);
        }
        System.out.println("cancelled " + child.cancel(true));
      }
      case "busy" -> {
        TaskFuture<Integer> busy = heddle.submit(End::busy, "up");
        while (!Files.exists(Path.of("up"))) {
          Thread.sleep(20);
        }
        System.out.println("cancelled " + busy.cancel(true));
      }
      case "fill" -> fill(Path.of(args[1]));
      case "stay" -> {
        Files.writeString(Path.of("up"), "up");
        sleep();
      }
      case "fill-sleep" -> {
        fill(Path.of(args[1]));
        Files.writeString(Path.of("up"), "up");
        sleep();
      }
      case "fill-halt" -> {
        fill(Path.of(args[1]));
        System.out.println(heddle.submit(End::halt, 7).get());
      }
      case "lines", "fill-lines" -> {
        if (args.length > 1) {
          fill(Path.of(args[1]));
        }
        for (int i = 0; i < 50_000; i++) {
          System.out.println("line " + i + " of the body, of which there are many");
        }
        heddle.submit(End::print, 3).get();
        Files.writeString(Path.of("finished"), "yes");
      }
      case "forever" -> {
        for (long i = 0; i < heddle.slots(); i++) {
          heddle.submit(End::forever, args[1]);
        }
        sleep();
      }
      default -> throw new IllegalArgumentException(args[0]);
    }
  }
}
END
"$jdk/bin/javac" -cp "${here%/*}/java-api/target/classes" -d program End.java || exit 1
program=$PWD/program

declare -A way_options=([threads]='' [openmpi]='--mpi openmpi -n 3' [mpich]='--mpi mpich -n 3')
ways=(threads)
for name in openmpi mpich; do
  if find_launcher "$name"; then ways+=("$name"); else skipped "everything under $name: it is not installed"; fi
done

# run_way WAY LIMIT_S ARGS...: with output in `out` and `err` and the code in `code`, 124 where it did not end.
run_way() {
  local way=$1 limit=$2
  shift 2
  # shellcheck disable=SC2086 # several words
  timeout -k 5 "$limit" "$heddle" run ${way_options[$way]} --tiny -cp "$program" "$@" >out 2>err </dev/null
  code=$?
}

# start_way WAY ARGS...: in the background, with signals as from a terminal; sets `started`.
start_way() {
  local way=$1
  shift
  set -m
  # shellcheck disable=SC2086 # several words
  "$heddle" run ${way_options[$way]} --tiny -cp "$program" "$@" >out 2>err </dev/null &
  started=$!
  set +m
}

# await LIMIT_S COMMAND...: until it succeeds.
await() {
  local until=$((SECONDS + $1))
  shift
  until "$@"; do
    ((SECONDS <= until)) || return 1
    nap 0.05
  done
}

# shellcheck disable=SC2317 # called by await, as those below
has_ended() { ! kill -0 "$started" 2>/dev/null; }

# await_end LIMIT_S: sets `code`.
await_end() {
  if ! await "$1" has_ended; then
    problem "still running after $1 s: $(<err)"
    kill -KILL -- "-$started"
  fi
  { wait "$started"; } 2>/dev/null
  code=$?
}

# has_text FILE TEXT
# shellcheck disable=SC2317
has_text() { grep -qsF -- "$2" "$1"; }

# shellcheck disable=SC2317
all_have_begun() { [[ $(find tasks -name 'task.*' | wc -l) -ge 4 ]]; }

# nothing_runs: no process of this test, after some time for those that are being ended. (The mark is in the
# environment of all that the test has started; its own shells have none.)
# shellcheck disable=SC2317
marked_processes() {
  local file pid
  marked=''
  while IFS= read -r file; do
    pid=${file#/proc/} pid=${pid%/environ}
    [[ $pid == "$$" || $pid == "$BASHPID" ]] || marked+=" $pid ($({ tr '\0' ' ' <"/proc/$pid/cmdline"; } 2>/dev/null))"
  done < <(HEDDLE_TEST_MARK='' grep -lszx "HEDDLE_TEST_MARK=end-test-$$" /proc/[0-9]*/environ)
  [[ -z $marked ]]
}
nothing_runs() {
  await "${1-5}" marked_processes || problem "left: $marked"
}

verdict() { head -n 1 "$1"/exit 2>/dev/null; }

# ---- folders of any name, under any locale ----

for way in "${ways[@]}"; do
  for folder in größe $'gr\xf6\xdfe'; do
    shown=größe locale=C
    [[ $folder == größe ]] || shown='in Latin-1' locale=C.UTF-8
    mkdir -p "$folder" && pushd "$folder" >/dev/null || exit 1
    if begin "a folder $shown, LC_ALL=$locale: a good run ends in silence: $way"; then
      LC_ALL=$locale run_way "$way" 60 End good
      expect_code "$code" 0
      expect_text out "sum 3"
      ! grep -qE 'Exception|cannot|failed' out err || problem "$(cat out err)"
      end
    fi
    if [[ $way != threads ]]; then
      if begin "a folder $shown, LC_ALL=$locale: a throwing body keeps its reason: $way"; then
        rm -rf heddle-runs
        LC_ALL=$locale run_way "$way" 60 End throws
        expect_code "$code" 1
        expect_text err "heddle: java.lang.IllegalStateException: planned größe"
        [[ $(verdict heddle-runs/001) == $'1\tjava.lang.IllegalStateException: planned größe' ]] || problem "$(verdict heddle-runs/001)"
        end
      fi
      if begin "a folder $shown, LC_ALL=$locale: a lost rank ends the run: $way"; then
        LC_ALL=$locale run_way "$way" 60 --liveness 3s End halt
        expect_code "$code" 1
        grep -qE '^heddle: rank [12] on .* gave no sign of life .* 1 task' err || problem "$(<err)"
        end
      fi
      if begin "a folder $shown, LC_ALL=$locale: what tasks print goes to a file: $way"; then
        rm -rf heddle-runs
        HEDDLE_TASK_OUTPUT=files LC_ALL=$locale run_way "$way" 60 End good
        expect_code "$code" 0
        [[ $(cat heddle-runs/001/logs/*.out | grep -c 'a line of a task') -eq 3 ]] || problem "$(cat err out)"
        end
      fi
    fi
    popd >/dev/null || exit 1
  done
  if begin "a folder größe, LC_ALL=C: the program's classes and files there are found: $way"; then
    cp -r program größe/classes
    pushd größe >/dev/null || exit 1
    program=classes
    HEDDLE_TASK_OUTPUT=files LC_ALL=C run_way "$way" 60 End lines
    program=$test_folder/program
    expect_code "$code" 0
    [[ -e finished ]] || problem "$(<err)"
    rm -f finished
    popd >/dev/null || exit 1
    end
  fi
  if begin "an exception without words ends the run: $way"; then
    run_way "$way" 60 End weird
    expect_code "$code" 1
    [[ $way == threads ]] || expect_text err "heddle: End\$Weird"
    end
  fi
done

# ---- what programs leave behind ----

# child_is_named WAY HOW: a task leaves a child, which ends with the run and is told of once.
child_is_named() {
  start_way "$1" End child "$2" 1234
  await 60 has_text out "code 0" || problem "it did not start: $(<err)"
  await_end 9
  expect_code "$code" 0
  nothing_runs
  # On threads it is told by who has ended it, after `heddle`.
  await 9 has_text err 'the program has left a process'
  [[ $(grep -c 'the program has left a process, ended now: [0-9]* (sleep 1234)' err) -eq 1 ]] || problem "$(<err)"
}

for way in "${ways[@]}"; do
  if begin "a pool that a task has left does not hold up the end: $way"; then
    start_way "$way" End pool
    await 60 has_text out "sum 3" || problem "it did not start: $(<err)"
    await_end 25
    expect_code "$code" 0
    [[ $(grep -c 'left that tasks have started and not ended: pool-1-thread-1' err) -eq 1 ]] || problem "$(<err)"
    nothing_runs
    end
  fi
  if begin "a task that takes no notice of its cancel is named, not waited for: $way"; then
    rm -f up
    start_way "$way" End busy
    await 60 has_text out "cancelled true" || problem "it did not start: $(<err)"
    await_end 20
    expect_code "$code" 0
    [[ $(grep -cE 'the task [0-9]+ \(End.busy\) goes on, though it was told to end' err) -eq 1 ]] || problem "$(<err)"
    nothing_runs
    end
  fi
  if begin "a child that a task has left is ended and named: $way"; then
    child_is_named "$way" background
    end
  fi
  if begin "a child of a child is ended too: $way"; then
    start_way "$way" End child orphan 1234
    await 60 has_text out "code 0" || problem "it did not start: $(<err)"
    await_end 9
    expect_code "$code" 0
    nothing_runs
    end
  fi
  if begin "a run that a task has started ends with the run around it: $way"; then
    rm -f up
    HEDDLE_TEST_HEDDLE=$heddle HEDDLE_TEST_CP=$program HEDDLE_TEST_WAY=${way_options[$way]} start_way "$way" End child run 0
    await 60 has_text out "code 0" || problem "it did not start: $(<err)"
    await_end 20
    expect_code "$code" 0
    nothing_runs 9
    # On threads it is told after `heddle`, which must not reach the next test.
    [[ $way != threads ]] || await 9 has_text err 'the program has left a process' || problem "$(<err)"
    end
  fi
  if begin "a child with a session of its own is ended and named: $way"; then
    child_is_named "$way" daemon
    [[ $way == threads ]] || expect_text err "heddle: rank "
    end
  fi
  for signal in INT TERM KILL; do
    if begin "SIG$signal leaves no child of a task: $way"; then
      rm -f up
      start_way "$way" End child wait 1234
      await 60 test -e up || problem "it did not start: $(<err)"
      kill -s "$signal" "$started"
      await_end 20
      # The default liveness, within which all has to be gone.
      nothing_runs 15
      end
    fi
  done
  if begin "a cancelled task leaves no child: $way"; then
    rm -f up
    start_way "$way" End cancel 1234
    await 60 has_text out "cancelled true" || problem "it did not start: $(<err)"
    await_end 9
    expect_code "$code" 0
    nothing_runs
    end
  fi
  if begin "a child that holds the output does not keep a pipe open: $way"; then
    # shellcheck disable=SC2086 # several words
    timeout -k 5 60 "$heddle" run ${way_options[$way]} --tiny -cp "$program" End child background 1234 2>err </dev/null | cat >out
    [[ ${PIPESTATUS[0]} -eq 0 ]] || problem "exit code ${PIPESTATUS[0]}: $(<err)"
    expect_text out "code 0"
    nothing_runs
    end
  fi
done
if begin "a main that throws has exit code 1, whatever tasks have left: threads"; then
  run_way threads 40 End main-throws
  expect_code "$code" 1
  expect_text err "planned"
  end
fi
for way in "${ways[@]:1}"; do
  if begin "a shutdown hook on a rank does not hold up the end: $way"; then
    start_way "$way" End hook
    await 60 has_text out "sum 3" || problem "it did not start: $(<err)"
    await_end 9
    expect_code "$code" 0
    expect_text err "a shutdown hook of it is not (Thread-"
    end
  fi
done

# ---- full disks, closed pipes ----

# on_full WAY ARGS...: the run directory is a file system of its own, which END fills.
on_full() {
  local way=$1
  shift
  mkdir -p full
  # A name space of its own: the mount is gone with the shell.
  # shellcheck disable=SC2016,SC2086 # expanded there; several words
  timeout -k 5 90 unshare -m bash -c '
    mount -t tmpfs -o size=256k none full && export HEDDLE_RUN_DIR=$PWD/full || exit
    "$@" &
    echo $! >heddle.pid
    wait $!
    code=$?
    cat full/exit >verdict
    exit "$code"' full "$heddle" run ${way_options[$way]} --tiny -cp "$program" "$@" full/filling >out 2>err </dev/null
  code=$?
}
for way in "${ways[@]:1}"; do
  if begin "a run that is done is done, on a full disk: $way"; then
    on_full "$way" End fill
    expect_text out "filled"
    expect_code "$code" 0
    [[ $(head -n 1 verdict) == $'0\tdone' ]] || problem "$(<verdict)"
    expect_text err "full is full: what should have been written there"
    end
  fi
  if begin "a lost rank is named on a full disk: $way"; then
    on_full "$way" --liveness 3s End fill-halt
    expect_text out "filled"
    expect_code "$code" 1
    grep -qE '^heddle: rank [12] on .* gave no sign of life' err || problem "$(<err)"
    end
  fi
  if begin "a signal ends the run on a full disk: $way"; then
    rm -f up heddle.pid
    (on_full "$way" End fill-sleep; exit "$code") &
    started=$!
    await 60 test -e up || problem "it did not start: $(<err)"
    kill -TERM "$(<heddle.pid)"
    wait "$started"
    expect_code $? 143
    grep -qi 'write error\|no space' err && problem "$(<err)"
    nothing_runs
    end
  fi
  if begin "output that a full disk does not take is told of: $way"; then
    # The temporary folder is on the same disk, as where both are /tmp.
    mkdir -p full
    # shellcheck disable=SC2016,SC2086 # expanded there; several words
    timeout -k 5 90 unshare -m bash -c '
      mount -t tmpfs -o size=32m none full && mkdir full/tmp && export TMPDIR=$PWD/full/tmp && "$@" >full/out' \
      full "$heddle" run ${way_options[$way]} --tiny -cp "$program" End fill-lines full/filling 2>err </dev/null
    expect_code $? 0
    grep -q 'heddle: standard output could not be written (No space left on device)' err || problem "$(<err)"
    end
  fi
  if begin "all that is written arrives through a pipe: $way"; then
    # shellcheck disable=SC2086 # several words
    timeout -k 5 60 "$heddle" run ${way_options[$way]} --tiny -cp "$program" End lines 2>err </dev/null | cat >out
    [[ $(grep -c '^line .* of the body, of which there are many$' out) -eq 50000 ]] || problem "$(grep -c '^line' out) lines: $(<err)"
    [[ $(grep -c 'a line of a task' out) -eq 3 ]] || problem "$(tail -n 3 out)"
    end
  fi
done
for way in "${ways[@]}"; do
  if begin "a reader that leaves does not end the run: $way"; then
    rm -f finished
    # shellcheck disable=SC2086 # several words
    timeout -k 5 60 "$heddle" run ${way_options[$way]} --tiny -cp "$program" End lines 2>err </dev/null | head -n 1 >out
    [[ ${PIPESTATUS[0]} -eq 0 ]] || problem "exit code ${PIPESTATUS[0]}: $(<err)"
    expect_text out "line 0"
    [[ -e finished ]] || problem "the program did not come to its end"
    grep -q 'heddle: standard output could not be written .*its reader has left' err || problem "$(<err)"
    end
  fi
  if [[ $way != threads ]] && begin "a run directory that is full before the start is left as it was: $way"; then
    mkdir -p full
    # shellcheck disable=SC2016,SC2086 # expanded there; several words
    timeout -k 5 60 unshare -m bash -c '
      mount -t tmpfs -o size=64k none full && head -c 100000 /dev/zero >full/filling 2>/dev/null
      HEDDLE_RUN_DIR=$PWD/full "$@"
      code=$?
      ls -A full >there
      exit "$code"' full "$heddle" run ${way_options[$way]} --tiny -cp "$program" End good >out 2>err </dev/null
    expect_code $? 2
    expect_text err "there is no space left in the run directory"
    [[ $(<there) == filling ]] || problem "left: $(<there)"
    end
  fi
  if begin "readers of output and errors that leave do not end the run: $way"; then
    rm -f finished
    # shellcheck disable=SC2086 # several words
    timeout -k 5 60 "$heddle" run ${way_options[$way]} --tiny -cp "$program" End lines 2>&1 </dev/null | true
    [[ ${PIPESTATUS[0]} -eq 0 ]] || problem "exit code ${PIPESTATUS[0]}"
    [[ -e finished ]] || problem "the program did not come to its end"
    end
  fi
done

# ---- noise ----

# Launchers and their runtimes have words of their own for ranks that end early.
for way in "${ways[@]:1}"; do
  way_options[four]="--mpi $way -n 4 --liveness 3s"
  if begin "an early end by the body is one sentence: $way"; then
    run_way four 60 End exit 7
    expect_code "$code" 7
    [[ $(grep -vc '^tree: ' err) -eq 2 ]] || problem "$(<err)"
    expect_text err "heddle: the program ended with exit code 7"
    end
  fi
  if begin "an early end by a lost rank is one sentence: $way"; then
    run_way four 60 End halt
    expect_code "$code" 1
    [[ $(grep -vc '^tree: ' err) -eq 2 ]] || problem "$(<err)"
    grep -q '^heddle: rank [1-3] on ' err || problem "$(<err)"
    end
  fi
done

# ---- dead relays ----

for way in "${ways[@]:1}"; do
  if begin "a dead relay ends the run in the time that README says: $way"; then
    rm -rf tasks && mkdir tasks
    way_options[tree]="--mpi $way -n 7 --fanout 2 --liveness 3s"
    start_way tree End forever "$PWD/tasks"
    # Of 7 ranks with a fan-out of 2, four are leaves or more; all slots have begun.
    await 90 all_have_begun || problem "the tasks did not start: $(<err)"
    relay=
    for file in /proc/[0-9]*/environ; do
      pid=${file#/proc/} pid=${pid%/environ}
      grep -qszx "HEDDLE_TEST_MARK=end-test-$$" "$file" && grep -qszxE '(OMPI_COMM_WORLD_RANK|PMI_RANK)=1' "$file" || continue
      [[ $(readlink "/proc/$pid/exe") == */java ]] && relay=$pid
    done
    kill -KILL "$relay" || problem "rank 1 was not found"
    # Named within 3 s, ended within 5 s more; as much again for a slow machine.
    await_end 11
    expect_code "$code" 1
    grep -qE '^heddle: rank 1 on .* and the [0-9]+ ranks below it' err || problem "$(<err)"
    nothing_runs
    end
  fi
done

summary
