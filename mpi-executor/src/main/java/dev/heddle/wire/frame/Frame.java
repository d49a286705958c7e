package dev.heddle.wire.frame;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/// Frames: what a message is made of. Every frame starts with eight bytes and is padded to a multiple of eight.
///
/// Shape, little-endian; `value` stands for the bytes of `dev.heddle.codec`:
///
///     head      0 kind u8 | 1 flags u8 | 2 attempt u16 | 4 length i32, with head and padding
///
///     TASK      8 task id i64, above 0 | 16 ticket i32 | 20 function id i32 | 24 priority i32 | 28 argument count i32 |
///               [timeout ns i64 if TIMEOUT] [array from i64, to i64 if ARRAY] [4 ranks to avoid i32 if AVOID] | arguments
///               the upper four bits of the flags are its prefetch n: 0 where it is for a free slot only, else 2^(n-1) of its kind
///               may wait for each slot, since they are short
///     argument  0 tag i32 | 4 body length i32 without padding | 8 body, padded
///               INLINE: a value; HANDLE: 8 value id i64 | 16 value length i64; RESULT_OF: 8 result of i64, a task id;
///               LIST, PIECES: 8 count i64 | 16 arguments;
///               LABEL: UTF-8, the user's name for the task, for TaskContext; not an argument of the function, and the last;
///               CAPTURE is a bit beside the tag: the argument belongs to the function object
///     RESULT    8 task id i64 | 16 ticket i32 | 20 rank i32 | 24 duration ns i64 | 32 payload length i32 |
///               36 prefetch i32, as its TASK had it | 40 payload
///               flags = outcome; payload: the value, or host (length u16, UTF-8) and encoded failure, or nothing
///               NOT_RUN: the task was sent ahead of an argument that isn't here, and goes back
///               RETURNED: the task waited too long for a slot, and goes back
///               RECALLED: the task was wanted back before it had begun, and goes back
///     CANCEL    8 task id i64, flags INTERRUPT: the task's result is not wanted
///     RECALL    8 task id i64: the task goes back, RECALLED, if it has not begun
///     FUNCTION  8 function id i32 | 12 definition length i32 | 16 definition
///     VALUE     8 value id i64 | 16 value length i64 | 24 value         MISSING  8 value id i64
///     FETCH     8 value id i64 | 16 value length i64 | 24 transfer id i32, NO_TRANSFER for a VALUE that fits into a message | 28 zero
///               a VALUE that doesn't fit follows in bulk at once: its receive is posted
///     HELLO     8 ranks i32 | 12 workers i32 | 16 relays i32 | 20 levels i32 | 24 slots i64 | 32 process id i64 |
///               40 host length u16 | 42 version length u16 | 44 host, version (UTF-8)
///     LOST      8 rank i32 | 12 tasks lost i32 | 16 silence ns i64 | 24 ranks below i32, not the rank itself | 28 listed tasks i32 |
///               32 task ids, i64 each | host length i32, host
///     ANNOUNCE  8 transfer id i32 | 12 checksum i32, CRC32C | 16 frame length i64, in bulk   GO  8 transfer id i32
///     OUTPUT    8 rank i32 | 12 text length i32, up to 1,536 | 16 dropped bytes i64 | 24 text, UTF-8
///               flags: OUTPUT_OUT, OUTPUT_ERR: the text is one whole line; OUTPUT_DROPPED: this many bytes were dropped;
///               OUTPUT_NOTE: the rank has something to say itself
///     ARRAY     8 task id i64, above 0 | 16 ticket i32 | 20 function id i32 | 24 priority i32 | 28 argument count i32 |
///               32 combiner id i32, -1 for none | 36 form i32 | 40 first index i64 | 48 step i64 | 56 index count i64 |
///               64 combiner captures i32, its arguments come first | 68 captures i32, of the function | 72 arguments
///     RANGE     8 task id i64 | 16 from i64 | 24 to i64: places in the array, `to` not among them; flags ADVANCE;
///               from below: places that go back, since nobody there has begun with them
///     PART      8 task id i64 | 16 ticket i32 | 20 rank i32 | 24 from i64 | 32 to i64 | 40 segment count i32 |
///               44 failed range count i32 | 48 failure count i32 | 52 zero, then this many of each, one after the other:
///     segment   0 from i64 | 8 to i64 | 16 value length i64 | 24 value, padded
///     range     0 from i64 | 8 to i64, of failed places
///     failure   0 place i64 | 8 rank i32 | 12 payload length i32 | 16 host (length u16, UTF-8) and encoded failure, padded
///     STATISTICS  8 question i64 | 16 ranks i64 | 24 slots i64 | 32 free slots i64 | 40 tasks waiting i64 | 48 tasks ended i64 |
///               56 task time ns i64 | 64 value bytes i64 | 72 messages sent i64 | 80 messages received i64 |
///               88 messages refused i64 | 96 zero
///               flags ASK: a question, downwards, which ends behind its number; else sums over all ranks at and below the sender
///     ATTACH    8 former parent i32 | 12 ranks i32 | 16 slots i64 | 24 outcomes acknowledged i64 | 32 listed tasks i32 |
///               36 listed values i32 | 40 host length i32 | 44 zero | 48 task ids, i64 each | value ids, i64 each | host, padded
///     HEARTBEAT, SHUTDOWN (flags ABORT, HALT), BYE: the head alone
///
/// Errors: [#check] accepts only frames whose fixed part lies inside the message and whose variable parts lie inside the frame; the
/// accessors check nothing.
public final class Frame {
  /// A task towards a worker.
  public static final int TASK = 1;

