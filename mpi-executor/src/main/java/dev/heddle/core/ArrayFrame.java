package dev.heddle.core;

import dev.heddle.graph.ArrayJob;
import dev.heddle.graph.ArrayResult;
import dev.heddle.graph.Task;
import dev.heddle.wire.Frame;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// The frames of arrays, put together.
public final class ArrayFrame {
  private ArrayFrame() {}

  /// Bytes of the ARRAY frame of `task`, as [TaskFrame#bytes].
  static long bytes(Task task, long bytesMax) {
    return TaskFrame.bytes(task, bytesMax) - Frame.TASK_BYTES + Frame.ARRAY_BYTES;
  }

  /// The ARRAY frame of a launched task, which has [#bytes].
  static byte[] of(Task task, int bytes) {
    ArrayJob job = task.array();
    byte[] frame = new byte[bytes];
    MemorySegment s = MemorySegment.ofArray(frame);
    Frame.head(s, 0, Frame.ARRAY, 0, task.attempt(), bytes);
    Frame.putLong(s, 8, task.id());
    Frame.putInt(s, 16, task.slot());
    Frame.putInt(s, 20, task.functionId());
    Frame.putInt(s, 24, task.priority());
    Frame.putInt(s, 28, task.arguments().length + (task.isLabelled() ? 1 : 0));
    Frame.putInt(s, 32, job.combinerId());
    Frame.putInt(s, 36, job.form());
    Frame.putLong(s, 40, job.first());
    Frame.putLong(s, 48, job.step());
    Frame.putLong(s, 56, job.count());
    Frame.putInt(s, 64, job.combinerCaptures());
    Frame.putInt(s, 68, job.captures());
    TaskFrame.writeArguments(task, s, Frame.ARRAY_BYTES);
    return frame;
  }

  static byte[] range(long taskId, int flags, long from, long to) {
    byte[] frame = new byte[Frame.RANGE_BYTES];
    MemorySegment s = MemorySegment.ofArray(frame);
    Frame.head(s, 0, Frame.RANGE, flags, 0, frame.length);
    Frame.putLong(s, 8, taskId);
    Frame.putLong(s, 16, from);
    Frame.putLong(s, 24, to);
    return frame;
  }

  /// All that has come of places `from` to `to`, in frames of `bytesMax` at most.
  ///
  /// Shape: as [#part], which is the usual case: one frame. Otherwise each has as many segments and
  /// failed ranges as there is room for, at least one, and those of the failures that still fit: a
  /// segment alone fits, since a value does. A failed range whose first failure no longer fits
  /// begins the next frame, so that no range loses its reason to the segments before it.
  public static List<byte[]> parts(
      ArrayDescriptor array,
      int rank,
      long from,
      long to,
      List<ArrayPart.Segment> segments,
      long[][] failedRanges,
      List<ArrayPart.Failed> failures,
      long bytesMax) {
    if (bytes(segments, failedRanges, failures) <= bytesMax) {
      return List.of(part(array, rank, from, to, segments, failedRanges, failures));
    }
    List<byte[]> frames = new ArrayList<>();
    int segment = 0;
    int range = 0;
    int failure = 0;
    long start = from;
    while (start < to) {
      int firstSegment = segment;
      int firstRange = range;
      List<ArrayPart.Failed> told = new ArrayList<>();
      long bytes = Frame.PART_BYTES;
      long at = start;
      while (at < to) {
        boolean isSegment = segment < segments.size() && segments.get(segment).from() == at;
        long more =
            isSegment
                ? Frame.SEGMENT_BYTES + (long) Frame.padded(segments.get(segment).value().length)
                : Frame.FAILED_RANGE_BYTES
                    + firstFailureBytes(failures, failure, failedRanges[range]);
        if (bytes + more > bytesMax && at > start) {
          break;
        }
        bytes += isSegment ? more : Frame.FAILED_RANGE_BYTES;
        at = isSegment ? segments.get(segment++).to() : failedRanges[range++][1];
        for (; failure < failures.size() && failures.get(failure).place() < at; failure++) {
          ArrayPart.Failed failed = failures.get(failure);
          long length = bytes(failed);
          if (bytes + length <= bytesMax) {
            bytes += length;
            told.add(failed);
          }
        }
      }
      frames.add(
          part(
              array,
              rank,
              start,
              at,
              segments.subList(firstSegment, segment),
              Arrays.copyOfRange(failedRanges, firstRange, range),
              told));
      start = at;
    }
    return frames;
  }

  /// Bytes of the failure at `next` if it lies in `range`, else 0.
  private static long firstFailureBytes(List<ArrayPart.Failed> failures, int next, long[] range) {
    return next < failures.size() && failures.get(next).place() < range[1]
        ? bytes(failures.get(next))
        : 0;
  }

  private static long bytes(ArrayPart.Failed failed) {
    return Frame.FAILURE_BYTES + (long) Frame.padded(failed.payload().length);
  }

  private static long bytes(
      List<ArrayPart.Segment> segments, long[][] failedRanges, List<ArrayPart.Failed> failures) {
    long bytes = Frame.PART_BYTES + (long) Frame.FAILED_RANGE_BYTES * failedRanges.length;
    for (ArrayPart.Segment segment : segments) {
      bytes += Frame.SEGMENT_BYTES + Frame.padded(segment.value().length);
    }
    for (ArrayPart.Failed failed : failures) {
      bytes += bytes(failed);
    }
    return bytes;
  }

