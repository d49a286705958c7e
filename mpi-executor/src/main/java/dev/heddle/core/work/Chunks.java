package dev.heddle.core.work;

import dev.heddle.core.frames.ArrayDescriptor;
import dev.heddle.core.frames.ChunkOutcome;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/// What a worker's slots may work on besides tasks: places of arrays.
///
/// Threading: the progress role.
public interface Chunks {
  /// The array whose chunk would be next, or null.
  @Nullable ArrayDescriptor nextForSlot();

  /// Starts a chunk of [#nextForSlot] on a free slot.
  void startChunk(int slot);

  /// Whether a slot of this rank works on an array that somebody wants, and so asks for its next
  /// work soon.
  boolean hasChunkWanted();

  /// The arrays in this rank's slots, each once.
  LongStream running();

  /// Whether a slot has places of an array, and no task.
  boolean isChunk(int slot);

  /// A slot has worked on its chunk, and got as far as `outcome` says.
  void onChunk(int slot, ChunkOutcome outcome);
}
