package dev.heddle.graph;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// A value too large to travel with each task: it is named by its id and fetched once per rank.
///
/// Shape: the encoded value is `length` bytes from `offset` of `frame`; what stands before is the
/// head it travels under, so that all children are sent the same memory. Ownership: the memory is
/// never changed while the value has it. Threading: the count of users, and who takes the memory
/// away, belong to the coordinator.
public final class BigValue {
  private final long valueId;
  private final int offset;
  private final int length;
  private volatile @Nullable MemorySegment frame;
  private int users;

  /// The value with this id, inside `frame`.
  public BigValue(long valueId, MemorySegment frame, int offset, int length) {
    this.valueId = valueId;
    this.frame = frame;
    this.offset = offset;
    this.length = length;
  }

  /// Unique in the run, of the same numbers as task ids.
  public long valueId() {
    return valueId;
  }

  /// The frame around the value. Errors: [IllegalStateException] after [#takeFrame].
  public MemorySegment frame() {
    MemorySegment there = frame;
    if (there == null) {
      throw new IllegalStateException(
          "a large value was read after its only task had ended: valueId=" + valueId);
    }
    return there;
  }

  /// Takes the memory away for another use: nobody will ask for the value again. Null if it is gone
  /// already.
  public @Nullable MemorySegment takeFrame() {
    MemorySegment there = frame;
    frame = null;
    return there;
  }

  /// Where the encoded value starts.
  public int offset() {
    return offset;
  }

  /// Bytes of the encoded value.
  public int length() {
    return length;
  }

  /// Counts one more launched task that needs this value; true for the first.
  public boolean retain() {
    return users++ == 0;
  }

  /// Counts one less; true when no launched task needs it any more.
  public boolean release() {
    return --users == 0;
  }
}
