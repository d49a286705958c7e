package dev.heddle.runtime.session;

import dev.heddle.core.role.Coordinator;
import dev.heddle.runtime.Log;
import dev.heddle.runtime.engine.Engine;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// The time between the body's return and the end of the run: waits for the work that is left, and
/// names it when nothing moves.
///
/// The rules, for a user who has forgotten something:
///
/// - A future that is no task, given to a task, may be completed at any time. The run waits for it
///   without end, and names it after a few seconds and then ever more rarely. The same holds for
///   joins that don't return.
/// - The same holds for a task that doesn't end, however long it computes: a run that waits for a
///   task without end looks like a run that hangs.
/// - When all tasks are done, callbacks (functions chained to a copy of a future) may go on as long
///   as one of them computes, starts or ends. Once all callbacks have only waited for
///   [#CALLBACK_NS_MAX] they are named and interrupted, and after the same time again left alone:
///   they hold nothing but their own memory.
///
/// Threading: the body's thread.
final class Ending {
  /// The time between two looks at whether something moves. While it moves, only counters are read.
  private static final long LOOK_NS = 500_000_000;

  /// The first sentence waits this long: a body often returns a moment before the last future is
  /// completed.
  private static final long TELL_NS = 5_000_000_000L;

  /// Each sentence waits this many times as long as the sentence before it.
  private static final int TELL_FACTOR = 6;

  /// Callbacks that only wait are interrupted after this time.
  static final long CALLBACK_NS_MAX = 10_000_000_000L;

  /// More names make no sentence clearer.
  private static final int NAMED_MAX = 5;

  private final Session session;
  private final ForeignFutures adopted;
  private final Engine engine;
  private final Callbacks callbacks;
  private long movedNs;
  private long doneCount = -1;
  private long startedCount;
  private int runningCount;
  private long tellNs = TELL_NS;
  private boolean isInterrupted;

  /// The time when a task was last seen to be done. After `tellTasksNs` more, the tasks that are
  /// out are named.
  private long doneNs;

  private long tellTasksNs = TELL_NS;

  /// The answer of the holder of the progress role, until it is told.
  private final AtomicReference<@Nullable String> tasksOut = new AtomicReference<>();

  Ending(Session session, ForeignFutures adopted) {
    this.session = session;
    this.adopted = adopted;
    this.engine = session.engine();
    this.callbacks = session.callbacks();
  }

  /// Returns when no work is left, when the work that is left is given up, or when the engine is
  /// closed.
  void await() throws InterruptedException {
    boolean isGivenUp = false;
    while (!isGivenUp) {
      engine
          .pollers()
          .pollUntil(
              () -> session.isIdle() || engine.isClosed(),
              System.nanoTime() + LOOK_NS,
              engine.pollers()::nap);
      if (engine.isClosed() || session.isIdle()) {
        return;
      }
      isGivenUp = look(System.nanoTime());
    }
  }

  /// Returns true when nothing is left that is worth a wait.
  private boolean look(long nowNs) {
    lookAtTasks(nowNs);
    if (hasMoved()) {
      movedNs = nowNs;
      tellNs = TELL_NS;
      isInterrupted = false;
      return false;
    }
    long stillNs = nowNs - movedNs;
    adopted.letGo();
    if (session.areAllDone()) {
      return lookAtCallbacks(nowNs, stillNs);
    }
    if (stillNs >= tellNs) {
      tellNs *= TELL_FACTOR;
      Log.tell(
          "heddle: the body has returned, and for "
              + seconds(stillNs)
              + " the run waits for "
              + String.join("; and for ", awaited()));
    }
    return false;
  }

  /// Names the tasks that are out when none has ended for a while. The next sentence waits longer,
  /// whatever has moved in between, so that a run of long tasks says little.
  private void lookAtTasks(long nowNs) {
    String out = tasksOut.getAndSet(null);
    if (engine.doneCount() != doneCount) {
      doneNs = nowNs;
      return;
    }
    if (out != null) {
      Log.tell(
          "heddle: the body has returned, and for "
              + seconds(nowNs - doneNs)
              + " the run waits for "
              + out);
    }
    if (engine.launchedCount() > 0 && nowNs - doneNs >= tellTasksNs) {
      tellTasksNs *= TELL_FACTOR;
      session.command((root, _) -> tasksOut.set(tasksOut(root)));
    }
  }

