package dev.heddle.wire;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/// The 64 bytes before the frames of every message.
///
/// Shape, little-endian:
///
///     0                   4                   8                   12
///     +-------------------+-------------------+---------+---------+-------------------+
///     | CRC32C of [4,len) | magic             | version | frames  | length in bytes   |
///     +-------------------+-------------------+---------+---------+-------------------+
///  16 | run id                                | source rank       | tree epoch        |
///     +---------------------------------------+-------------------+-------------------+
///  32 | incarnation       | 1 if busy, else 0 | sequence on this edge, from 1         |
///     +-------------------+-------------------+---------------------------------------+
///  48 | frame limit granted, cumulative       | byte limit granted, cumulative        |
///     +---------------------------------------+---------------------------------------+
///
/// The two limits are what the *receiver* of this message may send back in total since the start of the run: cumulative, so
/// that a repeated or late message grants nothing twice.
///
/// Source: Kung, Blackwell and Chapman, *Credit-Based Flow Control for ATM Networks*, SIGCOMM 1994.
public final class Header {
  /// Bytes before the first frame.
  public static final int BYTES = 64;

  /// `HDL1`, first letter in the lowest byte.
  public static final int MAGIC = 'H' | 'D' << 8 | 'L' << 16 | '1' << 24;

  /// Version of header and frames; any other version is refused.
  public static final int VERSION = 1;

  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private Header() {}

  /// Why a message is refused; counted by [#ordinal()].
  public enum Refusal {
    /// The message is accepted.
    NONE,
    /// Shorter than a header, or its length field differs from what arrived.
    LENGTH,
    /// Not a message of Heddle.
    MAGIC,
    /// Another version of the protocol.
    VERSION,
    /// Damaged on the way.
    CHECKSUM,
    /// Of another run.
    RUN,
    /// From a rank that is no neighbour, or that names another rank as its sender.
    SOURCE,
    /// Of an older tree, or an older life of its process.
    EPOCH,
    /// Not the next message on its edge: a message was lost or repeated.
    SEQUENCE,
    /// Its frames don't fit together.
    FRAMES
  }

  /// Writes everything but the checksum.
  public static void write(
      MemorySegment message,
      int frames,
      int length,
      long runId,
      int sourceRank,
      int treeEpoch,
      int incarnation,
      long sequence,
      long frameLimit,
      long byteLimit) {
    message.set(INT, 4, MAGIC);
    message.set(SHORT, 8, (short) VERSION);
    message.set(SHORT, 10, (short) frames);
    message.set(INT, 12, length);
    message.set(LONG, 16, runId);
    message.set(INT, 24, sourceRank);
    message.set(INT, 28, treeEpoch);
    message.set(INT, 32, incarnation);
    message.set(INT, 36, 0);
    message.set(LONG, 40, sequence);
    message.set(LONG, 48, frameLimit);
    message.set(LONG, 56, byteLimit);
  }

  /// Marks a message to a child: its sender is busy with many messages. This is a hint, without
  /// which nothing goes wrong. Call between [#write] and [#seal].
  public static void sayBusy(MemorySegment message) {
    message.set(INT, 36, 1);
  }

  /// Whether the sender is busy with many messages.
  public static boolean saysBusy(MemorySegment message) {
    return message.get(INT, 36) == 1;
  }

  /// Computes the checksum over the first `length` bytes and writes it.
  public static void seal(MessageBuffer message, int length, CRC32C crc) {
    message.segment().set(INT, 0, checksum(message, length, crc));
  }

  /// The checksum that a message of `length` bytes must have.
  public static int checksum(MessageBuffer message, int length, CRC32C crc) {
    ByteBuffer bytes = message.bytes();
    bytes.limit(length).position(4);
    crc.reset();
    crc.update(bytes);
    return (int) crc.getValue();
  }

  /// Checks what can be checked without knowing the edge: length, magic, version, checksum.
  public static Refusal check(MessageBuffer message, int length, CRC32C crc) {
    MemorySegment segment = message.segment();
    if (length < BYTES || length > message.capacity()) {
      return Refusal.LENGTH;
    }
    if (segment.get(INT, 4) != MAGIC) {
      return Refusal.MAGIC;
    }
    if (segment.get(SHORT, 8) != VERSION) {
      return Refusal.VERSION;
    }
    if (segment.get(INT, 12) != length) {
      return Refusal.LENGTH;
    }
    return segment.get(INT, 0) == checksum(message, length, crc) ? Refusal.NONE : Refusal.CHECKSUM;
  }

  /// Number of frames, 0 for a message that only grants credit.
  public static int frames(MemorySegment message) {
    return Short.toUnsignedInt(message.get(SHORT, 10));
  }

  /// The run's random number.
  public static long runId(MemorySegment message) {
    return message.get(LONG, 16);
  }

  /// The sender.
  public static int sourceRank(MemorySegment message) {
    return message.get(INT, 24);
  }

  /// The epoch of the sender's tree.
  public static int treeEpoch(MemorySegment message) {
    return message.get(INT, 28);
  }

  /// The sender's incarnation: 0, and one more after each restart of its process.
  public static int incarnation(MemorySegment message) {
    return message.get(INT, 32);
  }

  /// Number of this message on its edge, from 1.
  public static long sequence(MemorySegment message) {
    return message.get(LONG, 40);
  }

  /// Tasks or results that the receiver may send in total.
  public static long frameLimit(MemorySegment message) {
    return message.get(LONG, 48);
  }

  /// Bytes of tasks or results that the receiver may send in total.
  public static long byteLimit(MemorySegment message) {
    return message.get(LONG, 56);
  }
}
