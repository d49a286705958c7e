package dev.heddle.core;

import dev.heddle.wire.Frame;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The receivers of a role's tasks: the edges to its children, and the worker on its own rank,
/// which counts as the last child.
///
/// Shape: choosing one costs O(1), but for a word per 64 children; nothing is looked at twice until
/// something has changed there. Functions are numbered in the order in which they are made known,
/// so one number per edge says which of them it has. Threading: the progress role.
///
/// Who is next. A task goes to a child with a free slot; only where there is none, one that is
/// known to be short waits at a child, for slots that no long task has ([Occupancy]), as many as
/// its prefetch says. All others wait here, where they can still go to whichever slot is free
/// first. Credit bounds what a child can be sent at all; it doesn't say what it should be.
///
/// A leaf has no choice: its parent has made it.
final class Children {
  /// No child is to have the task now.
  static final int NONE = -1;

  /// Tasks that go to the same child in a row, at most.
  private static final int BURST_MAX = 16;

  /// In place of a prefetch: a child with a free slot.
  private static final int FREE_SLOT = -1;

  private final Link link;
  private final Edge[] edges;
  private final @Nullable Worker worker;
  private final boolean isLeaf;
  private final Occupancy[] occupancies;
  private final List<byte[]> functions = new ArrayList<>(0);

  /// Per child, whether something has changed there since it was found without a free slot, or
  /// without room for a task of `roomlessFor`.
  private final long[] maybeFree;

  private final long[] maybeRoom;

  /// The least prefetch for which children were found without room.
  private int roomlessFor = Frame.PREFETCH_MAX;

  private int cursor;
  private int burst;
  private boolean isBurstFree;

  private long workerFramesSent;
  private long workerBytesSent;

  Children(Link link, @Nullable Worker worker) {
    this.link = link;
    this.edges = link.children();
    this.worker = worker;
    this.isLeaf = edges.length == 0 && link.parent() != null;
    int watched = isLeaf ? 0 : count();
    this.occupancies = new Occupancy[watched];
    Arrays.setAll(occupancies, _ -> new Occupancy());
    this.maybeFree = new long[Math.ceilDiv(watched, Long.SIZE)];
    this.maybeRoom = new long[maybeFree.length];
    Arrays.fill(maybeFree, -1);
    Arrays.fill(maybeRoom, -1);
  }

  /// Makes the next function known; false when there are too many.
  boolean define(byte[] frame) {
    if (functions.size() >= link.limits().functionsMax()) {
      return false;
    }
    functions.add(frame);
    return true;
  }

  int functionCount() {
    return functions.size();
  }

  // ---- what happens below

  /// Credit of `child` has come.
  void onCredit(int child) {
    mark(child);
  }

  /// A task of `child` has ended; `flags` and `prefetch` are those of its RESULT.
  void onEnded(int child, int flags, int prefetch) {
    if (isLeaf) {
      return;
    }
    Occupancy occupancy = occupancies[child];
    occupancy.onEnded(prefetch);
    if (flags == Frame.RETURNED) {
      // a relay deals out again what it has; which of its children is stuck, it knows itself
      occupancy.setStuck(isLeaf(child));
    } else if (flags != Frame.NOT_RUN) {
      occupancy.setStuck(false);
    }
    mark(child);
  }

  /// The number of tasks that wait at `child` for the results of others has changed.
  void onEarly(int child, int change) {
    occupancies[child].onEarly(change);
  }

  /// The number of an array's places at `child` has changed.
  void onPlaces(int child, long change) {
    occupancies[child].onPlaces(change);
    if (change < 0) {
      occupancies[child].setStuck(false);
      mark(child);
    }
  }

  private void mark(int child) {
    if (isLeaf) {
      return;
    }
    maybeFree[child >> 6] |= 1L << child;
    maybeRoom[child >> 6] |= 1L << child;
    burst = 0;
  }

  // ---- who is next

