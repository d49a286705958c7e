package dev.heddle.wire;

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

  /// Who was lost.
  public static int rank(MemorySegment s, long offset) {
    return Frame.getInt(s, offset + RANK);
  }

  /// Sets it.
  public static void putRank(MemorySegment s, long offset, int value) {
    Frame.putInt(s, offset + RANK, value);
  }

  /// Tasks that were there.
  public static int tasksLost(MemorySegment s, long offset) {
    return Frame.getInt(s, offset + TASKS_LOST);
  }

  /// Sets it.
  public static void putTasksLost(MemorySegment s, long offset, int value) {
    Frame.putInt(s, offset + TASKS_LOST, value);
  }

  /// How long it was silent, in nanoseconds.
  public static long silenceNs(MemorySegment s, long offset) {
    return Frame.getLong(s, offset + SILENCE_NS);
  }

  /// Sets it.
  public static void putSilenceNs(MemorySegment s, long offset, long value) {
    Frame.putLong(s, offset + SILENCE_NS, value);
  }

  /// Ranks that were lost with it.
  public static int ranksBelow(MemorySegment s, long offset) {
    return Frame.getInt(s, offset + RANKS_BELOW);
  }

  /// Sets it.
  public static void putRanksBelow(MemorySegment s, long offset, int value) {
    Frame.putInt(s, offset + RANKS_BELOW, value);
  }

  /// How many of the tasks are listed.
  public static int listedTasks(MemorySegment s, long offset) {
    return Frame.getInt(s, offset + LISTED_TASKS);
  }

  /// Sets it.
  public static void putListedTasks(MemorySegment s, long offset, int value) {
    Frame.putInt(s, offset + LISTED_TASKS, value);
  }

  /// The task at `index` of the list.
  public static long listedTask(MemorySegment s, long offset, int index) {
    return Frame.getLong(s, offset + Frame.LOST_BYTES + 8L * index);
  }

  /// Sets it.
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

  /// Sets it; the list's length is known.
  public static void putHost(MemorySegment s, long offset, byte[] host) {
    long at = offset + hostOffset(listedTasks(s, offset));
    Frame.putInt(s, at - 4, host.length);
    MemorySegment.copy(MemorySegment.ofArray(host), 0, s, at, host.length);
  }
}
