package dev.heddle.core;

import dev.heddle.wire.TaskFields;
import dev.heddle.wire.Frame;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
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

  /// After so many times as many tasks as are kept, none of them sent ahead, nothing is kept any
  /// more.
  private static final int UNUSED_FACTOR = 8;

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
  private final byte[] prefetches;

  /// What runs in a slot with large values; made when first needed.
  private @Nullable Waiting @Nullable [] running;

  private final ArrayDeque<Object> ready = new ArrayDeque<>(2);

  /// Tasks that wait for large values.
  private @Nullable List<Waiting> waiting;

  /// Tasks that wait for anything.
  private int waitingCount;

  /// From the first task that was sent ahead of its arguments on.
  private @Nullable Kept kept;

  private int arrivedSinceUse;
  private @Nullable ArrayDeque<Outcome> finished;

  /// Of the task that ends now.
  private final Outcome ended;

  private long outcomesOffered;
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
    this.prefetches = new byte[slots];
    this.ended = new Outcome(rank);
  }

  /// Number of slots.
  public int slots() {
    return slots;
  }

  /// Works on chunks of `table` too.
  void workOn(Chunks table) {
    arrays = table;
  }

  /// Slots that work on arrays.
  int chunks() {
    return chunkCount;
  }

  /// Tasks that this worker takes in total, cumulative.
  long frameGrant() {
    return outcomesOffered + slots + limits.prefetchMax();
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
    waitingCount = 0;
    kept = null;
  }

  /// Takes a TASK frame in.
  void onTask(MemorySegment s, long offset, int length) {
    if (stopped) {
      return;
    }
    byte[] frame = ValueFrame.array(s, offset, length);
    long[] needs = TaskFrame.needs(s, offset);
    if (needs.length == 0) {
      ready.add(frame);
      if (kept != null) {
        arrive(kept, TaskFields.taskId(frame, 0));
      }
      return;
    }
    Waiting task = new Waiting(frame, needs);
    waitingCount++;
    if (!awaitResults(task)) {
      goBack(task);
      return;
    }
    if (kept != null) {
      arrive(kept, task.taskId());
    }
    boolean[] asked = lookUpValues(task);
    if (asked == null) {
      if (task.isReady()) {
        begin(task);
      }
      return;
    }
    if (waiting == null) {
      waiting = new ArrayList<>();
    }
    waiting.add(task);
    for (int i = 0; i < asked.length; i++) {
      if (asked[i]) {
        upstream.fetch(needs[2 * i], needs[2 * i + 1]);
      }
    }
  }

  /// Takes the large values that are at hand. Returns the places of the others, or null.
  private boolean @Nullable [] lookUpValues(Waiting task) {
    for (int i = 0; i < task.values.length; i++) {
      if (TaskFrame.isValue(task.needs, i)) {
        MemorySegment value = cache.get(task.needs[2 * i]);
        task.values[i] = value;
        if (value == null) {
          task.ask(i);
        }
      }
    }
    return task.asked;
  }

  private void begin(Waiting task) {
    waitingCount--;
    ready.add(task);
  }

  // ---- tasks ahead of their arguments

  /// Takes results that are kept, and waits for those of tasks that are here; false when one of
  /// them is neither.
  private boolean awaitResults(Waiting task) {
    for (int i = 0; i < task.values.length; i++) {
      if (TaskFrame.isValue(task.needs, i)) {
        continue;
      }
      long taskId = task.needs[2 * i];
      Kept results = kept;
      if (results == null) {
        results = new Kept(slots + limits.prefetchMax());
        kept = results;
        enter(results);
      }
      arrivedSinceUse = 0;
      byte[] result = results.result(taskId);
      if (result != null) {
        task.values[i] = MemorySegment.ofArray(result);
      } else if (results.await(taskId, new Kept.Waiter(task, i))) {
        task.openResults++;
      } else {
        return false;
      }
    }
    return true;
  }

  /// Makes known what is here by now.
  private void enter(Kept results) {
    for (long taskId : taskIds) {
      if (taskId != 0) {
        results.arrive(taskId);
      }
    }
    for (Object next : ready) {
      results.arrive(
          TaskFields.taskId(next instanceof Waiting task ? task.frame : (byte[]) next, 0));
    }
    if (waiting != null) {
      for (Waiting task : waiting) {
        results.arrive(task.taskId());
      }
    }
  }

  private void arrive(Kept results, long taskId) {
    results.arrive(taskId);
    if (++arrivedSinceUse > UNUSED_FACTOR * (slots + limits.prefetchMax()) && waitingCount == 0) {
      kept = null;
    }
  }

  /// A task has ended; `result` is null where it has none that others may have.
  private void onMade(Kept results, long taskId, byte @Nullable [] result) {
    Kept.Waiter last = results.takeWaiters(taskId);
    // An outcome that travels in bulk would be overtaken by those of the tasks that used it.
    byte[] usable =
        result == null
                || result.length > limits.inlineBytesMax()
                || result.length > upstream.resultBytesInOrder()
            ? null
            : result;
    if (usable == null) {
      results.forget(taskId);
    } else {
      results.keep(taskId, usable);
    }
    if (last != null) {
      deliver(last, usable);
    }
  }

  private void deliver(Kept.Waiter last, byte @Nullable [] result) {
    Kept.Waiter at = last;
    do {
      at = at.next;
      Waiting task = at.task;
      if (!task.isGone && result == null) {
        goBack(task);
      } else if (!task.isGone) {
        task.values[at.index] = MemorySegment.ofArray(result);
        task.openResults--;
        if (task.isReady()) {
          begin(task);
        }
      }
    } while (at != last);
  }

  /// Sends a task back that can't have its arguments here, and all that wait for it.
  private void goBack(Waiting first) {
    ArrayDeque<Waiting> open = new ArrayDeque<>(2);
    open.add(first);
    for (Waiting task = open.poll(); task != null; task = open.poll()) {
      if (task.isGone) {
        continue;
      }
      leave(task);
      end(task.frame, Frame.NOT_RUN);
      if (kept != null) {
        takeFollowers(kept, task.taskId(), open);
      }
    }
  }

  /// Moves those that wait for a task that won't run here to `open`.
  private static void takeFollowers(Kept results, long taskId, ArrayDeque<Waiting> open) {
    Kept.Waiter last = results.takeWaiters(taskId);
    results.forget(taskId);
    if (last != null) {
      Kept.Waiter at = last;
      do {
        at = at.next;
        open.add(at.task);
      } while (at != last);
    }
  }

  private void leave(Waiting task) {
    task.isGone = true;
    waitingCount--;
    giveMemoryBack(task);
    if (waiting != null && task.openValues > 0) {
      waiting.remove(task);
    }
  }

  // ---- large values

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
        if (task.asksFor(valueId, i)) {
          task.onValue(i, value);
          user = task;
          place = i;
          users++;
        }
      }
    }
    if (isSpare && user != null && users == 1) {
      user.owned[place] = true;
    }
    tasks.removeIf(
        task -> {
          if (task.isReady()) {
            begin(task);
          }
          return task.openValues == 0;
        });
    return users > 0;
  }

  /// The memory of values that only this task had can be used again.
  private void giveMemoryBack(Waiting task) {
    for (int i = 0; i < task.values.length; i++) {
      MemorySegment value = task.values[i];
      if (task.owned[i] && value != null) {
        memory.give(value);
      }
    }
  }

  /// The task in `slot` has ended.
  public void onFinished(int slot, int flags, byte[] payload, long durationNs) {
    Chunks table = arrays;
    if (table != null && table.isChunk(slot)) {
      freeSlots[freeCount++] = slot;
      chunkCount--;
      table.onChunk(slot, payload);
      return;
    }
    long taskId = taskIds[slot];
    Outcome outcome =
        ended.of(
            taskId,
            taskSlots[slot],
            attempts[slot] & 0xffff,
            flags,
            prefetches[slot],
            durationNs,
            payload);
    taskIds[slot] = 0;
    freeSlots[freeCount++] = slot;
    Waiting task = running == null ? null : running[slot];
    if (running != null && task != null) {
      running[slot] = null;
      giveMemoryBack(task);
    }
    offer(outcome);
    outcome.clear();
    if (kept != null) {
      onMade(kept, taskId, flags == Frame.SUCCEEDED ? payload : null);
    }
  }

  private void offer(Outcome outcome) {
    if ((finished == null || finished.isEmpty()) && upstream.offerResult(outcome)) {
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
  boolean onCancel(long taskId, boolean interrupt) {
    for (int slot = 0; slot < slots; slot++) {
      if (taskIds[slot] == taskId) {
        starter.cancel(slot, interrupt);
        sendFollowersBack(taskId);
        return true;
      }
    }
    for (Iterator<Object> i = ready.iterator(); i.hasNext(); ) {
      Object next = i.next();
      byte[] frame = next instanceof Waiting task ? task.frame : (byte[]) next;
      if (isOf(frame, taskId)) {
        i.remove();
        if (next instanceof Waiting task) {
          giveMemoryBack(task);
        }
        end(frame, Frame.CANCELLED);
        sendFollowersBack(taskId);
        return true;
      }
    }
    Waiting task = findWaiting(taskId);
    if (task == null) {
      return false;
    }
    leave(task);
    end(task.frame, Frame.CANCELLED);
    sendFollowersBack(taskId);
    return true;
  }

  private @Nullable Waiting findWaiting(long taskId) {
    if (waiting != null) {
      for (Waiting task : waiting) {
        if (task.taskId() == taskId) {
          return task;
        }
      }
    }
    return kept == null ? null : kept.waiting(taskId);
  }

  /// Nobody wants the outcome of a task, so those that wait for it have failed where it matters.
  private void sendFollowersBack(long taskId) {
    if (kept != null) {
      ArrayDeque<Waiting> open = new ArrayDeque<>(0);
      takeFollowers(kept, taskId, open);
      for (Waiting task : open) {
        if (!task.isGone) {
          goBack(task);
        }
      }
    }
  }

  private static boolean isOf(byte[] frame, long taskId) {
    return TaskFields.taskId(frame, 0) == taskId;
  }

  /// Ends a task that has not begun.
  private void end(byte[] frame, int flags) {
    bytesStarted += frame.length;
    offer(new Outcome(rank).ofUnrun(MemorySegment.ofArray(frame), 0, flags));
  }

  /// Offers what has ended and starts what is ready, the slot freed last first; what has waited too
  /// long goes back. Returns the work done.
  public int pump(long nowNs) {
    int work = 0;
    while (finished != null && !finished.isEmpty() && upstream.offerResult(finished.peek())) {
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
      work += waitedNs < RETURN_NS ? 0 : returnReady();
    }
    lookedNs = nowNs;
    return work;
  }

  /// When to look again at what waits, or `Long.MAX_VALUE`.
  long dueNs() {
    return ready.isEmpty() ? Long.MAX_VALUE : lookedNs + RETURN_STEP_NS;
  }

  /// Sends back what could start; the last first, since each goes to the front of its queue. What
  /// has come back before, or may take long, stays where it takes turns with an array: its parent
  /// has sent it for that.
  private int returnReady() {
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
        giveMemoryBack(task);
      }
      end(frame, Frame.RETURNED);
      sendFollowersBack(TaskFields.taskId(frame, 0));
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
    taskSlots[slot] = TaskFields.slot(frame, 0);
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
        && waitingCount == 0
        && (finished == null || finished.isEmpty());
  }

  /// The tasks in its slots.
  long[] running() {
    LongStream tasks = Arrays.stream(taskIds).filter(id -> id != 0);
    return (arrays == null ? tasks : LongStream.concat(tasks, arrays.running())).toArray();
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
        ((long) slots - freeCount - chunkCount)
            + ready.size()
            + waitingCount
            + (finished == null ? 0 : finished.size());
    if (held > slots + (long) limits.prefetchMax()) {
      throw new IllegalStateException("more tasks than granted: rank=" + rank + " held=" + held);
    }
    if (kept != null) {
      kept.checkInvariants(held);
    }
  }
}
