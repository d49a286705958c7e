package dev.heddle.core.link;

import dev.heddle.core.frames.ValueMemory;
import dev.heddle.wire.Header;
import dev.heddle.wire.Header.Refusal;
import dev.heddle.wire.MessageBuffer;
import dev.heddle.wire.Port;
import dev.heddle.wire.Receiver;
import dev.heddle.wire.frame.Frame;
import dev.heddle.wire.frame.GoFields;
import java.lang.foreign.MemorySegment;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/// A rank's edges to its parent and its children: batches going out, checked messages coming in,
/// credit, signs of life.
///
/// Shape: state is O(neighbours). Threading: the progress role. Errors: what arrives and isn't
/// right is refused and counted; nothing of it is parsed further.
///
/// Frames are written straight into the open batch of their edge, with [#claim] and [#commit]; a
/// batch leaves when the next frame doesn't fit, or at [#flush]. So a lone frame leaves at the end
/// of its turn, and under load batches fill by themselves. Sequence numbers make a lost message
/// visible: all that follow it are refused, the edge counts as silent, and the neighbour as lost. A
/// message refused for its checksum, or a stray one, takes no number and harms nobody.
///
/// A parent that is busy gets few and full messages. MPI takes any number of small ones, so a relay
/// that keeps up would pass on each result in a message of its own however busy its parent is, and
/// a message costs more than a result. So a rank that takes in many says so in what it sends to its
/// children, and for a moment their results stay in their batch until it is full, or
/// [Pacing#HOLD_NS] old.
///
/// Credit. Only tasks (downwards), results and tasks' output (upwards) need it; everything else is
/// bounded by what causes it. A frame beyond what we have granted makes its message refused: the
/// sender can't fill our memory, by mistake or otherwise.
public final class Link implements Receiver {
  /// [#claim] found no send buffer: try again in a later turn.
  public static final int NO_BUFFER = -1;

  /// [#claim] found no credit: the neighbour will renew it.
  public static final int NO_CREDIT = -2;

  /// What the role above an edge decides.
  public interface Handler {
    /// A well-formed frame of a kind that this neighbour may send.
    void onFrame(Edge edge, int kind, MemorySegment s, long offset, int length, long nowNs);

    /// The neighbour lets us send `frames` and `bytes` more.
    void onCredit(Edge edge, long frames, long bytes);

    /// Writes the current grants for the neighbour into `edge`.
    void refreshGrants(Edge edge);

    /// Nothing was heard of the neighbour for `silenceNs`.
    void onEdgeLost(Edge edge, long silenceNs, long nowNs);
  }

  private final int rank;
  private final long runId;
  private final Limits limits;
  private final Port port;
  private final Handler handler;
  private final Counters counters = new Counters();
  private final CRC32C crc = new CRC32C();
  private @Nullable Edge parent;
  private final Edge[] children;
  private final Bulk bulk;
  private final Liveness liveness;
  private final int treeEpoch;
  private final Pacing pacing;
  private final Batches batches;

  private long nowNs;

  /// Edges of `rank` to `parentRank` (-1 for none) and `childRanks`.
  public Link(
      int rank,
      int parentRank,
      int[] childRanks,
      long runId,
      Limits limits,
      Port port,
      ValueMemory memory,
      Handler handler) {
    this.rank = rank;
    this.runId = runId;
    this.limits = limits;
    this.port = port;
    this.handler = handler;
    this.parent = parentRank < 0 ? null : new Edge(parentRank, null);
    this.children = new Edge[childRanks.length];
    for (int i = 0; i < childRanks.length; i++) {
      children[i] = new ChildRank(this, i, childRanks[i]).edge();
    }
    this.treeEpoch = Header.FIRST_EPOCH;
    this.liveness = new Liveness(this, limits.livenessNs());
    this.bulk = new Bulk(this, port, memory, limits, counters);
    this.pacing = new Pacing(childRanks.length > 0);
    this.batches =
        new Batches(
            this, runId, treeEpoch, port, handler, bulk, pacing, crc, childRanks.length + 1);
  }

  /// Our rank.
  public int rank() {
    return rank;
  }

  /// What was seen so far.
  public Counters counters() {
    return counters;
  }

  public @Nullable Edge parent() {
    return parent;
  }

  /// The edge to the parent of a rank that has one. Errors: rank 0.
  public Edge up() {
    Edge edge = parent;
    if (edge == null) {
      throw new IllegalStateException("no parent: rank=" + rank);
    }
    return edge;
  }

  public Edge[] children() {
    return children;
  }

