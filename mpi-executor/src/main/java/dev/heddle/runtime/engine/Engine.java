package dev.heddle.runtime.engine;

import dev.heddle.HeddleConfig;
import dev.heddle.TaskSerializationException;
import dev.heddle.codec.ValueCodec;
import dev.heddle.codec.failure.Failures;
import dev.heddle.core.frames.ArrayDescriptor;
import dev.heddle.core.frames.Subtree;
import dev.heddle.core.frames.ValueMemory;
import dev.heddle.core.link.Counters;
import dev.heddle.core.link.Limits;
import dev.heddle.core.link.Phase;
import dev.heddle.core.role.Coordinator;
import dev.heddle.core.role.Relay;
import dev.heddle.core.role.Role;
import dev.heddle.core.work.Starter;
import dev.heddle.runtime.LastSteps;
import dev.heddle.runtime.Log;
import dev.heddle.runtime.Versions;
import dev.heddle.runtime.output.TaskOutput;
import dev.heddle.runtime.progress.Pollers;
import dev.heddle.runtime.progress.Sleepers;
import dev.heddle.runtime.progress.Turns;
import dev.heddle.runtime.slot.ArrayLoops;
import dev.heddle.runtime.slot.Combining;
import dev.heddle.runtime.slot.FunctionTable;
import dev.heddle.runtime.slot.Slot;
import dev.heddle.runtime.slot.SlotHome;
import dev.heddle.runtime.slot.WorkerLocals;
import dev.heddle.transport.Transport;
import dev.heddle.wire.Port;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// One rank at work: its role in the protocol, its slots, and the threads that move them on.
///
/// Progress is a role, not a thread. The thread that has it (one compare-and-set, [ProgressRole])
/// may take a turn: poll, act, send. A lone task needs no thread switch: the waiting thread, or a
/// slot that is awake, takes the turn. [Pollers] says which threads take the turns. The role is
/// never held while a thread sleeps, so the next thread finds it free.
///
/// User code never runs in the role. Futures are completed there; the thread that asks for a value
/// decodes it.
public final class Engine implements Starter, SlotHome, Turns {
  /// Time for the last messages of a run that ends well. A send that does not complete by then
  /// never will.
  private static final long LEAVE_NS_MAX = 5_000_000_000L;

  /// Time for users' code that closes the state of its rank's workers.
  private static final long CLOSE_NS_MAX = 10_000_000_000L;

  /// A task waits this long for its flushed output to leave. Output leaves in microseconds, unless
  /// the rank's parent or a reader is slow.
  private static final long PUSH_NS_MAX = 20_000_000;

  /// A request of a user's thread to the coordinator, besides tasks.
  @FunctionalInterface
  public interface Command {
    void run(Coordinator coordinator, long nowNs);
  }

  /// What an engine asks of the process it lives in.
  public interface Home {
    /// The run is about to end before its time. The holder of the progress role calls this once,
    /// before it tells the other ranks and before [#onEnd]. Never throws.
    default void onEnding(End end) {}

    /// The run can't go on. The holder of the progress role calls this once. Returns only where the
    /// process outlives the run.
    void onEnd(End end);
  }

  private final int rank;
  private final String host;
  private final HeddleConfig config;
  private final ClassLoader loader;
  private final ValueCodec codec;
  private final @Nullable Transport transport;
  private final ValuePool values;
  private final Role role;
  private final @Nullable Coordinator coordinator;
  private final FunctionTable functions;
  private final Slot[] slots;
  private final Pollers pollers;
  private final Sleepers sleepers = new Sleepers(this::isClosed);
  private final Combining combining = new Combining(this);
  private final WorkerLocals workerLocals = new WorkerLocals();
  private final long valueBytesMax;
  private final long frameBytesMax;
  private final @Nullable TaskOutput output;
  private final EarlyEnd earlyEnd;
  private final EngineEvents events;
  private final Stopping stopping;
  private final ProgressRole progress;

  private volatile boolean closed;

