package dev.heddle.core.work;

import dev.heddle.core.frames.ArrayDescriptor;
import dev.heddle.core.frames.ChunkOutcome;
import dev.heddle.core.frames.Outcome;
import dev.heddle.core.frames.TaskFrame;
import dev.heddle.core.frames.ValueFrame;
import dev.heddle.core.frames.ValueMemory;
import dev.heddle.core.link.Limits;
import dev.heddle.wire.frame.Frame;
import dev.heddle.wire.frame.TaskFields;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Iterator;
import java.util.function.LongConsumer;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/// A rank's slots: takes tasks within the credit it has granted, starts them, offers their
/// outcomes.
///
/// Shape: at most slots + `prefetchMax` tasks are here at any moment, waiting, running, or finished
/// and not yet taken by the role above: credit is renewed only when an outcome has left. How many
/// the parent sends within that, it decides itself ([Children]). Threading: the progress role.
///
/// The way back. A task waits here because its kind is short, and so is what it waits for. Where
/// that turns out to be wrong, since nothing has started for [#RETURN_NS], all that could start
/// goes back: another rank may have a free slot. It is not sent to wait a second time.
public final class Worker {
  /// What has waited for this long goes back: ten times as long as what waits should last, so that
  /// estimates needn't be good, and as long as the longest tasks that others wait for.
  private static final long RETURN_NS = 10_000_000;

  /// How much a look may add to the wait: where the whole process stood still, nothing could start,
  /// and that says nothing about the tasks.
  private static final long RETURN_STEP_NS = RETURN_NS / 4;

  private final int rank;
  private final int slots;
  private final Limits limits;
  private final Starter starter;
  private final Upstream upstream;

  private final int[] freeSlots;
  private int freeCount;

  // What runs in a slot, to answer with.
  private final long[] taskIds;
  private final int[] tickets;
  private final short[] attempts;
  private final byte[] prefetches;

  /// What runs in a slot with large values; made when first needed.
  private @Nullable Waiting @Nullable [] running;

  private final ArrayDeque<Object> ready = new ArrayDeque<>(2);

  private final WaitingTasks waiting;
  private @Nullable ArrayDeque<Outcome> finished;

  /// Of the task that ends now.
  private final Outcome ended;

  private long outcomesOffered;
  private long endedNs;
  private long bytesStarted;
  private boolean stopped;

  // For how long a task could have started, seen at looks, and when the last one was.
  private long waitedNs;
  private long lookedNs;

  /// The arrays of this rank, from the first one on.
  private @Nullable Chunks arrays;

  private int chunkCount;

  /// Tasks and arrays of one priority take turns.
  private boolean wasChunk;

  /// A worker whose large values are kept in `cache`, shared with the role above it, and lie in
  /// `memory`.
  public Worker(
      int rank,
      int slots,
      Limits limits,
      Starter starter,
      Upstream upstream,
      ValueCache cache,
      ValueMemory memory) {
    this.rank = rank;
    this.slots = slots;
    this.limits = limits;
    this.starter = starter;
    this.upstream = upstream;
    this.freeSlots = new int[slots];
    this.freeCount = slots;
    for (int i = 0; i < slots; i++) {
      freeSlots[i] = slots - 1 - i;
    }
    this.taskIds = new long[slots];
    this.tickets = new int[slots];
    this.attempts = new short[slots];
    this.prefetches = new byte[slots];
    this.ended = new Outcome(rank);
    this.waiting =
        new WaitingTasks(new Here(), limits, upstream, cache, memory, slots + limits.prefetchMax());
  }

  /// Number of slots.
  public int slots() {
    return slots;
  }

  /// Works on chunks of `table` too.
  public void workOn(Chunks table) {
    arrays = table;
  }

  /// Slots that work on arrays.
  int chunks() {
    return chunkCount;
  }

  /// Tasks that this worker takes in total, cumulative.
  public long frameGrant() {
    return outcomesOffered + slots + limits.prefetchMax();
  }

  /// Bytes of tasks that this worker takes in total, cumulative.
  public long byteGrant() {
    return bytesStarted + limits.taskBytesMax();
  }

  /// Starts nothing more.
  public void stop() {
    stopped = true;
    ready.clear();
    waiting.stop();
  }

  /// Takes a TASK frame in.
  public void onTask(MemorySegment s, long offset, int length, long nowNs) {
    if (stopped) {
      return;
    }
    byte[] frame = ValueFrame.array(s, offset, length);
    long[] needs = TaskFrame.needs(s, offset);
    if (needs.length == 0) {
      ready.add(frame);
      waiting.onOther(TaskFields.taskId(frame, 0));
    } else {
      waiting.onTask(frame, needs, nowNs);
    }
  }

  /// What tasks that wait ask of this worker.
  private final class Here implements WaitingTasks.Owner {
    @Override
    public void begin(Waiting task) {
      ready.add(task);
    }

