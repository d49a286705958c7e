package dev.heddle.core.array;

import dev.heddle.core.frames.ArrayDescriptor;
import dev.heddle.core.link.ChildRank;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One array at one rank: the ranges it was given, what of them is still in its hand, and what is
/// out below.
///
/// Shape: O(children + ranges from above). Threading: the progress role.
///
/// Guided self-scheduling (Polychronopoulos and Kuck, 1987): the next child gets a part of what is
/// left, in proportion to its slots, so that ranges are long at first and short at the end, when
/// they must balance. A child has at most two ranges at a time, one to work on and one to go on
/// with; when less is left than there are slots, no more than it can start at once.
///
/// The first range for a child with ranks below it is an *advance*: few places per slot are handed
/// out at once, all of a fair share, since the way there and back may take longer than they do. A
/// child that still has some of them after [#ADVANCE_NS] gives back what it would not have got by
/// the guided rule.
public final class ArrayShare {
  /// What is left is divided into this many ranges per slot: 1 would be best for even places, more
  /// leaves room for uneven ones.
  private static final long RANGES_PER_SLOT = 4;

  /// Places per slot of an advance: where there are more, ranges are long enough by themselves.
  private static final long ADVANCE_PLACES = 32;

  /// What goes back costs a round trip through sleeping ranks, and some places that nobody runs
  /// meanwhile: some milliseconds, a tenth of this.
  public static final long ADVANCE_NS = 100_000_000;

  /// No time.
  public static final long NEVER = Long.MAX_VALUE;

  final long taskId;

  /// The ARRAY frame, once it has arrived: large frames are overtaken by their first ranges.
  byte @Nullable [] frame;

  /// The same with its large values, once these have arrived.
  public @Nullable ArrayDescriptor descriptor;

  /// Id and length of each large value it needs.
  long[] handles = {};

  @Nullable MemorySegment @Nullable [] values;
  boolean[] asked = {};

  boolean isCancelled;
  int priority;

  /// Ranges that nobody works on: from, to; in ascending order but for what comes back.
  final ArrayDeque<long[]> hand = new ArrayDeque<>(2);

  long inHand;
  final List<ArrayPart> parts = new ArrayList<>(2);

  /// Per child, by its number: places that are out, and the length of the last range.
  private final long[] outstanding;

  private final long[] last;

  /// When advances go back, or [#NEVER] while there are none.
  long advanceDueNs = NEVER;

  /// An advance has arrived since the last turn.
  boolean hasNewAdvance;

  /// Per child, by its number: whether it has the frame.
  private final boolean[] described;

  /// The child to be served first next time.
  int cursor;

  /// Slots of this rank that work on it.
  int running;

  ArrayShare(long taskId, int children) {
    this.taskId = taskId;
    this.outstanding = new long[children];
    this.last = new long[children];
    this.described = new boolean[children];
  }

  /// Takes a range in.
  void give(ArrayPart part, long from, long to) {
    if (!parts.contains(part)) {
      parts.add(part);
    }
    hand.add(new long[] {from, to});
    inHand += to - from;
  }

  /// Takes back what was not done.
  public void giveBack(long from, long to) {
    if (from < to) {
      hand.addFirst(new long[] {from, to});
      inHand += to - from;
    }
  }

  /// Up to `places` of the lowest range in hand, taken out.
  long[] take(long places) {
    long[] range = hand.element();
    long to = range[0] + Math.min(places, range[1] - range[0]);
    long[] taken = {range[0], to};
    if (to == range[1]) {
      hand.remove();
    } else {
      range[0] = to;
    }
    inHand -= taken[1] - taken[0];
    return taken;
  }

  /// Places for `child` now, 0 for none, where it has `slots` of `slotsTotal`.
  long placesFor(ChildRank child, long slots, long slotsTotal) {
    if (inHand < slotsTotal) {
      return Math.clamp(slots - outstanding[child.number()], 0, inHand);
    }
    if (outstanding[child.number()] > last[child.number()]) {
      return 0;
    }
    long portion = portion(slots, slotsTotal);
    boolean isFirstOfFew = last[child.number()] == 0 && inHand <= ADVANCE_PLACES * slotsTotal;
    return Math.max(slots, isFirstOfFew ? 2 * portion : portion);
  }

  /// Whether a child has had a range.
  boolean isServed(ChildRank child) {
    return last[child.number()] > 0;
  }

