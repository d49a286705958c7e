package dev.heddle.behaviour;

import java.io.IOException;
import java.io.Serializable;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What the scenarios have tasks do.
final class Tasks {
  private Tasks() {}

  /// A value by way of a record.
  record Point(int x, @Nullable String label) {}

  /// A value of an enum.
  enum Kind {
    FIRST,
    SECOND
  }

  /// A class that may be sent, with a field that may not.
  static final class Sample implements Serializable {
    private static final long serialVersionUID = 1L;

    @SuppressWarnings("serial") // that it can hold anything is the point
    final Object reader;

    Sample(Object reader) {
      this.reader = reader;
    }
  }

  /// Carries something that JDK serialization refuses.
  static final class Unsendable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    @SuppressWarnings({"serial", "UnusedVariable"}) // that it can't be sent is the point
    private final Object inside = Thread.currentThread();

    Unsendable(String message) {
      super(message);
    }
  }

  static int answer() {
    return 42;
  }

  static int twice(int value) {
    return 2 * value;
  }

  static int increment(int value) {
    return value + 1;
  }

  static long sum(List<Integer> values) {
    return values.stream().mapToLong(Integer::longValue).sum();
  }

  static int number(int value) {
    return value;
  }

  static @Nullable Object same(@Nullable Object value) {
    return value;
  }

  static int fail(String message) throws IOException {
    throw new IOException(message);
  }

  static int failAndClose(String message) throws IOException {
    IOException failure = new IOException(message);
    failure.addSuppressed(new IllegalStateException("close", new IOException("still open")));
    throw failure;
  }

  static int failUnsendable(String message) {
    throw new Unsendable(message);
  }

  static int readNothing(int index) {
    int[][] rows = new int[2][];
    return rows[index][0];
  }

  @SuppressWarnings("InfiniteRecursion") // until the stack ends
  static int recurse(int depth) {
    return recurse(depth + 1) + 1;
  }

  /// A value that no neighbour equals, larger than what travels inline.
  static byte[] large(int bytes, int seed) {
    byte[] value = new byte[bytes];
    for (int i = 0; i < bytes; i++) {
      value[i] = (byte) (i * 31 + seed + (i >> 8));
    }
    return value;
  }

  static long checksum(byte[] value) {
    long sum = value.length;
    for (byte b : value) {
      sum = sum * 31 + b;
    }
    return sum;
  }

  static long checksumWith(byte[] value, int index) {
    return checksum(value) + index;
  }

  static Object sampleWith(String what) throws IOException {
    return switch (what) {
      case "thread" -> new Sample(Thread.ofPlatform().unstarted(() -> {}));
      case "reader" -> List.of(1, new Sample(new java.io.StringReader("text")));
      case "stream" -> Stream.of(1, 2);
      case "future" -> new java.util.concurrent.CompletableFuture<String>();
      default -> throw new IllegalArgumentException(what);
    };
  }

  /// Throws an exception whose class exists where this runs, and nowhere else.
  static int throwUnknown(String className, String message) throws Exception {
    throw Objects.requireNonNull(UnknownClass.exception(className, message));
  }
}
