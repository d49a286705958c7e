package dev.heddle.runtime.launch;

import dev.heddle.Heddle;
import dev.heddle.core.frames.Subtree;
import dev.heddle.runtime.Log;
import dev.heddle.runtime.engine.End;
import dev.heddle.runtime.engine.Engine;
import dev.heddle.runtime.session.Session;
import dev.heddle.wire.frame.Frame;
import org.jspecify.annotations.Nullable;

/// Rank 0's part of a run, the same on threads and under MPI: wait for all ranks, run the body, end
/// the run.
final class RootRun {
  /// A run whose tasks are done needs little time to end. After this time it is stuck.
  private static final long STOP_NS_MAX = 30_000_000_000L;

  private final Engine engine;
  private final String mpi;

  /// `mpi` is the name shown in the line about the tree.
  RootRun(Engine engine, String mpi) {
    this.engine = engine;
    this.mpi = mpi;
  }

  /// Returns what the body threw, or null.
  @Nullable Throwable run(String[] args, Heddle.Body body) {
    try {
      awaitStart();
    } catch (InterruptedException e) {
      stop(Frame.FLAG_ABORT);
      Thread.currentThread().interrupt();
      return new IllegalStateException("interrupted while the ranks were starting", e);
    } catch (IllegalStateException e) {
      return e;
    }
    Session session = new Session(engine, args);
    Throwable failure = null;
    try {
      body.run(session.root());
      session.awaitAll();
    } catch (Throwable thrown) {
      failure = thrown;
    }
    session.over();
    End end = engine.end();
    if (end != null) {
      return failure == null
          ? new IllegalStateException("the run can't go on: " + end.reason())
          : failure;
    }
    String unasked = session.unaskedFailures();
    if (failure == null && unasked != null) {
      Log.tell(unasked);
    }
    // with all tasks done only cancelled tasks can still be running, and nothing waits for those
    stop(failure == null && !session.hasCancelled() ? 0 : Frame.FLAG_ABORT);
    return failure;
  }

  private void stop(int flags) {
    if (!engine.stop(flags, STOP_NS_MAX)) {
      Log.tell(
          "heddle: some ranks did not leave within "
              + STOP_NS_MAX / 1_000_000_000
              + " s after the end of the run; rank 0 goes on without them");
    }
  }

  private void awaitStart() throws InterruptedException {
    long timeoutNs = engine.config().number("startTimeout");
    engine
        .pollers()
        .pollUntil(
            () -> engine.all() != null || engine.isClosed(),
            System.nanoTime() + timeoutNs,
            engine.pollers()::nap);
    Subtree all = engine.all();
    if (all == null) {
      String reason =
          "not all ranks said hello within startTimeout="
              + engine.config().text("startTimeout")
              + ": look for the first error on another rank, or raise startTimeout";
      engine.requestEnd(new End(1, reason));
      int _ = engine.tryTurn();
      throw new IllegalStateException(reason);
    }
    Log.tell(
        "tree: ranks="
            + all.ranks()
            + " fanout="
            + engine.config().fanout()
            + " levels="
            + all.levels()
            + " relays="
            + all.relays()
            + " workers="
            + all.workers()
            + " mpi="
            + mpi);
  }

  /// Throws what a body threw, as it is.
  @SuppressWarnings(
      "unchecked") // the cast is erased: checked exceptions pass too, as the API promises
  static <E extends Throwable> void rethrow(Throwable thrown) throws E {
    throw (E) thrown;
  }
}
