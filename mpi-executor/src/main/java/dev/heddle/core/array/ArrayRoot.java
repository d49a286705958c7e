package dev.heddle.core.array;

import dev.heddle.core.frames.ArrayFrame;
import dev.heddle.core.frames.ValueFrame;
import dev.heddle.core.link.ChildRank;
import dev.heddle.graph.ArrayJob;
import dev.heddle.graph.ArrayResult;
import dev.heddle.graph.BigValue;
import dev.heddle.graph.Pieces;
import dev.heddle.graph.Task;
import dev.heddle.graph.TaskGraph;
import dev.heddle.wire.frame.Frame;
import dev.heddle.wire.frame.PartFields;
import dev.heddle.wire.frame.ValueFields;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Where arrays end on rank 0: results go to the [ArrayResult] of their task, and the last one ends
/// it in the graph.
///
/// Threading: the progress role.
public final class ArrayRoot implements ArrayTable.Above {
  /// Whose graph the arrays are in.
  public interface Owner {
    /// The array is given up: tells the ranks that have it.
    void endArray(Task array, boolean interrupt);

    /// A number for a large result.
    long nextResultId();
  }

  private final Owner owner;
  private final TaskGraph graph;
  private final int inlineBytesMax;
  private final Map<Long, Task> tasks = new HashMap<>();

  public ArrayRoot(Owner owner, TaskGraph graph, int inlineBytesMax) {
    this.owner = owner;
    this.graph = graph;
    this.inlineBytesMax = inlineBytesMax;
  }

  /// Opens the array of a launched task.
  public void open(ArrayTable table, Task task, byte[] frame) {
    tasks.put(task.id(), task);
    ArrayResult result = task.array().result();
    if (result.form() == ArrayJob.KEEP_LONGS || result.form() == ArrayJob.KEEP_DOUBLES) {
      result.makeRoom(ValueFrame.OFFSET, task.array().head());
    }
    long[][] places = result.missing();
    long left = 0;
    for (long[] range : places) {
      left += range[1] - range[0];
    }
    ArrayPart whole = new ArrayPart(0, task.array().count(), left);
    if (!task.array().isKept()) {
      for (ArrayResult.Segment segment : result.takeSegments()) {
        whole.add(new ArrayFrame.Segment(segment.from(), segment.to(), (byte[]) segment.value()));
      }
    }
    ArrayShare _ = table.open(frame, whole, places);
  }

  public void forget(Task task) {
    tasks.remove(task.id());
  }

  @Override
  public void onPart(
      ArrayShare share, @Nullable ChildRank child, MemorySegment s, long offset, int length) {
    Task task = task(share);
    ArrayResult result = task.array().result();
    boolean isPacked = result.form() != ArrayJob.KEEP_OBJECTS;
    ArrayFrame.visit(
        s,
        offset,
        new ArrayFrame.PartVisitor() {
          @Override
          public void segment(long from, long to, long at, int bytes) {
            if (isPacked) {
              // anything else is forged
              if (bytes == 8 * (to - from)) {
                result.pack(from, s, at, bytes);
              }
            } else {
              result.add(new ArrayResult.Segment(from, to, value(Frame.getBytes(s, at, bytes))));
            }
          }

          @Override
          public void failedRange(long from, long to) {
            result.addFailed(from, to);
          }

          @Override
          public void failure(long place, int rank, long at, int bytes) {
            result.addFailure(ArrayFrame.failed(place, rank, Frame.getBytes(s, at, bytes)));
          }
        });
    result.onDone(PartFields.from(s, offset), PartFields.to(s, offset));
    if (result.hasTooManyFailures()) {
      result.giveUp(null);
    }
    if (result.doneCount() == task.array().count()) {
      end(task);
    }
  }

  private Object value(byte[] bytes) {
    return bytes.length <= inlineBytesMax
        ? bytes
        : ValueFrame.of(owner.nextResultId(), bytes, 0, bytes.length);
  }

  @Override
  public void onComplete(ArrayShare share, ArrayPart part) {
    Task task = task(share);
    ArrayResult result = task.array().result();
    for (long[] range : part.failedRanges()) {
      result.addFailed(range[0], range[1]);
    }
    for (ArrayFrame.Failed failed : part.failures()) {
      onFailure(share, failed);
    }
    if (result.failedCount() == 0) {
      finish(task);
      graph.succeed(task, value(part.segments().getFirst().value()));
    } else {
      keep(part, result);
      end(task);
    }
  }

  /// Keeps what was combined for a retry.
  private static void keep(ArrayPart part, ArrayResult result) {
    for (ArrayFrame.Segment segment : part.segments()) {
      result.add(new ArrayResult.Segment(segment.from(), segment.to(), segment.value()));
    }
  }

  @Override
  public boolean isTop() {
    return true;
  }

  @Override
  public void onFailedRange(ArrayShare share, long from, long to) {
    task(share).array().result().addFailed(from, to);
  }

  @Override
  public void onFailure(ArrayShare share, ArrayFrame.Failed failed) {
    task(share)
        .array()
        .result()
        .addFailure(ArrayFrame.failed(failed.place(), failed.rank(), failed.payload()));
  }

  @Override
  public void onProgress(ArrayShare share, ArrayPart part, long from, long to) {
    Task task = task(share);
    ArrayResult result = task.array().result();
    result.onDone(from, to);
    if (result.hasTooManyFailures()) {
      keep(part, result);
      result.giveUp(part.folding());
      end(task);
    }
  }

  private void end(Task task) {
    ArrayResult result = task.array().result();
    finish(task);
    if (result.failedCount() > 0) {
      graph.failArray(task);
    } else if (result.form() == ArrayJob.KEEP_OBJECTS) {
      Object[] values = new Object[result.segmentCount()];
      for (int i = 0; i < values.length; i++) {
        values[i] = result.segment(i).value();
      }
      graph.succeed(task, new Pieces(values, task.array().count()));
    } else {
      graph.succeed(task, packed(result));
    }
  }

  /// A packed result as a value: the array that it was collected in, which is a frame's by now.
  private Object packed(ArrayResult result) {
    byte[] frame = result.packed();
    int length = result.packedLength();
    if (length <= inlineBytesMax) {
      byte[] value = new byte[length];
      System.arraycopy(frame, ValueFrame.OFFSET, value, 0, length);
      return value;
    }
    long valueId = owner.nextResultId();
    MemorySegment s = MemorySegment.ofArray(frame);
    Frame.head(s, 0, Frame.VALUE, 0, 0, frame.length);
    ValueFields.putValueId(s, 0, valueId);
    ValueFields.putValueLength(s, 0, length);
    return new BigValue(valueId, s, ValueFrame.OFFSET, length);
  }

  private void finish(Task task) {
    owner.endArray(task, false);
  }

  private Task task(ArrayShare share) {
    Task task = tasks.get(share.taskId);
    if (task == null) {
      throw new IllegalStateException("no task of an array: taskId=" + share.taskId);
    }
    return task;
  }

  @Override
  public void onAbsorbed(ChildRank child, int length) {
    // credit follows what was received
  }

  @Override
  public boolean hasRoom() {
    return true;
  }

  @Override
  public void fetch(long valueId, long length) {
    throw new IllegalStateException("rank 0 has all values of its tasks: valueId=" + valueId);
  }
}
