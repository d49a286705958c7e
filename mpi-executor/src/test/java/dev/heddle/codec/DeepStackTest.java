package dev.heddle.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.heddle.behaviour.SameShape;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A thread with a short stack, as with `--tiny`, reads what a thread with a usual stack wrote, and
/// the other way round.
class DeepStackTest {
  /// `-Xss256k`, as `heddle run --tiny` sets it.
  private static final long SHORT_STACK_BYTES = 256 << 10;

  private static final List<UnaryOperator<Object>> KINDS =
      List.of(
          value -> new ArrayList<>(List.of(value)),
          value -> new HashMap<>(Map.of("key", value)),
          value -> Collections.unmodifiableList(new ArrayList<>(List.of(value))),
          value -> new Level(value, "name"),
          Node::new);

  private final ValueCodec codec =
      new ValueCodec(
          DeepStackTest.class.getClassLoader(), List.of(DeepStackTest.class.getPackageName()));

  record Level(Object inner, String name) {}

  @SuppressWarnings("UnusedVariable") // the check reads it by reflection
  private static final class Node {
    private final Object inner;

    Node(Object inner) {
      this.inner = inner;
    }
  }

  private static Object nested(int depth) {
    Object value = "innermost";
    for (int i = 0; i < depth; i++) {
      value = KINDS.get(i % KINDS.size()).apply(value);
    }
    return value;
  }

  private static <T> T onAShortStack(Supplier<T> call) throws InterruptedException {
    CompletableFuture<T> result = new CompletableFuture<>();
    Thread thread =
        new Thread(
            null,
            () -> {
              try {
                result.complete(call.get());
              } catch (Throwable e) {
                result.completeExceptionally(e);
              }
            },
            "short-stack",
            SHORT_STACK_BYTES);
    thread.start();
    thread.join();
    try {
      return result.get();
    } catch (ExecutionException e) {
      throw new AssertionError(e.getCause());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {20, 63, 64, 65, 200, 256, 1000, 10_000})
  void shouldReadWithAShortStackWhatALongOneHasWritten(int depth) throws Exception {
    Object value = nested(depth);
    byte[] bytes = codec.encode(value, "a value");
    Object read = onAShortStack(() -> Objects.requireNonNull(codec.decode(bytes, 0, bytes.length)));
    SameShape.check(value, read);
  }

  @ParameterizedTest
  @ValueSource(ints = {20, 63, 64, 65, 200, 256, 1000, 10_000})
  void shouldWriteWithAShortStackWhatALongOneReads(int depth) throws Exception {
    Object value = nested(depth);
    byte[] bytes = onAShortStack(() -> codec.encode(value, "a value"));
    SameShape.check(value, codec.decode(bytes, 0, bytes.length));
  }

  @Test
  void shouldHashWithAShortStack() throws Exception {
    Object value = "innermost";
    for (int i = 0; i < 250; i++) {
      value = KINDS.get(i % 2).apply(value);
    }
    byte[] bytes = codec.encode(value, "a value");
    Optional<String> reason =
        onAShortStack(() -> Optional.ofNullable(ValueCodec.unhashable(bytes, 0, bytes.length)));
    assertEquals(Optional.empty(), reason);
  }
}
