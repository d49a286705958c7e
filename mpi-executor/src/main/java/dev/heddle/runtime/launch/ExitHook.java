package dev.heddle.runtime.launch;

import dev.heddle.runtime.LastSteps;
import dev.heddle.runtime.Log;
import dev.heddle.runtime.engine.End;
import dev.heddle.runtime.engine.Engine;
import dev.heddle.transport.World;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// The end of a rank's process under MPI, however the process ends.
///
/// After its runs a process waits for the other ranks and finalises MPI: some launchers end the
/// whole job when a rank leaves without finalising. A process that ends in the middle of a run
/// (`System.exit`, a signal) tells the other ranks: rank 0 tells the ranks below it, other ranks
/// tell those above. It leaves without finalising, since that would wait for all ranks. A lost rank
/// makes MPI_Finalize hang, so a run that has lost a rank leaves without it too. Threading: any.
final class ExitHook implements Engine.Home {
  private static final long FINISH_NS_MAX = 30_000_000_000L;
  private static final long TELL_NS_MAX = 600_000_000L;

  /// Time for all steps of an end in the middle of a run. They take a second where nothing holds
  /// them up.
  private static final long END_NS_MAX = 5_000_000_000L;

  /// After this time rank 0 says that it waits for the other ranks.
  private static final long TELL_NS = 3_000_000_000L;

  private static final String WAITING =
      "heddle: the program is over on rank 0, which waits up to 30 s for the other ranks: something"
          + " goes on there after the run, in main or in a shutdown hook";

  /// Time for other shutdown hooks of a rank, once all ranks are through.
  private static final long HOOKS_NS_MAX = 1_500_000_000L;

  private static @Nullable ExitHook installed;

  private volatile @Nullable World world;
  private volatile @Nullable Engine active;
  private volatile @Nullable String failure;

  private ExitHook() {}

  static synchronized ExitHook install() {
    ExitHook hook = installed;
    if (hook == null) {
      hook = new ExitHook();
      Runtime.getRuntime().addShutdownHook(hook.new OnExit());
      installed = hook;
    }
    return hook;
  }

  /// Waits, before a further run, until all ranks call this. Rank 0 may take long to begin the run,
  /// and the start of a run blocks in MPI, which spins.
  void awaitNextRun() {
    World known = world;
    if (known != null) {
      known.awaitAll();
    }
  }

  void worldStarted(World started) {
    if (world == null) {
      world = started;
      Launch.tellStarted();
    }
  }

  void runStarted(Engine engine) {
    active = engine;
    failure = null;
  }

  void runEnded(@Nullable Throwable thrown) {
    active = null;
    if (thrown != null) {
      failure = LastSteps.text(thrown);
    }
  }

  /// The end has begun. It happens within `END_NS_MAX` and with its verdict, whatever holds up its
  /// steps.
  @Override
  public void onEnding(End end) {
    LastSteps.haltAfter(END_NS_MAX, end.code(), () -> writeVerdict(end));
  }

  /// The run can't go on: this process ends here.
  @Override
  public void onEnd(End end) {
    try {
      LastSteps.take("to say why", () -> say(end));
    } finally {
      Runtime.getRuntime().halt(end.code());
    }
  }

  private void say(End end) {
    if (!writeVerdict(end) && end.code() != 0) {
      Log.tell("heddle: " + end.reason());
    }
  }

  /// Writes the verdict on rank 0. Returns true where the `heddle` command will tell it to the
  /// user.
  private boolean writeVerdict(End end) {
    World known = world;
    return known != null
        && known.rank() == 0
        && Verdict.write(end.code(), end.reason())
        && Launch.isSupervised();
  }

  /// This rank can't take part in a run that the other ranks begin, and would leave them waiting.
  /// Its process ends here and says why. The reason becomes the verdict unless there is a verdict.
  void cannotStart(Throwable thrown) {
    try {
      LastSteps.haltAfter(END_NS_MAX, 1, () -> {});
      LastSteps.take("to say why", () -> sayCannotStart(thrown));
    } finally {
      Runtime.getRuntime().halt(1);
    }
  }

  private void sayCannotStart(Throwable thrown) {
    World known = world;
    String reason =
        "rank "
            + Launch.rank()
            + (known == null ? "" : " on " + known.host())
            + " could not start: "
            + LastSteps.text(thrown);
    // the stack is told here, since this exception reaches no main
    Log.tell("heddle: " + reason + LastSteps.places(thrown));
    boolean _ = Verdict.writeFirst(1, reason);
  }

  /// Called on all ranks together, once they have agreed that this run can't begin. They end with
  /// exit code 1, and rank 0 says why. Does not return.
  void refuse(String reason) {
    World known = world;
    try {
      LastSteps.haltAfter(FINISH_NS_MAX + END_NS_MAX, 1, () -> {});
      if (known != null) {
        if (known.rank() == 0) {
          LastSteps.take("to say why", () -> say(new End(1, reason)));
        }
        LastSteps.take("to leave MPI", () -> known.finish(FINISH_NS_MAX));
      }
    } finally {
      Runtime.getRuntime().halt(1);
    }
  }

  private static void takeTurns(Engine engine) {
    long deadlineNs = System.nanoTime() + TELL_NS_MAX;
    while (!engine.isClosed() && System.nanoTime() - deadlineNs < 0) {
      if (engine.tryTurn() < 0) {
        LockSupport.parkNanos(1_000_000);
      }
    }
  }

  private final class OnExit extends Thread {
    OnExit() {
      super("heddle-exit");
    }

    @Override
    public void run() {
      onExit();
    }
  }

  private void onExit() {
    Engine engine = active;
    World known = world;
    if (engine != null) {
      LastSteps.take(
          "to tell the other ranks",
          () -> {
            engine.leave();
            takeTurns(engine);
          });
      return;
    }
    if (known == null) {
      return;
    }
    // The other ranks wait for rank 0 without a limit: it may have work of its own after the run,
    // and some launchers end a job that a rank leaves early. Should rank 0 die there, its launcher
    // or the heddle command ends the other ranks.
    LastSteps.take("to leave MPI", () -> finish(known));
    if (known.rank() == 0) {
      String reason = failure;
      boolean isWritten = Verdict.write(reason == null ? 0 : 1, reason == null ? "done" : reason);
      if (!isWritten && reason != null && Launch.isSupervised()) {
        LastSteps.take("to say why", () -> Log.tell("heddle: " + reason));
      }
    }
  }

  private static void sayHooks(String where) {
    String hook = AfterRun.hook();
    if (hook != null) {
      Log.tell(
          "heddle: "
              + where
              + ": the program is over everywhere, but a shutdown hook of it is not ("
              + hook
              + ", as it seems); the process ends without it");
    }
  }

  private static void finish(World known) {
    boolean isRoot = known.rank() == 0;
    Thread telling = isRoot ? LastSteps.tellAfter(TELL_NS, WAITING) : null;
    boolean isFinished = known.finish(isRoot ? FINISH_NS_MAX : Long.MAX_VALUE / 4);
    if (telling != null) {
      telling.interrupt();
    }
    if (!isRoot) {
      // the run is over on all ranks: users' shutdown hooks have had their time
      String where = "rank " + known.rank() + " on " + known.host();
      LastSteps.haltAfter(HOOKS_NS_MAX, 0, () -> sayHooks(where));
    }
    if (!isFinished) {
      Log.log().debug("left without MPI_Finalize");
    }
  }
}
