package dev.heddle.core;

import dev.heddle.wire.Frame;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A rank's slots: takes tasks within the credit it has granted, starts them, offers their
/// outcomes.
///
/// Shape: at most slots + prefetch tasks are here at any moment, waiting, running, or finished and
/// not yet taken by the role above: credit is renewed only when an outcome has left. Threading: the
/// progress role.
///
/// Prefetch. Tasks beyond the slots hide the way to the parent and fill batches; they also sit
/// behind whatever runs. So their number follows the mean duration of tasks here: none before one
/// has been measured and none for tasks of ten milliseconds and more.
public final class Worker {
  /// From this mean duration on nothing is prefetched: the way to the parent is short beside it.
  private static final long PREFETCH_TASK_NS_MAX = 10_000_000;

  /// Prefetched tasks are to last about this long: some hundred round trips, and a pause nobody
  /// notices at the end of a run.
  private static final long PREFETCH_SPAN_NS = 1_000_000;

  /// A task with large values, from its arrival to its end.
  private static final class Waiting {
    final byte[] frame;

    /// Id and length of each value.
    final long[] handles;

    final @Nullable MemorySegment[] values;
    final boolean[] asked;

    /// Values that nobody else has: their memory is used again when the task has ended.
    final boolean[] owned;

    Waiting(byte[] frame, long[] handles) {
      this.frame = frame;
      this.handles = handles;
      this.values = new @Nullable MemorySegment[handles.length / 2];
      this.asked = new boolean[handles.length / 2];
      this.owned = new boolean[handles.length / 2];
    }

    boolean isReady() {
      for (boolean open : asked) {
        if (open) {
          return false;
        }
      }
      return true;
    }
  }

  private final int rank;
  private final int slots;
  private final Limits limits;
  private final Starter starter;
  private final Upstream upstream;
  private final ValueCache cache;
  private final ValueMemory memory;

  private final int[] freeSlots;
  private int freeCount;

  // What runs in a slot, to answer with.
  private final long[] taskIds;
  private final int[] taskSlots;
  private final short[] attempts;

  /// What runs in a slot with large values; made when first needed.
  private @Nullable Waiting @Nullable [] running;

  private final ArrayDeque<Object> ready = new ArrayDeque<>(2);
  private @Nullable List<Waiting> waiting;
  private @Nullable ArrayDeque<Outcome> finished;

  private long outcomesOffered;
  private long bytesStarted;
  private long frameGrant;
  private long meanNs = -1;
  private boolean stopped;

  /// A worker whose large values are kept in `cache`, shared with the role above it, and lie in
  /// `memory`.
  Worker(
      int rank,
      int slots,
      Limits limits,
      Starter starter,
      Upstream upstream,
      ValueCache cache,
      ValueMemory memory) {
    this.memory = memory;
    this.rank = rank;
    this.slots = slots;
    this.limits = limits;
    this.starter = starter;
    this.upstream = upstream;
    this.cache = cache;
    this.freeSlots = new int[slots];
    this.freeCount = slots;
    for (int i = 0; i < slots; i++) {
      freeSlots[i] = slots - 1 - i;
    }
    this.taskIds = new long[slots];
    this.taskSlots = new int[slots];
    this.attempts = new short[slots];
    this.frameGrant = slots;
  }

  /// Number of slots.
  public int slots() {
    return slots;
  }

  /// Tasks that this worker takes in total, cumulative.
  long frameGrant() {
    long prefetch =
        meanNs < 0 || meanNs > PREFETCH_TASK_NS_MAX
            ? 0
            : Math.min(
                limits.prefetchMax(), Math.max(1, PREFETCH_SPAN_NS / Math.max(meanNs, 1)) * slots);
    frameGrant = Math.max(frameGrant, outcomesOffered + slots + prefetch);
    return frameGrant;
  }

  /// Bytes of tasks that this worker takes in total, cumulative.
  long byteGrant() {
    return bytesStarted + limits.taskBytesMax();
  }

  /// Starts nothing more.
  void stop() {
    stopped = true;
    ready.clear();
    waiting = null;
  }

  /// Takes a TASK frame in.
  void onTask(MemorySegment s, long offset, int length) {
    if (stopped) {
      return;
    }
    byte[] frame = Frame.getBytes(s, offset, length);
    long[] handles = TaskFrame.handles(s, offset);
    if (handles.length == 0) {
      ready.add(frame);
      return;
    }
    Waiting task = new Waiting(frame, handles);
    for (int i = 0; i < task.values.length; i++) {
      task.values[i] = cache.get(handles[2 * i]);
      task.asked[i] = task.values[i] == null;
    }
    if (task.isReady()) {
      ready.add(task);
      return;
    }
    if (waiting == null) {
      waiting = new ArrayList<>();
    }
    waiting.add(task);
    for (int i = 0; i < task.values.length; i++) {
      if (task.asked[i]) {
        upstream.fetch(handles[2 * i], handles[2 * i + 1]);
      }
    }
  }

  /// A large value has come; `isSpare` says that nobody else needs its memory.
  ///
  /// Returns false when no task here waits for it.
  boolean onValue(long valueId, MemorySegment value, boolean isSpare) {
    return resolve(valueId, value, isSpare);
  }

  /// A large value can't be had: the tasks that need it start without it, and fail.
  void onMissing(long valueId) {
    boolean _ = resolve(valueId, null, false);
  }