  /// Whether a child has the frame.
  boolean isDescribed(ChildRank child) {
    return described[child.number()];
  }

  /// A child has the frame.
  void onDescribed(ChildRank child) {
    described[child.number()] = true;
  }

  /// Places that are out at a child.
  long outstanding(ChildRank child) {
    return outstanding[child.number()];
  }

  /// A child has this many places more, or fewer.
  void changeOutstanding(ChildRank child, long places) {
    outstanding[child.number()] += places;
  }

  /// Places to be sent to a child in advance, which has `slots` of the `slotsUnserved` that have
  /// had none; 0 where these are not more than it gets anyway.
  long advanceFor(long slots, long slotsUnserved, long slotsTotal) {
    if (inHand > ADVANCE_PLACES * slotsUnserved) {
      return 0;
    }
    long fair = Math.ceilDiv(inHand * slots, slotsUnserved);
    return fair > portion(slots, slotsTotal) ? fair : 0;
  }

  /// Takes out what goes back of the advances: of what is in hand, all but a guided share. Returns
  /// ranges from high places to low ones.
  List<long[]> takeAdvances() {
    advanceDueNs = NEVER;
    List<long[]> back = new ArrayList<>(2);
    long most = inHand - Math.ceilDiv(inHand, RANGES_PER_SLOT);
    for (int i = parts.size() - 1; i >= 0; i--) {
      ArrayPart part = parts.get(i);
      long[] tail = part.isAdvance ? tailOf(part) : null;
      part.isAdvance = false;
      if (tail == null || most == 0) {
        continue;
      }
      long from = Math.max(tail[0], tail[1] - most);
      back.add(new long[] {from, tail[1]});
      most -= tail[1] - from;
      inHand -= tail[1] - from;
      part.shorten(from);
      tail[1] = from;
      if (tail[0] == from) {
        hand.removeIf(range -> range[0] == range[1]);
      }
      if (part.from == part.to) {
        parts.remove(part);
      }
    }
    return back;
  }

  /// The range in hand that ends where `part` does, or null.
  private long @Nullable [] tailOf(ArrayPart part) {
    for (long[] range : hand) {
      if (range[1] == part.to) {
        return range;
      }
    }
    return null;
  }

  /// A child gives back some of what it has.
  public void onReturned(ChildRank child, long from, long to) {
    outstanding[child.number()] -= to - from;
    hand.add(new long[] {from, to});
    inHand += to - from;
  }

  /// The guided portion of `slots` of `slotsTotal`, from 0.
  long portion(long slots, long slotsTotal) {
    long parts = RANGES_PER_SLOT * slotsTotal;
    // the product fits for less than 2^40 places and 2^21 slots
    return inHand < 1L << 40 ? inHand * slots / parts : inHand / parts * slots;
  }

  void onSent(ChildRank child, long places) {
    outstanding[child.number()] += places;
    last[child.number()] = places;
  }

  /// Whether combining can't keep up with the slots.
  boolean isBehind() {
    for (int i = 0; i < parts.size(); i++) {
      if (parts.get(i).isBehind()) {
        return true;
      }
    }
    return false;
  }

  /// The part that holds these places, or null.
  @Nullable ArrayPart partOf(long from, long to) {
    for (ArrayPart part : parts) {
      if (part.contains(from, to)) {
        return part;
      }
    }
    return null;
  }

  boolean overlaps(long from, long to) {
    for (ArrayPart part : parts) {
      if (from < part.to && part.from < to) {
        return true;
      }
    }
    return false;
  }

  /// Memory, about: each entry of a map with what it boxes counts as 100 bytes.
  public long stateBytes() {
    byte[] known = frame;
    long bytes =
        200 + 17L * outstanding.length + 40L * hand.size() + (known == null ? 0 : known.length);
    for (ArrayPart part : parts) {
      bytes += part.stateBytes();
    }
    return bytes;
  }

  /// Walks over what is in hand; for tests and the simulator.
  public void checkInvariants(int rank) {
    long places = 0;
    for (long[] range : hand) {
      places += range[1] - range[0];
    }
    for (long out : outstanding) {
      if (out < 0) {
        throw new IllegalStateException("more came than was sent: rank=" + rank + " out=" + out);
      }
    }
    if (places != inHand) {
      throw new IllegalStateException("inHand=" + inHand + " counted=" + places + " rank=" + rank);
    }
  }
}
