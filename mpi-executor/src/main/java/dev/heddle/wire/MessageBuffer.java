package dev.heddle.wire;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/// The memory of one message, in the two views that its users need.
///
/// Shape: `segment` and `bytes` show the same `capacity` bytes; positions and limits of `bytes`
/// belong to the holder of the buffer. Ownership: a send buffer is the caller's from `claim` to
/// `send` or `release`, the transport's until the send completes, then free. A received buffer is
/// the handler's only during the call.
public final class MessageBuffer {
  private final int index;
  private final MemorySegment segment;
  private final ByteBuffer bytes;

  /// A buffer over `segment`, known to its transport as `index`.
  public MessageBuffer(int index, MemorySegment segment) {
    this.index = index;
    this.segment = segment;
    this.bytes = segment.asByteBuffer();
  }

  /// The transport's own number for this buffer.
  public int index() {
    return index;
  }

  /// The memory, for reading and writing fields.
  public MemorySegment segment() {
    return segment;
  }

  /// The same memory, for checksums, which the JDK computes over byte buffers only.
  public ByteBuffer bytes() {
    return bytes;
  }

  /// Size in bytes.
  public int capacity() {
    return bytes.capacity();
  }
}