  public Engine(
      Place place,
      HeddleConfig config,
      long runId,
      ValueCodec codec,
      ClassLoader loader,
      @Nullable Transport transport,
      TaskEvents tasks,
      Home home) {
    this.rank = place.rank();
    this.host = place.host();
    this.config = config;
    this.loader = loader;
    this.codec = codec;
    this.transport = transport;
    this.values = new ValuePool(ValuePool.IDLE_BYTES_MAX);
    Port port = transport == null ? new NoPort() : InjectedFaults.around(transport, rank);
    this.functions = new FunctionTable(loader, codec.where());
    Limits limits = Settings.limits(config);
    this.valueBytesMax = config.number("valueBytesMax");
    this.frameBytesMax = limits.frameBytesMax();
    this.output = TaskOutput.of(config, rank, host);
    this.earlyEnd = new EarlyEnd(rank);
    this.events = new EngineEvents(this, tasks, earlyEnd, output);
    Subtree self =
        Subtree.alone(place.slots(), ProcessHandle.current().pid(), host, Versions.heddle());
    if (rank == 0) {
      this.coordinator =
          new Coordinator(
              place.childRanks(),
              place.slots(),
              self,
              runId,
              limits,
              port,
              values,
              this,
              message -> Failures.encode(new TaskSerializationException(message, null)),
              events);
      this.role = coordinator;
    } else {
      this.coordinator = null;
      this.role =
          new Relay(
              rank,
              place.parentRank(),
              place.childRanks(),
              place.slots(),
              self,
              runId,
              limits,
              port,
              values,
              this,
              events);
    }
    this.slots = new Slot[place.slots()];
    for (int i = 0; i < slots.length; i++) {
      slots[i] = new Slot(this, i, "heddle-" + rank + "-slot-" + i);
    }
    this.stopping = new Stopping(rank, host, role, transport, output, earlyEnd, home, this::close);
    this.progress =
        new ProgressRole(
            rank,
            role,
            Settings.commandsMax(config.number("pendingTasksMax")),
            slots,
            combining,
            output,
            stopping);
    this.pollers = new Pollers(this, place.cores(), config.number("parkMax"));
  }

  /// Starts the threads and says hello.
  public void start() {
    if (output != null) {
      output.open();
    }
    progress.start();
    for (Slot slot : slots) {
      slot.startThread();
    }
    pollers.startHelper();
  }

  @Override
  public int rank() {
    return rank;
  }

  @Override
  public String host() {
    return host;
  }

  public HeddleConfig config() {
    return config;
  }

  @Override
  public ClassLoader loader() {
    return loader;
  }

  @Override
  public ValueCodec codec() {
    return codec;
  }

  /// Memory of large values.
  public ValueMemory values() {
    return values;
  }

  /// The loops of this rank.
  @Override
  public ArrayLoops arrayLoops() {
    return combining.loops();
  }

  public Pollers pollers() {
    return pollers;
  }

  public Sleepers sleepers() {
    return sleepers;
  }

  @Override
  public WorkerLocals workerLocals() {
    return workerLocals;
  }

  /// The counters of this rank, read without the role and so roughly right.
  public Counters counters() {
    return role.link().counters();
  }

  @Override
  public FunctionTable functions() {
    return functions;
  }

  @Override
  public long valueBytesMax() {
    return valueBytesMax;
  }

  @Override
  public long frameBytesMax() {
    return frameBytesMax;
  }

  @Override
  public void idle(Slot slot, boolean hasRun) {
    pollers.idle(slot, hasRun);
  }

  /// The output of tasks, or null where the configuration doesn't ask for it.
  @Override
  public @Nullable TaskOutput taskOutput() {
    return output;
  }

  @Override
  public boolean isClosed() {
    return closed;
  }

  /// All ranks of the run, once all have arrived; null before.
  public @Nullable Subtree all() {
    return events.all();
  }

  public long doneCount() {
    return progress.doneCount();
  }

  public long failedCount() {
    return progress.failedCount();
  }

  @Override
  public long launchedCount() {
    return progress.launchedCount();
  }

  Phase phase() {
    return progress.phase();
  }

  /// Why the run can't go on, or null.
  public @Nullable End end() {
    return earlyEnd.wish();
  }

  // ---- turns, see ProgressRole

  /// Takes a turn unless another thread is taking one. Returns the work done, or a negative number.
  @Override
  public int tryTurn() {
    return progress.tryTurn();
  }

  @Override
  public void finish(Slot slot) {
    progress.finish(slot);
  }

  /// Sends what tasks have printed out of this process, as far as that is possible within
  /// `PUSH_NS_MAX`: a task that flushes half a line may be about to end the process. On a slot's
  /// thread, inside its task.
  @Override
  public void pushOutput() {
    long deadlineNs = System.nanoTime() + PUSH_NS_MAX;
    while (output != null && !closed && !output.isAllSent() && System.nanoTime() - deadlineNs < 0) {
      if (tryTurn() <= 0) {
        LockSupport.parkNanos(this, 20_000);
      }
    }
  }

  /// Called by a thread of this rank that can't go on, without the progress role.
  @Override
  public void onBroken(Throwable broken) {
    stopping.requestEndBy(broken);
    int _ = tryTurn();
  }

  /// Asks for the end of the process, or of the run where the process outlives it. The first wish
  /// wins.
  public void requestEnd(End wish) {
    earlyEnd.request(wish);
  }

  /// Called where the process ends by itself, in the middle of the run. The next turn tells the
  /// other ranks and closes this engine.
  public void leave() {
    earlyEnd.leave();
  }

  // ---- users' commands

