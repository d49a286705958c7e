package dev.heddle.runtime.slot;

import dev.heddle.TaskSerializationException;
import dev.heddle.codec.SegmentMemory;
import dev.heddle.codec.ValueCodec;
import dev.heddle.core.frames.ValueFrame;
import dev.heddle.wire.frame.ArgumentFields;
import dev.heddle.wire.frame.Frame;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Decodes the arguments of one TASK or ARRAY frame. `large` holds the large values, and the
/// results of tasks that the frame was sent ahead of, in the order in which the frame names them.
///
/// Shape: the values of futures in a container follow the container. A label, if there is one,
/// comes last. Threading: one slot's.
final class FrameArguments {
  private final ValueCodec codec;
  private final byte[] bytes;
  private final @Nullable MemorySegment @Nullable [] large;
  private final SegmentMemory segments;
  private int largeIndex;
  private int at;
  private int left;

  FrameArguments(
      ValueCodec codec,
      byte[] bytes,
      @Nullable MemorySegment @Nullable [] large,
      SegmentMemory segments) {
    this.segments = segments;
    this.codec = codec;
    this.bytes = bytes;
    this.large = large;
  }

  /// The values for a function named `label` that has this many `parameters`, captures included.
  @Nullable Object[] read(int parameters, String label) {
    @Nullable Object[] values = new @Nullable Object[parameters];
    at = Frame.argumentsOffset(Frame.flags(bytes));
    left = Frame.argumentCount(bytes);
    int count = 0;
    while (left > 0 && tag() != Frame.ARGUMENT_LABEL) {
      if (count == parameters) {
        throw wrongCount(parameters, label);
      }
      values[count++] = next();
    }
    if (count != parameters) {
      throw wrongCount(parameters, label);
    }
    return values;
  }

  /// The first `count` values of an ARRAY frame, for the functions that `label` names.
  @Nullable Object[] readFirst(int count, String label) {
    @Nullable Object[] values = new @Nullable Object[count];
    at = Frame.argumentsStart(bytes);
    left = Frame.argumentCount(bytes);
    for (int i = 0; i < count; i++) {
      if (left == 0 || tag() == Frame.ARGUMENT_LABEL) {
        throw wrongCount(count, label);
      }
      values[i] = next();
    }
    return values;
  }

  private static TaskSerializationException wrongCount(int parameters, String label) {
    return new TaskSerializationException(
        label
            + " takes "
            + parameters
            + " values, captures included, but others were sent: is the same jar on all ranks?",
        null);
  }

  private int tag() {
    return ArgumentFields.tag(bytes, at) & ~Frame.ARGUMENT_CAPTURE;
  }

  /// The value at `at`, with the futures that follow it; moves `at` on.
  private @Nullable Object next() {
    int start = at;
    int length = ArgumentFields.bodyLength(bytes, start);
    at += Frame.HEAD_BYTES + Frame.padded(length);
    left--;
    return switch (ArgumentFields.tag(bytes, start) & ~Frame.ARGUMENT_CAPTURE) {
      case Frame.ARGUMENT_INLINE -> value(bytes, start + Frame.HEAD_BYTES, length);
      case Frame.ARGUMENT_HANDLE -> large(ArgumentFields.valueId(bytes, start));
      case Frame.ARGUMENT_RESULT_OF -> result(ArgumentFields.resultOf(bytes, start));
      case Frame.ARGUMENT_LIST -> list(start);
      case Frame.ARGUMENT_PIECES -> pieces(start);
      default ->
          throw new TaskSerializationException(
              "an argument of unknown tag=" + ArgumentFields.tag(bytes, start), null);
    };
  }

  private @Nullable Object value(byte[] from, int offset, int length) {
    int futures = ValueCodec.futureCount(from, offset, length);
    return codec.decode(
        from, offset, length, futures == 0 ? null : futures(futures)::get, segments);
  }

  private List<DoneFuture<@Nullable Object>> futures(int futures) {
    if (futures > left) {
      throw new TaskSerializationException(
          "an argument waits for " + futures + " futures and " + left + " values were sent", null);
    }
    List<DoneFuture<@Nullable Object>> done = new ArrayList<>(futures);
    for (int i = 0; i < futures; i++) {
      done.add(new DoneFuture<>(0, "argument", next()));
    }
    return done;
  }

  private @Nullable Object list(int start) {
    int next = at;
    int leftAfter = left;
    at = start + Frame.LIST_BYTES;
    left = (int) ArgumentFields.count(bytes, start);
    @Nullable Object[] values = new @Nullable Object[left];
    for (int i = 0; i < values.length; i++) {
      values[i] = next();
    }
    at = next;
    left = leftAfter;
    List<@Nullable Object> list = new ArrayList<>(Arrays.asList(values));
    return Collections.unmodifiableList(list);
  }

  /// The list whose pieces are sent as lists.
  private @Nullable Object pieces(int start) {
    List<@Nullable Object> whole = new ArrayList<>();
    for (Object piece : (List<?>) Objects.requireNonNull(list(start))) {
      whole.addAll((List<?>) Objects.requireNonNull(piece));
    }
    return Collections.unmodifiableList(whole);
  }

  private @Nullable Object large(long valueId) {
    MemorySegment frame = large == null ? null : large[largeIndex++];
    if (frame == null) {
      throw new TaskSerializationException(
          "a large argument is gone: valueId=" + valueId + "; its owner no longer has it", null);
    }
    MemorySegment value = frame.asSlice(ValueFrame.OFFSET, ValueFrame.length(frame));
    int futures = ValueCodec.futureCount(value);
    return codec.decode(value, futures == 0 ? null : futures(futures)::get, segments);
  }

  private @Nullable Object result(long taskId) {
    MemorySegment value = large == null ? null : large[largeIndex++];
    if (value == null) {
      throw new TaskSerializationException("no result of task=" + taskId + " is here", null);
    }
    int futures = ValueCodec.futureCount(value);
    return codec.decode(value, futures == 0 ? null : futures(futures)::get, segments);
  }

  /// The user's label for the task of a frame, or null.
  static @Nullable String label(byte[] bytes) {
    int at = Frame.argumentsStart(bytes);
    for (int left = Frame.argumentCount(bytes); left > 0; left--) {
      int length = ArgumentFields.bodyLength(bytes, at);
      if (ArgumentFields.tag(bytes, at) == Frame.ARGUMENT_LABEL) {
        return new String(bytes, at + Frame.HEAD_BYTES, length, StandardCharsets.UTF_8);
      }
      at += Frame.HEAD_BYTES + Frame.padded(length);
    }
    return null;
  }
}
