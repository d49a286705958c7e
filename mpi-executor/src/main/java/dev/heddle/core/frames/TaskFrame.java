package dev.heddle.core.frames;

import dev.heddle.graph.BigValue;
import dev.heddle.graph.Pieces;
import dev.heddle.graph.Task;
import dev.heddle.graph.TaskState;
import dev.heddle.wire.frame.ArgumentFields;
import dev.heddle.wire.frame.Frame;
import dev.heddle.wire.frame.ShortValue;
import dev.heddle.wire.frame.TaskFields;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// TASK frames from the coordinator's tasks, and what workers need of them.
///
/// Shape: an argument that is another task stands for that task's value, where it is known by now:
/// inline, by handle, or, for a list, the values of its tasks one after the other. One that is
/// launched stands for itself: its result is where the frame goes.
public final class TaskFrame {
  private static final long[] NO_NEEDS = {};

  private TaskFrame() {}

  /// In place of a length: lists in lists, deeper than receivers allow.
  public static final long TOO_DEEP = 1L << 62;

  /// Bytes of the frame of `task`; or any number above `bytesMax` where it has more, since lists in
  /// lists can name the same values very often; or [#TOO_DEEP].
  public static long bytes(Task task, long bytesMax) {
    long bytes = Frame.TASK_BYTES;
    if (task.hasShortArgument()) {
      bytes += Frame.HEAD_BYTES + Frame.padded(task.shortLength());
    } else {
      for (Object argument : task.arguments()) {
        bytes += argumentBytes(argument, 0, bytesMax - bytes);
        if (bytes > bytesMax) {
          break;
        }
      }
    }
    if (task.isLabelled()) {
      bytes += Frame.HEAD_BYTES + Frame.padded(utf8(task.label()).length);
    }
    return bytes >= TOO_DEEP ? TOO_DEEP : bytes;
  }

  private static long argumentBytes(@Nullable Object argument, int depth, long bytesMax) {
    return switch (argument) {
      case byte[] value -> Frame.HEAD_BYTES + Frame.padded(value.length);
      case BigValue _ -> Frame.HEAD_BYTES + Frame.HANDLE_BYTES;
      case Task task when isOpen(task) -> Frame.HEAD_BYTES + Frame.RESULT_OF_BYTES;
      case Task task when task.hasShortOutcome() ->
          Frame.HEAD_BYTES + Frame.padded(task.shortLength());
      case Task task -> argumentBytes(task.outcome(), depth, bytesMax);
      case Pieces pieces -> {
        if (depth == Frame.ARGUMENT_DEPTH_MAX) {
          yield TOO_DEEP;
        }
        long bytes = Frame.HEAD_BYTES + 8;
        for (Object piece : pieces.values()) {
          bytes += argumentBytes(piece, depth + 1, bytesMax - bytes);
        }
        yield bytes;
      }
      case Task[] list -> {
        if (depth == Frame.ARGUMENT_DEPTH_MAX) {
          yield TOO_DEEP;
        }
        long bytes = Frame.HEAD_BYTES + 8;
        for (Task task : list) {
          bytes +=
              task.hasShortOutcome()
                  ? Frame.HEAD_BYTES + Frame.padded(task.shortLength())
                  : argumentBytes(task.outcome(), depth + 1, bytesMax - bytes);
          if (bytes > bytesMax) {
            break;
          }
        }
        yield bytes;
      }
      case null, default -> throw new IllegalStateException("no argument: " + argument);
    };
  }

  /// Writes the frame of `task`, which has [#bytes].
  public static void write(Task task, int prefetch, int bytes, MemorySegment s, long offset) {
    Frame.head(s, offset, Frame.TASK, Frame.taskFlags(prefetch), task.attempt(), bytes);
    TaskFields.putTaskId(s, offset, task.id());
    TaskFields.putTicket(s, offset, task.ticket());
    TaskFields.putFunctionId(s, offset, task.functionId());
    TaskFields.putPriority(s, offset, task.priority());
    TaskFields.putArgumentCount(s, offset, task.argumentCount() + (task.isLabelled() ? 1 : 0));
    writeArguments(task, s, offset + Frame.TASK_BYTES);
  }

