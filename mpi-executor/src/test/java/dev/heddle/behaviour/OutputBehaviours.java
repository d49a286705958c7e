package dev.heddle.behaviour;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.TaskFuture;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeoutException;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What becomes of what tasks print.
///
/// Each scenario puts streams of its own in the place of the process's before the run, as a program
/// might; what rank 0 prints goes there.
final class OutputBehaviours {
  private static final Pattern PREFIX = Pattern.compile("\\[rank (\\d+) task (\\d+)( \\+)?] (.*)");

  /// Of one task: more than five megabytes.
  private static final int LINES = 52_000;

  private static final long LINE_BYTES = 100;
  private static final int BYTES_MAX = 100_000;

  /// Of a progress bar: many more than are shown.
  private static final int STEPS = 2_000;

  private OutputBehaviours() {}

  static List<RunScenario> scenarios() {
    return List.of(
        new RunScenario("what tasks print comes out on rank 0", OutputBehaviours::collects),
        new RunScenario("lines of a task stay in order and whole", OutputBehaviours::ordered),
        new RunScenario("output is bounded, and the rest counted", OutputBehaviours::bounded),
        new RunScenario("nobody waits for who reads the output", OutputBehaviours::slowReader),
        new RunScenario("half a line shows when it is flushed", OutputBehaviours::halves),
        new RunScenario("progress in one line shows, bounded", OutputBehaviours::progress),
        new RunScenario("only tasks get a prefix", OutputBehaviours::onlyTasks),
        new RunScenario("streams are given back after a run", OutputBehaviours::restores),
        new RunScenario("output may be left alone", OutputBehaviours::inherits));
  }

  // ---- tasks

  @SuppressWarnings("SystemOut") // the subject
  static int say(int number) throws IOException {
    System.out.println("out " + number);
    System.err.print("err ");
    System.err.print(number);
    if (number % 5 == 0) {
      throw new IOException("after it has printed");
    }
    return number;
  }

  @SuppressWarnings("SystemOut")
  static int sayLines(int lines) {
    for (int i = 0; i < lines; i++) {
      System.out.println("line " + i);
    }
    System.out.println("€".repeat(1_000));
    return lines;
  }

  @SuppressWarnings("SystemOut")
  static int sayMuch(int lines) {
    String line = "x".repeat((int) LINE_BYTES - 1);
    for (int i = 0; i < lines; i++) {
      System.out.println(line);
    }
    return lines;
  }

  @SuppressWarnings("SystemOut")
  static int sayHalf(Gate gate) throws InterruptedException, TimeoutException {
    System.out.print("half a line ");
    System.out.flush();
    Gate.pass(gate, 0);
    System.out.println("and the rest");
    return 1;
  }

  /// As progress bars do it.
  @SuppressWarnings("SystemOut")
  static int sayProgress(Gate gate) throws InterruptedException, TimeoutException {
    for (int i = 1; i <= STEPS; i++) {
      System.err.print("\r" + i + " of " + STEPS);
      System.err.flush();
    }
    Gate.pass(gate, 0);
    System.err.println();
    return 1;
  }

  @SuppressWarnings("SystemOut")
  static int sayAside(int number) throws InterruptedException {
    Thread aside = Thread.ofPlatform().start(() -> System.out.println("aside " + number));
    aside.join();
    System.out.println("task " + number);
    return number;
  }

  // ---- scenarios

  /// What a run has printed on this process's streams.
  private record Printed(boolean isRoot, String out, String err) {
    List<String> outLines() {
      return out.lines().toList();
    }
  }

  private static Printed run(Way way, Scenario.Play body) {
    return run(way, config -> config, new ByteArrayOutputStream(), body);
  }

  private static Printed run(
      Way way,
      UnaryOperator<dev.heddle.HeddleConfig.Builder> change,
      ByteArrayOutputStream out,
      Scenario.Play body) {
    return run(way, change, out, new ByteArrayOutputStream(), body);
  }

