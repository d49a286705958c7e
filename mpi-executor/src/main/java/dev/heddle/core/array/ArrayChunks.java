package dev.heddle.core.array;

import dev.heddle.core.frames.ArrayDescriptor;
import dev.heddle.core.link.Link;
import dev.heddle.core.work.Starter;
import dev.heddle.graph.ArrayJob;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/// What a rank's own slots work on of arrays.
///
/// Shape: a share and two places per slot. Threading: the progress role.
final class ArrayChunks {
  /// Places of a chunk whose results are packed: a megabyte, so that the next can be computed while
  /// it travels.
  private static final long PACKED_CHUNK_MAX = 1 << 17;

  /// Places of a chunk whose results are kept as objects, of unknown length.
  private static final long OBJECT_CHUNK_MAX = 1 << 14;

  /// Places of a chunk whose results are combined at once.
  private static final long REDUCED_CHUNK_MAX = 1L << 40;

  private final Link link;
  private final Starter starter;
  private final ArrayTable.Above above;
  private final List<ArrayShare> open;
  private final LongSupplier slotsTotal;

  /// Per slot: what it works on, from where, and up to where it may.
  private final @Nullable ArrayShare[] shares;

  private final long[] from;
  private final long[] to;

  /// Of a rank with this many slots; `open` has its arrays by priority, then by arrival.
  ArrayChunks(
      Link link,
      Starter starter,
      ArrayTable.Above above,
      List<ArrayShare> open,
      int slots,
      LongSupplier slotsTotal) {
    this.link = link;
    this.starter = starter;
    this.above = above;
    this.open = open;
    this.slotsTotal = slotsTotal;
    this.shares = new @Nullable ArrayShare[slots];
    this.from = new long[slots];
    this.to = new long[slots];
  }

  /// The array whose chunk would be next, or null.
  @Nullable ArrayDescriptor nextForSlot() {
    ArrayShare share = next();
    return share == null ? null : share.descriptor;
  }

  private @Nullable ArrayShare next() {
    if (open.isEmpty() || !above.hasRoom()) {
      return null;
    }
    for (ArrayShare share : open) {
      if (share.inHand > 0 && share.descriptor != null && !share.isBehind()) {
        return share;
      }
    }
    return null;
  }

  /// Starts a chunk of [#nextForSlot] on a free slot.
  void start(int slot) {
    ArrayShare share = next();
    ArrayDescriptor array = share == null ? null : share.descriptor;
    if (share == null || array == null) {
      throw new IllegalStateException("no array to work on: rank=" + link.rank());
    }
    long limit =
        switch (array.form()) {
          case ArrayJob.KEEP_OBJECTS -> OBJECT_CHUNK_MAX;
          case ArrayJob.KEEP_LONGS, ArrayJob.KEEP_DOUBLES -> PACKED_CHUNK_MAX;
          default -> REDUCED_CHUNK_MAX;
        };
    long places = share.portion(2, slotsTotal.getAsLong());
    long[] range = share.take(Math.clamp(places, 1, limit));
    share.running++;
    shares[slot] = share;
    from[slot] = range[0];
    to[slot] = range[1];
    starter.startChunk(slot, array, range[0], range[1]);
  }

  /// Whether a slot of this rank works on an array that somebody wants, and so asks for its next
  /// work soon.
  boolean areWanted() {
    for (ArrayShare share : open) {
      if (share.running > 0 && !share.isCancelled) {
        return true;
      }
    }
    return false;
  }

  /// The arrays in this rank's slots, each once.
  LongStream running() {
    return open.stream().filter(share -> share.running > 0).mapToLong(share -> share.taskId);
  }

  boolean isChunk(int slot) {
    return shares[slot] != null;
  }

  /// Tells the slots that work on an array that nobody wants it any more.
  void cancel(ArrayShare share, boolean interrupt) {
    for (int slot = 0; slot < shares.length; slot++) {
      if (shares[slot] == share) {
        starter.cancel(slot, interrupt);
      }
    }
  }

  /// The share whose chunk ran in a slot, which is free now.
  ArrayShare end(int slot) {
    ArrayShare share = shares[slot];
    if (share == null) {
      throw new IllegalStateException("no chunk: rank=" + link.rank() + " slot=" + slot);
    }
    shares[slot] = null;
    share.running--;
    return share;
  }

  /// Where the chunk that ran last in a slot began.
  long from(int slot) {
    return from[slot];
  }

  /// Up to where it might.
  long to(int slot) {
    return to[slot];
  }
}
