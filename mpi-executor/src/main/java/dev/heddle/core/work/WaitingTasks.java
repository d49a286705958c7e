package dev.heddle.core.work;

import dev.heddle.core.frames.TaskFrame;
import dev.heddle.core.frames.ValueMemory;
import dev.heddle.core.link.Limits;
import dev.heddle.wire.frame.Frame;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/// Tasks at a worker that wait for large values, or for results of other tasks there: they were
/// sent ahead of these.
///
/// Shape: what waits, and short results of tasks that ended here of late ([KeptResults]); nothing
/// of that at a worker that no task was sent to ahead. Threading: the progress role.
final class WaitingTasks {
  /// Results stop being kept once this many times the capacity has arrived and no task was sent
  /// ahead.
  private static final int UNUSED_FACTOR = 8;

  /// The worker.
  interface Owner {
    /// A task has all that it needs.
    void begin(Waiting task);

    /// Ends a task that has not begun.
    void end(byte[] frame, int flags, long nowNs);

    /// Calls `known` for each task that is here and waits for nothing.
    void forEachTask(LongConsumer known);
  }

  private final Owner owner;
  private final Limits limits;
  private final Upstream upstream;
  private final ValueCache cache;
  private final ValueMemory memory;
  private final int tasksMax;

  /// Tasks that wait for large values.
  private final List<Waiting> waiting = new ArrayList<>(0);

  /// Tasks that wait for anything.
  private int waitingCount;

  /// From the first task that was sent ahead of its arguments on.
  private @Nullable KeptResults kept;

  private int arrivedSinceUse;

  /// Of a worker that never has more than `tasksMax` tasks.
  WaitingTasks(
      Owner owner,
      Limits limits,
      Upstream upstream,
      ValueCache cache,
      ValueMemory memory,
      int tasksMax) {
    this.owner = owner;
    this.limits = limits;
    this.upstream = upstream;
    this.cache = cache;
    this.memory = memory;
    this.tasksMax = tasksMax;
  }

  /// Nothing more is begun.
  void stop() {
    waiting.clear();
    waitingCount = 0;
    kept = null;
  }

  /// How many wait.
  int count() {
    return waitingCount;
  }

  /// A task is here, and will be known to those that wait for its result.
  void onOther(long taskId) {
    if (kept != null) {
      arrive(kept, taskId);
    }
  }

  /// A task is here that has `needs`: it begins as soon as these are there.
  void onTask(byte[] frame, long[] needs, long nowNs) {
    Waiting task = new Waiting(frame, needs);
    waitingCount++;
    if (!awaitResults(task)) {
      goBack(task, nowNs);
      return;
    }
    onOther(task.taskId());
    boolean[] asked = lookUpValues(task);
    if (asked == null) {
      if (task.isReady()) {
        begin(task);
      }
      return;
    }
    waiting.add(task);
    for (int i = 0; i < asked.length; i++) {
      if (asked[i]) {
        upstream.fetch(needs[2 * i], needs[2 * i + 1]);
      }
    }
  }

  private void begin(Waiting task) {
    waitingCount--;
    owner.begin(task);
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

  // ---- tasks ahead of their arguments

  /// Takes results that are kept, and waits for those of tasks that are here; false when one of
  /// them is neither.
  private boolean awaitResults(Waiting task) {
    for (int i = 0; i < task.values.length; i++) {
      if (TaskFrame.isValue(task.needs, i)) {
        continue;
      }
      long taskId = task.needs[2 * i];
      KeptResults results = kept;
      if (results == null) {
        results = new KeptResults(tasksMax);
        kept = results;
        enter(results);
      }
      arrivedSinceUse = 0;
      byte[] result = results.result(taskId);
      if (result != null) {
        task.values[i] = MemorySegment.ofArray(result);
      } else if (results.await(taskId, new KeptResults.Waiter(task, i))) {
        task.openResults++;
      } else {
        return false;
      }
    }
    return true;
  }

  /// Makes known what is here by now.
  private void enter(KeptResults results) {
    owner.forEachTask(results::arrive);
    for (Waiting task : waiting) {
      results.arrive(task.taskId());
    }
  }

  private void arrive(KeptResults results, long taskId) {
    results.arrive(taskId);
    if (++arrivedSinceUse > UNUSED_FACTOR * tasksMax && waitingCount == 0) {
      kept = null;
    }
  }

  /// A task has ended; `result` is null where it has none that others may have.
  void onMade(long taskId, byte @Nullable [] result, long nowNs) {
    KeptResults results = kept;
    if (results == null) {
      return;
    }
    KeptResults.Waiter last = results.takeWaiters(taskId);
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
      deliver(last, usable, nowNs);
    }
  }

  private void deliver(KeptResults.Waiter last, byte @Nullable [] result, long nowNs) {
    KeptResults.Waiter at = last;
    do {
      at = at.next;
      Waiting task = at.task;
      if (!task.isGone && result == null) {
        goBack(task, nowNs);
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
  private void goBack(Waiting first, long nowNs) {
    ArrayDeque<Waiting> open = new ArrayDeque<>(2);
    open.add(first);
    for (Waiting task = open.poll(); task != null; task = open.poll()) {
      if (task.isGone) {
        continue;
      }
      leave(task);
      owner.end(task.frame, Frame.NOT_RUN, nowNs);
      if (kept != null) {
        takeFollowers(kept, task.taskId(), open);
      }
    }
  }

  /// Moves those that wait for a task that won't run here to `open`.
  private static void takeFollowers(KeptResults results, long taskId, ArrayDeque<Waiting> open) {
    KeptResults.Waiter last = results.takeWaiters(taskId);
    results.forget(taskId);
    if (last != null) {
      KeptResults.Waiter at = last;
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
    if (task.openValues > 0) {
      waiting.remove(task);
    }
  }

  // ---- large values

  /// A large value has arrived; `isSpare` says that its memory is needed nowhere else.
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
    Waiting user = null;
    int place = -1;
    int users = 0;
    for (Waiting task : waiting) {
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
    waiting.removeIf(
        task -> {
          if (task.isReady()) {
            begin(task);
          }
          return task.openValues == 0;
        });
    return users > 0;
  }

  /// The memory of values that only this task had can be used again.
  void giveMemoryBack(Waiting task) {
    for (int i = 0; i < task.values.length; i++) {
      MemorySegment value = task.values[i];
      if (task.owned[i] && value != null) {
        memory.give(value);
      }
    }
  }

  /// Gives a waiting task up. Returns its frame, or null where it isn't here.
  byte @Nullable [] giveUp(long taskId) {
    Waiting task = find(taskId);
    if (task == null) {
      return null;
    }
    leave(task);
    return task.frame;
  }

  private @Nullable Waiting find(long taskId) {
    for (Waiting task : waiting) {
      if (task.taskId() == taskId) {
        return task;
      }
    }
    return kept == null ? null : kept.waiting(taskId);
  }

  /// Nobody wants the outcome of a task, so those that wait for it have failed where it matters.
  void sendFollowersBack(long taskId, long nowNs) {
    if (kept != null) {
      ArrayDeque<Waiting> open = new ArrayDeque<>(0);
      takeFollowers(kept, taskId, open);
      for (Waiting task : open) {
        if (!task.isGone) {
          goBack(task, nowNs);
        }
      }
    }
  }

  /// Walks over what is kept, where `held` tasks are here in all; for tests and the simulator.
  void checkInvariants(long held) {
    if (kept != null) {
      kept.checkInvariants(held);
    }
  }
}
