package dev.heddle.behaviour;

import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/// Plays all behaviours under a launcher, each rank together with the others.
///
/// Arguments: the number of ranks. Output, one line each: `ok NAME` from rank 0, `FAILED NAME:
/// REASON` from any rank; a hang names itself in the same way. Exit code: 0 where nothing failed.
public final class BehaviourMain {
  private static final long SCENARIO_NS_MAX = TimeUnit.SECONDS.toNanos(60);

  private static volatile String current = "the start";
  private static volatile long beganNs = System.nanoTime();
  private static volatile boolean hasFailed;

  private BehaviourMain() {}

  /// Starts a rank.
  public static void main(String[] args) {
    Way way = Way.mpi(Integer.parseInt(args[0]));
    Thread.ofPlatform().daemon().name("watchdog").start(BehaviourMain::watch);
    try {
      // In one run, as far as possible: a start costs more than most scenarios. The other ranks see
      // nothing but this one run, so the time of all scenarios is theirs.
      way.run(
          heddle -> {
            for (Scenario scenario : Behaviours.shared()) {
              begin(scenario.name());
              try {
                scenario.play().play(heddle);
                say("ok " + scenario.name());
              } catch (Throwable wrong) {
                fail(wrong);
              }
            }
          });
    } catch (Throwable wrong) {
      fail(wrong);
    }
    for (RunScenario scenario : Behaviours.runs()) {
      begin(scenario.name());
      try {
        scenario.play().play(way);
        if (isRoot()) {
          say("ok " + scenario.name());
        }
      } catch (Throwable wrong) {
        fail(wrong);
      }
    }
    begin("the end");
    System.exit(hasFailed ? 1 : 0);
  }

  private static boolean isRoot() {
    for (String name : new String[] {"OMPI_COMM_WORLD_RANK", "PMI_RANK"}) {
      String rank = System.getenv(name);
      if (rank != null) {
        return rank.equals("0");
      }
    }
    throw new IllegalStateException("not under a launcher");
  }

  private static void begin(String name) {
    current = name;
    beganNs = System.nanoTime();
  }

  private static void fail(Throwable wrong) {
    hasFailed = true;
    StringWriter stack = new StringWriter();
    wrong.printStackTrace(new PrintWriter(stack, true));
    say("FAILED " + current + ": " + stack.toString().strip().replace("\n", " | "));
  }

  /// One line in one write, so that lines of several ranks don't mix.
  @SuppressWarnings("SystemOut") // how a rank reports
  private static void say(String line) {
    PrintStream out = System.out;
    byte[] bytes = (line + "\n").getBytes(java.nio.charset.StandardCharsets.UTF_8);
    out.write(bytes, 0, bytes.length);
    out.flush();
  }

  private static void watch() {
    boolean isServing = !isRoot();
    try {
      while ((isServing && current.equals("the start"))
          || System.nanoTime() - beganNs < SCENARIO_NS_MAX) {
        TimeUnit.MILLISECONDS.sleep(200);
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException("nobody interrupts the watchdog", e);
    }
    StringBuilder stacks = new StringBuilder();
    Thread.getAllStackTraces()
        .forEach(
            (thread, stack) ->
                stacks.append(" | ").append(thread.getName()).append(Arrays.toString(stack)));
    say("FAILED " + current + ": hangs" + stacks);
    Runtime.getRuntime().halt(3);
  }
}