  public Limits limits() {
    return limits;
  }

  /// What travels apart from messages, large values first of all.
  public Bulk bulk() {
    return bulk;
  }

  /// The edge to `neighbour`, or null.
  public @Nullable Edge edge(int neighbour) {
    if (parent != null && parent.rank == neighbour) {
      return parent;
    }
    int low = 0;
    int high = children.length - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      int found = children[middle].rank;
      if (found == neighbour) {
        return children[middle];
      }
      if (found < neighbour) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return null;
  }

  // ---- going out, see Batches

  /// True when a frame of `bytes` fits into a message.
  public boolean fits(int bytes) {
    return batches.fits(bytes);
  }

  /// Bytes of the largest frame that fits into a message.
  public int frameBytesInMessageMax() {
    return batches.frameBytesInMessageMax();
  }

  /// Room for a frame of `bytes` in the open batch of `edge`: its offset in [#segment()], or
  /// [#NO_BUFFER], or [#NO_CREDIT].
  public int claim(Edge edge, int kind, int bytes) {
    return batches.claim(edge, kind, bytes);
  }

  /// The memory that [#claim] found room in.
  public MemorySegment segment() {
    return batches.segment();
  }

  /// Ends the frame that was claimed last.
  public void commit() {
    batches.commit();
  }

  /// Sends a whole frame, in a message or in bulk; false when it is back-pressured. `frame` must
  /// not change any more.
  public boolean send(Edge edge, byte[] frame) {
    return batches.send(edge, frame);
  }

  /// Sends a frame that needs no credit now, or as soon as there is a buffer.
  public void control(Edge edge, byte[] frame) {
    batches.control(edge, frame);
  }

  /// A frame of the common head alone.
  public void control(Edge edge, int kind, int flags) {
    batches.control(edge, kind, flags);
  }

  /// Looks at this edge in the next [#flush], for grants to tell.
  public void touch(Edge edge) {
    batches.touch(edge);
  }

  /// Sends every open batch, and grants that their receivers may be waiting for. Returns the
  /// messages sent.
  public int flush() {
    return batches.flush();
  }

  /// True while a batch of results waits for more: a turn is due within [Pacing#HOLD_NS].
  public boolean isHolding() {
    return batches.isHolding();
  }

  // ---- coming in

  /// Takes in what has arrived, as of the turn's time. Returns the work done.
  public int poll(long turnNs, int messagesMax) {
    setNow(turnNs);
    return port.poll(this, messagesMax) + port.pollBulk(this);
  }

  /// A message has arrived; it is checked, counted and handed on frame by frame.
  @Override
  public void onMessage(int sourceRank, MessageBuffer message, int length) {
    Edge edge = edge(sourceRank);
    Refusal refusal = Header.check(message, length, crc);
    if (refusal == Refusal.NONE) {
      refusal =
          edge == null || edge.lost
              ? Refusal.SOURCE
              : MessageCheck.check(edge, message.segment(), length, runId, treeEpoch);
    }
    if (refusal != Refusal.NONE || edge == null) {
      counters.refuse(refusal);
      return;
    }
    MemorySegment s = message.segment();
    counters.messagesReceived++;
    edge.sequenceReceived++;
    edge.lastHeardNs = nowNs;
    edge.saysBusy = edge.isParent() && Header.saysBusy(s);
    raiseLimits(edge, MessageCheck.frameLimit(edge, s), MessageCheck.byteLimit(edge, s));
    long offset = Header.BYTES;
    while (offset < length) {
      int frameLength = Frame.length(s, offset);
      onFrame(edge, s, offset, frameLength);
      offset += frameLength;
    }
    touch(edge);
  }

  private void raiseLimits(Edge edge, long frameLimit, long byteLimit) {
    long frames = Math.max(0, frameLimit - edge.frameLimit);
    long bytes = Math.max(0, byteLimit - edge.byteLimit);
    if (frames > 0 || bytes > 0) {
      edge.frameLimit += frames;
      edge.byteLimit += bytes;
      handler.onCredit(edge, frames, bytes);
    }
  }

  private void onFrame(Edge edge, MemorySegment s, long offset, int length) {
    counters.framesReceived++;
    int kind = Frame.kind(s, offset);
    switch (kind) {
      case Frame.HEARTBEAT -> {}
      case Frame.ANNOUNCE -> {
        if (bulk.onAnnounce(edge, s, offset) && MessageCheck.isCounted(Frame.flags(s, offset))) {
          edge.framesReceived++;
        }
      }
      case Frame.GO -> bulk.onGo(edge, GoFields.transferId(s, offset));
      default -> {
        if (MessageCheck.isCounted(kind)) {
          edge.framesReceived++;
        }
        handler.onFrame(edge, kind, s, offset, length, nowNs);
      }
    }
  }

