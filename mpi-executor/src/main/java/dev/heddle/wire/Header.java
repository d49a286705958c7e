package dev.heddle.wire;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/// The 96 bytes before the frames of every message.
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
///  48 | limit of tasks, cumulative            | limit of their bytes, cumulative      |
///     +---------------------------------------+---------------------------------------+
///  64 | limit of results, cumulative          | limit of their bytes, cumulative      |
///     +---------------------------------------+---------------------------------------+
///  80 | outcomes acknowledged, zero as yet    | zero                                  |
///     +---------------------------------------+---------------------------------------+
///
/// The limits are what the *receiver* of this message may send back in total since the start of the run: cumulative, so that a
/// repeated or late message grants nothing twice. A child grants tasks to its parent, and a parent grants results to its child;
/// the other pair is zero until tasks can be submitted below rank 0.
///
/// The acknowledgement will be the sequence of the sender's own edge up to which its parent has the outcomes of the receiver, so
/// that a receiver that loses the sender knows what to send again. A field without a meaning as yet is zero, and [#isPlain] is
/// false where it isn't.
///
/// Source: Kung, Blackwell and Chapman, *Credit-Based Flow Control for ATM Networks*, SIGCOMM 1994.
public final class Header {
  /// Bytes before the first frame.
  public static final int BYTES = 96;

  /// `HDL1`, first letter in the lowest byte.
  public static final int MAGIC = 'H' | 'D' << 8 | 'L' << 16 | '1' << 24;

  /// Version of header and frames; any other version is refused.
  public static final int VERSION = 2;

  /// The epoch of a tree in which no rank has another parent than at the start.
  public static final int FIRST_EPOCH = 0;

  /// The incarnation of a process that was started with the run.
  public static final int FIRST_INCARNATION = 0;

  private static final int SOURCE_RANK = 24;
  private static final int TREE_EPOCH = 28;
  private static final int INCARNATION = 32;
  private static final int BUSY = 36;
  private static final int SEQUENCE = 40;
  private static final int TASK_FRAMES = 48;
  private static final int TASK_BYTES = 56;
  private static final int RESULT_FRAMES = 64;
  private static final int RESULT_BYTES = 72;
  private static final int ACKNOWLEDGED = 80;
  private static final int UNUSED = 88;

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
    FRAMES,
    /// A field that has no meaning as yet isn't zero.
    FIELDS
  }

  /// Writes everything but the limits, which are zero, and the checksum.
  public static void write(
      MemorySegment message,
      int frames,
      int length,
      long runId,
      int sourceRank,
      int treeEpoch,
      int incarnation,
      long sequence) {
    message.set(INT, 4, MAGIC);
    message.set(SHORT, 8, (short) VERSION);
    message.set(SHORT, 10, (short) frames);
    message.set(INT, 12, length);
    message.set(LONG, 16, runId);
    message.set(INT, SOURCE_RANK, sourceRank);
    message.set(INT, TREE_EPOCH, treeEpoch);
    message.set(INT, INCARNATION, incarnation);
    message.set(INT, BUSY, 0);
    message.set(LONG, SEQUENCE, sequence);
    grantTasks(message, 0, 0);
    grantResults(message, 0, 0);
    message.set(LONG, ACKNOWLEDGED, 0);
    message.set(LONG, UNUSED, 0);
  }

  /// Grants the receiver this many tasks, and bytes of tasks, in total. Call between [#write] and
  /// [#seal].
  public static void grantTasks(MemorySegment message, long frameLimit, long byteLimit) {
    message.set(LONG, TASK_FRAMES, frameLimit);
    message.set(LONG, TASK_BYTES, byteLimit);
  }

  /// Grants the receiver this many results, and bytes of results, in total. Call between [#write]
  /// and [#seal].
  public static void grantResults(MemorySegment message, long frameLimit, long byteLimit) {
    message.set(LONG, RESULT_FRAMES, frameLimit);
    message.set(LONG, RESULT_BYTES, byteLimit);
  }

  /// Marks a message to a child: its sender is busy with many messages. This is a hint, without
  /// which nothing goes wrong. Call between [#write] and [#seal].
  public static void sayBusy(MemorySegment message) {
    message.set(INT, BUSY, 1);
  }

  /// Whether the sender is busy with many messages.
  public static boolean saysBusy(MemorySegment message) {
    return message.get(INT, BUSY) == 1;
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
    return message.get(INT, SOURCE_RANK);
  }

  /// The epoch of the sender's tree.
  public static int treeEpoch(MemorySegment message) {
    return message.get(INT, TREE_EPOCH);
  }

  /// The sender's incarnation: 0, and one more after each restart of its process.
  public static int incarnation(MemorySegment message) {
    return message.get(INT, INCARNATION);
  }

  /// Number of this message on its edge, from 1.
  public static long sequence(MemorySegment message) {
    return message.get(LONG, SEQUENCE);
  }

  /// Tasks that the receiver may send in total.
  public static long taskFrameLimit(MemorySegment message) {
    return message.get(LONG, TASK_FRAMES);
  }

  /// Bytes of tasks that the receiver may send in total.
  public static long taskByteLimit(MemorySegment message) {
    return message.get(LONG, TASK_BYTES);
  }

  /// Results, and frames of output, that the receiver may send in total.
  public static long resultFrameLimit(MemorySegment message) {
    return message.get(LONG, RESULT_FRAMES);
  }

  /// Bytes of results and output that the receiver may send in total.
  public static long resultByteLimit(MemorySegment message) {
    return message.get(LONG, RESULT_BYTES);
  }

  /// Whether all fields that mean nothing as yet are zero: in a message of a parent the limits of
  /// tasks, in a message of a child the limits of results and the word of a busy parent, in both
  /// the acknowledgement and what is left.
  public static boolean isPlain(MemorySegment message, boolean isFromParent) {
    int busy = message.get(INT, BUSY);
    long others =
        isFromParent
            ? taskFrameLimit(message) | taskByteLimit(message)
            : resultFrameLimit(message) | resultByteLimit(message) | busy;
    return (others | message.get(LONG, ACKNOWLEDGED) | message.get(LONG, UNUSED)) == 0
        && (busy & ~1) == 0;
  }
}