  private static Printed run(
      Way way,
      UnaryOperator<dev.heddle.HeddleConfig.Builder> change,
      ByteArrayOutputStream out,
      ByteArrayOutputStream err,
      Scenario.Play body) {
    PrintStream outBefore = System.out;
    PrintStream errBefore = System.err;
    System.setOut(new PrintStream(out, false, StandardCharsets.UTF_8));
    System.setErr(new PrintStream(err, false, StandardCharsets.UTF_8));
    try {
      boolean isRoot = way.run(change, body);
      System.out.flush();
      return new Printed(
          isRoot, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    } finally {
      System.setOut(outBefore);
      System.setErr(errBefore);
    }
  }

  private static Matcher prefixed(String line) {
    Matcher matcher = PREFIX.matcher(line);
    assertTrue(matcher.matches(), () -> "no prefix: " + line);
    return matcher;
  }

  private static void collects(Way way) {
    Printed printed =
        run(
            way,
            heddle -> {
              List<TaskFuture<Integer>> futures = new ArrayList<>();
              for (int i = 1; i <= 40; i++) {
                futures.add(heddle.submit(OutputBehaviours::say, i));
              }
              for (TaskFuture<Integer> future : futures) {
                Expect.eventually(future::isDone, "done");
              }
            });
    if (!printed.isRoot()) {
      assertEquals("", printed.out(), "only rank 0 prints");
      return;
    }
    List<String> said = new ArrayList<>();
    for (String line : printed.outLines()) {
      Matcher parts = prefixed(line);
      int rank = Integer.parseInt(parts.group(1));
      assertTrue(way.ranks() == 1 ? rank == 0 : rank > 0 && rank < way.ranks(), line);
      // the tasks of this run are numbered from 1, in the order of submit
      assertEquals("out " + parts.group(2), parts.group(4));
      said.add(parts.group(4));
    }
    assertEquals(40, said.stream().distinct().count(), said::toString);
    assertEquals(40, said.size());
    long errors =
        printed
            .err()
            .lines()
            .filter(line -> line.matches("\\[rank \\d+ task (\\d+)] err \\1"))
            .count();
    assertEquals(40, errors, printed::err);
  }

  private static void ordered(Way way) {
    Printed printed =
        run(
            way,
            heddle -> {
              for (int i = 0; i < 8; i++) {
                TaskFuture<Integer> _ = heddle.submit(OutputBehaviours::sayLines, 300);
              }
            });
    if (!printed.isRoot()) {
      return;
    }
    for (int task = 1; task <= 8; task++) {
      int id = task;
      List<Matcher> lines =
          printed.outLines().stream()
              .map(OutputBehaviours::prefixed)
              .filter(parts -> parts.group(2).equals(Integer.toString(id)))
              .toList();
      assertEquals(303, lines.size());
      for (int i = 0; i < 300; i++) {
        assertEquals("line " + i, lines.get(i).group(4));
      }
      StringBuilder joined = new StringBuilder();
      for (Matcher parts : lines.subList(300, 303)) {
        assertEquals(!joined.isEmpty(), parts.group(3) != null, "pieces that continue say so");
        joined.append(parts.group(4));
      }
      assertEquals("€".repeat(1_000), joined.toString());
    }
  }

  private static void halves(Way way) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Printed printed =
        run(
            way,
            config -> config,
            out,
            heddle -> {
              try (Gate gate = Gate.create()) {
                TaskFuture<Integer> future = heddle.submit(OutputBehaviours::sayHalf, gate);
                Expect.eventually(
                    () -> out.toString(StandardCharsets.UTF_8).contains("] half a line \n"),
                    "half a line while its task runs");
                gate.open();
                assertEquals(1, future.get());
              }
            });
    if (printed.isRoot()) {
      assertEquals(2, printed.outLines().size(), printed::out);
      Matcher rest = prefixed(printed.outLines().getLast());
      assertEquals("and the rest", rest.group(4));
      assertEquals(" +", rest.group(3), "it continues");
    }
  }

  private static void progress(Way way) {
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    long startNs = System.nanoTime();
    Printed printed =
        run(
            way,
            config -> config,
            new ByteArrayOutputStream(),
            err,
            heddle -> {
              try (Gate gate = Gate.create()) {
                TaskFuture<Integer> future = heddle.submit(OutputBehaviours::sayProgress, gate);
                String last = "] " + STEPS + " of " + STEPS + "\n";
                Expect.eventually(
                    () -> err.toString(StandardCharsets.UTF_8).contains(last),
                    "the last step while its task runs");
                gate.open();
                assertEquals(1, future.get());
              }
            });
    if (!printed.isRoot()) {
      return;
    }
    List<String> steps =
        printed.err().lines().filter(line -> line.endsWith(" of " + STEPS)).toList();
    int before = 0;
    for (String step : steps) {
      Matcher parts = prefixed(step);
      assertNull(parts.group(3), "each step is a line of its own");
      int number = Integer.parseInt(parts.group(4).split(" ", -1)[0]);
      assertTrue(number > before, steps::toString);
      before = number;
    }
    long seconds = (System.nanoTime() - startNs) / 1_000_000_000;
    assertTrue(steps.size() <= 8 + 1 + seconds, steps::toString);
    assertTrue(prefixed(steps.getFirst()).group(4).startsWith("1 of"), steps::toString);
  }

