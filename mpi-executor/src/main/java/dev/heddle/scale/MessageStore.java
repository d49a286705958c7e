package dev.heddle.scale;

import dev.heddle.wire.MessageBuffer;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// The bytes of all messages: those being written, in buffers of full size, and those under way or
/// waiting, in blocks that fit.
///
/// Shape: as many full buffers as batches are open at the same moment, and one for the message
/// being handled; blocks of 128 bytes to the longest message by powers of two, from pages of a
/// mebibyte. Nothing is given back to the JVM: the peak is what a run takes. Threading: one thread.
final class MessageStore {
  private static final int CLASS_BYTES_MIN = 128;
  private static final int PAGE_BYTES = 1 << 20;

  /// Blocks of one size.
  private static final class SizeClass {
    final int bytes;
    final int perPage;
    final List<byte[]> pages = new ArrayList<>();
    int[] free = new int[64];
    int freeCount;
    int used;

    SizeClass(int bytes) {
      this.bytes = bytes;
      this.perPage = PAGE_BYTES / bytes;
    }

    int take() {
      if (freeCount > 0) {
        return free[--freeCount];
      }
      if (used == pages.size() * perPage) {
        pages.add(new byte[PAGE_BYTES]);
      }
      return used++;
    }

    void give(int block) {
      if (freeCount == free.length) {
        free = Arrays.copyOf(free, freeCount * 2);
      }
      free[freeCount++] = block;
    }
  }

  private final int eagerBytesMax;
  private final SizeClass[] classes;

  // Buffers to write into.
  private final List<MessageBuffer> buffers = new ArrayList<>();
  private final List<byte[]> arrays = new ArrayList<>();
  private int[] freeBuffers = new int[256];
  private int freeBufferCount;

  private final byte[] deliveredArray;
  private final MessageBuffer delivered;

  // By number of a message.
  private int[] sources = new int[1024];
  private int[] targets = new int[1024];
  private int[] lengths = new int[1024];
  private int[] blocks = new int[1024];
  private int[] next = new int[1024];
  private int[] free = new int[1024];
  private int freeCount;
  private int used;

  MessageStore(int eagerBytesMax) {
    this.eagerBytesMax = eagerBytesMax;
    this.classes = new SizeClass[sizeClass(eagerBytesMax) + 1];
    for (int i = 0; i < classes.length; i++) {
      classes[i] = new SizeClass(CLASS_BYTES_MIN << i);
    }
    this.deliveredArray = new byte[eagerBytesMax];
    this.delivered = new MessageBuffer(-1, MemorySegment.ofArray(deliveredArray));
  }

  private static int sizeClass(int length) {
    return length <= CLASS_BYTES_MIN
        ? 0
        : Integer.SIZE - Integer.numberOfLeadingZeros((length - 1) / CLASS_BYTES_MIN);
  }

  /// A buffer to write a message into.
  MessageBuffer claim() {
    if (freeBufferCount > 0) {
      return buffers.get(freeBuffers[--freeBufferCount]);
    }
    byte[] array = new byte[eagerBytesMax];
    MessageBuffer buffer = new MessageBuffer(buffers.size(), MemorySegment.ofArray(array));
    buffers.add(buffer);
    arrays.add(array);
    return buffer;
  }

  /// Gives a buffer back.
  void release(MessageBuffer buffer) {
    if (freeBufferCount == freeBuffers.length) {
      freeBuffers = Arrays.copyOf(freeBuffers, freeBufferCount * 2);
    }
    freeBuffers[freeBufferCount++] = buffer.index();
  }

  /// Keeps what was written, until it is delivered; returns the message's number.
  int send(MessageBuffer buffer, int length, int source, int target) {
    SizeClass of = classes[sizeClass(length)];
    int block = of.take();
    System.arraycopy(
        arrays.get(buffer.index()),
        0,
        of.pages.get(block / of.perPage),
        block % of.perPage * of.bytes,
        length);
    int message = freeCount > 0 ? free[--freeCount] : used++;
    if (message == sources.length) {
      grow();
    }
    sources[message] = source;
    targets[message] = target;
    lengths[message] = length;
    blocks[message] = block;
    next[message] = -1;
    release(buffer);
    return message;
  }

  private void grow() {
    int size = sources.length * 2;
    sources = Arrays.copyOf(sources, size);
    targets = Arrays.copyOf(targets, size);
    lengths = Arrays.copyOf(lengths, size);
    blocks = Arrays.copyOf(blocks, size);
    next = Arrays.copyOf(next, size);
  }

  int source(int message) {
    return sources[message];
  }

  int target(int message) {
    return targets[message];
  }

  int length(int message) {
    return lengths[message];
  }

  /// The message behind this one in an inbox, or -1.
  int next(int message) {
    return next[message];
  }

  void setNext(int message, int behind) {
    next[message] = behind;
  }

  /// The message's bytes, until the next call; its number is free.
  MessageBuffer deliver(int message) {
    int length = lengths[message];
    SizeClass of = classes[sizeClass(length)];
    int block = blocks[message];
    System.arraycopy(
        of.pages.get(block / of.perPage), block % of.perPage * of.bytes, deliveredArray, 0, length);
    drop(message);
    return delivered;
  }

  /// Forgets a message.
  void drop(int message) {
    classes[sizeClass(lengths[message])].give(blocks[message]);
    if (freeCount == free.length) {
      free = Arrays.copyOf(free, freeCount * 2);
    }
    free[freeCount++] = message;
  }

  /// Messages that are kept now.
  int kept() {
    return used - freeCount;
  }
}
