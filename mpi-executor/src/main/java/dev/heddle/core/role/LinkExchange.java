package dev.heddle.core.role;

import dev.heddle.core.frames.ValueMemory;
import dev.heddle.core.link.Edge;
import dev.heddle.core.link.Limits;
import dev.heddle.core.link.Link;
import dev.heddle.wire.Port;
import dev.heddle.wire.frame.Frame;
import java.lang.foreign.MemorySegment;

/// The edges of a rank and nothing above them, for measuring what a message costs: frames without
/// content go out through [Link] in a batch, and what comes in is checked and counted.
///
/// Threading: one thread. Time stands still, so no sign of life is sent besides.
public final class LinkExchange implements Link.Handler {
  private static final long NOW_NS = 1;

  private final Link link;

  /// Edges as of [Link], with messages through `port`.
  public LinkExchange(int rank, int parentRank, int[] childRanks, long runId, Port port) {
    this.link =
        new Link(
            rank, parentRank, childRanks, runId, Limits.defaults(), port, ValueMemory.HEAP, this);
  }

  /// Writes a message of `frames` frames for a neighbour, which leaves in the next [#turn]; false
  /// where there is no buffer now.
  public boolean write(int neighbour, int frames) {
    Edge edge = link.edge(neighbour);
    if (edge == null) {
      throw new IllegalArgumentException("no neighbour: rank=" + link.rank() + " " + neighbour);
    }
    for (int i = 0; i < frames; i++) {
      int offset = link.claim(edge, Frame.HEARTBEAT, Frame.HEAD_BYTES);
      if (offset < 0) {
        return false;
      }
      Frame.head(link.segment(), offset, Frame.HEARTBEAT, 0, 0, Frame.HEAD_BYTES);
      link.commit();
    }
    return true;
  }

  /// Takes messages in, looks at the time, sends batches: [Turn] without a role.
  public void turn() {
    int _ = link.poll(NOW_NS, Turn.MESSAGES_MAX);
    int _ = link.onTick(NOW_NS);
    int _ = link.flush();
  }

  /// Messages that came in and were right.
  public long messagesReceived() {
    return link.counters().messagesReceived;
  }

  @Override
  public void onFrame(Edge edge, int kind, MemorySegment s, long offset, int length, long nowNs) {}

  @Override
  public void onCredit(Edge edge, long frames, long bytes) {}

  @Override
  public void refreshGrants(Edge edge) {}

  @Override
  public void onEdgeLost(Edge edge, long silenceNs, long nowNs) {}
}
