package dev.heddle.core;

import java.util.Arrays;

/// Which child of a relay has which task: an open-addressed map from task id to child, made when
/// first needed.
///
/// Shape: at most as many entries as tasks were granted below; ids are above 0. Threading: the
/// progress role.
final class InFlight {
  private long[] ids = {};
  private int[] children = {};
  private int size;

  int size() {
    return size;
  }

  void put(long taskId, int child) {
    if (2 * (size + 1) > ids.length) {
      grow();
    }
    int at = find(taskId);
    if (ids[at] == 0) {
      size++;
    }
    ids[at] = taskId;
    children[at] = child;
  }

  /// The child that has the task, or -1.
  int get(long taskId) {
    if (size == 0) {
      return -1;
    }
    int at = find(taskId);
    return ids[at] == 0 ? -1 : children[at];
  }

  void remove(long taskId) {
    if (size == 0) {
      return;
    }
    int hole = find(taskId);
    if (ids[hole] == 0) {
      return;
    }
    size--;
    int mask = ids.length - 1;
    // moves back what was displaced past the hole, so that no search stops early (Knuth, vol. 3,
    // 6.4, algorithm R)
    for (int at = (hole + 1) & mask; ids[at] != 0; at = (at + 1) & mask) {
      int home = home(ids[at]);
      boolean reachable = hole <= at ? hole < home && home <= at : hole < home || home <= at;
      if (!reachable) {
        ids[hole] = ids[at];
        children[hole] = children[at];
        hole = at;
      }
    }
    ids[hole] = 0;
  }

  /// The tasks that `child` has, in ascending order.
  long[] tasksOf(int child) {
    long[] found = new long[size];
    int count = 0;
    for (int at = 0; at < ids.length; at++) {
      if (ids[at] != 0 && children[at] == child) {
        found[count++] = ids[at];
      }
    }
    long[] tasks = Arrays.copyOf(found, count);
    Arrays.sort(tasks);
    return tasks;
  }

  private void grow() {
    long[] oldIds = ids;
    int[] oldChildren = children;
    ids = new long[Math.max(16, oldIds.length * 2)];
    children = new int[ids.length];
    for (int i = 0; i < oldIds.length; i++) {
      if (oldIds[i] != 0) {
        int at = find(oldIds[i]);
        ids[at] = oldIds[i];
        children[at] = oldChildren[i];
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
}