  /// The bytes of a bulk transfer are all there.
  @Override
  public void onBulkReceived(int sourceRank, int transferId) {
    Edge edge = edge(sourceRank);
    MemorySegment s = edge == null ? null : bulk.onReceived(edge, transferId);
    if (edge == null || s == null) {
      return;
    }
    counters.framesReceived++;
    handler.onFrame(edge, Frame.kind(s, 0), s, 0, (int) s.byteSize(), nowNs);
    touch(edge);
  }

  /// A bulk transfer to `targetRank` has left.
  @Override
  public void onBulkSent(int targetRank, int transferId) {
    bulk.onSent(targetRank, transferId);
  }

  // ---- time

  /// Sends what waits for bulk transfers, and signs of life; finds neighbours that gave none.
  /// Returns the work done.
  public int onTick(long tickNs) {
    setNow(tickNs);
    pacing.onTick(tickNs, counters.messagesReceived);
    int work = bulk.pump();
    liveness.onTick(tickNs);
    return work;
  }

  private void setNow(long ns) {
    nowNs = ns;
    batches.at(ns);
  }

  /// Watches the neighbours even if not all have said hello: a run that ends before it has begun
  /// must not wait for ever.
  public void watchAnyway() {
    if (!liveness.isWatching()) {
      liveness.startWatching(nowNs);
    }
  }

  /// Starts to watch the neighbours: from now on each must give signs of life.
  public void startWatching(long startNs) {
    setNow(startNs);
    liveness.startWatching(startNs);
  }

  /// The neighbour has said its last word, or we have said ours: its silence means nothing any
  /// more, and what was open with it never ends.
  public void leave(Edge edge) {
    edge.left = true;
    bulk.abandon(edge);
  }

  /// The neighbour has said its last word, after all that it had to send; that word may overtake
  /// the end of a transfer, which is therefore still awaited.
  public void leaveInOrder(Edge edge) {
    edge.left = true;
    bulk.abandonOutgoing(edge);
  }

  /// Nothing was heard of the neighbour for too long. See [Port#processSilenceNs].
  long processSilenceNs(Edge edge) {
    return port.processSilenceNs(edge.rank);
  }

  void onSilence(Edge edge, long silenceNs) {
    lose(edge);
    handler.onEdgeLost(edge, silenceNs, nowNs);
  }

  private void lose(Edge edge) {
    edge.lost = true;
    batches.drop(edge);
    bulk.abandon(edge);
    port.abandon(edge.rank);
  }

  /// Something to do for each neighbour.
  interface EdgeAction {
    void on(Edge edge);
  }

  /// The parent first, then the children.
  void forEachEdge(EdgeAction action) {
    if (parent != null) {
      action.on(parent);
    }
    for (Edge child : children) {
      action.on(child);
    }
  }

  /// True for the rank of our parent.
  public boolean isParent(int neighbour) {
    return parent != null && parent.rank == neighbour;
  }

  /// Whether a frame of `kind` is on its way from `edge` in bulk.
  public boolean expects(Edge edge, int kind) {
    return bulk.expects(edge, kind);
  }

  /// True while frames are on their way in bulk, or are about to be: a rank that leaves before
  /// loses results.
  public boolean hasTransfers() {
    return !bulk.isEmpty();
  }

  /// True when nothing waits to be sent.
  public boolean isDrained() {
    if (!bulk.isEmpty()) {
      return false;
    }
    boolean drained = parent == null || isDrained(parent);
    for (Edge child : children) {
      drained &= isDrained(child);
    }
    return drained;
  }

  private static boolean isDrained(Edge edge) {
    return edge.lost || (edge.open == null && (edge.backlog == null || edge.backlog.isEmpty()));
  }

  /// Walks over every edge; for tests and the simulator.
  public void checkInvariants() {
    forEachEdge(
        edge -> {
          if (edge.framesSent > edge.frameLimit || edge.framesReceived > edge.frameGrantTold) {
            throw new IllegalStateException(
                "credit overdrawn: rank="
                    + rank
                    + " neighbour="
                    + edge.rank
                    + " framesSent="
                    + edge.framesSent
                    + " frameLimit="
                    + edge.frameLimit
                    + " framesReceived="
                    + edge.framesReceived
                    + " frameGrantTold="
                    + edge.frameGrantTold);
          }
        });
    bulk.checkInvariants();
  }
}