  /// An outcome towards the coordinator.
  public static final int RESULT = 2;

  /// A function's definition, ahead of the first task that uses it.
  public static final int FUNCTION = 3;

  /// A large value towards the rank that fetched it.
  public static final int VALUE = 4;

  /// A request for a large value.
  public static final int FETCH = 5;

  /// The answer to a fetch of a value that no rank above has.
  public static final int MISSING = 6;

  /// A sign of life.
  public static final int HEARTBEAT = 7;

  /// The first frame of a child, when all ranks below it have sent theirs.
  public static final int HELLO = 8;

  /// The end of the run.
  public static final int SHUTDOWN = 9;

  /// The last frame of a child, when all ranks below it have sent theirs.
  public static final int BYE = 10;

  /// A frame too large for a message is about to arrive in bulk.
  public static final int ANNOUNCE = 11;

  /// The receiver of an announced frame is ready.
  public static final int GO = 12;

  /// A rank below was lost.
  public static final int LOST = 13;

  /// Output of a task.
  public static final int OUTPUT = 14;

  /// The result of a task is not wanted any more.
  public static final int CANCEL = 15;

  /// Bytes of a FETCH.
  public static final int FETCH_BYTES = 32;

  /// FETCH: the value is small enough for a message.
  public static final int NO_TRANSFER = -1;

  /// An array's descriptor, ahead of its first range.
  public static final int ARRAY = 16;

  /// Places of an array, towards workers.
  public static final int RANGE = 17;

  /// Outcomes of places of an array, towards the coordinator.
  public static final int PART = 18;

  /// A launched task is wanted back, unless it has begun.
  public static final int RECALL = 19;

  /// What the ranks below do, summed up by each relay; or the question for it.
  public static final int STATISTICS = 20;

  /// A rank whose parent is lost wants another one. No rank sends it as yet, and a rank that gets
  /// one counts a stray frame.
  public static final int ATTACH = 21;

  /// Highest kind.
  public static final int KINDS = ATTACH;

  /// Bytes of the common head, and alignment of all frames and fields.
  public static final int HEAD_BYTES = 8;

  /// TASK flag: a time limit follows.
  public static final int FLAG_TIMEOUT = 1;

