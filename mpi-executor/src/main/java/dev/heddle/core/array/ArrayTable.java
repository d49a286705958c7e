package dev.heddle.core.array;

import dev.heddle.core.frames.ArrayDescriptor;
import dev.heddle.core.frames.ArrayFrame;
import dev.heddle.core.frames.CancelFrame;
import dev.heddle.core.frames.ChunkOutcome;
import dev.heddle.core.frames.TaskFrame;
import dev.heddle.core.link.ChildRank;
import dev.heddle.core.link.Edge;
import dev.heddle.core.link.Link;
import dev.heddle.core.work.Children;
import dev.heddle.core.work.Chunks;
import dev.heddle.core.work.Starter;
import dev.heddle.graph.ArrayJob;
import dev.heddle.wire.frame.ArrayFields;
import dev.heddle.wire.frame.Frame;
import dev.heddle.wire.frame.PartFields;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongFunction;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/// All arrays that are open at a rank: splits their ranges between the children and the own slots,
/// and puts together what comes back.
///
/// Shape: O(open arrays x children). Made when the first array comes. Threading: the progress role.
///
/// A range costs no credit: a parent never has more than two out per child and array, and rank 0
/// opens no more than [#OPEN_MAX] arrays at a time. What goes up, a PART, needs credit as a RESULT
/// does. A descriptor goes down an edge once, ahead of the first range; a CANCEL, which also ends
/// an array that is done, takes it away again.
///
/// A slot gets a *chunk*. How long it works on that is its own affair: it comes back after some
/// milliseconds and says how far it got, and the rest returns to the hand.
public final class ArrayTable implements Chunks {
  /// Arrays that rank 0 has open at the same time.
  static final int OPEN_MAX = 64;

  /// Arrays that a rank below may know: those that are open, and those that were given up while a
  /// slot was in an index that can't be stopped, or before their descriptors had come in bulk. More
  /// are forged.
  private static final int KNOWN_MAX = 1 << 14;

  /// Ranges of one array that a rank may have at the same time, and [#PARTS_PER_SLOT] more for each
  /// slot at and below it: at the end of an array a place is sent for each that has ended, so that
  /// each slot may work on a range of its own. More are forged.
  private static final int PARTS_MAX = 256;

  private static final int PARTS_PER_SLOT = 4;

  /// What is above a rank's arrays: the way up, or rank 0's graph.
  public interface Above {
    /// Takes a PART of a kept form; `child` is null for this rank's own.
    void onPart(
        ArrayShare share, @Nullable ChildRank child, MemorySegment s, long offset, int length);

    /// A range of a reduction is done and combined.
    void onComplete(ArrayShare share, ArrayPart part);

    /// Below rank 0: segments of a reduction that will have no neighbours here are to be released.
    default void onScattered(ArrayShare share, ArrayPart part) {}

    /// Whether this is rank 0, where everything ends.
    default boolean isTop() {
      return false;
    }

    /// On rank 0: places of a reduction have failed.
    default void onFailedRange(ArrayShare share, long from, long to) {}

    /// On rank 0: a failure of a reduction.
    default void onFailure(ArrayShare share, ArrayFrame.Failed failed) {}

    /// On rank 0: places of a reduction have ended; the values are still to be combined in `part`.
    default void onProgress(ArrayShare share, ArrayPart part, long from, long to) {}

    /// A PART of `child` goes no further as it is.
    void onAbsorbed(ChildRank child, int length);

    /// Whether a slot may produce more.
    boolean hasRoom();

    /// Asks for a large value of `length` encoded bytes; the answer is [#onValue].
    void fetch(long valueId, long length);
  }

  private final Link link;
  private final Children children;
  private final Above above;
  private final LongFunction<@Nullable MemorySegment> known;
  private final int slots;

  /// By priority, then by arrival.
  private final List<ArrayShare> open = new ArrayList<>();

