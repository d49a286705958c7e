package dev.heddle.core.array;

import dev.heddle.core.frames.ArrayFrame;
import dev.heddle.core.link.ChildRank;
import dev.heddle.core.link.Edge;
import dev.heddle.core.link.Link;
import dev.heddle.core.work.Children;
import dev.heddle.wire.frame.ArrayFields;
import dev.heddle.wire.frame.Frame;
import java.util.List;

/// How the places of arrays go down: to children, in ranges that get smaller towards the end, and
/// back up where they have waited for too long.
///
/// Threading: the progress role.
final class ArraySplit {
  private final Link link;
  private final Children children;
  private final int slots;

  /// Something has happened that may let ranges go out.
  private boolean isDirty;

  /// Of a rank with this many slots of its own.
  ArraySplit(Link link, Children children, int slots) {
    this.link = link;
    this.children = children;
    this.slots = slots;
  }

  /// Something has happened that may let ranges go out.
  void lookAgain() {
    isDirty = true;
  }

  /// Sends ranges to children that are about to run out. Returns the work done.
  int pump(List<ArrayShare> open) {
    if (!isDirty || link.children().length == 0) {
      return 0;
    }
    isDirty = false;
    int work = 0;
    for (int i = 0; i < open.size(); i++) {
      work += distribute(open.get(i));
    }
    return work;
  }

  /// Sends back what has waited here for too long. Returns how many ranges.
  int sendBack(ArrayShare share, long nowNs) {
    if (share.hasNewAdvance) {
      share.hasNewAdvance = false;
      share.advanceDueNs = nowNs + ArrayShare.ADVANCE_NS;
    }
    Edge parent = link.parent();
    if (share.advanceDueNs == ArrayShare.NEVER
        || nowNs - share.advanceDueNs < 0
        || share.frame == null
        || parent == null) {
      return 0;
    }
    List<long[]> back = share.takeAdvances();
    for (long[] range : back) {
      link.control(parent, ArrayFrame.range(share.taskId, 0, range[0], range[1]));
    }
    return back.size();
  }

  /// When a turn has to be taken to give something back, or [ArrayShare#NEVER].
  static long dueNs(List<ArrayShare> open) {
    long least = ArrayShare.NEVER;
    for (ArrayShare share : open) {
      least = Math.min(least, share.inHand > 0 ? share.advanceDueNs : ArrayShare.NEVER);
    }
    return least;
  }

  /// Slots here and below, at least one.
  long slotsTotal() {
    long total = slots;
    for (Edge child : link.children()) {
      total += child.slotsBelow();
    }
    return Math.max(1, total);
  }

  private int distribute(ArrayShare share) {
    byte[] frame = share.frame;
    if (frame == null || share.inHand == 0) {
      return 0;
    }
    Edge[] edges = link.children();
    long total = slotsTotal();
    int work = 0;
    int passed = 0;
    boolean isFreeOnly = true;
    while (share.inHand > 0) {
      if (passed == edges.length) {
        if (!isFreeOnly) {
          break;
        }
        isFreeOnly = false;
        passed = 0;
      }
      Edge edge = edges[share.cursor];
      ChildRank child = edge.child();
      boolean isHere = !edge.isGone() && child.turningSlots() > 0;
      long advance =
          isHere && !edge.isLeaf() && !share.isServed(child) ? advanceFor(share, edge, total) : 0;
      long places = isHere ? placesFor(share, child, total, isFreeOnly) : 0;
      if (advance > 0) {
        if (!sendAdvance(share, frame, child, advance)) {
          isDirty = true;
          return work;
        }
        work++;
        passed = 0;
      } else if (places > 0) {
        if (!send(share, frame, child, places, 0)) {
          isDirty = true;
          return work;
        }
        work++;
        passed = 0;
      } else {
        passed++;
      }
      share.cursor = share.cursor + 1 == edges.length ? 0 : share.cursor + 1;
    }
    return work;
  }

  /// Places of `share` for `child` now. Few go to free slots first, wherever these are, then to
  /// those that may be free soon; a child all of whose slots have long tasks gets none.
  private long placesFor(ArrayShare share, ChildRank child, long total, boolean isFreeOnly) {
    if (share.inHand >= total) {
      return share.placesFor(child, child.turningSlots(), total);
    }
    if (isFreeOnly) {
      return Math.clamp(child.freeSlots(), 0, share.inHand);
    }
    long ownFree = children.ownFreeSlots();
    return Math.min(share.placesFor(child, child.turningSlots(), total), share.inHand - ownFree);
  }

  /// In advance go no fewer places than one for each slot that has had none: which of those slots
  /// are free is no matter then. Fewer go to free slots.
  private long advanceFor(ArrayShare share, Edge edge, long total) {
    long slotsUnserved = slotsUnserved(share);
    return share.inHand < slotsUnserved
        ? 0
        : share.advanceFor(edge.slotsBelow(), slotsUnserved, total);
  }

  private long slotsUnserved(ArrayShare share) {
    long total = slots;
    for (Edge edge : link.children()) {
      total += edge.isGone() || share.isServed(edge.child()) ? 0 : edge.slotsBelow();
    }
    return total;
  }

  /// In two ranges: outcomes of the first wake the ranks that wait for the second.
  private boolean sendAdvance(ArrayShare share, byte[] frame, ChildRank child, long places) {
    long second = places / 4;
    if (!send(share, frame, child, places - second, Frame.FLAG_ADVANCE)) {
      return false;
    }
    return second == 0 || send(share, frame, child, second, Frame.FLAG_ADVANCE);
  }

  private boolean send(ArrayShare share, byte[] frame, ChildRank child, long places, int flags) {
    Edge edge = child.edge();
    int functionId = Math.max(ArrayFields.functionId(frame, 0), ArrayFields.combinerId(frame, 0));
    if (!children.sendFunctions(child, functionId)) {
      return false;
    }
    if (!share.isDescribed(child)) {
      if (!link.send(edge, frame)) {
        return false;
      }
      share.onDescribed(child);
    }
    long[] first = share.hand.element();
    long to = first[0] + Math.min(places, first[1] - first[0]);
    if (!link.send(edge, ArrayFrame.range(share.taskId, flags, first[0], to))) {
      return false;
    }
    long[] range = share.take(places);
    share.onSent(child, range[1] - range[0]);
    children.onPlaces(child, range[1] - range[0]);
    return true;
  }

  /// `child` has this many places more, or fewer.
  void changeOutstanding(ArrayShare share, ChildRank child, long places) {
    share.changeOutstanding(child, places);
    children.onPlaces(child, places);
  }
}
