package dev.heddle.transport.mpi;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.heddle.transport.Transport;
import dev.heddle.wire.MessageBuffer;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// The three pools of send buffers and the sends under way.
///
/// Shape: the number of a buffer is also the number of its request; pool `p` owns the numbers from
/// `first[p]` to `first[p + 1]`. A free buffer waits on its pool's stack, so the buffer used last,
/// still in the cache, is sent next. Threading: the transport's.
final class SendBuffers {
  private static final long LINE_BYTES = 64L;

  private static final byte FREE = 0;
  private static final byte CLAIMED = 1;
  private static final byte SENT = 2;

  private final int capacityBytes;
  private final int[] first = new int[Transport.POOLS + 1];
  private final MessageBuffer[] buffers;
  private final byte[] states;
  private final int[] targets;
  private final int[] freeStack;
  private final int[] freeCount = new int[Transport.POOLS];
  private final long requests;
  private final MemorySegment completed;
  private final MemorySegment indices;
  private final MemorySegment byteCounts;
  private int underWayCount;
  private int quarantinedCount;

  SendBuffers(int capacityBytes, int... countByPool) {
    this.capacityBytes = capacityBytes;
    for (int pool = 0; pool < Transport.POOLS; pool++) {
      first[pool + 1] = first[pool] + countByPool[pool];
    }
    int count = first[Transport.POOLS];
    this.buffers = new MessageBuffer[count];
    this.states = new byte[count];
    this.targets = new int[count];
    this.freeStack = new int[count];
    long strideBytes = (capacityBytes + LINE_BYTES - 1) / LINE_BYTES * LINE_BYTES;
    MemorySegment memory = MpiCalls.allocate(strideBytes * count);
    for (int i = 0; i < count; i++) {
      buffers[i] = new MessageBuffer(i, memory.asSlice(i * strideBytes, capacityBytes));
    }
    for (int pool = 0; pool < Transport.POOLS; pool++) {
      for (int i = first[pool + 1] - 1; i >= first[pool]; i--) {
        freeStack[first[pool] + freeCount[pool]++] = i;
      }
    }
    this.requests = MpiCalls.newRequests(count);
    this.completed = Arena.global().allocate(JAVA_INT);
    this.indices = Arena.global().allocate(JAVA_INT, count);
    this.byteCounts = Arena.global().allocate(JAVA_INT, count);
  }

  @Nullable MessageBuffer claim(int pool) {
    if (freeCount[pool] == 0) {
      complete();
      if (freeCount[pool] == 0) {
        return null;
      }
    }
    int index = freeStack[first[pool] + --freeCount[pool]];
    states[index] = CLAIMED;
    MessageBuffer buffer = buffers[index];
    buffer.bytes().clear();
    return buffer;
  }

  /// Errors: [IllegalArgumentException] where the caller does not hold `buffer`.
  void release(MessageBuffer buffer) {
    checkClaimed(buffer);
    free(buffer.index());
  }

  void checkClaimed(MessageBuffer buffer) {
    int index = buffer.index();
    if (index < 0
        || index >= buffers.length
        || buffers[index] != buffer
        || states[index] != CLAIMED) {
      throw new IllegalArgumentException("not a claimed buffer of this transport: index=" + index);
    }
  }

  /// Starts the send of a claimed buffer, to rank `target` of `comm`; `targetRank` is its world
  /// rank.
  void send(MessageBuffer buffer, int bytes, int target, int comm, int targetRank) {
    int index = buffer.index();
    states[index] = SENT;
    targets[index] = targetRank;
    underWayCount++;
    MpiCalls.isend(
        buffer.segment().address(),
        bytes,
        target,
        MpiTransport.TAG,
        comm,
        requests,
        index,
        completed.address());
    if (completed.get(JAVA_INT, 0) != 0) {
      underWayCount--;
      free(index);
    }
  }

  /// Frees the buffers of completed sends.
  void complete() {
    if (underWayCount == 0) {
      return;
    }
    MpiCalls.testSome(
        requests, buffers.length, completed.address(), indices.address(), byteCounts.address());
    int count = completed.get(JAVA_INT, 0);
    for (int i = 0; i < count; i++) {
      underWayCount--;
      free(indices.getAtIndex(JAVA_INT, i));
    }
  }

  /// Forgets the sends under way to `targetRank`. Their memory is never used again, since MPI may
  /// read it at any time; the pool gets new memory in its place, so that a neighbour's death does
  /// not end as back-pressure for all others. Bounded, since a neighbour is lost only once.
  void abandon(int targetRank) {
    complete();
    for (int i = 0; i < buffers.length; i++) {
      if (states[i] == SENT && targets[i] == targetRank) {
        MpiCalls.forget(requests, i);
        underWayCount--;
        quarantinedCount++;
        buffers[i] = new MessageBuffer(i, MpiCalls.allocate(capacityBytes));
        free(i);
      }
    }
  }

  int quarantined() {
    return quarantinedCount;
  }

  boolean isFlushed() {
    complete();
    return underWayCount == 0;
  }

  private void free(int index) {
    states[index] = FREE;
    int pool = index < first[1] ? 0 : index < first[2] ? 1 : 2;
    freeStack[first[pool] + freeCount[pool]++] = index;
  }
}