  private final ArrayChunks chunks;
  private final ArraySplit split;
  private final ArrayFolds folds;
  private final ArrayGather gather;

  /// `known` has the large values that this rank has already, or null.
  public ArrayTable(
      Link link,
      Children children,
      Starter starter,
      int slots,
      LongFunction<@Nullable MemorySegment> known,
      Above above) {
    this.link = link;
    this.children = children;
    this.slots = slots;
    this.known = known;
    this.above = above;
    this.split = new ArraySplit(link, children, slots);
    this.folds = new ArrayFolds(link, starter, above);
    this.gather = new ArrayGather(above, folds);
    this.chunks = new ArrayChunks(link, starter, above, open, slots, split::slotsTotal);
  }

  // ---- from above

  /// The share of an array, or null.
  @Nullable ArrayShare find(long taskId) {
    for (ArrayShare share : open) {
      if (share.taskId == taskId) {
        return share;
      }
    }
    return null;
  }

  private @Nullable ArrayShare findOrAdd(long taskId) {
    ArrayShare share = find(taskId);
    if (share == null && open.size() < KNOWN_MAX) {
      share = new ArrayShare(taskId, link.children().length);
      open.add(share);
    }
    return share;
  }

  /// Takes a descriptor in; false when it can't be right.
  public boolean onArray(byte[] frame) {
    ArrayShare share = findOrAdd(ArrayFields.taskId(frame, 0));
    if (share == null || share.frame != null) {
      return false;
    }
    if (share.isCancelled) {
      open.remove(share);
      return true;
    }
    describe(share, frame);
    return true;
  }

  private void describe(ArrayShare share, byte[] frame) {
    share.frame = frame;
    share.priority = ArrayFields.priority(frame, 0);
    open.remove(share);
    int at = open.size();
    while (at > 0 && open.get(at - 1).priority < share.priority) {
      at--;
    }
    open.add(at, share);
    split.lookAgain();
    long[] handles = TaskFrame.needs(MemorySegment.ofArray(frame), 0);
    boolean isCalledHere = slots > 0 || ArrayFields.combinerCaptures(frame, 0) > 0;
    if (handles.length == 0 || !isCalledHere) {
      share.descriptor = new ArrayDescriptor(frame, null);
      return;
    }
    share.handles = handles;
    int count = handles.length / 2;
    @Nullable MemorySegment[] values = new @Nullable MemorySegment[count];
    share.values = values;
    share.asked = new boolean[count];
    for (int i = 0; i < count; i++) {
      values[i] = known.apply(handles[2 * i]);
      // an array waits on rank 0 for the results of tasks: a frame that names one here is forged
      share.asked[i] = values[i] == null && TaskFrame.isValue(handles, i);
    }
    becomeReady(share);
    for (int i = 0; i < count; i++) {
      if (share.asked[i]) {
        above.fetch(handles[2 * i], handles[2 * i + 1]);
      }
    }
  }

  private void becomeReady(ArrayShare share) {
    byte[] frame = share.frame;
    if (share.descriptor != null || frame == null) {
      return;
    }
    for (boolean missing : share.asked) {
      if (missing) {
        return;
      }
    }
    share.descriptor = new ArrayDescriptor(frame, share.values);
    for (ArrayPart part : List.copyOf(share.parts)) {
      folds.advance(share, part);
    }
  }

  /// A large value has arrived, or, with null, can't be had.
  public void onValue(long valueId, @Nullable MemorySegment value) {
    for (ArrayShare share : List.copyOf(open)) {
      @Nullable MemorySegment[] values = share.values;
      for (int i = 0; values != null && i < values.length; i++) {
        if (share.handles[2 * i] == valueId && share.asked[i]) {
          values[i] = value;
          share.asked[i] = false;
        }
      }
      becomeReady(share);
    }
  }