    @Override
    public void end(byte[] frame, int flags, long nowNs) {
      Worker.this.end(frame, flags, nowNs);
    }

    @Override
    public void forEachTask(LongConsumer known) {
      for (long taskId : taskIds) {
        if (taskId != 0) {
          known.accept(taskId);
        }
      }
      for (Object next : ready) {
        known.accept(
            TaskFields.taskId(next instanceof Waiting task ? task.frame : (byte[]) next, 0));
      }
    }
  }

  /// A large value is here; `isSpare` says that nobody else needs its memory.
  ///
  /// Returns false when no task here waits for it.
  public boolean onValue(long valueId, MemorySegment value, boolean isSpare) {
    return waiting.onValue(valueId, value, isSpare);
  }

  /// A large value can't be had: the tasks that need it start without it, and fail.
  public void onMissing(long valueId) {
    waiting.onMissing(valueId);
  }

  /// The task in `slot` has ended.
  public void onFinished(int slot, int flags, byte[] payload, long durationNs, long nowNs) {
    long taskId = taskIds[slot];
    Outcome outcome =
        ended.of(
            taskId,
            tickets[slot],
            attempts[slot] & 0xffff,
            flags,
            prefetches[slot],
            durationNs,
            payload);
    endedNs += durationNs;
    taskIds[slot] = 0;
    freeSlots[freeCount++] = slot;
    Waiting task = running == null ? null : running[slot];
    if (running != null && task != null) {
      running[slot] = null;
      waiting.giveMemoryBack(task);
    }
    offer(outcome, nowNs);
    outcome.clear();
    waiting.onMade(taskId, flags == Frame.SUCCEEDED ? payload : null, nowNs);
  }

  /// The chunk of an array in `slot` has ended, as far as `outcome` says.
  public void onChunk(int slot, ChunkOutcome outcome) {
    Chunks table = arrays;
    if (table == null || !table.isChunk(slot)) {
      throw new IllegalStateException("no chunk is there: rank=" + rank + " slot=" + slot);
    }
    freeSlots[freeCount++] = slot;
    chunkCount--;
    table.onChunk(slot, outcome);
  }

  private void offer(Outcome outcome, long nowNs) {
    if ((finished == null || finished.isEmpty()) && upstream.offerResult(outcome, nowNs)) {
      outcomesOffered++;
      return;
    }
    if (finished == null) {
      finished = new ArrayDeque<>(2);
    }
    finished.add(outcome.copy());
  }

  /// Nobody wants the outcome of this task any more: it doesn't start, or, if it runs, is told so.
  /// Its end is told in any case, since ranks above still wait for it.
  ///
  /// Returns false when the task isn't here.
  public boolean onCancel(long taskId, boolean interrupt, long nowNs) {
    for (int slot = 0; slot < slots; slot++) {
      if (taskIds[slot] == taskId) {
        starter.cancel(slot, interrupt);
        waiting.sendFollowersBack(taskId, nowNs);
        return true;
      }
    }
    return endUnrun(taskId, Frame.CANCELLED, nowNs);
  }

  /// The task is wanted back: it goes, unless it has begun, and with it those that were sent ahead
  /// of it. The rank that wants the task back cannot know whether it has begun.
  ///
  /// Returns false when the task isn't here.
  public boolean onRecall(long taskId, long nowNs) {
    for (long running : taskIds) {
      if (running == taskId) {
        return true;
      }
    }
    return endUnrun(taskId, Frame.RECALLED, nowNs);
  }

  /// Ends a task that is here and has not begun, and sends back what was sent ahead of it. Returns
  /// false when the task isn't here.
  private boolean endUnrun(long taskId, int flags, long nowNs) {
    byte[] frame = takeReady(taskId);
    if (frame == null) {
      frame = waiting.giveUp(taskId);
    }
    if (frame == null) {
      return false;
    }
    end(frame, flags, nowNs);
    waiting.sendFollowersBack(taskId, nowNs);
    return true;
  }

  /// Takes a task out that could start. Returns its frame, or null where it isn't here.
  private byte @Nullable [] takeReady(long taskId) {
    for (Iterator<Object> i = ready.iterator(); i.hasNext(); ) {
      Object next = i.next();
      byte[] frame = next instanceof Waiting task ? task.frame : (byte[]) next;
      if (isOf(frame, taskId)) {
        i.remove();
        if (next instanceof Waiting task) {
          waiting.giveMemoryBack(task);
        }
        return frame;
      }
    }
    return null;
  }

  private static boolean isOf(byte[] frame, long taskId) {
    return TaskFields.taskId(frame, 0) == taskId;
  }

  /// Ends a task that has not begun.
  private void end(byte[] frame, int flags, long nowNs) {
    bytesStarted += frame.length;
    offer(new Outcome(rank).ofUnrun(MemorySegment.ofArray(frame), 0, flags), nowNs);
  }

