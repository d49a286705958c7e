package dev.heddle.runtime.engine;

import dev.heddle.core.frames.ChunkOutcome;
import dev.heddle.core.link.Phase;
import dev.heddle.core.role.Coordinator;
import dev.heddle.core.role.Relay;
import dev.heddle.core.role.Role;
import dev.heddle.core.role.Turn;
import dev.heddle.core.work.Worker;
import dev.heddle.graph.Task;
import dev.heddle.graph.TaskGraph;
import dev.heddle.runtime.output.TaskOutput;
import dev.heddle.runtime.slot.Combining;
import dev.heddle.runtime.slot.Slot;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jctools.queues.MessagePassingQueue;
import org.jctools.queues.atomic.MpscAtomicArrayQueue;
import org.jctools.queues.atomic.MpscChunkedAtomicArrayQueue;
import org.jspecify.annotations.Nullable;

/// The turns of a rank: the thread that holds the role takes a turn, which polls, acts and sends.
///
/// Shape: `held` is acquired and released around each turn, so that the state of the protocol needs
/// no other care. A slot hands its outcome over by taking a turn itself. If the role is taken, it
/// uses a queue that every turn drains first. The queue can't be forgotten for longer than a
/// millisecond, since the helper looks. Users' commands arrive through a queue too. Threading: any
/// thread may try to take the role; methods marked "in the role" are called by its holder.
final class ProgressRole {
  /// Commands taken in one turn, so that results get their share.
  private static final int COMMANDS_PER_TURN = 512;

  /// Outcomes of short tasks are collected for this long while further tasks are at hand.
  private static final long TURN_NS_MAX = 20_000;

  /// Returned by [#tryTurn] where another thread has the role.
  private static final int BUSY = -1;

  private static final VarHandle HELD;

