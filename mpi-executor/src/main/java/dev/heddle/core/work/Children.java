package dev.heddle.core.work;

import dev.heddle.core.link.Child;
import dev.heddle.core.link.ChildRank;
import dev.heddle.core.link.Link;
import dev.heddle.core.link.Occupancy;
import dev.heddle.wire.frame.Frame;
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
/// so one number per child says which of them it has. Threading: the progress role.
///
/// Which child is next. A task goes to a child with a free slot; only where there is none, one that
/// is known to be short waits at a child, for slots that no long task has ([Occupancy]), as many as
/// its prefetch says. All others wait here, where they can still go to whichever slot is free
/// first. Credit bounds what a child can be sent at all; it doesn't say what it should be.
///
/// A leaf has no choice: its parent has made it.
public final class Children {
  /// Tasks that go to the same child in a row, at most.
  private static final int BURST_MAX = 16;

  private final Link link;
  private final Child[] children;
  private final @Nullable OwnWorker ownWorker;
  private final boolean isLeaf;
  private final List<byte[]> functions = new ArrayList<>(0);

  /// Per child, a bit: whether something has changed there since it was found without a free slot,
  /// or without room for a task of `roomlessFor`.
  private final long[] maybeFree;

  private final long[] maybeRoom;

  /// The least prefetch for which children were found without room.
  private int roomlessFor = Frame.PREFETCH_MAX;

  private int cursor;
  private int burst;
  private boolean isBurstFree;

  public Children(Link link, @Nullable Worker worker) {
    this.link = link;
    int below = link.children().length;
    this.ownWorker = worker == null ? null : new OwnWorker(below, worker);
    this.children = new Child[below + (worker == null ? 0 : 1)];
    for (int i = 0; i < below; i++) {
      children[i] = link.children()[i].child();
    }
    if (ownWorker != null) {
      children[below] = ownWorker;
    }
    this.isLeaf = below == 0 && link.parent() != null;
    this.maybeFree = new long[isLeaf ? 0 : Math.ceilDiv(children.length, Long.SIZE)];
    this.maybeRoom = new long[maybeFree.length];
    Arrays.fill(maybeFree, -1);
    Arrays.fill(maybeRoom, -1);
  }

  /// Makes the next function known; false when there are too many.
  public boolean define(byte[] frame) {
    if (functions.size() >= link.limits().functionsMax()) {
      return false;
    }
    functions.add(frame);
    return true;
  }

  public int functionCount() {
    return functions.size();
  }

  /// The receiver that the graph knows by this number.
  public Child at(int number) {
    return children[number];
  }

  // ---- what happens below

  /// Credit of `child` has arrived.
  public void onCredit(Child child) {
    mark(child);
  }

  /// A task of `child` has ended; `flags` and `prefetch` are those of its RESULT.
  public void onEnded(Child child, int flags, int prefetch) {
    if (isLeaf) {
      return;
    }
    Occupancy occupancy = child.occupancy();
    occupancy.onEnded(prefetch);
    if (flags == Frame.RETURNED) {
      // a relay deals out again what it has; which of its children is stuck, it knows itself
      occupancy.setStuck(child.isLeaf());
    } else if (flags != Frame.NOT_RUN && flags != Frame.RECALLED) {
      occupancy.setStuck(false);
    }
    mark(child);
  }

  /// A task of the own worker has ended.
  public void onOwnEnded(int flags, int prefetch) {
    onEnded(requireOwnWorker(), flags, prefetch);
  }

  /// The number of an array's places at `child` has changed.
  public void onPlaces(Child child, long change) {
    child.occupancy().onPlaces(change);
    if (change < 0) {
      child.occupancy().setStuck(false);
      mark(child);
    }
  }

  private void mark(Child child) {
    if (isLeaf) {
      return;
    }
    maybeFree[child.number() >> 6] |= 1L << child.number();
    maybeRoom[child.number() >> 6] |= 1L << child.number();
    burst = 0;
  }

  // ---- which child is next

  /// The child for the next task, which has this prefetch, where `backlog` tasks wait; null where
  /// no child is to have it now.
  ///
  /// A child gets several tasks in a row when many wait, since they then share a message; other
  /// children never stay idle for that. So does a child with idle ranks below it: it can start that
  /// many at once.
  public @Nullable Child next(int prefetch, int backlog) {
    if (isLeaf) {
      return ownWorker != null && ownWorker.hasCredit() ? ownWorker : null;
    }
    if (burst > 0 && takes(children[cursor], isBurstFree ? Child.FREE_SLOT : prefetch)) {
      burst--;
      return children[cursor];
    }
    isBurstFree = true;
    Child child = find(maybeFree, Child.FREE_SLOT);
    if (child == null) {
      isBurstFree = false;
      child = findRoom(prefetch);
    }
    if (child == null) {
      burst = 0;
      return null;
    }
    cursor = child.number();
    int count = children.length;
    long several = backlog >= BURST_MAX * count ? BURST_MAX : backlog / count;
    if (isBurstFree) {
      several = Math.max(several, child.idleRanks());
    }
    burst = Math.clamp(several, 1, BURST_MAX) - 1;
    return child;
  }