  /// Offers what has ended and starts what is ready, the slot freed last first; what has waited too
  /// long goes back. Returns the work done.
  public int pump(long nowNs) {
    int work = 0;
    while (finished != null
        && !finished.isEmpty()
        && upstream.offerResult(finished.peek(), nowNs)) {
      finished.poll();
      outcomesOffered++;
      work++;
    }
    boolean hasStarted = false;
    while (freeCount > 0 && !stopped) {
      if (arrays != null && startChunk(arrays)) {
        work++;
        continue;
      }
      Object next = ready.poll();
      if (next == null) {
        break;
      }
      start(next);
      hasStarted = true;
      work++;
    }
    if (ready.isEmpty() || hasStarted) {
      waitedNs = 0;
    } else {
      waitedNs += Math.min(nowNs - lookedNs, RETURN_STEP_NS);
      work += waitedNs < RETURN_NS ? 0 : returnReady(nowNs);
    }
    lookedNs = nowNs;
    return work;
  }

  /// When to look again at what waits, or `Long.MAX_VALUE`.
  public long dueNs() {
    return ready.isEmpty() ? Long.MAX_VALUE : lookedNs + RETURN_STEP_NS;
  }

  /// Sends back what could start; the last first, since each goes to the front of its queue. A task
  /// that came back before, or that may take long, stays where it takes turns with an array: its
  /// parent has sent it for that.
  private int returnReady(long nowNs) {
    boolean takesTurns = arrays != null && arrays.hasChunkWanted();
    ArrayDeque<Object> staying = new ArrayDeque<>(0);
    int count = 0;
    for (Object next = ready.pollLast(); next != null; next = ready.pollLast()) {
      byte[] frame = next instanceof Waiting task ? task.frame : (byte[]) next;
      if (takesTurns && Frame.prefetch(Frame.flags(frame)) == 0) {
        staying.addFirst(next);
        continue;
      }
      if (next instanceof Waiting task) {
        waiting.giveMemoryBack(task);
      }
      end(frame, Frame.RETURNED, nowNs);
      waiting.sendFollowersBack(TaskFields.taskId(frame, 0), nowNs);
      count++;
    }
    ready.addAll(staying);
    waitedNs = 0;
    return count;
  }

  /// Starts a chunk if it is an array's turn.
  private boolean startChunk(Chunks table) {
    ArrayDescriptor array = table.nextForSlot();
    if (array == null || !isTurnOf(array)) {
      wasChunk = false;
      return false;
    }
    wasChunk = true;
    int slot = freeSlots[--freeCount];
    chunkCount++;
    table.startChunk(slot);
    return true;
  }

  private boolean isTurnOf(ArrayDescriptor array) {
    Object next = ready.peek();
    if (next == null) {
      return true;
    }
    byte[] frame = next instanceof Waiting task ? task.frame : (byte[]) next;
    int order = Integer.compare(array.priority(), TaskFields.priority(frame, 0));
    return order > 0 || (order == 0 && !wasChunk);
  }

  private void start(Object next) {
    Waiting task = next instanceof Waiting with ? with : null;
    byte[] frame = task == null ? (byte[]) next : task.frame;
    int slot = freeSlots[--freeCount];
    taskIds[slot] = TaskFields.taskId(frame, 0);
    tickets[slot] = TaskFields.ticket(frame, 0);
    attempts[slot] = (short) Frame.attempt(frame);
    prefetches[slot] = (byte) Frame.prefetch(Frame.flags(frame));
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
        && waiting.count() == 0
        && (finished == null || finished.isEmpty());
  }

  /// The tasks in its slots.
  public long[] running() {
    LongStream tasks = Arrays.stream(taskIds).filter(id -> id != 0);
    return (arrays == null ? tasks : LongStream.concat(tasks, arrays.running())).toArray();
  }

  /// Tasks that could start now and do not.
  public int readyCount() {
    return ready.size();
  }

  /// Slots without a task or a chunk of an array.
  public int freeSlots() {
    return freeCount;
  }

  /// Tasks that are here and have not begun.
  public int waitingCount() {
    return ready.size() + waiting.count();
  }

  /// Outcomes that have left, cumulative.
  public long endedCount() {
    return outcomesOffered;
  }

  /// Time that tasks were in slots, cumulative, in nanoseconds; chunks of arrays aside.
  public long endedNs() {
    return endedNs;
  }

  /// Walks over the slots; for tests and the simulator.
  public void checkInvariants() {
    boolean[] free = new boolean[slots];
    for (int slot : Arrays.copyOf(freeSlots, freeCount)) {
      if (free[slot]) {
        throw new IllegalStateException("slot is free twice: rank=" + rank + " slot=" + slot);
      }
      free[slot] = true;
    }
    long held =
        ((long) slots - freeCount - chunkCount)
            + ready.size()
            + waiting.count()
            + (finished == null ? 0 : finished.size());
    if (held > slots + (long) limits.prefetchMax()) {
      throw new IllegalStateException("more tasks than granted: rank=" + rank + " held=" + held);
    }
    waiting.checkInvariants(held);
  }
}
