package dev.heddle.graph;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// A value too large to travel with each task: it is named by its id and fetched once per rank.
///
/// Shape: the encoded value is `length` bytes from `offset` of `frame`. The bytes before it are the
/// head under which the value travels, so that all children are sent the same memory. Ownership:
/// the memory is never changed while the value has it. Threading: only the coordinator counts users
/// and takes the memory away.
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

  /// The value's id. It is drawn from the same numbers as task ids, so it is unique in the run.
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

  /// Takes the memory away for another use; no rank may ask for the value afterwards. Null if the
  /// memory is gone already.
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

  /// Counts one more launched task that needs this value; true for the first task.
  public boolean retain() {
    return users++ == 0;
  }

  /// Counts one launched task fewer; true when no launched task needs this value any more.
  public boolean release() {
    return --users == 0;
  }
}
