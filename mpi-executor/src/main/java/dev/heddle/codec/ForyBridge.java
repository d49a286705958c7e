package dev.heddle.codec;

import java.util.Arrays;
import org.apache.fory.Fory;
import org.apache.fory.ThreadSafeFory;
import org.apache.fory.logging.LoggerFactory;
import org.jspecify.annotations.Nullable;

/// Apache Fory for ordinary objects: bound to one class loader, loaded at the first value that
/// needs it (0.2-0.5 s), with an allow-list in place of registration.
///
/// Threading: thread-safe. Errors: Fory's own; [ValueCodec] wraps them.
final class ForyBridge {
  /// Inputs up to here may take [#SMALL_GRAPH_BYTES_MAX] of memory when decoded, 64 bytes of heap
  /// per byte of input (a map of boxes takes about 40); Fory's bound is fixed per instance, so
  /// larger inputs have an instance of their own.
  private static final int SMALL_BYTES_MAX = 2 * 1024 * 1024;

  private static final long SMALL_GRAPH_BYTES_MAX = 64L * SMALL_BYTES_MAX;
  private static final long LARGE_GRAPH_BYTES_MAX = 64L * Integer.MAX_VALUE;

  static {
    // Fory's own logger prints to stdout, which belongs to the user's report.
    LoggerFactory.disableLogging();
  }

  private final ClassLoader loader;
  private final Admission admission;
  private final ThreadSafeFory small;
  private @Nullable ThreadSafeFory large;

  ForyBridge(ClassLoader loader, Admission admission) {
    this.loader = loader;
    this.admission = admission;
    this.small = build(SMALL_GRAPH_BYTES_MAX);
  }

  private ThreadSafeFory build(long graphBytesMax) {
    return Fory.builder()
        .withXlang(false)
        .requireClassRegistration(false)
        .suppressClassRegistrationWarnings(true)
        .withTypeChecker((_, className) -> admission.admits(className))
        .withRefTracking(true)
        .withClassLoader(loader)
        .withAsyncCompilation(true)
        // A class that is missing here must be an error, not a map that stands for it.
        .withDeserializeUnknownClass(false)
        .withMaxDepth(ValueWriter.DEPTH_MAX)
        .withMaxGraphMemoryBytes(graphBytesMax)
        .buildThreadSafeFory();
  }

  /// The encoding of `value`, without a tag.
  byte[] encode(Object value) {
    return small.serialize(value);
  }

  /// The encoding of `value` behind its tag.
  byte[] encodeTagged(Object value) {
    byte[] encoded = small.serialize(value);
    byte[] tagged = new byte[encoded.length + 1];
    tagged[0] = Tags.FORY;
    System.arraycopy(encoded, 0, tagged, 1, encoded.length);
    return tagged;
  }

  /// Decodes Fory's bytes, the tag not among them.
  @Nullable Object decode(byte[] bytes, int offset, int length) {
    ThreadSafeFory fory = length <= SMALL_BYTES_MAX ? small : large();
    return fory.deserialize(Arrays.copyOfRange(bytes, offset, offset + length));
  }

  private synchronized ThreadSafeFory large() {
    ThreadSafeFory fory = large;
    if (fory == null) {
      fory = build(LARGE_GRAPH_BYTES_MAX);
      large = fory;
    }
    return fory;
  }
}