  /// A part with all that is known of it.
  ///
  /// Shape: segments and ranges ascend, and lie in `from` to `to`.
  public static byte[] part(
      ArrayDescriptor array,
      int rank,
      long from,
      long to,
      List<ArrayPart.Segment> segments,
      long[][] failedRanges,
      List<ArrayPart.Failed> failures) {
    byte[] frame = new byte[Math.toIntExact(bytes(segments, failedRanges, failures))];
    MemorySegment s = MemorySegment.ofArray(frame);
    Frame.head(s, 0, Frame.PART, 0, 0, frame.length);
    Frame.putLong(s, 8, array.taskId());
    Frame.putInt(s, 16, array.slot());
    Frame.putInt(s, 20, rank);
    Frame.putLong(s, 24, from);
    Frame.putLong(s, 32, to);
    Frame.putInt(s, 40, segments.size());
    Frame.putInt(s, 44, failedRanges.length);
    Frame.putInt(s, 48, failures.size());
    int at = Frame.PART_BYTES;
    for (ArrayPart.Segment segment : segments) {
      Frame.putLong(s, at, segment.from());
      Frame.putLong(s, at + 8, segment.to());
      Frame.putLong(s, at + 16, segment.value().length);
      System.arraycopy(segment.value(), 0, frame, at + Frame.SEGMENT_BYTES, segment.value().length);
      at += Frame.SEGMENT_BYTES + Frame.padded(segment.value().length);
    }
    for (long[] range : failedRanges) {
      Frame.putLong(s, at, range[0]);
      Frame.putLong(s, at + 8, range[1]);
      at += Frame.FAILED_RANGE_BYTES;
    }
    for (ArrayPart.Failed failed : failures) {
      Frame.putLong(s, at, failed.place());
      Frame.putInt(s, at + 8, failed.rank());
      Frame.putInt(s, at + 12, failed.payload().length);
      Frame.putBytes(s, at + Frame.FAILURE_BYTES, failed.payload());
      at += Frame.FAILURE_BYTES + Frame.padded(failed.payload().length);
    }
    return frame;
  }

  /// The array of a PART frame of a packed form that has one segment and no failure; its value,
  /// eight bytes for each place, is to be written from [#PACKED_OFFSET] on.
  public static byte[] packed(ArrayDescriptor array, int rank, long from, long to) {
    int value = Math.toIntExact(8 * (to - from));
    byte[] frame = new byte[PACKED_OFFSET + value];
    MemorySegment s = MemorySegment.ofArray(frame);
    Frame.head(s, 0, Frame.PART, 0, 0, frame.length);
    Frame.putLong(s, 8, array.taskId());
    Frame.putInt(s, 16, array.slot());
    Frame.putInt(s, 20, rank);
    Frame.putLong(s, 24, from);
    Frame.putLong(s, 32, to);
    Frame.putInt(s, 40, 1);
    Frame.putLong(s, Frame.PART_BYTES, from);
    Frame.putLong(s, Frame.PART_BYTES + 8, to);
    Frame.putLong(s, Frame.PART_BYTES + 16, value);
    return frame;
  }

  /// Where the value of [#packed] starts.
  public static final int PACKED_OFFSET = Frame.PART_BYTES + Frame.SEGMENT_BYTES;

  /// Sees what a checked PART frame holds, in this order.
  interface PartVisitor {
    void segment(long from, long to, long valueOffset, int length);

    void failedRange(long from, long to);

    void failure(long place, int rank, long payloadOffset, int length);
  }

  static void visit(MemorySegment s, long offset, PartVisitor visitor) {
    long at = offset + Frame.PART_BYTES;
    for (int i = Frame.getInt(s, offset + 40); i > 0; i--) {
      int length = (int) Frame.getLong(s, at + 16);
      visitor.segment(
          Frame.getLong(s, at), Frame.getLong(s, at + 8), at + Frame.SEGMENT_BYTES, length);
      at += Frame.SEGMENT_BYTES + Frame.padded(length);
    }
    for (int i = Frame.getInt(s, offset + 44); i > 0; i--) {
      visitor.failedRange(Frame.getLong(s, at), Frame.getLong(s, at + 8));
      at += Frame.FAILED_RANGE_BYTES;
    }
    for (int i = Frame.getInt(s, offset + 48); i > 0; i--) {
      int length = Frame.getInt(s, at + 12);
      visitor.failure(
          Frame.getLong(s, at), Frame.getInt(s, at + 8), at + Frame.FAILURE_BYTES, length);
      at += Frame.FAILURE_BYTES + Frame.padded(length);
    }
  }

  /// A failure as rank 0 keeps it.
  static ArrayResult.Failed failed(long place, int rank, byte[] payload) {
    MemorySegment s = MemorySegment.ofArray(payload);
    int host = Frame.getShort(s, 0);
    return new ArrayResult.Failed(
        place,
        rank,
        Frame.getText(s, 2, host),
        Frame.getBytes(s, 2 + host, payload.length - 2 - host));
  }
}
