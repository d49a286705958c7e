package dev.heddle.runtime.launch;

import dev.heddle.runtime.LastSteps;
import dev.heddle.runtime.Log;
import dev.heddle.runtime.slot.Slot;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Ends a process whose program is over except for threads that tasks have left, such as those of a
/// pool that was never shut down. The JVM would wait for them for ever, and the other ranks and the
/// user would wait with it.
///
/// The program is over when its `main` has returned and the thread that called the run has ended. A
/// thread that is no daemon, belongs to tasks, and still runs [#GRACE_NS] later is then named in
/// one sentence, and the process exits as it would without the thread. In rank 0's process the
/// program's own threads keep it alive, since the program may go on after the run. Other ranks
/// exist for the tasks alone, and no thread holds up their end.
///
/// Threading: a daemon of its own, one per process, asleep while the caller of runs lives. Rank 0's
/// process has none until a run has left such a thread.
final class AfterRun {
  /// Time for a pool's threads to end by themselves after a `close` at the very end.
  private static final long GRACE_NS = 700_000_000;

  private static final long LOOK_MS = 100;

  /// The JVM's name for the thread of `main` once `main` has returned.
  private static final String MAIN_HAS_RETURNED = "DestroyJavaVM";

  /// The names of Heddle's own threads begin with this.
  private static final String OURS = "heddle-";

  /// The JVM's first thread, which runs `main`, has one of the first ids (1 in JDK 21, 3 in 25).
  private static final long MAIN_ID_MAX = 3;

  /// The JDK's class that starts the shutdown hooks and waits for them.
  private static final String WAITS_FOR_HOOKS = "java.lang.ApplicationShutdownHooks";

  private static final int NAMED_MAX = 3;

  private static volatile @Nullable AfterRun current;

  private final boolean isRoot;
  private final String where;
  private volatile Thread caller;
  private volatile boolean hasFailed;
  private volatile boolean isExiting;
  private volatile List<Thread> named = List.of();

  private AfterRun(boolean isRoot, String where, Thread caller) {
    this.isRoot = isRoot;
    this.where = where;
    this.caller = caller;
  }

  /// Called where a run has ended, by the thread that called it. `where` begins the sentence and
  /// may be empty.
  static synchronized void watch(boolean isRoot, String where) {
    Thread self = Thread.currentThread();
    AfterRun known = current;
    if (known != null) {
      known.caller = self;
      known.noteFailureOf(self);
      return;
    }
    if (isRoot && threads().stream().noneMatch(AfterRun::isLeftByTask)) {
      return;
    }
    AfterRun made = new AfterRun(isRoot, where, self);
    current = made;
    made.noteFailureOf(self);
    Runtime.getRuntime().addShutdownHook(new Thread(() -> made.isExiting = true, "heddle-exiting"));
    Thread.ofPlatform().daemon().name("heddle-after-run").start(made::watch);
  }

  /// The JVM's exit code is 1 where `main` threw, which can't be found out later. The handler from
  /// before still gets what the thread throws.
  private void noteFailureOf(Thread thread) {
    Thread.UncaughtExceptionHandler before = thread.getUncaughtExceptionHandler();
    if (thread.threadId() <= MAIN_ID_MAX && !(before instanceof Noting)) {
      thread.setUncaughtExceptionHandler(new Noting(this, before));
    }
  }

  private record Noting(AfterRun noted, Thread.UncaughtExceptionHandler before)
      implements Thread.UncaughtExceptionHandler {
    @Override
    public void uncaughtException(Thread thread, Throwable thrown) {
      noted.hasFailed = true;
      before.uncaughtException(thread, thrown);
    }
  }

  private void watch() {
    try {
      long sinceNs = 0;
      while (!isExiting) {
        Thread known = caller;
        known.join();
        List<Thread> left = left();
        if (!known.equals(caller) || HeddleProvider.isRunning() || left.isEmpty()) {
          sinceNs = 0;
        } else if (sinceNs == 0) {
          sinceNs = System.nanoTime();
        } else if (System.nanoTime() - sinceNs >= GRACE_NS) {
          end(left);
        }
        TimeUnit.MILLISECONDS.sleep(LOOK_MS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static boolean isLeftByTask(Thread thread) {
    return !thread.isDaemon() && !thread.getName().startsWith(OURS) && TaskExit.isOfTask(thread);
  }

  /// The threads that hold up the end, where nothing else holds it up.
  private List<Thread> left() {
    List<Thread> left = new ArrayList<>();
    boolean hasMainReturned = false;
    for (Thread thread : threads()) {
      if (thread.getName().equals(MAIN_HAS_RETURNED)) {
        hasMainReturned = true;
      } else if (!thread.isDaemon() && !thread.getName().startsWith(OURS)) {
        if (isRoot && !TaskExit.isOfTask(thread)) {
          return List.of();
        }
        left.add(thread);
      }
    }
    return hasMainReturned ? left : List.of();
  }

  /// All threads, found without stopping any: a thread in a loop that the JVM can't stop may be
  /// among them.
  private static List<Thread> threads() {
    ThreadGroup root = Slot.GROUP;
    for (ThreadGroup above = root; above != null; above = root.getParent()) {
      root = above;
    }
    Thread[] found = new Thread[64];
    int count = root.enumerate(found);
    while (count == found.length) {
      found = new Thread[2 * found.length];
      count = root.enumerate(found);
    }
    return Arrays.asList(found).subList(0, count);
  }

  private void end(List<Thread> left) {
    named = List.copyOf(left);
    LastSteps.take("to name the threads that are left", () -> Log.tell(sentence(left)));
    Runtime.getRuntime().exit(hasFailed ? 1 : 0);
  }

  /// The thread that probably holds up the end of a process that is exiting: a user's shutdown
  /// hook. Null where no shutdown hook is waited for. Threads named before are left out.
  static @Nullable String hook() {
    AfterRun known = current;
    boolean isWaiting = false;
    String found = null;
    for (Map.Entry<Thread, StackTraceElement[]> entry : Thread.getAllStackTraces().entrySet()) {
      Thread thread = entry.getKey();
      boolean isNamed = known != null && known.named.contains(thread);
      for (StackTraceElement frame : entry.getValue()) {
        String name = frame.getClassName();
        isWaiting |= name.equals(WAITS_FOR_HOOKS);
        if (found == null
            && !isNamed
            && !thread.getName().startsWith(OURS)
            && !name.startsWith("java.")
            && !name.startsWith("jdk.")) {
          found = thread.getName() + " at " + frame;
        }
      }
    }
    return isWaiting ? String.valueOf(found) : null;
  }

  private String sentence(List<Thread> left) {
    StringBuilder text = new StringBuilder("heddle: ").append(where);
    text.append("the program is over, but ")
        .append(left.size() == 1 ? "a thread is" : left.size() + " threads are")
        .append(" left that ")
        .append(left.stream().allMatch(TaskExit::isOfTask) ? "tasks have" : "the program has")
        .append(" started and not ended: ");
    for (int i = 0; i < Math.min(NAMED_MAX, left.size()); i++) {
      text.append(i == 0 ? "" : ", ").append(left.get(i).getName());
    }
    if (left.size() > NAMED_MAX) {
      text.append(" and ").append(left.size() - NAMED_MAX).append(" more");
    }
    return text.append("; the process ends without them (shut down a pool where it was made, or")
        .append(" keep it in a WorkerLocal, which is closed)")
        .toString();
  }
}
