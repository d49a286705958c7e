package dev.heddle.runtime.engine;

import dev.heddle.core.role.Coordinator;
import dev.heddle.core.role.Relay;
import dev.heddle.core.role.Role;
import dev.heddle.core.role.Turn;
import dev.heddle.runtime.LastSteps;
import dev.heddle.runtime.Log;
import dev.heddle.runtime.output.TaskOutput;
import dev.heddle.runtime.slot.Slot;
import dev.heddle.transport.Transport;
import dev.heddle.wire.frame.Frame;
import org.jspecify.annotations.Nullable;

/// How a rank ends before its time: what it tells, in which order, and for how long.
///
/// Threading: any thread may ask for an end; the holder of the progress role carries it out.
final class Stopping implements ProgressRole.Ends {
  /// Time for the last messages of a process that ends.
  private static final long FLUSH_NS_MAX = 400_000_000;

  /// The end of a rank that could not say more.
  private static final End BROKEN = new End(1, "a rank stops, and could not say why");

  private final int rank;
  private final String host;
  private final Role role;
  private final @Nullable Transport transport;
  private final @Nullable TaskOutput output;
  private final EarlyEnd earlyEnd;
  private final Engine.Home home;
  private final Runnable close;

  /// For the rank `rank` on `host`; `close` ends its threads.
  Stopping(
      int rank,
      String host,
      Role role,
      @Nullable Transport transport,
      @Nullable TaskOutput output,
      EarlyEnd earlyEnd,
      Engine.Home home,
      Runnable close) {
    this.rank = rank;
    this.host = host;
    this.role = role;
    this.transport = transport;
    this.output = output;
    this.earlyEnd = earlyEnd;
    this.home = home;
    this.close = close;
  }

  /// A broken invariant: nothing on this rank can be trusted any more.
  @Override
  public void endBy(Throwable broken) {
    requestEndBy(broken);
    endIfDue(System.nanoTime());
  }

  /// Asks for the end, with a sentence where there is memory for it.
  void requestEndBy(Throwable broken) {
    LastSteps.take(
        "to say what is broken",
        () -> earlyEnd.request(new End(1, Sentences.broken(rank, host, broken))));
    earlyEnd.request(BROKEN);
  }

  @Override
  public void endIfDue(long nowNs) {
    End ending = earlyEnd.takeDue(nowNs);
    if (ending != null) {
      endNow(ending);
    }
  }

  /// Each step is taken, whatever the step before it threw: the end is carried out once, and no
  /// thread tries again.
  private void endNow(End ending) {
    if (!earlyEnd.isLeaving()) {
      home.onEnding(ending);
    }
    LastSteps.take("to tell the other ranks", this::haltOthers);
    TaskOutput printed = output;
    if (printed != null) {
      LastSteps.take("to print what tasks have printed", () -> printed.awaitPrinted(FLUSH_NS_MAX));
    }
    try {
      if (!earlyEnd.isLeaving()) {
        home.onEnd(ending);
      }
    } finally {
      close.run();
    }
  }

  /// Tells the other ranks that this rank ends, and gives the message some time to leave. Rank 0
  /// halts the ranks below it; a rank whose process ends tells its parent.
  private void haltOthers() {
    try {
      if (role instanceof Coordinator root) {
        root.shutdown(Frame.FLAG_HALT, System.nanoTime());
      } else if (earlyEnd.isLeaving() && role instanceof Relay relay) {
        relay.depart();
      }
      // a relay has passed the SHUTDOWN on in this turn: it must leave before the process does
      flush(System.nanoTime() + FLUSH_NS_MAX);
    } catch (Throwable e) {
      // the reason of the end is known and told; a second reason would hide it
      Log.log().debug("no shutdown could be sent", e);
    }
  }

  private void flush(long deadlineNs) {
    do {
      Turn.run(role, System.nanoTime());
    } while (!isFlushed() && System.nanoTime() - deadlineNs < 0);
  }

  @Override
  public boolean isFlushed() {
    return role.link().isDrained() && (transport == null || transport.isFlushed());
  }

  /// Names the first task that ignores its cancel. Such tasks keep their threads, which hold up
  /// nothing.
  void tellTasksLeft(Slot[] slots) {
    for (Slot slot : slots) {
      String task = slot.thread().isAlive() ? Slot.taskOf(slot.thread()) : null;
      if (task != null) {
        Log.tell(
            "heddle: rank "
                + rank
                + " on "
                + host
                + ": the run is over, but the task "
                + task
                + " goes on, though it was told to end; nothing waits for it");
        return;
      }
    }
  }
}