  /// Takes a range in; false when it can't be right.
  public boolean onRange(long taskId, long from, long to, boolean isAdvance) {
    ArrayShare share = findOrAdd(taskId);
    if (share == null
        || share.overlaps(from, to)
        || share.parts.size() >= PARTS_MAX + PARTS_PER_SLOT * split.slotsTotal()) {
      return false;
    }
    byte[] frame = share.frame;
    if (frame != null && to > ArrayFields.indexCount(frame, 0)) {
      return false;
    }
    if (!share.isCancelled) {
      ArrayPart part = new ArrayPart(from, to, to - from);
      part.isAdvance = isAdvance;
      share.hasNewAdvance |= isAdvance;
      share.give(part, from, to);
      split.lookAgain();
    }
    return true;
  }

  /// Opens an array on rank 0.
  public ArrayShare open(byte[] frame, ArrayPart whole, long[][] places) {
    ArrayShare share = new ArrayShare(ArrayFields.taskId(frame, 0), link.children().length);
    open.add(share);
    for (long[] range : places) {
      share.give(whole, range[0], range[1]);
    }
    describe(share, frame);
    return share;
  }

  public boolean mayOpen() {
    return open.size() < OPEN_MAX;
  }

  /// The array was given up, or is done: tells the ranks that have it. Returns false when the array
  /// isn't here.
  public boolean onCancel(long taskId, boolean interrupt) {
    ArrayShare share = find(taskId);
    if (share == null) {
      return false;
    }
    share.isCancelled = true;
    share.hand.clear();
    share.inHand = 0;
    share.parts.clear();
    // what it leaves may be another's
    split.lookAgain();
    for (Edge edge : link.children()) {
      split.changeOutstanding(share, edge.child(), -share.outstanding(edge.child()));
      if (share.isDescribed(edge.child())) {
        link.control(edge, CancelFrame.of(taskId, interrupt ? Frame.FLAG_INTERRUPT : 0));
      }
    }
    chunks.cancel(share, interrupt);
    // without its descriptor it waits for that, to know that it was cancelled
    if (share.running == 0 && share.frame != null) {
      open.remove(share);
    }
    return true;
  }

  /// A cancel has overtaken its array, which comes in bulk.
  public void cancelEarly(long taskId) {
    ArrayShare share = findOrAdd(taskId);
    if (share != null) {
      share.isCancelled = true;
    }
  }

  /// The run ends: nothing more is started.
  public void clear() {
    open.clear();
    folds.clear();
  }

  // ---- down

  /// Gives back what has waited here for too long, and sends ranges to children that are about to
  /// run out. Returns the work done.
  public int pump(long nowNs) {
    int work = 0;
    for (int i = 0; i < open.size(); i++) {
      work += returnAdvances(open.get(i), nowNs);
    }
    return work + split.pump(open);
  }

  private int returnAdvances(ArrayShare share, long nowNs) {
    int back = split.sendBack(share, nowNs);
    for (ArrayPart part : back == 0 ? List.<ArrayPart>of() : List.copyOf(share.parts)) {
      // all that has stayed may have ended before
      if (part.left == 0) {
        end(share, part);
      }
    }
    return back;
  }

  /// Nothing is left of a part.
  private void end(ArrayShare share, ArrayPart part) {
    byte[] frame = share.frame;
    if (frame != null && isKept(frame)) {
      share.parts.remove(part);
    } else {
      folds.advance(share, part);
    }
  }

  static boolean isKept(byte[] frame) {
    return (ArrayFields.form(frame, 0) & ~ArrayJob.LIST_INPUT) <= ArrayJob.KEEP_DOUBLES;
  }

  /// When a turn has to be taken to give something back, or [ArrayShare#NEVER].
  public long dueNs() {
    return ArraySplit.dueNs(open);
  }

  /// A task below has ended: there may be a slot for a place that had none.
  public void onSlotFreed() {
    split.lookAgain();
  }

  // ---- the own slots, see ArrayChunks

