package dev.heddle.core.work;

import org.jspecify.annotations.Nullable;

/// What a worker knows of its tasks for the sake of tasks that were sent ahead of their arguments:
/// which tasks are here, which tasks wait for them, and the results of tasks that have just ended.
///
/// Shape: an open-addressed map from task id to what is known, at most half full. Of tasks that are
/// here at most slots + prefetch; of results the last `resultsMax`, and at most [#BYTES_MAX] bytes
/// beside the last one. Ownership: a result is the array that is sent, never changed. Threading:
/// the progress role.
///
/// Why this many results are enough. A task that needs A is sent ahead only before A's outcome has
/// reached the sender, and with credit that was granted before A's outcome left. So when it
/// arrives, no more tasks have ended behind A than were held when A ended: slots + prefetch.
@SuppressWarnings("ReferenceEquality") // HERE is told apart by identity
final class KeptResults {
  private static final long BYTES_MAX = 1 << 20;

  /// A task that is here, for which nobody waits.
  private static final Object HERE = new Object();

  /// A task that waits for another one's result, for the place `index` of what it needs. Those of
  /// one task are a ring, and the map has the last.
  static final class Waiter {
    final Waiting task;
    final int index;
    Waiter next = this;

    Waiter(Waiting task, int index) {
      this.task = task;
      this.index = index;
    }
  }

  private long[] ids = new long[16];
  private @Nullable Object[] known = new Object[16];
  private int size;

  /// Ids of the results, in the order in which they were made.
  private final long[] made;

  private int madeFirst;
  private int madeCount;
  private long madeBytes;

  KeptResults(int resultsMax) {
    this.made = new long[resultsMax];
  }

  /// A task has arrived.
  void arrive(long taskId) {
    int at = find(taskId);
    if (ids[at] == 0) {
      at = insert(taskId, at);
    }
    if (!(known[at] instanceof Waiter)) {
      know(at, HERE);
    }
  }

  /// A result may give way to another one of the same task, which came again.
  private void know(int at, @Nullable Object now) {
    if (known[at] instanceof byte[] earlier) {
      madeBytes -= earlier.length;
    }
    known[at] = now;
  }

  /// The result of a task that has ended, or null.
  public byte @Nullable [] result(long taskId) {
    return known[find(taskId)] instanceof byte[] result ? result : null;
  }

  /// Lets `waiter` wait for a task; false when it isn't here.
  public boolean await(long taskId, Waiter waiter) {
    int at = find(taskId);
    Object now = known[at];
    if (now instanceof Waiter last) {
      waiter.next = last.next;
      last.next = waiter;
    } else if (now != HERE) {
      return false;
    }
    known[at] = waiter;
    return true;
  }

  /// Takes those that wait for a task, which stays. Returns the last of their ring, or null.
  @Nullable Waiter takeWaiters(long taskId) {
    int at = find(taskId);
    if (known[at] instanceof Waiter last) {
      known[at] = HERE;
      return last;
    }
    return null;
  }

  /// A task has ended with a result to be kept.
  void keep(long taskId, byte[] result) {
    int at = find(taskId);
    if (ids[at] == 0) {
      at = insert(taskId, at);
    }
    know(at, result);
    while (madeCount == made.length || (madeCount > 0 && madeBytes + result.length > BYTES_MAX)) {
      forgetOldest();
    }
    int last = madeFirst + madeCount++;
    made[last < made.length ? last : last - made.length] = taskId;
    madeBytes += result.length;
  }

  private void forgetOldest() {
    long oldest = made[madeFirst];
    madeFirst = madeFirst + 1 == made.length ? 0 : madeFirst + 1;
    madeCount--;
    if (result(oldest) != null) {
      // else the task has arrived again
      forget(oldest);
    }
  }

  /// A task is here no more, and has left nothing.
  public void forget(long taskId) {
    int hole = find(taskId);
    if (ids[hole] == 0) {
      return;
    }
    size--;
    know(hole, null);
    int mask = ids.length - 1;
    // moves back what was displaced past the hole, so that no search stops early (Knuth, vol. 3,
    // 6.4, algorithm R)
    for (int at = (hole + 1) & mask; ids[at] != 0; at = (at + 1) & mask) {
      int home = home(ids[at]);
      boolean reachable = hole <= at ? hole < home && home <= at : hole < home || home <= at;
      if (!reachable) {
        ids[hole] = ids[at];
        known[hole] = known[at];
        hole = at;
      }
    }
    ids[hole] = 0;
    known[hole] = null;
  }

  /// The task that waits for others and has this id, or null.
  @Nullable Waiting waiting(long taskId) {
    for (Object one : known) {
      if (one instanceof Waiter last) {
        Waiter at = last;
        do {
          at = at.next;
          if (at.task.taskId() == taskId && !at.task.isGone) {
            return at.task;
          }
        } while (at != last);
      }
    }
    return null;
  }

  private int insert(long taskId, int free) {
    int at = free;
    if (2 * (size + 1) > ids.length) {
      grow();
      at = find(taskId);
    }
    size++;
    ids[at] = taskId;
    return at;
  }

  private void grow() {
    long[] oldIds = ids;
    @Nullable Object[] oldKnown = known;
    ids = new long[oldIds.length * 2];
    known = new Object[ids.length];
    for (int i = 0; i < oldIds.length; i++) {
      if (oldIds[i] != 0) {
        int at = find(oldIds[i]);
        ids[at] = oldIds[i];
        known[at] = oldKnown[i];
      }
    }
  }

  private int find(long taskId) {
    int mask = ids.length - 1;
    int at = home(taskId);
    while (ids[at] != 0 && ids[at] != taskId) {
      at = (at + 1) & mask;
    }
    return at;
  }

  private int home(long taskId) {
    long mixed = taskId * 0x9E3779B97F4A7C15L;
    return (int) (mixed >>> 40) & (ids.length - 1);
  }

  /// Walks over everything; for tests and the simulator. `held` are the tasks on this rank.
  public void checkInvariants(long held) {
    long bytes = 0;
    int results = 0;
    int here = 0;
    int count = 0;
    for (int i = 0; i < ids.length; i++) {
      count += ids[i] != 0 ? 1 : 0;
      if (known[i] instanceof byte[] result) {
        bytes += result.length;
        results++;
      } else if (known[i] != null) {
        here++;
      }
    }
    if (bytes != madeBytes || results > madeCount || here > held || count != size) {
      throw new IllegalStateException(
          "kept="
              + results
              + "/"
              + madeCount
              + " bytes="
              + bytes
              + "/"
              + madeBytes
              + " here="
              + here
              + "/"
              + held
              + " entries="
              + count
              + "/"
              + size);
    }
  }
}