  /// Hands a task or a command to the coordinator; false when the queue is full.
  public boolean offer(Object command) {
    return progress.offer(command);
  }

  /// Ends the run: `flags` of SHUTDOWN, 0 to let everything finish. Returns true when all ranks
  /// have left in time.
  public boolean stop(int flags, long timeoutNs) {
    long deadlineNs = System.nanoTime() + timeoutNs;
    Command shutdown = (root, nowNs) -> root.shutdown(flags, nowNs);
    while (!offer(shutdown)) {
      tryTurn();
    }
    if (flags != 0) {
      cancelSlots();
    }
    return awaitStopped(deadlineNs);
  }

  /// Serves until rank 0 has ended the run and the last messages have left. Returns false where
  /// rank 0 had not ended it by `deadlineNs`.
  public boolean awaitStopped(long deadlineNs) {
    boolean wasInterrupted = false;
    while (!closed && phase() != Phase.STOPPED && System.nanoTime() - deadlineNs < 0) {
      try {
        if (slots.length == 0 || rank == 0) {
          pollers.pollUntil(() -> closed || phase() == Phase.STOPPED, deadlineNs, pollers::nap);
        } else {
          // the slots poll: a thread that never runs a task must not take the turns from them
          progress.awaitStopped(deadlineNs - System.nanoTime());
        }
      } catch (InterruptedException e) {
        wasInterrupted = true;
      }
    }
    boolean isStopped = phase() == Phase.STOPPED;
    long flushDeadlineNs = System.nanoTime() + LEAVE_NS_MAX;
    while (isStopped && !closed && !progress.isQuiet() && System.nanoTime() - flushDeadlineNs < 0) {
      if (tryTurn() <= 0) {
        LockSupport.parkNanos(this, 100_000);
      }
    }
    if (wasInterrupted) {
      Thread.currentThread().interrupt();
    }
    return isStopped;
  }

  /// Ends threads and transport; idempotent.
  public void close() {
    closed = true;
    progress.releaseWaiting();
    for (Slot slot : slots) {
      LockSupport.unpark(slot.thread());
    }
    LastSteps.take("to end the thread that combines", combining::close);
    pollers.wake();
    sleepers.wakeAll();
  }

  /// After [#close]: waits for the threads that can end, then closes the transport.
  public void join(long timeoutNs) {
    long deadlineNs = System.nanoTime() + timeoutNs;
    if (output != null) {
      LastSteps.take("to print what tasks have printed", output::close);
    }
    try {
      for (Slot slot : slots) {
        TimeUnit.NANOSECONDS.timedJoin(slot.thread(), Math.max(1, deadlineNs - System.nanoTime()));
      }
      LastSteps.take("to name the tasks that go on", () -> stopping.tellTasksLeft(slots));
      pollers.join(Math.max(1, deadlineNs - System.nanoTime()));
      LastSteps.take(
          "to close the state of this rank's workers",
          () -> workerLocals.close(CLOSE_NS_MAX, "rank " + rank + " on " + host));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    while (!progress.takeForGood()) {
      if (System.nanoTime() - deadlineNs > 0) {
        Log.log().warn("rank {} on {}: a turn did not end; its transport stays open", rank, host);
        return;
      }
      LockSupport.parkNanos(this, 100_000);
    }
    if (transport != null) {
      LastSteps.take("to close the transport", transport::close);
    }
  }

  // ---- what the core asks for

  @Override
  public void start(int slot, byte[] frame, @Nullable MemorySegment @Nullable [] values) {
    slots[slot].start(frame, values);
  }

  @Override
  public void startChunk(int slot, ArrayDescriptor array, long from, long to) {
    combining.onStarted(slot, slots.length);
    slots[slot].startChunk(array, from, to);
  }

  @Override
  public void fold(ArrayDescriptor array, long token, byte[][] values) {
    combining.fold(array, token, values);
  }

  @Override
  public void cancel(int slot, boolean interrupt) {
    slots[slot].cancel(interrupt);
  }

  @Override
  public void define(int functionId, byte[] definition) {
    functions.define(functionId, definition);
  }

  // ---- what EngineEvents asks, in the progress role

  /// Cancels and interrupts what runs here. [#stop] calls it without the role.
  void cancelSlots() {
    for (Slot slot : slots) {
      slot.cancel(true);
    }
  }

  /// Whether `otherRank` is the parent of this rank.
  boolean isParent(int otherRank) {
    return role.link().isParent(otherRank);
  }

  /// The label of a task that is on its way or runs, for people; `?` for any other task.
  String labelOf(long taskId) {
    Coordinator root = coordinator;
    String[] found = {"?"};
    if (root != null) {
      root.graph()
          .forEachLaunched(
              task -> {
                if (task.id() == taskId) {
                  found[0] = task.label();
                }
              });
    }
    return found[0];
  }
}