  private @Nullable Child findRoom(int prefetch) {
    if (prefetch > roomlessFor) {
      // a child without room for longer tasks may have room for this one
      Arrays.fill(maybeRoom, -1);
      roomlessFor = Frame.PREFETCH_MAX;
    }
    return find(maybeRoom, prefetch);
  }

  /// The first child behind the cursor that takes such a task, or null; those that don't are passed
  /// over from now on.
  private @Nullable Child find(long[] candidates, int prefetch) {
    Child child = find(candidates, prefetch, cursor + 1, children.length);
    return child == null ? find(candidates, prefetch, 0, cursor + 1) : child;
  }

  private @Nullable Child find(long[] candidates, int prefetch, int from, int to) {
    for (int at = candidate(candidates, from, to);
        at < to;
        at = candidate(candidates, at + 1, to)) {
      Child child = children[at];
      if (takes(child, prefetch)) {
        return child;
      }
      if (child != ownWorker) {
        // the own worker is always looked at: nobody tells when it has ended a chunk
        candidates[at >> 6] &= ~(1L << at);
        roomlessFor = prefetch == Child.FREE_SLOT ? roomlessFor : Math.min(roomlessFor, prefetch);
      }
    }
    return null;
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

  private static boolean takes(Child child, int prefetch) {
    return child.hasRoom(prefetch) && child.hasCredit();
  }

  /// Slots of the own worker that nothing was sent for; 0 where there is none.
  public long ownFreeSlots() {
    return ownWorker == null ? 0 : Math.max(0, ownWorker.freeSlots());
  }

  /// Whether all slots below have tasks that take long, as far as is known: what waits for one of
  /// them may wait as long.
  public boolean areAllTaken() {
    for (Child child : children) {
      if (child.turningSlots() > 0 || child.freeSlots() > 0) {
        return false;
      }
    }
    return true;
  }

  /// Number of receivers.
  public int count() {
    return children.length;
  }

  /// Whether `child` may have a task with this prefetch that can't start yet. A task for each slot
  /// and half of the bytes are left for tasks that can start.
  public boolean hasRoomAhead(Child child, int prefetch) {
    return child.occupancy().hasRoomAhead(child.slots(), prefetch)
        && child.hasCreditBeyondSlots(link.limits().taskBytesMax() / 2);
  }

  /// Sends the functions up to `functionId` that `child` lacks; false when there is no buffer.
  public boolean sendFunctions(ChildRank child, int functionId) {
    while (child.functionsSent() <= functionId && child.functionsSent() < functions.size()) {
      if (!link.send(child.edge(), functions.get(child.functionsSent()))) {
        return false;
      }
      child.onFunctionSent();
    }
    return true;
  }

  /// Something that writes a TASK frame.
  public interface FrameWriter {
    void write(Child child, int bytes, MemorySegment s, long offset);
  }

  /// Sends a TASK frame of `bytes` with this prefetch to `child`; false when there is no buffer.
  public boolean send(
      Child child, int functionId, int prefetch, int bytes, FrameWriter writer, long nowNs) {
    if (child instanceof ChildRank below) {
      if (!sendOver(below, functionId, bytes, writer)) {
        return false;
      }
      onSent(child, prefetch);
      return true;
    }
    MemorySegment frame = MemorySegment.ofArray(new byte[bytes]);
    writer.write(child, bytes, frame, 0);
    OwnWorker own = requireOwnWorker();
    own.onSent(bytes);
    onSent(child, prefetch);
    // last: the task may end at once
    own.take(frame, nowNs);
    return true;
  }

  private void onSent(Child child, int prefetch) {
    if (!isLeaf) {
      child.occupancy().onSent(prefetch);
    }
  }

  private boolean sendOver(ChildRank child, int functionId, int bytes, FrameWriter writer) {
    if (!sendFunctions(child, functionId)) {
      return false;
    }
    if (!link.fits(bytes)) {
      byte[] frame = new byte[bytes];
      writer.write(child, bytes, MemorySegment.ofArray(frame), 0);
      return link.send(child.edge(), frame);
    }
    int offset = link.claim(child.edge(), Frame.TASK, bytes);
    if (offset < 0) {
      return false;
    }
    writer.write(child, bytes, link.segment(), offset);
    link.commit();
    return true;
  }

  /// Whether nothing that was sent is still out; for tests and the simulator.
  public boolean areEmpty() {
    return Arrays.stream(children).allMatch(child -> child.occupancy().isEmpty());
  }

  @Override
  public String toString() {
    return Arrays.toString(children);
  }

  private OwnWorker requireOwnWorker() {
    OwnWorker own = ownWorker;
    if (own == null) {
      throw new IllegalStateException("no worker on this rank: rank=" + link.rank());
    }
    return own;
  }
}