  @Override
  public @Nullable ArrayDescriptor nextForSlot() {
    return chunks.nextForSlot();
  }

  @Override
  public void startChunk(int slot) {
    chunks.start(slot);
  }

  @Override
  public boolean hasChunkWanted() {
    return chunks.areWanted();
  }

  @Override
  public LongStream running() {
    return chunks.running();
  }

  @Override
  public boolean isChunk(int slot) {
    return chunks.isChunk(slot);
  }

  @Override
  public void onChunk(int slot, ChunkOutcome outcome) {
    ArrayShare share = chunks.end(slot);
    if (share.isCancelled) {
      if (share.running == 0) {
        open.remove(share);
      }
      return;
    }
    if (!open.contains(share)) {
      return;
    }
    long reached =
        switch (outcome) {
          case ChunkOutcome.Stopped() -> chunks.from(slot);
          case ChunkOutcome.Reduced(ArrayFrame.Segment segment) -> segment.to();
          case ChunkOutcome.Frames(long to, _) -> to;
        };
    share.giveBack(reached, chunks.to(slot));
    split.lookAgain();
    boolean isRight =
        switch (outcome) {
          case ChunkOutcome.Stopped() -> true;
          case ChunkOutcome.Reduced(ArrayFrame.Segment segment) -> gather.accept(share, segment);
          case ChunkOutcome.Frames(_, List<byte[]> frames) -> gather.accept(share, frames);
        };
    if (!isRight) {
      // somebody below has claimed these places, which only a forged frame can do
      link.counters().strayFrames++;
    }
  }

  // ---- up

  /// Takes a PART of a child in; false when nobody has asked for it.
  public boolean onPart(ChildRank child, MemorySegment s, long offset, int length) {
    ArrayShare share = find(PartFields.taskId(s, offset));
    if (share == null || share.isCancelled || share.frame == null) {
      return false;
    }
    long places = PartFields.to(s, offset) - PartFields.from(s, offset);
    if (places > share.outstanding(child)) {
      return false;
    }
    // first: with its last places an array is over, and nothing of it is out
    split.changeOutstanding(share, child, -places);
    if (!gather.accept(share, child, s, offset, length)) {
      split.changeOutstanding(share, child, places);
      return false;
    }
    split.lookAgain();
    return true;
  }

  /// Takes back places that a child has not begun with; false when they can't be right.
  public boolean onReturned(ChildRank child, long taskId, long from, long to) {
    ArrayShare share = find(taskId);
    if (share == null || share.isCancelled || to - from > share.outstanding(child)) {
      return false;
    }
    ArrayPart part = share.partOf(from, to);
    if (part == null || !part.isOpen(from, to)) {
      return false;
    }
    share.onReturned(child, from, to);
    children.onPlaces(child, from - to);
    split.lookAgain();
    return true;
  }

  /// What was given to [Starter#fold] is combined, or, with the flags of a failure, can't be.
  public void onFolded(long token, int flags, byte[] payload) {
    folds.onFolded(token, flags, payload);
  }

  /// `tasks`, and the arrays of which `child` has places.
  public long[] with(long[] tasks, ChildRank child) {
    return LongStream.concat(
            LongStream.of(tasks),
            open.stream()
                .filter(share -> share.outstanding(child) > 0)
                .mapToLong(share -> share.taskId))
        .sorted()
        .toArray();
  }

  /// Memory for all arrays, about, without what their results hold; for tests and the simulator.
  public long stateBytes() {
    long bytes = 0;
    for (ArrayShare share : open) {
      bytes += share.stateBytes();
    }
    return bytes;
  }

  /// Walks over all arrays; for tests and the simulator.
  public void checkInvariants() {
    for (ArrayShare share : open) {
      share.checkInvariants(link.rank());
      if (!above.isTop() && share.parts.stream().anyMatch(ArrayPart::isScattered)) {
        throw new IllegalStateException("too many segments: rank=" + link.rank());
      }
    }
  }
}