  /// TASK flag: an index range follows.
  public static final int FLAG_ARRAY = 2;

  /// TASK flag: ranks to avoid follow.
  public static final int FLAG_AVOID = 4;

  /// RANGE flag: more than a guided share, which goes back if its places turn out to be long.
  public static final int FLAG_ADVANCE = 1;

  /// CANCEL flag: interrupt the task if it is running.
  public static final int FLAG_INTERRUPT = 1;

  /// STATISTICS flag: a question, towards workers.
  public static final int FLAG_ASK = 1;

  /// SHUTDOWN flag: do not wait for running tasks.
  public static final int FLAG_ABORT = 1;

  /// SHUTDOWN flag: end the process at once, without a BYE.
  public static final int FLAG_HALT = 2;

  /// RESULT flags: the task's value follows.
  public static final int SUCCEEDED = 0;

  /// RESULT flags: the task threw, or could not be run; host and failure follow.
  public static final int FAILED = 1;

  /// RESULT flags: the task was given up; nothing follows.
  public static final int CANCELLED = 2;

  /// RESULT flags: the task was sent ahead of an argument whose result isn't kept at its worker; it
  /// has not begun, and nothing follows.
  public static final int NOT_RUN = 3;

  /// RESULT flags: the task waited behind long tasks; it has not begun, and nothing follows.
  public static final int RETURNED = 4;

  /// RESULT flags: the task was recalled; it has not begun, and nothing follows. Unlike [#RETURNED]
  /// this says nothing about the slots there.
  public static final int RECALLED = 5;

  /// TASK: position of the prefetch in the flags.
  static final int PREFETCH_SHIFT = 4;

  /// TASK: the largest prefetch, for 16,384 tasks for each slot.
  public static final int PREFETCH_MAX = 15;

  /// OUTPUT flags: a line for standard output.
  public static final int OUTPUT_OUT = 0;

  /// OUTPUT flags: a line for standard error.
  public static final int OUTPUT_ERR = 1;

  /// OUTPUT flags: bytes that the rank had to drop since its last frame of this kind.
  public static final int OUTPUT_DROPPED = 2;

  /// OUTPUT flags: why the rank treats its tasks' output otherwise than configured.
  public static final int OUTPUT_NOTE = 3;

  /// Bytes of an OUTPUT before its text.
  public static final int OUTPUT_BYTES = 24;

  /// Most bytes of an OUTPUT's text: with its head it fits into the short messages of every MPI.
  public static final int OUTPUT_TEXT_BYTES_MAX = 1_536;

  /// Argument: the value itself.
  public static final int ARGUMENT_INLINE = 1;

  /// Argument: a large value's id.
  public static final int ARGUMENT_HANDLE = 2;

  /// Argument: the result of another task, which was sent to the same worker before this task.
  public static final int ARGUMENT_RESULT_OF = 3;

  /// Argument: a list of arguments.
  public static final int ARGUMENT_LIST = 4;

  /// Argument: the task's label.
  public static final int ARGUMENT_LABEL = 5;

  /// Argument: encoded lists, one after the other, which together are one list.
  public static final int ARGUMENT_PIECES = 6;

  /// Bit beside an argument's tag.
  public static final int ARGUMENT_CAPTURE = 0x40;

  /// Levels of lists in lists of arguments, at most; a deeper list is forged.
  public static final int ARGUMENT_DEPTH_MAX = 8;

  /// Bytes of a TASK before its optional parts.
  public static final int TASK_BYTES = 32;

  /// Bytes of a RESULT before its payload.
  public static final int RESULT_BYTES = 40;

  /// Bytes of a FUNCTION before its definition.
  public static final int FUNCTION_BYTES = 16;

  /// Bytes of a VALUE before the value.
  public static final int VALUE_BYTES = 24;

  /// Bytes of a HELLO before its texts.
  public static final int HELLO_BYTES = 44;