  /// The child for the next task, which has this prefetch, where `backlog` tasks wait; or [#NONE].
  ///
  /// A child gets several in a row when many wait, since they then share a message; never so many
  /// that others stay idle. So does a child with idle ranks below it: it can start that many at
  /// once.
  int next(int prefetch, int backlog) {
    if (isLeaf) {
      return hasWorkerCredit() ? 0 : NONE;
    }
    if (burst > 0 && takes(cursor, isBurstFree ? FREE_SLOT : prefetch)) {
      burst--;
      return cursor;
    }
    isBurstFree = true;
    int child = find(maybeFree, FREE_SLOT);
    if (child == NONE) {
      isBurstFree = false;
      child = findRoom(prefetch);
    }
    if (child == NONE) {
      burst = 0;
      return NONE;
    }
    cursor = child;
    int count = count();
    long several = backlog >= BURST_MAX * count ? BURST_MAX : backlog / count;
    if (isBurstFree) {
      several = Math.max(several, idleBelow(child));
    }
    burst = Math.clamp(several, 1, BURST_MAX) - 1;
    return child;
  }

  private int findRoom(int prefetch) {
    if (prefetch > roomlessFor) {
      // a child without room for longer tasks may have room for this one
      Arrays.fill(maybeRoom, -1);
      roomlessFor = Frame.PREFETCH_MAX;
    }
    return find(maybeRoom, prefetch);
  }

  /// The first child behind the cursor that takes such a task, or [#NONE]; those that don't are
  /// passed over from now on.
  private int find(long[] candidates, int prefetch) {
    int child = find(candidates, prefetch, cursor + 1, count());
    return child == NONE ? find(candidates, prefetch, 0, cursor + 1) : child;
  }

  private int find(long[] candidates, int prefetch, int from, int to) {
    for (int child = candidate(candidates, from, to);
        child < to;
        child = candidate(candidates, child + 1, to)) {
      if (takes(child, prefetch)) {
        return child;
      }
      if (child < edges.length) {
        // the own worker is always looked at: nobody tells when it has ended a chunk
        candidates[child >> 6] &= ~(1L << child);
        roomlessFor = prefetch == FREE_SLOT ? roomlessFor : Math.min(roomlessFor, prefetch);
      }
    }
    return NONE;
  }

  /// The first candidate from `from` on, or `to`.
  private static int candidate(long[] candidates, int from, int to) {
    for (int at = from; at < to; at = (at | 63) + 1) {
      long word = candidates[at >> 6] >>> at;
      if (word != 0) {
        return Math.min(to, at + Long.numberOfTrailingZeros(word));
      }
    }
    return to;
  }

  private boolean takes(int child, int prefetch) {
    boolean hasPlace =
        prefetch == FREE_SLOT
            ? freeSlots(child) > 0
            : occupancies[child].hasRoom(slots(child), prefetch);
    return hasPlace && hasCredit(child);
  }

  private long slots(int child) {
    return child < edges.length ? edges[child].slotsBelow : requireWorker().slots();
  }

  /// Slots at and below `child` that nothing was sent for.
  long freeSlots(int child) {
    long free = occupancies[child].freeSlots(slots(child));
    return child < edges.length ? free : free - requireWorker().chunks();
  }

  /// Slots at and below `child` that may be free soon: no long task has them.
  long turningSlots(int child) {
    return occupancies[child].turningSlots(slots(child));
  }

  /// Whether all slots below have tasks that take long, as far as is known: what waits for one of
  /// them may wait as long.
  boolean areAllTaken() {
    for (int child = 0; child < count(); child++) {
      if (turningSlots(child) > 0 || freeSlots(child) > 0) {
        return false;
      }
    }
    return true;
  }

  /// Ranks below and including a child that have no task, roughly: with several slots they may have
  /// fewer than they could, and what tasks print counts like their ends.
  private long idleBelow(int child) {
    if (child == edges.length) {
      return 0;
    }
    Edge edge = edges[child];
    return edge.ranksBelow - (edge.framesSent - edge.framesReceived);
  }

