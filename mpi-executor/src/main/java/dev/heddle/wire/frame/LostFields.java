package dev.heddle.wire.frame;

import java.lang.foreign.MemorySegment;

/// Fields of a [Frame#LOST] before its list. The byte map stands in [Frame].
///
/// Shape: `offset` is where the frame starts. Errors: nothing is checked here.
public final class LostFields {
  private static final int RANK = 8;
  private static final int TASKS_LOST = 12;
  private static final int SILENCE_NS = 16;
  private static final int RANKS_BELOW = 24;
  private static final int LISTED_TASKS = 28;

  private LostFields() {}

  /// The lost rank.
  public static int rank(MemorySegment s, long offset) {
    return Frame.getInt(s, offset + RANK);
  }

  /// Sets this field.
  public static void putRank(MemorySegment s, long offset, int value) {
    Frame.putInt(s, offset + RANK, value);
  }

  /// Number of tasks that were there.
  public static int tasksLost(MemorySegment s, long offset) {
    return Frame.getInt(s, offset + TASKS_LOST);
  }

  /// Sets this field.
  public static void putTasksLost(MemorySegment s, long offset, int value) {
    Frame.putInt(s, offset + TASKS_LOST, value);
  }

  /// Time for which the rank was silent, in nanoseconds.
  public static long silenceNs(MemorySegment s, long offset) {
    return Frame.getLong(s, offset + SILENCE_NS);
  }

  /// Sets this field.
  public static void putSilenceNs(MemorySegment s, long offset, long value) {
    Frame.putLong(s, offset + SILENCE_NS, value);
  }

  /// Number of ranks that were lost with it.
  public static int ranksBelow(MemorySegment s, long offset) {
    return Frame.getInt(s, offset + RANKS_BELOW);
  }

  /// Sets this field.
  public static void putRanksBelow(MemorySegment s, long offset, int value) {
    Frame.putInt(s, offset + RANKS_BELOW, value);
  }

  /// Number of tasks in the list.
  public static int listedTasks(MemorySegment s, long offset) {
    return Frame.getInt(s, offset + LISTED_TASKS);
  }

  /// Sets this field.
  public static void putListedTasks(MemorySegment s, long offset, int value) {
    Frame.putInt(s, offset + LISTED_TASKS, value);
  }

  /// The task at `index` of the list.
  public static long listedTask(MemorySegment s, long offset, int index) {
    return Frame.getLong(s, offset + Frame.LOST_BYTES + 8L * index);
  }

  /// Sets this field.
  public static void putListedTask(MemorySegment s, long offset, int index, long value) {
    Frame.putLong(s, offset + Frame.LOST_BYTES + 8L * index, value);
  }

  /// Bytes before the host's name, where this many tasks are listed.
  public static int hostOffset(int listed) {
    return Frame.LOST_BYTES + 8 * listed + 4;
  }

  /// The name of the host, behind the list.
  public static String host(MemorySegment s, long offset) {
    long at = offset + hostOffset(listedTasks(s, offset));
    return Frame.getText(s, at, Frame.getInt(s, at - 4));
  }

  /// Sets this field; the list's length is known.
  public static void putHost(MemorySegment s, long offset, byte[] host) {
    long at = offset + hostOffset(listedTasks(s, offset));
    Frame.putInt(s, at - 4, host.length);
    MemorySegment.copy(MemorySegment.ofArray(host), 0, s, at, host.length);
  }
}
