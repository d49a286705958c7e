package dev.heddle.sim;

import dev.heddle.core.frames.ValueFrame;
import dev.heddle.wire.frame.ArgumentFields;
import dev.heddle.wire.frame.Frame;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.jspecify.annotations.Nullable;

/// The hash of all bytes of a TASK's arguments, as they are where the task starts.
///
/// Threading: one thread. Errors: a value that is missing is an [IllegalStateException] that names
/// the task.
final class ArgumentHash {
  /// A list's hash starts with this number and its length.
  static final long LIST_SEED = 77;

  private final String label;
  private final boolean mayMiss;
  private final MemorySegment s;
  private final byte[] frame;
  private final @Nullable MemorySegment @Nullable [] values;
  private int nextValue;

  /// Of the task with this label; `mayMiss` says that its large values may be gone.
  ArgumentHash(
      String label, boolean mayMiss, byte[] frame, @Nullable MemorySegment @Nullable [] values) {
    this.label = label;
    this.mayMiss = mayMiss;
    this.s = MemorySegment.ofArray(frame);
    this.frame = frame;
    this.values = values;
  }

  /// The hash of a large value of this many bytes in a VALUE frame.
  static long ofValue(MemorySegment frame, int length) {
    return Hashes.of(Frame.getBytes(frame, ValueFrame.OFFSET, length));
  }

  /// The hash of `count` arguments from `offset` on, beginning with `start`.
  long of(int offset, int count, long start) {
    long hash = start;
    int at = offset;
    for (int i = 0; i < count; i++) {
      int body = ArgumentFields.bodyLength(s, at);
      hash =
          Hashes.mix(
              hash
                  ^ switch (ArgumentFields.tag(s, at) & ~Frame.ARGUMENT_CAPTURE) {
                    case Frame.ARGUMENT_INLINE -> Hashes.of(frame, at + Frame.HEAD_BYTES, body);
                    case Frame.ARGUMENT_HANDLE -> ofHandle(ArgumentFields.valueId(s, at));
                    case Frame.ARGUMENT_RESULT_OF -> ofResult();
                    case Frame.ARGUMENT_LIST -> {
                      int length = (int) ArgumentFields.count(s, at);
                      yield of(at + Frame.LIST_BYTES, length, LIST_SEED + length);
                    }
                    default -> throw new IllegalStateException("tag at " + at);
                  });
      at += Frame.HEAD_BYTES + Frame.padded(body);
    }
    return hash;
  }

  private @Nullable MemorySegment nextValue() {
    return values == null ? null : values[nextValue++];
  }

  private long ofResult() {
    MemorySegment value = nextValue();
    if (value == null) {
      throw new IllegalStateException("result missing: " + label);
    }
    return Hashes.of(value.toArray(ValueLayout.JAVA_BYTE));
  }

  private long ofHandle(long valueId) {
    MemorySegment value = nextValue();
    if (value == null) {
      if (!mayMiss) {
        throw new IllegalStateException("value missing: " + label + " value=" + valueId);
      }
      return 0;
    }
    return ofValue(value, ValueFrame.length(value));
  }
}
