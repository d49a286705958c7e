package dev.heddle.wire.frame;

import java.lang.foreign.MemorySegment;

/// Fields of a [Frame#HELLO] before its texts: sums over all ranks from here downwards, and the
/// process that says it. The byte map stands in [Frame].
///
/// Shape: `offset` is where the frame starts. Errors: nothing is checked here.
public final class HelloFields {
  private static final int RANKS = 8;
  private static final int WORKERS = 12;
  private static final int RELAYS = 16;
  private static final int LEVELS = 20;
  private static final int SLOTS = 24;
  private static final int PROCESS_ID = 32;
  private static final int HOST_LENGTH = 40;
  private static final int VERSION_LENGTH = 42;

  private HelloFields() {}

  /// Ranks.
  public static int ranks(MemorySegment s, long offset) {
    return Frame.getInt(s, offset + RANKS);
  }

  /// Sets this field.
  public static void putRanks(MemorySegment s, long offset, int value) {
    Frame.putInt(s, offset + RANKS, value);
  }

  /// Ranks that run tasks.
  public static int workers(MemorySegment s, long offset) {
    return Frame.getInt(s, offset + WORKERS);
  }

  /// Sets this field.
  public static void putWorkers(MemorySegment s, long offset, int value) {
    Frame.putInt(s, offset + WORKERS, value);
  }

  /// Ranks with children.
  public static int relays(MemorySegment s, long offset) {
    return Frame.getInt(s, offset + RELAYS);
  }

  /// Sets this field.
  public static void putRelays(MemorySegment s, long offset, int value) {
    Frame.putInt(s, offset + RELAYS, value);
  }

  /// Levels of the subtree.
  public static int levels(MemorySegment s, long offset) {
    return Frame.getInt(s, offset + LEVELS);
  }

  /// Sets this field.
  public static void putLevels(MemorySegment s, long offset, int value) {
    Frame.putInt(s, offset + LEVELS, value);
  }

  /// Slots.
  public static long slots(MemorySegment s, long offset) {
    return Frame.getLong(s, offset + SLOTS);
  }

  /// Sets this field.
  public static void putSlots(MemorySegment s, long offset, long value) {
    Frame.putLong(s, offset + SLOTS, value);
  }

  /// The process id of the sender.
  public static long processId(MemorySegment s, long offset) {
    return Frame.getLong(s, offset + PROCESS_ID);
  }

  /// Sets this field.
  public static void putProcessId(MemorySegment s, long offset, long value) {
    Frame.putLong(s, offset + PROCESS_ID, value);
  }

  /// Bytes of the sender's host name.
  public static int hostLength(MemorySegment s, long offset) {
    return Frame.getShort(s, offset + HOST_LENGTH);
  }

  /// Sets this field.
  public static void putHostLength(MemorySegment s, long offset, int value) {
    Frame.putShort(s, offset + HOST_LENGTH, value);
  }

  /// Bytes of the sender's version of Heddle.
  public static int versionLength(MemorySegment s, long offset) {
    return Frame.getShort(s, offset + VERSION_LENGTH);
  }

  /// Sets this field.
  public static void putVersionLength(MemorySegment s, long offset, int value) {
    Frame.putShort(s, offset + VERSION_LENGTH, value);
  }
}