  private boolean resolve(long valueId, @Nullable MemorySegment value, boolean isSpare) {
    List<Waiting> tasks = waiting;
    if (tasks == null) {
      return false;
    }
    Waiting user = null;
    int place = -1;
    int users = 0;
    for (Waiting task : tasks) {
      for (int i = 0; i < task.values.length; i++) {
        if (task.handles[2 * i] == valueId && task.asked[i]) {
          task.values[i] = value;
          task.asked[i] = false;
          user = task;
          place = i;
          users++;
        }
      }
    }
    if (isSpare && user != null && users == 1) {
      user.owned[place] = true;
    }
    tasks.removeIf(task -> task.isReady() && ready.add(task));
    return users > 0;
  }

  /// The memory of values that only this task had can be used again.
  private void giveBack(Waiting task) {
    for (int i = 0; i < task.values.length; i++) {
      MemorySegment value = task.values[i];
      if (task.owned[i] && value != null) {
        memory.give(value);
      }
    }
  }

  /// The task in `slot` has ended.
  public void onFinished(int slot, int flags, byte[] payload, long durationNs) {
    Outcome outcome =
        new Outcome(
            taskIds[slot],
            taskSlots[slot],
            attempts[slot] & 0xffff,
            rank,
            flags,
            durationNs,
            payload);
    taskIds[slot] = 0;
    freeSlots[freeCount++] = slot;
    Waiting ended = running == null ? null : running[slot];
    if (running != null && ended != null) {
      running[slot] = null;
      giveBack(ended);
    }
    meanNs = meanNs < 0 ? durationNs : meanNs + (durationNs - meanNs) / 8;
    offer(outcome);
  }

  private void offer(Outcome outcome) {
    if ((finished == null || finished.isEmpty()) && upstream.offerResult(outcome)) {
      outcomesOffered++;
      return;
    }
    if (finished == null) {
      finished = new ArrayDeque<>(2);
    }
    finished.add(outcome);
  }

  /// Nobody wants the outcome of this task any more: it doesn't start, or, if it runs, is told so.
  /// Its end is told in any case, since ranks above still wait for it.
  ///
  /// Returns false when the task isn't here.
  boolean onCancel(long taskId, boolean interrupt) {
    for (int slot = 0; slot < slots; slot++) {
      if (taskIds[slot] == taskId) {
        starter.cancel(slot, interrupt);
        return true;
      }
    }
    for (Iterator<Object> i = ready.iterator(); i.hasNext(); ) {
      Object next = i.next();
      Waiting task = next instanceof Waiting with ? with : null;
      byte[] frame = task == null ? (byte[]) next : task.frame;
      if (isOf(frame, taskId)) {
        i.remove();
        giveUp(frame);
        if (task != null) {
          giveBack(task);
        }
        return true;
      }
    }
    return waiting != null
        && waiting.removeIf(
            task -> {
              if (isOf(task.frame, taskId)) {
                giveUp(task.frame);
                giveBack(task);
                return true;
              }
              return false;
            });
  }

  private static boolean isOf(byte[] frame, long taskId) {
    return Frame.getLong(frame, 8) == taskId;
  }

  private void giveUp(byte[] frame) {
    bytesStarted += frame.length;
    offer(
        new Outcome(
            Frame.getLong(frame, 8),
            Frame.getInt(frame, 16),
            Frame.attempt(frame),
            rank,
            Frame.CANCELLED,
            0,
            new byte[0]));
  }

  /// Offers what has ended and starts what is ready, the slot freed last first. Returns the work
  /// done.
  public int pump() {
    int work = 0;
    while (finished != null && !finished.isEmpty() && upstream.offerResult(finished.peek())) {
      finished.poll();
      outcomesOffered++;
      work++;
    }
    while (freeCount > 0 && !stopped) {
      Object next = ready.poll();
      if (next == null) {
        break;
      }
      start(next);
      work++;
    }
    return work;
  }

  private void start(Object next) {
    Waiting task = next instanceof Waiting with ? with : null;
    byte[] frame = task == null ? (byte[]) next : task.frame;
    int slot = freeSlots[--freeCount];
    taskIds[slot] = Frame.getLong(frame, 8);
    taskSlots[slot] = Frame.getInt(frame, 16);
    attempts[slot] = (short) Frame.attempt(frame);
    bytesStarted += frame.length;
    if (task != null) {
      if (running == null) {
        running = new @Nullable Waiting[slots];
      }
      running[slot] = task;
    }
    starter.start(slot, frame, task == null ? null : task.values);
  }

  /// True when no task is waiting, running or finished here.
  public boolean isIdle() {
    return freeCount == slots
        && ready.isEmpty()
        && (waiting == null || waiting.isEmpty())
        && (finished == null || finished.isEmpty());
  }

  /// The tasks in its slots.
  long[] running() {
    return Arrays.stream(taskIds).filter(id -> id != 0).toArray();
  }

  /// Tasks that could start now and do not.
  public int readyCount() {
    return ready.size();
  }

  /// Walks over the slots; for tests and the simulator.
  void checkInvariants() {
    boolean[] free = new boolean[slots];
    for (int slot : Arrays.copyOf(freeSlots, freeCount)) {
      if (free[slot]) {
        throw new IllegalStateException("slot is free twice: rank=" + rank + " slot=" + slot);
      }
      free[slot] = true;
    }
    long held =
        ((long) slots - freeCount)
            + ready.size()
            + (waiting == null ? 0 : waiting.size())
            + (finished == null ? 0 : finished.size());
    if (held > frameGrant - outcomesOffered) {
      throw new IllegalStateException("more tasks than granted: rank=" + rank + " held=" + held);
    }
  }
}
