package dev.heddle.transport.mpi;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.heddle.wire.MessageBuffer;
import dev.heddle.wire.Receiver;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// The preposted receives of one group.
///
/// Only the head is ever tested: MPI matches receives in the order in which they were posted, so
/// going round in that order keeps the order of each sender's messages, while testing receives in
/// any order would not. Completed messages are taken in batches by one downcall, and their receives
/// are posted again by a second downcall after the handler is done with them. Threading: the
/// transport's.
final class ReceiveRing {
  /// Pages of its own, and message buffers that start on a cache line.
  private static final long LINE_BYTES = 64L;

  private final MpiGroup group;
  private final int eagerBytesMax;
  private final int count;
  private final long strideBytes;
  private final MessageBuffer[] buffers;
  private final long address;
  private final long requests;
  private final MemorySegment completed;
  private final MemorySegment sources;
  private final MemorySegment byteCounts;

  private int head;
  private int batchCount;
  private int batchAt;
  private int unpostedCount;
  private int postAt;

  ReceiveRing(MpiGroup group, int eagerBytesMax, int count) {
    this.group = group;
    this.eagerBytesMax = eagerBytesMax;
    this.count = count;
    this.strideBytes = (eagerBytesMax + LINE_BYTES - 1) / LINE_BYTES * LINE_BYTES;
    this.buffers = new MessageBuffer[count];
    MemorySegment memory = MpiCalls.allocate(strideBytes * count);
    for (int i = 0; i < count; i++) {
      buffers[i] = new MessageBuffer(i, memory.asSlice(i * strideBytes, eagerBytesMax));
    }
    this.address = memory.address();
    this.requests = MpiCalls.newRequests(count);
    this.completed = Arena.global().allocate(JAVA_INT);
    this.sources = Arena.global().allocate(JAVA_INT, count);
    this.byteCounts = Arena.global().allocate(JAVA_INT, count);
    post(count);
  }

  /// Hands at most `messagesMax` messages to `receiver`.
  int poll(MpiTransport transport, Receiver receiver, int messagesMax) {
    if (batchAt == batchCount) {
      MpiCalls.testRing(
          requests, head, count, completed.address(), sources.address(), byteCounts.address());
      batchCount = completed.get(JAVA_INT, 0);
      batchAt = 0;
    }
    int handled = 0;
    try {
      while (handled < messagesMax && batchAt < batchCount) {
        int source = sources.getAtIndex(JAVA_INT, batchAt);
        int bytes = byteCounts.getAtIndex(JAVA_INT, batchAt);
        MessageBuffer buffer = buffers[head];
        // Counted before the receiver runs: where the receiver throws, the message counts as
        // handled all the same.
        batchAt++;
        head = next(head);
        unpostedCount++;
        handled++;
        int sourceRank = group.worldRanks()[source];
        transport.countMessage(sourceRank);
        buffer.bytes().clear();
        receiver.onMessage(sourceRank, buffer, bytes);
        if (transport.isClosed()) {
          break;
        }
      }
    } finally {
      if (unpostedCount > 0 && !transport.isClosed()) {
        int posting = unpostedCount;
        unpostedCount = 0;
        post(posting);
      }
    }
    return handled;
  }

  /// Cancels posted receives; gives up on receives that MPI does not let go in time.
  void cancel(MemorySegment done, long deadlineNs) {
    int waiting = count - unpostedCount - (batchCount - batchAt);
    int first = (head + batchCount - batchAt) % count;
    for (int i = 0; i < waiting; i++) {
      MpiCalls.cancel(requests, (first + i) % count);
    }
    for (int i = 0; i < waiting; i++) {
      MpiTransport.awaitCancelled(requests, (first + i) % count, done, deadlineNs);
    }
  }

  private void post(int posting) {
    MpiCalls.irecvRing(
        address,
        strideBytes,
        eagerBytesMax,
        MpiTransport.TAG,
        group.comm().number(),
        requests,
        postAt,
        posting);
    postAt = (postAt + posting) % count;
  }

  private int next(int position) {
    return position + 1 == count ? 0 : position + 1;
  }
}