  static {
    try {
      HELD = MethodHandles.lookup().findVarHandle(ProgressRole.class, "held", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /// Ends a rank, in the role.
  interface Ends {
    /// Whether all that was sent has left.
    boolean isFlushed();

    /// Carries out an end that was asked for, if it is time.
    void endIfDue(long nowNs);

    /// Ends the rank after a broken invariant: nothing on this rank can be trusted any more.
    void endBy(Throwable broken);
  }

  private final int rank;
  private final Role role;
  private final @Nullable Coordinator coordinator;
  private final Slot[] slots;
  private final Combining combining;
  private final @Nullable TaskOutput output;
  private final Ends ends;
  private final MpscAtomicArrayQueue<Slot> finished;
  private final MessagePassingQueue<Object> commands;

  @SuppressWarnings("UnusedVariable") // through HELD
  private volatile int held;

  private long lastTurnNs;
  private volatile long doneCount;
  private volatile long failedCount;
  private volatile long launchedCount;
  private volatile Phase phase = Phase.STARTING;
  private final CountDownLatch stopped = new CountDownLatch(1);

  /// The role has stopped and its last message has left.
  private volatile boolean isQuiet;

  /// The turns of `rank`, on which up to `commandsMax` commands may wait.
  ProgressRole(
      int rank,
      Role role,
      int commandsMax,
      Slot[] slots,
      Combining combining,
      @Nullable TaskOutput output,
      Ends ends) {
    this.rank = rank;
    this.role = role;
    this.coordinator = role instanceof Coordinator root ? root : null;
    this.slots = slots;
    this.combining = combining;
    this.output = output;
    this.ends = ends;
    this.finished = new MpscAtomicArrayQueue<>(Math.max(2, slots.length));
    this.commands =
        coordinator != null
            ? new MpscChunkedAtomicArrayQueue<>(1024, commandsMax)
            : new MpscAtomicArrayQueue<>(2);
  }

  /// Says hello, before any other thread uses the role.
  void start() {
    HELD.setVolatile(this, 1);
    try {
      role.start(System.nanoTime());
    } finally {
      HELD.setRelease(this, 0);
    }
  }

  /// Takes the role for good; returns false where another thread holds it. A thread that still
  /// tries, of a task that did not end or a user's, finds the role busy.
  boolean takeForGood() {
    return HELD.compareAndSet(this, 0, 1);
  }

  /// Hands a task or a command to the coordinator; false when the queue is full.
  boolean offer(Object command) {
    return commands.offer(command);
  }

  long doneCount() {
    return doneCount;
  }

  long failedCount() {
    return failedCount;
  }

  long launchedCount() {
    return launchedCount;
  }

  Phase phase() {
    return phase;
  }

  /// Whether the role has stopped and its last message has left.
  boolean isQuiet() {
    return isQuiet;
  }

  /// Waits until the role has stopped, or the rank has ended.
  void awaitStopped(long timeoutNs) throws InterruptedException {
    boolean _ = stopped.await(timeoutNs, TimeUnit.NANOSECONDS);
  }

  /// Ends all waiting in [#awaitStopped].
  void releaseWaiting() {
    stopped.countDown();
  }

  /// Takes a turn unless another thread is taking one. Returns the work done, or a negative number.
  int tryTurn() {
    if (!HELD.compareAndSet(this, 0, 1)) {
      return BUSY;
    }
    try {
      return turn(System.nanoTime());
    } catch (Throwable broken) {
      ends.endBy(broken);
      return 0;
    } finally {
      HELD.setRelease(this, 0);
    }
  }

  private int turn(long nowNs) {
    int work = 0;
    for (Slot slot = finished.relaxedPoll(); slot != null; slot = finished.relaxedPoll()) {
      take(slot, nowNs);
      work++;
    }
    work += sendOutput();
    if (combining.isActive()) {
      work += combining.turn(role, slots, nowNs);
    }
    Coordinator root = coordinator;
    if (root != null) {
      work += drainCommands(root, nowNs);
    }
    work += Turn.run(role, nowNs);
    lastTurnNs = nowNs;
    publish();
    if (phase == Phase.STOPPED) {
      isQuiet = ends.isFlushed();
    }
    ends.endIfDue(nowNs);
    return work;
  }

  private int drainCommands(Coordinator root, long nowNs) {
    int count = 0;
    while (count < COMMANDS_PER_TURN) {
      Object command = commands.relaxedPoll();
      if (command == null) {
        break;
      }
      count++;
      if (command instanceof Task task) {
        root.submit(task, nowNs);
      } else {
        ((Engine.Command) command).run(root, nowNs);
      }
    }
    return count;
  }

  /// Shows other threads how far the run is. It writes only what has changed, since each write is a
  /// fence.
  private void publish() {
    if (phase != role.phase()) {
      phase = role.phase();
      if (phase == Phase.STOPPED) {
        stopped.countDown();
      }
    }
    Coordinator root = coordinator;
    if (root != null) {
      TaskGraph graph = root.graph();
      if (launchedCount != graph.launchedCount()) {
        launchedCount = graph.launchedCount();
      }
      if (failedCount != graph.failedCount()) {
        failedCount = graph.failedCount();
      }
      if (doneCount != graph.doneCount()) {
        doneCount = graph.doneCount();
      }
    }
  }

  private Worker worker() {
    Worker worker = role.worker();
    if (worker == null) {
      throw new IllegalStateException("no slots on this rank: rank=" + rank);
    }
    return worker;
  }

  /// Takes in a slot's outcome, after what its task has printed.
  private Worker take(Slot slot, long nowNs) {
    if (slot.hasPrinted()) {
      sendOutput();
    }
    Worker worker = worker();
    combining.onFinished(slot.index());
    ChunkOutcome chunk = slot.takeChunk();
    if (chunk == null) {
      worker.onFinished(slot.index(), slot.flags(), slot.payload(), slot.durationNs(), nowNs);
    } else {
      worker.onChunk(slot.index(), chunk);
    }
    return worker;
  }

  private int sendOutput() {
    return output != null && role instanceof Relay relay ? output.send(relay) : 0;
  }

  /// Takes in a slot's outcome. A turn follows, unless more tasks are at hand and the last turn was
  /// less than `TURN_NS_MAX` ago.
  void finish(Slot slot) {
    if (!HELD.compareAndSet(this, 0, 1)) {
      if (!finished.offer(slot)) {
        throw new IllegalStateException(
            "a slot finished twice: rank=" + rank + " slot=" + slot.index());
      }
      tryTurn();
      return;
    }
    try {
      long nowNs = System.nanoTime();
      Worker worker = take(slot, nowNs);
      if (worker.readyCount() > 0 && nowNs - lastTurnNs < TURN_NS_MAX) {
        worker.pump(nowNs);
        publish();
      } else {
        turn(nowNs);
      }
    } catch (Throwable broken) {
      ends.endBy(broken);
    } finally {
      HELD.setRelease(this, 0);
    }
  }
}
