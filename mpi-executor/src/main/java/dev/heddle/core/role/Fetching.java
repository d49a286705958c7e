package dev.heddle.core.role;

import dev.heddle.core.frames.ValueFrame;
import dev.heddle.core.link.Edge;
import dev.heddle.core.link.Link;
import dev.heddle.core.work.ValueCache;
import dev.heddle.wire.Ids;
import dev.heddle.wire.frame.Frame;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Large values that a relay asks its parent for: once each, however many ranks below want them.
///
/// Shape: O(values asked for and not here yet), at most [#OPEN_MAX]. Threading: the progress role.
final class Fetching {
  /// Questions open at the same time; more than credit can cause, so more is forged.
  static final int OPEN_MAX = 1 << 16;

  /// What waits for a value: a child and its posted receive, or, with null, this rank's worker or
  /// arrays.
  private record Asking(@Nullable Edge edge, int transferId) {}

  /// What this rank itself does with values.
  interface Own {
    /// A value is here. False when nobody wants it any more.
    boolean onValue(long valueId, MemorySegment frame, boolean isSpare);

    /// Arrays hear of each value, and of one that nobody has by null.
    void onArrayValue(long valueId, @Nullable MemorySegment frame);

    /// Nobody has it.
    void onMissing(long valueId);
  }

  private final Link link;
  private final ValueCache cache;
  private final Own own;
  private final Map<Long, List<Asking>> open = new LinkedHashMap<>();

  Fetching(Link link, ValueCache cache, Own own) {
    this.link = link;
    this.cache = cache;
    this.own = own;
  }

  /// The child at the other end of `edge` wants a value, or, with null, this rank does.
  void fetch(@Nullable Edge edge, long valueId, long length, int transferId) {
    MemorySegment known = cache.get(valueId);
    if (known != null) {
      boolean _ = deliver(new Asking(edge, transferId), valueId, known, false);
      return;
    }
    List<Asking> waiting = open.get(valueId);
    if (waiting != null) {
      if (edge != null || waiting.stream().noneMatch(asking -> asking.edge() == null)) {
        waiting.add(new Asking(edge, transferId));
      }
      return;
    }
    if (open.size() == OPEN_MAX) {
      link.counters().strayFrames++;
      return;
    }
    waiting = new ArrayList<>(1);
    waiting.add(new Asking(edge, transferId));
    open.put(valueId, waiting);
    if (!link.bulk().fetch(link.up(), valueId, length)) {
      onMissing(valueId);
    }
  }

  /// The parent has sent a value.
  void onValue(MemorySegment frame) {
    long valueId = ValueFrame.valueId(frame);
    List<Asking> waiting = open.remove(valueId);
    if (waiting == null) {
      link.counters().strayFrames++;
      return;
    }
    link.counters().valuesReceived++;
    cache.put(valueId, frame);
    own.onArrayValue(valueId, frame);
    boolean isSpare = waiting.size() == 1 && Ids.isSingleUse(valueId);
    for (Asking asking : waiting) {
      if (!deliver(asking, valueId, frame, isSpare) && isSpare) {
        link.bulk().valueMemory().give(frame);
      }
    }
  }

  /// Hands a value on; `isSpare` gives its memory away with it. False when nobody wants it any
  /// more.
  private boolean deliver(Asking asking, long valueId, MemorySegment frame, boolean isSpare) {
    Edge edge = asking.edge();
    if (edge == null) {
      return own.onValue(valueId, frame, isSpare);
    }
    link.counters().valuesSent++;
    return link.bulk().send(edge, asking.transferId(), frame, isSpare);
  }

  /// Nobody above has a value.
  void onMissing(long valueId) {
    List<Asking> waiting = open.remove(valueId);
    if (waiting == null) {
      link.counters().strayFrames++;
      return;
    }
    link.bulk().withdraw(link.up(), valueId);
    own.onArrayValue(valueId, null);
    for (Asking asking : waiting) {
      Edge edge = asking.edge();
      if (edge != null) {
        link.control(edge, ValueFrame.missing(valueId));
      } else {
        own.onMissing(valueId);
      }
    }
  }

  /// The frame at `offset` in memory of its own, as it is after a bulk transfer.
  static MemorySegment whole(MemorySegment s, long offset, int length) {
    return offset == 0 && s.byteSize() == length
        ? s
        : MemorySegment.ofArray(Frame.getBytes(s, offset, length));
  }
}
