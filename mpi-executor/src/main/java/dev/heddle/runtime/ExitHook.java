package dev.heddle.runtime;

import dev.heddle.transport.mpi.MpiWorld;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// The end of a rank's process under MPI, however it comes.
///
/// After its runs a process waits for the others and finalises MPI: some launchers end the whole
/// job when one rank leaves without. A process that ends in the middle of a run (`System.exit`, a
/// signal) tells the ranks below, if it is rank 0, or above, and leaves without finalising, since
/// that would wait for them. A lost rank makes MPI_Finalize hang, so then too. Threading: any.
final class ExitHook implements Engine.Home {
  private static final long FINISH_NS_MAX = 30_000_000_000L;
  private static final long TELL_NS_MAX = 600_000_000L;

  private static @Nullable ExitHook installed;

  private volatile @Nullable MpiWorld world;
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

  /// Before a further run: rank 0 may take its time until then, and the start of a run blocks in
  /// MPI, which spins.
  void awaitNextRun() {
    MpiWorld known = world;
    if (known != null) {
      known.awaitAll();
    }
  }

  void worldStarted(MpiWorld started) {
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
      failure = thrown.toString();
    }
  }

  /// The run can't go on: this process ends here.
  @Override
  public void onEnd(End end) {
    MpiWorld known = world;
    if (known != null && known.rank() == 0) {
      Verdict.write(end.code(), end.reason());
    }
    if (end.code() != 0 && (!Launch.isSupervised() || known == null || known.rank() != 0)) {
      Log.tell("heddle: " + end.reason());
    }
    Runtime.getRuntime().halt(end.code());
  }

  /// All ranks have agreed that this run can't begin, and call this together: they end with exit
  /// code 1, and rank 0 says why. Does not return.
  void refuse(String reason) {
    MpiWorld known = world;
    if (known != null) {
      if (known.rank() == 0) {
        Verdict.write(1, reason);
        if (!Launch.isSupervised()) {
          Log.tell("heddle: " + reason);
        }
      }
      boolean _ = known.finish(FINISH_NS_MAX);
    }
    Runtime.getRuntime().halt(1);
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
    MpiWorld known = world;
    if (engine != null) {
      engine.leave();
      takeTurns(engine);
      return;
    }
    if (known == null) {
      return;
    }
    // The others wait for rank 0 as long as it takes: it may have work of its own after the run,
    // and some launchers end a job
    // that a rank leaves early. Should rank 0 die there, its launcher or the heddle command ends
    // them.
    boolean finished = known.finish(known.rank() == 0 ? FINISH_NS_MAX : Long.MAX_VALUE / 4);
    if (known.rank() == 0) {
      String reason = failure;
      Verdict.write(reason == null ? 0 : 1, reason == null ? "done" : reason);
    }
    if (!finished) {
      Log.log().debug("left without MPI_Finalize");
    }
  }
}
