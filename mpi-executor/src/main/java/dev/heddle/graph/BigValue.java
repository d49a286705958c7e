package dev.heddle.graph;

/// A value too large to travel with each task: it is named by its id and fetched once per rank.
///
/// Shape: the encoded value is `length` bytes from `offset` of `bytes`; what stands before is the
/// frame it travels in, so that all children are sent the same array. Ownership: `bytes` are never
/// changed. Threading: the count of users belongs to the coordinator.
public final class BigValue {
  private final long valueId;
  private final byte[] bytes;
  private final int offset;
  private final int length;
  private int users;

  /// The value with this id, inside `bytes`.
  public BigValue(long valueId, byte[] bytes, int offset, int length) {
    this.valueId = valueId;
    this.bytes = bytes;
    this.offset = offset;
    this.length = length;
  }

  /// Unique in the run, of the same numbers as task ids.
  public long valueId() {
    return valueId;
  }

  /// The frame around the value.
  public byte[] bytes() {
    return bytes;
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
