package dev.heddle.graph;

import org.jspecify.annotations.Nullable;

/// Tasks that wait for a worker: a FIFO per priority, the highest first.
///
/// Shape: priorities `PRIORITY_MIN..PRIORITY_MAX`; adding and polling cost the same whatever the
/// backlog. Threading: the coordinator's.
final class ReadyQueue {
  static final int PRIORITY_MIN = -128;
  static final int PRIORITY_MAX = 127;

  private static final int LEVELS = PRIORITY_MAX - PRIORITY_MIN + 1;

  private final @Nullable Task[] first = new Task[LEVELS];
  private final @Nullable Task[] last = new Task[LEVELS];
  private final long[] occupied = new long[LEVELS / 64];
  private int size;

  int size() {
    return size;
  }

  void add(Task task) {
    int level = task.priority() - PRIORITY_MIN;
    Task tail = last[level];
    if (tail == null) {
      first[level] = task;
      occupied[level >> 6] |= 1L << level;
    } else {
      tail.next = task;
    }
    last[level] = task;
    size++;
  }

  /// Puts a task back ahead of all tasks of its priority, since it was taken out before them.
  void addFirst(Task task) {
    int level = task.priority() - PRIORITY_MIN;
    Task head = first[level];
    if (head == null) {
      last[level] = task;
      occupied[level >> 6] |= 1L << level;
    }
    task.next = head;
    first[level] = task;
    size++;
  }

  @Nullable Task peek() {
    int level = highest();
    return level < 0 ? null : first[level];
  }

  @Nullable Task poll() {
    int level = highest();
    if (level < 0) {
      return null;
    }
    Task task = first[level];
    if (task == null) {
      throw new IllegalStateException(
          "ready queue is marked as occupied but empty: level=" + level);
    }
    Task following = task.next;
    first[level] = following;
    task.next = null;
    if (following == null) {
      last[level] = null;
      occupied[level >> 6] &= ~(1L << level);
    }
    size--;
    return task;
  }

  private int highest() {
    for (int word = occupied.length - 1; word >= 0; word--) {
      if (occupied[word] != 0) {
        return (word << 6) + 63 - Long.numberOfLeadingZeros(occupied[word]);
      }
    }
    return -1;
  }
}
