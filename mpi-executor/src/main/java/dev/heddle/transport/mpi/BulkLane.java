package dev.heddle.transport.mpi;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.heddle.transport.TransportException;
import dev.heddle.wire.Receiver;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The open bulk transfers of one direction, in chunks: native memory is sent and received where it
/// lies, heap segments go through staging slots of native memory.
///
/// Shape: at most `OPEN_MAX` transfers; chunk `n` of a transfer holds its bytes from `n *
/// CHUNK_BYTES`, the last chunk up to half as much again, so that a value of a round length and its
/// head are one chunk: both sides cut by the length alone. Chunks of a transfer are posted in
/// order, on both sides, with one tag, so MPI pairs them in order. No deadlock for want of slots: a
/// slot is kept free for each transfer without a chunk under way, opened or still to be opened. So
/// each transfer can move one chunk at least, whatever its neighbours wait for. Threading: the
/// transport's.
final class BulkLane {
  /// Large enough for full bandwidth (1 MiB: 7.7 to 13 GB/s), small enough to copy within 0.1 ms.
  static final int CHUNK_BYTES = 1 << 20;

  /// Most bytes of a transfer's last chunk.
  static final int LAST_CHUNK_BYTES_MAX = CHUNK_BYTES + CHUNK_BYTES / 2;

  static final int OPEN_MAX = 32;

  /// Slots above the one per transfer: enough for two transfers at full speed.
  private static final int EXTRA_SLOTS = 6;

  private static final int SLOTS = OPEN_MAX + EXTRA_SLOTS;

  /// Chunks of one transfer under way: one on the wire, one being copied, one waiting behind them.
  private static final int CHUNKS_MAX = 4;

  /// Native memory of transfers that MPI would not let go: it may read or write there until the
  /// process ends.
  private static final List<MemorySegment> QUARANTINE = new ArrayList<>();

  private final boolean isSend;
  private final MpiComm comm;
  private final int tagMax;
  private final @Nullable MemorySegment[] slotMemory = new @Nullable MemorySegment[SLOTS];
  private final @Nullable Transfer[] slotTransfer = new @Nullable Transfer[SLOTS];
  private final long[] slotOffset = new long[SLOTS];
  private final int[] slotBytes = new int[SLOTS];
  private final int[] freeSlots = new int[SLOTS];
  private int freeCount;
  private int holderCount;
  private int quarantinedCount;
  private final List<Transfer> open = new ArrayList<>();
  private final ArrayDeque<Transfer> finished = new ArrayDeque<>();
  private final long requests;
  private final MemorySegment completed;
  private final MemorySegment indices;
  private final MemorySegment byteCounts;

  BulkLane(boolean isSend, MpiComm comm, int tagMax) {
    this.isSend = isSend;
    this.comm = comm;
    this.tagMax = tagMax;
    for (int i = SLOTS - 1; i >= 0; i--) {
      freeSlots[freeCount++] = i;
    }
    this.requests = MpiCalls.newRequests(SLOTS);
    this.completed = Arena.global().allocate(JAVA_INT);
    this.indices = Arena.global().allocate(JAVA_INT, SLOTS);
    this.byteCounts = Arena.global().allocate(JAVA_INT, SLOTS);
  }

  /// Opens a transfer and posts the chunks that it may; false where too many transfers are open, or
  /// where an open transfer of the same partner has an id with the same tag.
  boolean open(int rank, int transferId, MemorySegment memory) {
    int tag = tagMax == Integer.MAX_VALUE ? transferId : transferId % (tagMax + 1);
    if (open.size() + finished.size() >= OPEN_MAX) {
      return false;
    }
    for (Transfer other : open) {
      if (other.rank == rank && other.tag == tag) {
        return false;
      }
    }
    Transfer transfer = new Transfer(rank, transferId, tag, memory);
    if (memory.byteSize() == 0) {
      finished.add(transfer);
      return true;
    }
    open.add(transfer);
    post(transfer);
    return true;
  }

  /// Moves chunks on and reports finished transfers. Returns the work done.
  int poll(Receiver receiver) {
    int work = 0;
    if (freeCount < SLOTS) {
      MpiCalls.testSome(
          requests, SLOTS, completed.address(), indices.address(), byteCounts.address());
      int count = completed.get(JAVA_INT, 0);
      for (int i = 0; i < count; i++) {
        onChunk(indices.getAtIndex(JAVA_INT, i), byteCounts.getAtIndex(JAVA_INT, i));
      }
      work += count;
    }
    // By index from the end: a transfer whose last chunk completes at once leaves the list.
    for (int i = open.size() - 1; i >= 0; i--) {
      work += post(open.get(i));
    }
    Transfer done = finished.poll();
    while (done != null) {
      work++;
      if (isSend) {
        receiver.onBulkSent(done.rank, done.transferId);
      } else {
        receiver.onBulkReceived(done.rank, done.transferId);
      }
      done = finished.poll();
    }
    return work;
  }

  /// Drops all transfers with `rank`. A chunk that MPI does not let go at once keeps its memory for
  /// ever, since MPI may still use it, and the slot gets new memory.
  void abandon(int rank) {
    for (int slot = 0; slot < SLOTS; slot++) {
      Transfer transfer = slotTransfer[slot];
      if (transfer != null && transfer.rank == rank) {
        boolean _ = drop(slot, transfer);
      }
    }
    open.removeIf(transfer -> transfer.rank == rank);
    finished.removeIf(transfer -> transfer.rank == rank);
  }