  /// Bytes of a LOST before its list.
  public static final int LOST_BYTES = 32;

  /// Bytes of a LIST before its arguments, its own head included.
  public static final int LIST_BYTES = 16;

  /// Bytes of an ARRAY before its arguments.
  public static final int ARRAY_BYTES = 72;

  /// Bytes of a RANGE.
  public static final int RANGE_BYTES = 32;

  /// Bytes of a PART before its segments.
  public static final int PART_BYTES = 56;

  /// Bytes of a segment before its value.
  public static final int SEGMENT_BYTES = 24;

  /// Bytes of a failed range.
  public static final int FAILED_RANGE_BYTES = 16;

  /// Bytes of a failure in a PART before its host.
  public static final int FAILURE_BYTES = 16;

  /// Bytes of a STATISTICS.
  public static final int STATISTICS_BYTES = 104;

  /// Bytes of a STATISTICS that asks.
  public static final int QUESTION_BYTES = 16;

  /// Bytes of an ATTACH before its lists.
  public static final int ATTACH_BYTES = 48;

  /// Bytes of a HANDLE's body.
  public static final int HANDLE_BYTES = 16;

  /// Bytes of a RESULT_OF's body.
  public static final int RESULT_OF_BYTES = 8;

  private static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;
  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private static final VarHandle INT_IN_ARRAY =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle LONG_IN_ARRAY =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private Frame() {}

  /// The least multiple of eight that is not below `bytes`.
  public static int padded(int bytes) {
    return (bytes + 7) & -8;
  }

  /// Writes the common head.
  public static void head(
      MemorySegment s, long offset, int kind, int flags, int attempt, int length) {
    s.set(BYTE, offset, (byte) kind);
    s.set(BYTE, offset + 1, (byte) flags);
    s.set(SHORT, offset + 2, (short) attempt);
    s.set(INT, offset + 4, length);
  }

  /// The kind of the frame.
  public static int kind(MemorySegment s, long offset) {
    return s.get(BYTE, offset);
  }

  /// Flags; a RESULT's outcome.
  public static int flags(MemorySegment s, long offset) {
    return Byte.toUnsignedInt(s.get(BYTE, offset + 1));
  }

  /// The flags of a TASK that has this prefetch and no optional parts.
  public static int taskFlags(int prefetch) {
    return prefetch << PREFETCH_SHIFT;
  }

  /// The prefetch in the flags of a TASK.
  public static int prefetch(int taskFlags) {
    return taskFlags >>> PREFETCH_SHIFT;
  }

  /// The execution of its task, from 0.
  public static int attempt(MemorySegment s, long offset) {
    return Short.toUnsignedInt(s.get(SHORT, offset + 2));
  }

  /// Whole length, head and padding included.
  public static int length(MemorySegment s, long offset) {
    return s.get(INT, offset + 4);
  }

  /// A four-byte field.
  public static int getInt(MemorySegment s, long offset) {
    return s.get(INT, offset);
  }

  /// An eight-byte field.
  public static long getLong(MemorySegment s, long offset) {
    return s.get(LONG, offset);
  }

  /// A four-byte field of a frame in a Java array. A segment around the array would be a new object
  /// for every task.
  public static int getInt(byte[] frame, int offset) {
    return (int) INT_IN_ARRAY.get(frame, offset);
  }

  /// An eight-byte field of a frame in a Java array.
  public static long getLong(byte[] frame, int offset) {
    return (long) LONG_IN_ARRAY.get(frame, offset);
  }

  /// Flags of a frame in a Java array.
  public static int flags(byte[] frame) {
    return Byte.toUnsignedInt(frame[1]);
  }

  /// The execution of the task of a frame in a Java array, from 0.
  public static int attempt(byte[] frame) {
    return Byte.toUnsignedInt(frame[2]) | Byte.toUnsignedInt(frame[3]) << 8;
  }

