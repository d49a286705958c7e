package dev.heddle.runtime.launch;

import dev.heddle.runtime.LastSteps;
import dev.heddle.runtime.Log;
import dev.heddle.runtime.engine.Engine;
import dev.heddle.runtime.output.TaskOutput;
import dev.heddle.runtime.slot.Slot;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// On threads: a task that ends the process in the middle of the run, by `System.exit`, is told of,
/// and the exit code is 1, as where it ends a rank. Without this, `System.exit(0)` of a task would
/// look like the program's success.
///
/// What the body exits with is the program's own, and so is the exit of a thread of its making: a
/// task's are those of [Slot#GROUP], which threads that a task starts belong to by default. Virtual
/// threads belong to nobody. Threading: a shutdown hook, while the run goes on.
final class TaskExit extends Thread {
  private static final int CODE = 1;

  /// Time for what tasks have printed before.
  private static final long PRINT_NS_MAX = 400_000_000;

  /// Time for all that is said, should nobody read it.
  private static final long END_NS_MAX = 5_000_000_000L;

  private final List<Engine> engines;

  private TaskExit(List<Engine> engines) {
    super("heddle-exit");
    this.engines = engines;
  }

  /// Watches until [#end].
  static TaskExit begin(List<Engine> engines) {
    TaskExit exit = new TaskExit(engines);
    try {
      Runtime.getRuntime().addShutdownHook(exit);
    } catch (IllegalStateException e) {
      // a run inside of a shutdown hook: nobody can exit any more
    }
    return exit;
  }

  /// The run is over: from now on every exit is the program's.
  void end() {
    try {
      boolean _ = Runtime.getRuntime().removeShutdownHook(this);
    } catch (IllegalStateException e) {
      // the process is ending, for whatever reason it has
    }
  }

  @Override
  public void run() {
    Thread exiting = exiting(Thread.getAllStackTraces());
    if (exiting == null || !isOfTask(exiting)) {
      return;
    }
    try {
      LastSteps.haltAfter(END_NS_MAX, CODE, () -> {});
      LastSteps.take("to say why", () -> Log.tell("heddle: " + sentence(exiting)));
      LastSteps.take("to print what tasks have printed", this::printWhatHasCome);
    } catch (Throwable broken) {
      // what a step needs may fail before it is taken, as a lambda that can't be linked does
      Log.tell("heddle: a task called System.exit in the middle of the run: " + broken);
    } finally {
      // the code that was given can't be changed otherwise; rank 0 ends in this way too
      Runtime.getRuntime().halt(CODE);
    }
  }

  /// The thread of `stacks` in whose `System.exit` the hooks run.
  ///
  /// Others that want to exit too wait at the door of `Shutdown`. The state of a thread doesn't
  /// tell them apart: the one that runs the hooks joins them one after the other, and is `BLOCKED`
  /// for a moment whenever one of them ends.
  static @Nullable Thread exiting(Map<Thread, StackTraceElement[]> stacks) {
    for (Map.Entry<Thread, StackTraceElement[]> entry : stacks.entrySet()) {
      for (StackTraceElement frame : entry.getValue()) {
        if (frame.getClassName().equals("java.lang.ApplicationShutdownHooks")) {
          return entry.getKey();
        }
      }
    }
    return null;
  }

  /// True where a task runs on `thread`, or has started it.
  static boolean isOfTask(Thread thread) {
    ThreadGroup group = thread.getThreadGroup();
    return group != null && Slot.GROUP.parentOf(group);
  }

  private static String sentence(Thread exiting) {
    String task = Slot.taskOf(exiting);
    return (task == null
            ? "a thread that a task has started, " + exiting.getName() + ","
            : "the task " + task)
        + " called System.exit in the middle of the run, and the run stops: a task ends by return"
        + " or an exception, and only the body may end the program";
  }

  private void printWhatHasCome() {
    long deadlineNs = System.nanoTime() + PRINT_NS_MAX;
    int work = 1;
    while (work > 0 && System.nanoTime() - deadlineNs < 0) {
      work = 0;
      for (Engine engine : engines) {
        work += Math.max(0, engine.tryTurn());
      }
    }
    TaskOutput output = engines.getFirst().taskOutput();
    if (output != null) {
      output.awaitPrinted(PRINT_NS_MAX);
    }
  }
}