  /// Writes arguments and label, to be behind the fixed part of a frame.
  static void writeArguments(Task task, MemorySegment s, long start) {
    long at = start;
    if (task.hasShortArgument()) {
      at = writeShort(task, task.captureCount() > 0 ? Frame.ARGUMENT_CAPTURE : 0, s, at);
    } else {
      @Nullable Object[] arguments = task.arguments();
      for (int i = 0; i < arguments.length; i++) {
        at = write(arguments[i], i < task.captureCount() ? Frame.ARGUMENT_CAPTURE : 0, s, at);
      }
    }
    if (task.isLabelled()) {
      byte[] label = utf8(task.label());
      Frame.argument(s, at, Frame.ARGUMENT_LABEL, label.length);
      Frame.putBytes(s, at + Frame.HEAD_BYTES, label);
    }
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static long write(@Nullable Object argument, int bit, MemorySegment s, long at) {
    long body = at + Frame.HEAD_BYTES;
    return switch (argument) {
      case byte[] value -> {
        Frame.argument(s, at, Frame.ARGUMENT_INLINE | bit, value.length);
        Frame.putBytes(s, body, value);
        yield body + Frame.padded(value.length);
      }
      case BigValue value -> {
        Frame.argument(s, at, Frame.ARGUMENT_HANDLE | bit, Frame.HANDLE_BYTES);
        ArgumentFields.putValueId(s, at, value.valueId());
        ArgumentFields.putValueLength(s, at, value.length());
        yield body + Frame.HANDLE_BYTES;
      }
      case Task task when isOpen(task) -> {
        Frame.argument(s, at, Frame.ARGUMENT_RESULT_OF | bit, Frame.RESULT_OF_BYTES);
        ArgumentFields.putResultOf(s, at, task.id());
        yield body + Frame.RESULT_OF_BYTES;
      }
      case Task task when task.hasShortOutcome() -> writeShort(task, bit, s, at);
      case Task task -> write(task.outcome(), bit, s, at);
      case Pieces pieces -> {
        ArgumentFields.putCount(s, at, pieces.values().length);
        long end = at + Frame.LIST_BYTES;
        for (Object piece : pieces.values()) {
          end = write(piece, 0, s, end);
        }
        Frame.argument(s, at, Frame.ARGUMENT_PIECES | bit, (int) (end - body));
        yield end;
      }
      case Task[] list -> {
        ArgumentFields.putCount(s, at, list.length);
        long end = at + Frame.LIST_BYTES;
        for (Task task : list) {
          end =
              task.hasShortOutcome()
                  ? writeShort(task, 0, s, end)
                  : write(task.outcome(), 0, s, end);
        }
        Frame.argument(s, at, Frame.ARGUMENT_LIST | bit, (int) (end - body));
        yield end;
      }
      case null, default -> throw new IllegalStateException("no argument: " + argument);
    };
  }

  /// Writes the short value of `task`.
  private static long writeShort(Task task, int bit, MemorySegment s, long at) {
    int length = task.shortLength();
    long body = at + Frame.HEAD_BYTES;
    Frame.argument(s, at, Frame.ARGUMENT_INLINE | bit, length);
    ShortValue.put(s, body, length, task.shortHead(), task.shortTail());
    return body + Frame.padded(length);
  }

  private static boolean isOpen(Task task) {
    return task.taskState() == TaskState.LAUNCHED;
  }

  /// Calls `visitor` for each large value among the arguments of `task`. Of one that is launched
  /// ahead, those that it had then: the results of others were not known, and may be by now.
  public static void forEachBigValue(Task task, BigValueVisitor visitor) {
    if (task.hasShortArgument()) {
      return;
    }
    for (Object argument : task.arguments()) {
      if (!(task.isAhead() && argument instanceof Task)) {
        visit(argument, visitor);
      }
    }
  }

  /// Sees a large value.
  public interface BigValueVisitor {
    void on(BigValue value);
  }

  private static void visit(@Nullable Object argument, BigValueVisitor visitor) {
    switch (argument) {
      case BigValue value -> visitor.on(value);
      case Task task when task.hasShortOutcome() -> {}
      case Task task -> visit(task.outcome(), visitor);
      case Pieces pieces -> {
        for (Object piece : pieces.values()) {
          visit(piece, visitor);
        }
      }
      case Task[] list -> {
        for (Task task : list) {
          visit(task.outcome(), visitor);
        }
      }
      case null, default -> {}
    }
  }

  /// What a checked TASK or ARRAY frame needs besides itself, in order: id and length of large
  /// values, id and -1 of tasks whose results it wants; [#isValue] tells the ids apart.
  public static long[] needs(MemorySegment s, long offset) {
    long start =
        offset
            + (Frame.kind(s, offset) == Frame.ARRAY
                ? Frame.ARRAY_BYTES
                : Frame.argumentsOffset(Frame.flags(s, offset)));
    int arguments = Frame.argumentCount(s, offset);
    int count = needs(s, start, arguments, NO_NEEDS, 0);
    if (count == 0) {
      return NO_NEEDS;
    }
    long[] ids = new long[2 * count];
    needs(s, start, arguments, ids, 0);
    return ids;
  }

  /// Whether the need at `index` is a large value.
  public static boolean isValue(long[] needs, int index) {
    return needs[2 * index + 1] >= 0;
  }

  /// Counts from `found` on, and keeps what there is room for in `ids`. Returns the count.
  private static int needs(MemorySegment s, long start, int arguments, long[] ids, int found) {
    int count = found;
    long at = start;
    for (int i = 0; i < arguments; i++) {
      int tag = ArgumentFields.tag(s, at) & ~Frame.ARGUMENT_CAPTURE;
      if (tag == Frame.ARGUMENT_HANDLE || tag == Frame.ARGUMENT_RESULT_OF) {
        if (2 * count < ids.length) {
          boolean isValue = tag == Frame.ARGUMENT_HANDLE;
          ids[2 * count] = isValue ? ArgumentFields.valueId(s, at) : ArgumentFields.resultOf(s, at);
          ids[2 * count + 1] = isValue ? ArgumentFields.valueLength(s, at) : -1;
        }
        count++;
      } else if (tag == Frame.ARGUMENT_LIST || tag == Frame.ARGUMENT_PIECES) {
        count = needs(s, at + Frame.LIST_BYTES, (int) ArgumentFields.count(s, at), ids, count);
      }
      at += Frame.HEAD_BYTES + Frame.padded(ArgumentFields.bodyLength(s, at));
    }
    return count;
  }
}
