package dev.heddle.core.frames;

import dev.heddle.graph.ArrayJob;
import dev.heddle.graph.ArrayResult;
import dev.heddle.graph.Task;
import dev.heddle.wire.frame.ArrayFields;
import dev.heddle.wire.frame.FailedRangeFields;
import dev.heddle.wire.frame.FailureFields;
import dev.heddle.wire.frame.Frame;
import dev.heddle.wire.frame.HostedFailure;
import dev.heddle.wire.frame.PartFields;
import dev.heddle.wire.frame.RangeFields;
import dev.heddle.wire.frame.SegmentFields;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// The frames of arrays, put together.
public final class ArrayFrame {
  /// One combined value of neighbouring places, encoded.
  ///
  /// @param from first place
  /// @param to behind the last
  /// @param value encoded
  public record Segment(long from, long to, byte[] value) {}

  /// One failure with its stack.
  ///
  /// @param place in the array
  /// @param rank where it failed
  /// @param payload host and encoded exception, as in a RESULT that has failed
  public record Failed(long place, int rank, byte[] payload) {}

  private ArrayFrame() {}

  /// Bytes of the ARRAY frame of `task`, as [TaskFrame#bytes].
  public static long bytes(Task task, long bytesMax) {
    return TaskFrame.bytes(task, bytesMax) - Frame.TASK_BYTES + Frame.ARRAY_BYTES;
  }

  /// The ARRAY frame of a launched task, which has [#bytes].
  public static byte[] of(Task task, int bytes) {
    ArrayJob job = task.array();
    byte[] frame = new byte[bytes];
    MemorySegment s = MemorySegment.ofArray(frame);
    Frame.head(s, 0, Frame.ARRAY, 0, task.attempt(), bytes);
    ArrayFields.putTaskId(s, 0, task.id());
    ArrayFields.putTicket(s, 0, task.ticket());
    ArrayFields.putFunctionId(s, 0, task.functionId());
    ArrayFields.putPriority(s, 0, task.priority());
    ArrayFields.putArgumentCount(s, 0, task.arguments().length + (task.isLabelled() ? 1 : 0));
    ArrayFields.putCombinerId(s, 0, job.combinerId());
    ArrayFields.putForm(s, 0, job.form());
    ArrayFields.putFirstIndex(s, 0, job.first());
    ArrayFields.putStep(s, 0, job.step());
    ArrayFields.putIndexCount(s, 0, job.count());
    ArrayFields.putCombinerCaptures(s, 0, job.combinerCaptures());
    ArrayFields.putCaptures(s, 0, job.captures());
    TaskFrame.writeArguments(task, s, Frame.ARRAY_BYTES);
    return frame;
  }

  public static byte[] range(long taskId, int flags, long from, long to) {
    byte[] frame = new byte[Frame.RANGE_BYTES];
    MemorySegment s = MemorySegment.ofArray(frame);
    Frame.head(s, 0, Frame.RANGE, flags, 0, frame.length);
    RangeFields.putTaskId(s, 0, taskId);
    RangeFields.putFrom(s, 0, from);
    RangeFields.putTo(s, 0, to);
    return frame;
  }

  /// All outcomes of places `from` to `to` so far, in frames of `bytesMax` at most.
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
      List<Segment> segments,
      long[][] failedRanges,
      List<Failed> failures,
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
      List<Failed> told = new ArrayList<>();
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
          Failed failed = failures.get(failure);
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
  private static long firstFailureBytes(List<Failed> failures, int next, long[] range) {
    return next < failures.size() && failures.get(next).place() < range[1]
        ? bytes(failures.get(next))
        : 0;
  }

  private static long bytes(Failed failed) {
    return Frame.FAILURE_BYTES + (long) Frame.padded(failed.payload().length);
  }

