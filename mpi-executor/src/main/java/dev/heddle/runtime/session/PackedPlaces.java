package dev.heddle.runtime.session;

import dev.heddle.graph.ArrayResult;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/// Goes over the results of a packed array, as they arrive. Threading: one thread's.
final class PackedPlaces {
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private final ArrayEngineFuture<?> future;
  private long place;
  private long reached;
  private @Nullable ArrayResult result;

  PackedPlaces(ArrayEngineFuture<?> future) {
    this.future = future;
  }

  /// Waits for the next result. Returns whether there is a next result.
  boolean hasNext() {
    if (place < reached && !future.isCancelled()) {
      return true;
    }
    result = future.await(place);
    if (result == null) {
      return false;
    }
    reached = result.prefix();
    return true;
  }

  /// The bits of the next result, after [#hasNext].
  long next() {
    ArrayResult known = result;
    if (known == null) {
      throw new java.util.NoSuchElementException("place=" + place);
    }
    if (known.failedCount() > 0 && known.isFailed(place)) {
      throw future.failedAt(known, place);
    }
    return (long) LONG.get(known.packed(), (int) (known.packedStart() + 8 * place++));
  }
}