  private static void bounded(Way way) {
    Printed printed =
        run(
            way,
            config -> config.set("taskOutputBytesMax", Integer.toString(BYTES_MAX)),
            new ByteArrayOutputStream(),
            heddle -> assertEquals(LINES, heddle.submit(OutputBehaviours::sayMuch, LINES).get()));
    if (!printed.isRoot()) {
      return;
    }
    int rank = Integer.parseInt(prefixed(printed.outLines().getFirst()).group(1));
    long lineBytes = LINE_BYTES + ("[rank " + rank + " task 1] ").length();
    long kept = BYTES_MAX / lineBytes;
    assertEquals(kept, printed.outLines().size());
    String sentence =
        "heddle: rank "
            + rank
            + ": "
            + (LINES - kept) * lineBytes
            + " bytes of task output dropped (taskOutputBytesMax="
            + BYTES_MAX
            + "); use taskOutput=files to keep all";
    assertEquals(
        List.of(sentence),
        printed.err().lines().filter(line -> line.contains("dropped")).toList(),
        printed::err);
  }

  /// What is written waits until somebody reads.
  private static final class Pipe extends ByteArrayOutputStream {
    private final CountDownLatch reader = new CountDownLatch(1);
    private final CountDownLatch writer = new CountDownLatch(1);

    @Override
    @SuppressWarnings("UnsynchronizedOverridesSynchronized") // its size is asked while it waits
    public void write(byte[] bytes, int offset, int length) {
      writer.countDown();
      try {
        reader.await();
      } catch (InterruptedException e) {
        throw new IllegalStateException("nobody interrupts who prints", e);
      }
      super.write(bytes, offset, length);
    }
  }

  private static void slowReader(Way way) {
    Pipe pipe = new Pipe();
    Printed printed =
        run(
            way,
            config -> config,
            pipe,
            heddle -> {
              TaskFuture<Integer> first = heddle.submit(OutputBehaviours::sayLines, 1_000);
              assertEquals(1_000, first.get());
              pipe.writer.await();
              for (int i = 0; i < 200; i++) {
                assertEquals(42, heddle.submit(Tasks::answer).get());
              }
              assertEquals(7, heddle.submit(OutputBehaviours::sayLines, 7).get());
              assertEquals(0, pipe.size(), "something was read");
              pipe.reader.countDown();
            });
    if (printed.isRoot()) {
      assertEquals(1_000 + 3 + 7 + 3, printed.outLines().size());
    }
  }

  @SuppressWarnings("SystemOut")
  private static void onlyTasks(Way way) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Printed printed =
        run(
            way,
            config -> config,
            out,
            heddle -> {
              System.out.print("body");
              System.out.flush();
              assertEquals("body", out.toString(StandardCharsets.UTF_8), "at once, as it is");
              System.out.println();
              assertEquals(3, heddle.submit(OutputBehaviours::sayAside, 3).get());
            });
    if (!printed.isRoot()) {
      return;
    }
    List<String> lines = printed.outLines();
    assertEquals("body", lines.getFirst());
    assertEquals("task 3", prefixed(lines.getLast()).group(4));
    if (way.mpi()) {
      assertEquals(2, lines.size(), "a thread of a task's own prints where its process prints");
    } else {
      assertEquals("aside 3", lines.get(1), "a thread of a task's own has no prefix");
    }
  }

  @SuppressWarnings("SystemOut")
  private static void restores(Way way) {
    PrintStream outBefore = System.out;
    PrintStream errBefore = System.err;
    PrintStream theirs = new PrintStream(OutputStream.nullOutputStream());
    try {
      boolean _ =
          way.run(
              _ -> {
                assertNotSame(outBefore, System.out);
                assertNotSame(errBefore, System.err);
              });
      assertSame(outBefore, System.out);
      assertSame(errBefore, System.err);
      boolean isRoot = way.run(_ -> System.setOut(theirs));
      assertSame(isRoot ? theirs : outBefore, System.out);
      assertSame(errBefore, System.err);
    } finally {
      System.setOut(outBefore);
    }
  }

  private static void inherits(Way way) {
    Printed printed =
        run(
            way,
            config -> config.set("taskOutput", "inherit"),
            new ByteArrayOutputStream(),
            heddle -> {
              assertFalse(System.out.getClass().getName().startsWith("dev.heddle"));
              assertEquals(1, heddle.submit(OutputBehaviours::say, 1).get());
            });
    if (printed.isRoot() && !way.mpi()) {
      assertEquals("out 1\n", printed.out());
    }
  }
}
