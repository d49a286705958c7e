package dev.heddle.core.link;

import java.util.Arrays;

/// The tasks that a relay has sent to one child and that have not ended: an open-addressed set of
/// task ids, made when first needed.
///
/// Shape: at most as many entries as tasks were granted by the child; ids are above 0. Threading:
/// the progress role.
public final class InFlight {
  private static final long[] NONE = {};

  private long[] ids = NONE;
  private int size;

  public int size() {
    return size;
  }

  public void add(long taskId) {
    if (2 * (size + 1) > ids.length) {
      grow();
    }
    int at = find(taskId);
    if (ids[at] == 0) {
      size++;
    }
    ids[at] = taskId;
  }

  public boolean contains(long taskId) {
    return size > 0 && ids[find(taskId)] != 0;
  }

  /// Takes a task out; false when it isn't here.
  public boolean remove(long taskId) {
    if (size == 0) {
      return false;
    }
    int hole = find(taskId);
    if (ids[hole] == 0) {
      return false;
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
        hole = at;
      }
    }
    ids[hole] = 0;
    return true;
  }

  /// Forgets all.
  public void clear() {
    ids = NONE;
    size = 0;
  }

  /// The tasks, in ascending order.
  public long[] tasks() {
    return Arrays.stream(ids).filter(id -> id != 0).sorted().toArray();
  }

  private void grow() {
    long[] old = ids;
    ids = new long[Math.max(16, old.length * 2)];
    for (long id : old) {
      if (id != 0) {
        ids[find(id)] = id;
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
