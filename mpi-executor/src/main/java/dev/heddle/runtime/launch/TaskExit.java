package dev.heddle.runtime.launch;

import dev.heddle.runtime.LastSteps;
import dev.heddle.runtime.Log;
import dev.heddle.runtime.engine.Engine;
import dev.heddle.runtime.output.TaskOutput;
import dev.heddle.runtime.slot.Slot;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// For runs on threads: where a task ends the process in the middle of the run, by `System.exit`,
/// the user is told, and the exit code is 1, as where a task ends a rank under MPI. Without this,
/// `System.exit(0)` of a task would look like the program's success.
///
/// An exit of the body, or of a thread that it has made, is the program's own. The threads of tasks
/// are those of [Slot#GROUP], and the threads that a task starts belong to it by default. A virtual
/// thread belongs to no group of tasks. Threading: a shutdown hook, while the run goes on.
final class TaskExit extends Thread {
  private static final int CODE = 1;

  /// Time to print what tasks have printed before.
  private static final long PRINT_NS_MAX = 400_000_000;

  /// Time for all that is told, should there be no reader.
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
      // a run inside of a shutdown hook: the process exits already
    }
    return exit;
  }

  /// The run is over: from now on every exit is the program's.
  void end() {
    try {
      boolean _ = Runtime.getRuntime().removeShutdownHook(this);
    } catch (IllegalStateException e) {
      // the process is ending, for some other reason
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
      // a step may fail before it is taken, as where its lambda can't be linked
      Log.tell("heddle: a task called System.exit in the middle of the run: " + broken);
    } finally {
      // there is no other way to change the exit code; rank 0 ends in this way too
      Runtime.getRuntime().halt(CODE);
    }
  }

  /// The thread of `stacks` in whose `System.exit` the hooks run.
  ///
  /// Other threads that want to exit too wait for the lock of `Shutdown`. The state of a thread
  /// doesn't tell it apart: the thread that runs the hooks joins one hook after the other, and is
  /// `BLOCKED` for a moment whenever a hook ends.
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