  /// An unsigned two-byte field.
  public static int getShort(MemorySegment s, long offset) {
    return Short.toUnsignedInt(s.get(SHORT, offset));
  }

  /// A one-byte field.
  public static int getByte(MemorySegment s, long offset) {
    return Byte.toUnsignedInt(s.get(BYTE, offset));
  }

  /// Sets a four-byte field.
  public static void putInt(MemorySegment s, long offset, int value) {
    s.set(INT, offset, value);
  }

  /// Sets an eight-byte field.
  public static void putLong(MemorySegment s, long offset, long value) {
    s.set(LONG, offset, value);
  }

  /// Sets a two-byte field.
  public static void putShort(MemorySegment s, long offset, int value) {
    s.set(SHORT, offset, (short) value);
  }

  /// Clears the last eight bytes, which end in padding: padding must not carry older contents of
  /// the memory.
  public static void clearLast(MemorySegment s) {
    s.set(LONG, s.byteSize() - 8, 0);
  }

  /// Copies `bytes` to `offset` and clears the padding behind them.
  public static void putBytes(MemorySegment s, long offset, byte[] bytes) {
    putBytes(s, offset, bytes, bytes.length);
  }

  /// Copies the first `length` of `bytes` to `offset` and clears the padding behind them.
  public static void putBytes(MemorySegment s, long offset, byte[] bytes, int length) {
    int padded = padded(length);
    if (padded != length) {
      // the last eight bytes first: padding must not carry older contents of the buffer
      s.set(LONG, offset + padded - 8, 0);
    }
    MemorySegment.copy(bytes, 0, s, BYTE, offset, length);
  }

  /// A copy of `length` bytes.
  public static byte[] getBytes(MemorySegment s, long offset, int length) {
    byte[] bytes = new byte[length];
    MemorySegment.copy(s, BYTE, offset, bytes, 0, length);
    return bytes;
  }

  /// UTF-8 text of `length` bytes.
  public static String getText(MemorySegment s, long offset, int length) {
    return new String(getBytes(s, offset, length), StandardCharsets.UTF_8);
  }

  /// Writes an argument's head.
  public static void argument(MemorySegment s, long offset, int tag, int bodyLength) {
    s.set(INT, offset, tag);
    s.set(INT, offset + 4, bodyLength);
  }

  /// Where the arguments of a TASK start, relative to the frame.
  public static int argumentsOffset(int flags) {
    return TASK_BYTES
        + ((flags & FLAG_TIMEOUT) != 0 ? 8 : 0)
        + ((flags & FLAG_ARRAY) != 0 ? 16 : 0)
        + ((flags & FLAG_AVOID) != 0 ? 16 : 0);
  }

  /// Where the arguments of a TASK or ARRAY in a Java array start.
  public static int argumentsStart(byte[] frame) {
    return frame[0] == ARRAY ? ARRAY_BYTES : argumentsOffset(flags(frame));
  }

  /// The number of a TASK or ARRAY in a Java array.
  public static long taskId(byte[] frame) {
    return frame[0] == ARRAY ? ArrayFields.taskId(frame, 0) : TaskFields.taskId(frame, 0);
  }

  /// Number of arguments of a TASK or ARRAY, captures and label included.
  public static int argumentCount(MemorySegment s, long offset) {
    return kind(s, offset) == ARRAY
        ? ArrayFields.argumentCount(s, offset)
        : TaskFields.argumentCount(s, offset);
  }

  /// Number of arguments of a TASK or ARRAY in a Java array, captures and label included.
  public static int argumentCount(byte[] frame) {
    return frame[0] == ARRAY
        ? ArrayFields.argumentCount(frame, 0)
        : TaskFields.argumentCount(frame, 0);
  }

  /// True when the frame at `offset` is whole and well-formed, and ends at or before `end`.
  public static boolean check(MemorySegment s, long offset, long end) {
    return FrameCheck.check(s, offset, end);
  }
}
