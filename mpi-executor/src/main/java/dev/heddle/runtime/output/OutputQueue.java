package dev.heddle.runtime.output;

import dev.heddle.core.role.Relay;
import dev.heddle.wire.frame.Frame;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/// The OUTPUT frames of one rank, on their way from its slots to its relay.
///
/// Shape: lines wait here and in the relay, up to `bytesMax`. Four mebibytes hold all that a rank
/// may print by default, whatever the length of its lines, so nothing is lost by default. A task
/// that prints faster than frames leave waits for room, a second at most. Then lines are dropped
/// until frames leave again. Threading: slots' threads put, the holder of the progress role drains.
final class OutputQueue {
  private static final long WAIT_NS_MAX = TimeUnit.SECONDS.toNanos(1);

  /// The usual bound.
  static final long BYTES_MAX = 4L << 20;

  private final long bytesMax;
  // Not an array queue: there a thread that is about to put a frame hides the frames that other
  // threads have put after it, and an outcome would overtake what its task has printed.
  private final ConcurrentLinkedQueue<byte[]> frames = new ConcurrentLinkedQueue<>();
  private final AtomicLong putBytes = new AtomicLong();
  private volatile long sentBytes;
  private volatile boolean isStuck;

  OutputQueue(long bytesMax) {
    this.bytesMax = bytesMax;
  }

  /// Adds a frame; returns false where there was no room. Frames without text always find room, as
  /// they are few.
  boolean put(byte[] frame) {
    if (frame.length > Frame.OUTPUT_BYTES && !hasRoom(frame.length) && !awaitRoom(frame.length)) {
      return false;
    }
    putBytes.addAndGet(frame.length);
    frames.offer(frame);
    return true;
  }

  private boolean hasRoom(int bytes) {
    return putBytes.get() + bytes - sentBytes <= bytesMax;
  }

  private boolean awaitRoom(int bytes) {
    long deadlineNs = System.nanoTime() + WAIT_NS_MAX;
    while (!isStuck
        && !Thread.currentThread().isInterrupted()
        && System.nanoTime() - deadlineNs < 0) {
      LockSupport.parkNanos(this, 100_000);
      if (hasRoom(bytes)) {
        return true;
      }
    }
    isStuck = true;
    return false;
  }

  boolean isAllSent() {
    return putBytes.get() == sentBytes;
  }

  /// Hands all frames to `relay`. Returns their number.
  int drain(Relay relay) {
    int count = 0;
    for (byte[] frame = frames.poll(); frame != null; frame = frames.poll()) {
      relay.offerOutput(frame);
      count++;
    }
    long sent = relay.outputBytesSent();
    if (sent != sentBytes) {
      sentBytes = sent;
      isStuck = false;
    }
    return count;
  }
}
