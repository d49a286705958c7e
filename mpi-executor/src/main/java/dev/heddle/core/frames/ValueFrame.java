package dev.heddle.core.frames;

import dev.heddle.graph.BigValue;
import dev.heddle.wire.frame.FetchFields;
import dev.heddle.wire.frame.Frame;
import dev.heddle.wire.frame.MissingFields;
import dev.heddle.wire.frame.ValueFields;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// VALUE frames: a large value as it travels and as it is kept, one memory for all who need it.
public final class ValueFrame {
  /// Where the encoded value starts.
  public static final int OFFSET = Frame.VALUE_BYTES;

  private ValueFrame() {}

  /// The first `length` bytes from `offset` of `bytes` as value `valueId`; copied to the heap.
  public static BigValue of(long valueId, byte[] bytes, int offset, int length) {
    return of(valueId, bytes, offset, length, ValueMemory.HEAP);
  }

  /// As above, copied to `memory`.
  public static BigValue of(
      long valueId, byte[] bytes, int offset, int length, ValueMemory memory) {
    BigValue value = open(valueId, length, memory);
    MemorySegment.copy(bytes, offset, value.frame(), ValueLayout.JAVA_BYTE, OFFSET, length);
    return value;
  }

  /// A value of `length` bytes that the caller writes, from [#OFFSET] of the frame on, before
  /// anybody else sees it.
  public static BigValue open(long valueId, int length, ValueMemory memory) {
    MemorySegment frame = memory.takeToFill(bytes(length));
    Frame.head(frame, 0, Frame.VALUE, 0, 0, (int) frame.byteSize());
    ValueFields.putValueId(frame, 0, valueId);
    ValueFields.putValueLength(frame, 0, length);
    if (frame.byteSize() > OFFSET + (long) length) {
      Frame.clearLast(frame);
    }
    return new BigValue(valueId, frame, OFFSET, length);
  }

  /// Bytes of the frame of a value of `length` bytes.
  public static long bytes(long length) {
    return OFFSET + ((length + 7) & ~7L);
  }

  /// Bytes of the encoded value in a VALUE frame.
  public static int length(MemorySegment frame) {
    return (int) ValueFields.valueLength(frame, 0);
  }

  public static long valueId(MemorySegment frame) {
    return ValueFields.valueId(frame, 0);
  }

  /// The frame at `offset`: its own array if that is all it holds, as after a bulk transfer, else a
  /// copy.
  public static byte[] array(MemorySegment s, long offset, int length) {
    return s.heapBase().isPresent()
            && s.heapBase().get() instanceof byte[] whole
            && offset == 0
            && whole.length == length
        ? whole
        : Frame.getBytes(s, offset, length);
  }

  /// A MISSING frame.
  public static byte[] missing(long valueId) {
    byte[] frame = new byte[16];
    MemorySegment s = MemorySegment.ofArray(frame);
    Frame.head(s, 0, Frame.MISSING, 0, 0, frame.length);
    MissingFields.putValueId(s, 0, valueId);
    return frame;
  }

  /// A FETCH frame for a value of `length` bytes; `transferId` names the receive that waits for it,
  /// or is [Frame#NO_TRANSFER] for one that fits into a message.
  public static byte[] fetch(long valueId, long length, int transferId) {
    byte[] frame = new byte[Frame.FETCH_BYTES];
    MemorySegment s = MemorySegment.ofArray(frame);
    Frame.head(s, 0, Frame.FETCH, 0, 0, frame.length);
    FetchFields.putValueId(s, 0, valueId);
    FetchFields.putValueLength(s, 0, length);
    FetchFields.putTransferId(s, 0, transferId);
    return frame;
  }
}
