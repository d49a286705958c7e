package dev.heddle.runtime.session;

import dev.heddle.codec.SegmentMemory;
import dev.heddle.codec.ValueCodec;
import dev.heddle.graph.BigValue;
import dev.heddle.graph.Pieces;
import dev.heddle.graph.Task;
import dev.heddle.runtime.slot.DoneFuture;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Decodes values of the graph on rank 0. Threading: any, for tasks that are done.
final class GraphValues {
  private GraphValues() {}

  /// The value of a task that has succeeded, or of an argument.
  static @Nullable Object decode(ValueCodec codec, @Nullable Object outcome) {
    return switch (outcome) {
      case byte[] bytes -> codec.decode(bytes, 0, bytes.length);
      case BigValue large -> codec.decode(bytes(large), null, SegmentMemory.AUTOMATIC);
      case Task task -> valueOf(codec, task);
      case Pieces pieces -> {
        List<@Nullable Object> values = new ArrayList<>((int) pieces.count());
        for (Object piece : pieces.values()) {
          values.addAll((List<?>) java.util.Objects.requireNonNull(decode(codec, piece)));
        }
        yield Collections.unmodifiableList(values);
      }
      case Task[] list -> {
        List<@Nullable Object> values = new ArrayList<>(list.length);
        for (Task one : list) {
          values.add(valueOf(codec, one));
        }
        yield Collections.unmodifiableList(values);
      }
      case null, default -> throw new IllegalStateException("no value: " + outcome);
    };
  }

  /// The value of a task that has succeeded.
  static @Nullable Object valueOf(ValueCodec codec, Task task) {
    return task.hasShortOutcome()
        ? codec.decodeShort(task.shortLength(), task.shortHead(), task.shortTail())
        : decode(codec, task.outcome());
  }

  /// The encoded value.
  static MemorySegment bytes(BigValue value) {
    return value.frame().asSlice(value.offset(), value.length());
  }

  /// The arguments of a task whose dependencies have succeeded. Futures inside containers are done.
  static @Nullable Object[] arguments(ValueCodec codec, Task task) {
    @Nullable Object[] encoded = task.arguments();
    List<@Nullable Object> values = new ArrayList<>(encoded.length);
    for (int i = 0; i < encoded.length; i++) {
      Object one = encoded[i];
      int futures = futureCount(one);
      if (futures == 0) {
        values.add(decode(codec, one));
        continue;
      }
      int first = i + 1;
      List<DoneFuture<@Nullable Object>> done = new ArrayList<>(futures);
      for (int k = 0; k < futures; k++) {
        Task dependency = (Task) java.util.Objects.requireNonNull(encoded[first + k]);
        done.add(new DoneFuture<>(dependency.id(), dependency.label(), valueOf(codec, dependency)));
      }
      values.add(template(codec, one, done));
      i += futures;
    }
    return values.toArray();
  }

  private static int futureCount(@Nullable Object encoded) {
    return switch (encoded) {
      case byte[] bytes -> ValueCodec.futureCount(bytes, 0, bytes.length);
      case BigValue large -> ValueCodec.futureCount(bytes(large));
      case null, default -> 0;
    };
  }

  private static @Nullable Object template(
      ValueCodec codec, @Nullable Object encoded, List<DoneFuture<@Nullable Object>> futures) {
    return switch (encoded) {
      case byte[] bytes -> codec.decode(bytes, 0, bytes.length, futures::get);
      case BigValue large -> codec.decode(bytes(large), futures::get, SegmentMemory.AUTOMATIC);
      case null, default -> throw new IllegalStateException("no template: " + encoded);
    };
  }
}