  private boolean hasCredit(int child) {
    return child < edges.length ? edges[child].hasCredit() : hasWorkerCredit();
  }

  /// Number of receivers.
  int count() {
    return edges.length + (worker == null ? 0 : 1);
  }

  /// The worker on the own rank, as a child.
  int ownWorker() {
    return edges.length;
  }

  /// Whether what is sent to `child` runs there, on one rank.
  boolean isLeaf(int child) {
    return child == edges.length || edges[child].isLeaf();
  }

  /// Whether `child` may have a task with this prefetch that can't start yet: never so many that
  /// its slots could not be filled with others, for which a task each and half of the bytes are
  /// left.
  boolean hasRoomAhead(int child, int prefetch) {
    if (!occupancies[child].hasRoomAhead(slots(child), prefetch)) {
      return false;
    }
    long bytesLeft = link.limits().taskBytesMax() / 2;
    if (child < edges.length) {
      Edge edge = edges[child];
      return edge.hasCredit()
          && edge.frameLimit - edge.framesSent > edge.slotsBelow
          && edge.byteLimit - edge.bytesSent > bytesLeft;
    }
    return hasWorkerCredit()
        && requireWorker().frameGrant() - workerFramesSent > requireWorker().slots()
        && requireWorker().byteGrant() - workerBytesSent > bytesLeft;
  }

  private boolean hasWorkerCredit() {
    return worker != null
        && workerFramesSent < worker.frameGrant()
        && workerBytesSent < worker.byteGrant();
  }

  /// Sends the functions up to `functionId` that `child` lacks; false when there is no buffer.
  boolean sendFunctions(Edge edge, int functionId) {
    while (edge.functionsSent <= functionId && edge.functionsSent < functions.size()) {
      if (!link.send(edge, functions.get(edge.functionsSent))) {
        return false;
      }
      edge.functionsSent++;
    }
    return true;
  }

  /// Something that writes a TASK frame.
  interface FrameWriter {
    void write(int child, int bytes, MemorySegment s, long offset);
  }

  /// Sends a TASK frame of `bytes` with this prefetch to `child`; false when there is no buffer.
  boolean send(int child, int functionId, int prefetch, int bytes, FrameWriter writer) {
    if (child == edges.length) {
      byte[] frame = new byte[bytes];
      MemorySegment s = MemorySegment.ofArray(frame);
      writer.write(child, bytes, s, 0);
      workerFramesSent++;
      workerBytesSent += bytes;
      onSent(child, prefetch);
      // last: it may end at once
      requireWorker().onTask(s, 0, bytes);
      return true;
    }
    if (!sendOver(edges[child], functionId, bytes, writer)) {
      return false;
    }
    onSent(child, prefetch);
    return true;
  }

  private void onSent(int child, int prefetch) {
    if (!isLeaf) {
      occupancies[child].onSent(prefetch);
    }
  }

  private boolean sendOver(Edge edge, int functionId, int bytes, FrameWriter writer) {
    if (!sendFunctions(edge, functionId)) {
      return false;
    }
    if (!link.fits(bytes)) {
      byte[] frame = new byte[bytes];
      writer.write(edge.child, bytes, MemorySegment.ofArray(frame), 0);
      return link.send(edge, frame);
    }
    int offset = link.claim(edge, Frame.TASK, bytes);
    if (offset < 0) {
      return false;
    }
    writer.write(edge.child, bytes, link.segment(), offset);
    link.commit();
    return true;
  }

  /// Whether nothing that was sent is still out; for tests and the simulator.
  boolean areEmpty() {
    return Arrays.stream(occupancies).allMatch(Occupancy::isEmpty);
  }

  @Override
  public String toString() {
    return Arrays.toString(occupancies);
  }

  private Worker requireWorker() {
    Worker local = worker;
    if (local == null) {
      throw new IllegalStateException("no worker on this rank: rank=" + link.rank());
    }
    return local;
  }
}