  /// The oldest tasks that are out, and where; null where no task is out. In the progress role.
  private static @Nullable String tasksOut(Coordinator root) {
    TreeMap<Long, String> oldest = new TreeMap<>();
    int[] count = {0};
    root.forEachLaunched(
        (task, rank, ranksBelow) -> {
          count[0]++;
          if (oldest.size() == NAMED_MAX && task.id() > oldest.lastKey()) {
            return;
          }
          oldest.put(
              task.id(),
              task.id()
                  + " ("
                  + task.label()
                  + ")"
                  + (rank < 0 ? "" : " on rank " + rank)
                  + (ranksBelow == 0 ? "" : " or below it"));
          if (oldest.size() > NAMED_MAX) {
            oldest.pollLastEntry();
          }
        });
    if (oldest.isEmpty()) {
      return null;
    }
    int more = count[0] - oldest.size();
    return count[0]
        + (count[0] == 1 ? " task: " : " tasks: ")
        + String.join(", ", oldest.values())
        + (more == 0 ? "" : " and " + more + " more");
  }

  private boolean hasMoved() {
    boolean isSame =
        engine.launchedCount() == 0
            && engine.doneCount() == doneCount
            && callbacks.startedCount() == startedCount
            && callbacks.runningCount() == runningCount;
    doneCount = engine.doneCount();
    startedCount = callbacks.startedCount();
    runningCount = callbacks.runningCount();
    return !isSame;
  }

  private boolean lookAtCallbacks(long nowNs, long stillNs) {
    if (stillNs < CALLBACK_NS_MAX) {
      return false;
    }
    List<Thread> left = callbacks.running();
    if (left.stream().anyMatch(Ending::isAtWork)) {
      movedNs = nowNs;
      return false;
    }
    String what =
        left.size()
            + (left.size() == 1 ? " callback waits" : " callbacks wait")
            + " for what doesn't come, "
            + String.join(", ", places(left));
    if (isInterrupted) {
      Log.tell("heddle: the run ends though it was interrupted: " + what);
      return true;
    }
    Log.tell(
        "heddle: all tasks are done, but for "
            + seconds(stillNs)
            + " "
            + what
            + ": interrupted, so that the run can end");
    left.forEach(Thread::interrupt);
    isInterrupted = true;
    movedNs = nowNs;
    return false;
  }

  private static boolean isAtWork(Thread thread) {
    return switch (thread.getState()) {
      case NEW, RUNNABLE -> true;
      case BLOCKED, WAITING, TIMED_WAITING, TERMINATED -> false;
    };
  }

  private List<String> awaited() {
    List<String> lines = new ArrayList<>();
    for (String label : adopted.awaited(NAMED_MAX)) {
      lines.add("a " + label + ", which nobody has completed");
    }
    List<Thread> left = callbacks.running();
    if (lines.isEmpty() && !left.isEmpty()) {
      lines.add(
          left.size()
              + (left.size() == 1 ? " join or callback " : " joins or callbacks ")
              + String.join(", ", places(left)));
    }
    if (lines.isEmpty()) {
      lines.add("tasks that no worker has room for, or joins that wait for each other");
    }
    return lines;
  }

  /// The places of threads: the first frame of each that isn't the JDK's or Heddle's.
  private static List<String> places(List<Thread> threads) {
    return threads.stream().limit(NAMED_MAX).map(Ending::place).toList();
  }

  private static String place(Thread thread) {
    StackTraceElement[] stack = thread.getStackTrace();
    for (StackTraceElement frame : stack) {
      String name = frame.getClassName();
      boolean isOurs = name.startsWith("dev.heddle.runtime.");
      if (!isOurs && !name.startsWith("java.") && !name.startsWith("jdk.")) {
        return "at " + frame;
      }
    }
    return stack.length == 0 ? "at its end" : "at " + stack[0];
  }

  private static String seconds(long ns) {
    return ns / 1_000_000_000 + " s";
  }
}
