package dev.heddle.wire.frame;

import java.lang.foreign.MemorySegment;

/// Fields of a [Frame#ATTACH] before its lists. The byte map stands in [Frame].
///
/// Shape: `offset` is where the frame starts. Errors: nothing is checked here.
final class AttachFields {
  private static final int FORMER_PARENT = 8;
  private static final int RANKS = 12;
  private static final int SLOTS = 16;
  private static final int OUTCOMES_ACKNOWLEDGED = 24;
  private static final int LISTED_TASKS = 32;
  private static final int LISTED_VALUES = 36;
  private static final int HOST_LENGTH = 40;
  private static final int UNUSED = 44;

  private AttachFields() {}

  /// The rank that was the parent of the sender.
  public static int formerParent(MemorySegment s, long offset) {
    return Frame.getInt(s, offset + FORMER_PARENT);
  }

  /// Sets this field.
  public static void putFormerParent(MemorySegment s, long offset, int value) {
    Frame.putInt(s, offset + FORMER_PARENT, value);
  }

  /// Ranks at and below the sender.
  public static int ranks(MemorySegment s, long offset) {
    return Frame.getInt(s, offset + RANKS);
  }

  /// Sets this field.
  public static void putRanks(MemorySegment s, long offset, int value) {
    Frame.putInt(s, offset + RANKS, value);
  }

  /// Their slots.
  public static long slots(MemorySegment s, long offset) {
    return Frame.getLong(s, offset + SLOTS);
  }

  /// Sets this field.
  public static void putSlots(MemorySegment s, long offset, long value) {
    Frame.putLong(s, offset + SLOTS, value);
  }

  /// Sequence on the edge to the former parent up to which its outcomes have arrived above it.
  public static long outcomesAcknowledged(MemorySegment s, long offset) {
    return Frame.getLong(s, offset + OUTCOMES_ACKNOWLEDGED);
  }

  /// Sets this field.
  public static void putOutcomesAcknowledged(MemorySegment s, long offset, long value) {
    Frame.putLong(s, offset + OUTCOMES_ACKNOWLEDGED, value);
  }

  /// Number of tasks in the list: those that the sender has, with all ranks below it.
  public static int listedTasks(MemorySegment s, long offset) {
    return Frame.getInt(s, offset + LISTED_TASKS);
  }

  /// Sets this field.
  public static void putListedTasks(MemorySegment s, long offset, int value) {
    Frame.putInt(s, offset + LISTED_TASKS, value);
  }

  /// Number of large values in the list.
  public static int listedValues(MemorySegment s, long offset) {
    return Frame.getInt(s, offset + LISTED_VALUES);
  }

  /// Sets this field.
  public static void putListedValues(MemorySegment s, long offset, int value) {
    Frame.putInt(s, offset + LISTED_VALUES, value);
  }

  /// Bytes of the sender's host name.
  public static int hostLength(MemorySegment s, long offset) {
    return Frame.getInt(s, offset + HOST_LENGTH);
  }

  /// Sets this field.
  public static void putHostLength(MemorySegment s, long offset, int value) {
    Frame.putInt(s, offset + HOST_LENGTH, value);
  }

  /// The task at `index` of the list.
  public static long listedTask(MemorySegment s, long offset, int index) {
    return Frame.getLong(s, offset + Frame.ATTACH_BYTES + 8L * index);
  }

  /// Sets this field.
  public static void putListedTask(MemorySegment s, long offset, int index, long value) {
    Frame.putLong(s, offset + Frame.ATTACH_BYTES + 8L * index, value);
  }

  /// The large value at `index` of the list, behind all tasks.
  public static long listedValue(MemorySegment s, long offset, int index) {
    return listedTask(s, offset, listedTasks(s, offset) + index);
  }

  /// Sets this field; the number of tasks is known.
  public static void putListedValue(MemorySegment s, long offset, int index, long value) {
    putListedTask(s, offset, listedTasks(s, offset) + index, value);
  }

  /// The name of the host, behind the lists.
  public static String host(MemorySegment s, long offset) {
    return Frame.getText(s, offset + hostOffset(s, offset), hostLength(s, offset));
  }

  /// Sets this field; the lengths of the lists are known.
  public static void putHost(MemorySegment s, long offset, byte[] host) {
    putHostLength(s, offset, host.length);
    Frame.putBytes(s, offset + hostOffset(s, offset), host);
  }

  private static long hostOffset(MemorySegment s, long offset) {
    return Frame.ATTACH_BYTES + 8L * (listedTasks(s, offset) + listedValues(s, offset));
  }

  /// Whether lists and host fill the frame.
  static boolean isRight(MemorySegment s, long offset, int length) {
    int places = (length - Frame.ATTACH_BYTES) / 8;
    int tasks = listedTasks(s, offset);
    int values = listedValues(s, offset);
    int host = hostLength(s, offset);
    return formerParent(s, offset) >= 0
        && ranks(s, offset) > 0
        && slots(s, offset) >= 0
        && outcomesAcknowledged(s, offset) >= 0
        && tasks >= 0
        && tasks <= places
        && values >= 0
        && values <= places - tasks
        && host >= 0
        && host <= 8 * (places - tasks - values)
        && Frame.padded(host) == 8 * (places - tasks - values)
        && Frame.getInt(s, offset + UNUSED) == 0;
  }
}