  /// Drops one posted receive. Returns true when its memory is free.
  boolean withdraw(int rank, int transferId) {
    Transfer withdrawn = null;
    for (Transfer transfer : open) {
      if (transfer.rank == rank && transfer.transferId == transferId) {
        withdrawn = transfer;
      }
    }
    if (withdrawn == null) {
      throw new IllegalArgumentException(
          "no such receive: sourceRank=" + rank + " transferId=" + transferId);
    }
    open.remove(withdrawn);
    boolean isFree = true;
    for (int slot = 0; slot < SLOTS; slot++) {
      if (slotTransfer[slot] == withdrawn) {
        isFree &= drop(slot, withdrawn);
      }
    }
    return isFree;
  }

  /// Frees a slot under way; false when MPI keeps its memory.
  private boolean drop(int slot, Transfer transfer) {
    boolean isFree = !isSend && isCancelled(slot);
    if (!isFree) {
      MpiCalls.forget(requests, slot);
      quarantinedCount++;
      if (transfer.memory.isNative()) {
        keep(transfer);
      } else {
        slotMemory[slot] = null;
      }
    }
    release(slot, transfer);
    return isFree;
  }

  private static void keep(Transfer transfer) {
    synchronized (QUARANTINE) {
      QUARANTINE.add(transfer.memory);
    }
  }

  private boolean isCancelled(int slot) {
    MpiCalls.cancel(requests, slot);
    MpiCalls.test(requests, slot, completed.address());
    return completed.get(JAVA_INT, 0) != 0;
  }

  /// Slots lost to the quarantine.
  int quarantined() {
    return quarantinedCount;
  }

  boolean isIdle() {
    return open.isEmpty();
  }

  /// Cancels posted receives; sends stay as they are.
  void cancel(MemorySegment done, long deadlineNs) {
    if (isSend) {
      return;
    }
    for (int slot = 0; slot < SLOTS; slot++) {
      if (slotTransfer[slot] != null) {
        MpiCalls.cancel(requests, slot);
      }
    }
    for (int slot = 0; slot < SLOTS; slot++) {
      Transfer transfer = slotTransfer[slot];
      if (transfer != null) {
        // it may be forgotten at the end
        keep(transfer);
        MpiTransport.awaitCancelled(requests, slot, done, deadlineNs);
      }
    }
  }

  private void onChunk(int slot, int bytes) {
    Transfer transfer = slotTransfer[slot];
    if (transfer == null) {
      throw new IllegalStateException("a request completed that nobody started: slot=" + slot);
    }
    if (!isSend) {
      if (bytes != slotBytes[slot]) {
        throw new TransportException(
            "bulk transfer of another length than agreed: rank=%d transferId=%d offset=%d bytes=%d expectedBytes=%d"
                .formatted(
                    transfer.rank, transfer.transferId, slotOffset[slot], bytes, slotBytes[slot]));
      }
      if (!transfer.memory.isNative()) {
        MemorySegment.copy(staging(slot), 0, transfer.memory, slotOffset[slot], bytes);
      }
    }
    transfer.finishedBytes += slotBytes[slot];
    release(slot, transfer);
    if (transfer.finishedBytes == transfer.memory.byteSize()) {
      open.remove(transfer);
      finished.add(transfer);
    }
  }

  private void release(int slot, Transfer transfer) {
    slotTransfer[slot] = null;
    freeSlots[freeCount++] = slot;
    if (--transfer.slotCount == 0) {
      holderCount--;
    }
  }

  private int post(Transfer transfer) {
    int posted = 0;
    while (transfer.postedBytes < transfer.memory.byteSize() && mayPost(transfer)) {
      int slot = freeSlots[--freeCount];
      if (transfer.slotCount++ == 0) {
        holderCount++;
      }
      long offset = transfer.postedBytes;
      long left = transfer.memory.byteSize() - offset;
      int bytes = left <= LAST_CHUNK_BYTES_MAX ? (int) left : CHUNK_BYTES;
      slotTransfer[slot] = transfer;
      slotOffset[slot] = offset;
      slotBytes[slot] = bytes;
      transfer.postedBytes += bytes;
      posted++;
      long address = address(transfer, slot);
      if (isSend) {
        MpiCalls.isend(
            address,
            bytes,
            transfer.rank,
            transfer.tag,
            comm.number(),
            requests,
            slot,
            completed.address());
        if (completed.get(JAVA_INT, 0) != 0) {
          onChunk(slot, bytes);
        }
      } else {
        MpiCalls.irecv(address, bytes, transfer.rank, transfer.tag, comm.number(), requests, slot);
      }
    }
    return posted;
  }

  /// Where MPI reads or writes a chunk.
  private long address(Transfer transfer, int slot) {
    if (transfer.memory.isNative()) {
      return transfer.memory.address() + slotOffset[slot];
    }
    MemorySegment memory = staging(slot);
    if (isSend) {
      MemorySegment.copy(transfer.memory, slotOffset[slot], memory, 0, slotBytes[slot]);
    }
    return memory.address();
  }

  private MemorySegment staging(int slot) {
    MemorySegment memory = slotMemory[slot];
    if (memory == null) {
      memory = MpiCalls.allocate(LAST_CHUNK_BYTES_MAX);
      slotMemory[slot] = memory;
    }
    return memory;
  }

  private boolean mayPost(Transfer transfer) {
    if (transfer.slotCount == 0) {
      return freeCount > 0;
    }
    return transfer.slotCount < CHUNKS_MAX && freeCount > OPEN_MAX - holderCount;
  }

  private static final class Transfer {
    final int rank;
    final int transferId;
    final int tag;
    final MemorySegment memory;
    long postedBytes;
    long finishedBytes;
    int slotCount;

    Transfer(int rank, int transferId, int tag, MemorySegment memory) {
      this.rank = rank;
      this.transferId = transferId;
      this.tag = tag;
      this.memory = memory;
    }
  }
}