  private static long bytes(List<Segment> segments, long[][] failedRanges, List<Failed> failures) {
    long bytes = Frame.PART_BYTES + (long) Frame.FAILED_RANGE_BYTES * failedRanges.length;
    for (Segment segment : segments) {
      bytes += Frame.SEGMENT_BYTES + Frame.padded(segment.value().length);
    }
    for (Failed failed : failures) {
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
      List<Segment> segments,
      long[][] failedRanges,
      List<Failed> failures) {
    byte[] frame = new byte[Math.toIntExact(bytes(segments, failedRanges, failures))];
    MemorySegment s = MemorySegment.ofArray(frame);
    Frame.head(s, 0, Frame.PART, 0, 0, frame.length);
    PartFields.putTaskId(s, 0, array.taskId());
    PartFields.putTicket(s, 0, array.ticket());
    PartFields.putRank(s, 0, rank);
    PartFields.putFrom(s, 0, from);
    PartFields.putTo(s, 0, to);
    PartFields.putSegmentCount(s, 0, segments.size());
    PartFields.putFailedRangeCount(s, 0, failedRanges.length);
    PartFields.putFailureCount(s, 0, failures.size());
    int at = Frame.PART_BYTES;
    for (Segment segment : segments) {
      SegmentFields.putFrom(s, at, segment.from());
      SegmentFields.putTo(s, at, segment.to());
      SegmentFields.putValueLength(s, at, segment.value().length);
      System.arraycopy(segment.value(), 0, frame, at + Frame.SEGMENT_BYTES, segment.value().length);
      at += Frame.SEGMENT_BYTES + Frame.padded(segment.value().length);
    }
    for (long[] range : failedRanges) {
      FailedRangeFields.putFrom(s, at, range[0]);
      FailedRangeFields.putTo(s, at, range[1]);
      at += Frame.FAILED_RANGE_BYTES;
    }
    for (Failed failed : failures) {
      FailureFields.putPlace(s, at, failed.place());
      FailureFields.putRank(s, at, failed.rank());
      FailureFields.putPayloadLength(s, at, failed.payload().length);
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
    PartFields.putTaskId(s, 0, array.taskId());
    PartFields.putTicket(s, 0, array.ticket());
    PartFields.putRank(s, 0, rank);
    PartFields.putFrom(s, 0, from);
    PartFields.putTo(s, 0, to);
    PartFields.putSegmentCount(s, 0, 1);
    SegmentFields.putFrom(s, Frame.PART_BYTES, from);
    SegmentFields.putTo(s, Frame.PART_BYTES, to);
    SegmentFields.putValueLength(s, Frame.PART_BYTES, value);
    return frame;
  }

  /// Where the value of [#packed] starts.
  public static final int PACKED_OFFSET = Frame.PART_BYTES + Frame.SEGMENT_BYTES;

  /// Sees what a checked PART frame holds, in this order.
  public interface PartVisitor {
    void segment(long from, long to, long valueOffset, int length);

    void failedRange(long from, long to);

    void failure(long place, int rank, long payloadOffset, int length);
  }

  public static void visit(MemorySegment s, long offset, PartVisitor visitor) {
    long at = offset + Frame.PART_BYTES;
    for (int i = PartFields.segmentCount(s, offset); i > 0; i--) {
      int length = (int) SegmentFields.valueLength(s, at);
      visitor.segment(
          SegmentFields.from(s, at), SegmentFields.to(s, at), at + Frame.SEGMENT_BYTES, length);
      at += Frame.SEGMENT_BYTES + Frame.padded(length);
    }
    for (int i = PartFields.failedRangeCount(s, offset); i > 0; i--) {
      visitor.failedRange(FailedRangeFields.from(s, at), FailedRangeFields.to(s, at));
      at += Frame.FAILED_RANGE_BYTES;
    }
    for (int i = PartFields.failureCount(s, offset); i > 0; i--) {
      int length = FailureFields.payloadLength(s, at);
      visitor.failure(
          FailureFields.place(s, at), FailureFields.rank(s, at), at + Frame.FAILURE_BYTES, length);
      at += Frame.FAILURE_BYTES + Frame.padded(length);
    }
  }

  /// A failure as rank 0 keeps it.
  public static ArrayResult.Failed failed(long place, int rank, byte[] payload) {
    return new ArrayResult.Failed(
        place, rank, HostedFailure.host(payload), HostedFailure.failure(payload));
  }
}
