package dev.heddle.core;

import dev.heddle.wire.Receiver;
import dev.heddle.wire.Port;
import dev.heddle.wire.GoFields;
import dev.heddle.wire.Frame;
import dev.heddle.wire.Header;
import dev.heddle.wire.Header.Refusal;
import dev.heddle.wire.MessageBuffer;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
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
/// children, and for a moment their results stay in their batch until it is full, or [#HOLD_NS]
/// old.
///
/// Credit. Only tasks (downwards), results and tasks' output (upwards) need it; everything else is
/// bounded by what causes it. A frame beyond what we have granted makes its message refused: the
/// sender can't fill our memory, by mistake or otherwise.
public final class Link implements Receiver {
  /// [#claim] found no send buffer: try again in a later turn.
  public static final int NO_BUFFER = -1;

  /// [#claim] found no credit: the neighbour will renew it.
  public static final int NO_CREDIT = -2;

  private static final int FRAMES_PER_MESSAGE_MAX = 0xffff;

  /// A rank that takes in so many messages per [#BUSY_WINDOW_NS] is busy with messages: some tenth
  /// of a core.
  private static final long BUSY_MESSAGES = 200;

  private static final long BUSY_WINDOW_NS = 1_000_000;

  /// How long results wait for others then: as long as some hundred messages take their receiver,
  /// and a fifth of what a sleeping rank may take to look.
  private static final long HOLD_NS = 200_000;

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
  private final @Nullable Edge parent;
  private final Edge[] children;
  private final Edge[] touched;
  private final Bulk bulk;
  private final Liveness liveness;
  private final int treeEpoch;
  private int touchedCount;

  private @Nullable Edge claimedEdge;
  private int claimedKind;
  private int claimedBytes;

  private long nowNs;
  private boolean isHolding;

  // How many messages have come of late.
  private boolean isBusy;
  private long windowNs;
  private long windowMessages;

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
    this.parent = parentRank < 0 ? null : new Edge(parentRank, -1);
    this.children = new Edge[childRanks.length];
    for (int i = 0; i < childRanks.length; i++) {
      children[i] = new Edge(childRanks[i], i);
    }
    this.touched = new Edge[childRanks.length + 1];
    this.treeEpoch = 0;
    this.liveness = new Liveness(this, limits.livenessNs());
    this.bulk = new Bulk(this, port, memory, limits, counters);
  }

  /// Our rank.
  public int rank() {
    return rank;
  }

  /// What was seen so far.
  public Counters counters() {
    return counters;
  }

  @Nullable Edge parent() {
    return parent;
  }

  Edge[] children() {
    return children;
  }

  Limits limits() {
    return limits;
  }

  /// What travels apart from messages, large values first of all.
  Bulk bulk() {
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

  // ---- going out

  /// True when a frame of `bytes` fits into a message.
  boolean fits(int bytes) {
    return bytes <= frameBytesInMessageMax();
  }

  /// Bytes of the largest frame that fits into a message.
  int frameBytesInMessageMax() {
    return port.eagerBytesMax() - Header.BYTES;
  }

  /// Room for a frame of `bytes` in the open batch of `edge`: its offset in [#segment()], or
  /// [#NO_BUFFER], or [#NO_CREDIT].
  int claim(Edge edge, int kind, int bytes) {
    if (Admittance.isCounted(kind) && !edge.hasCredit()) {
      return NO_CREDIT;
    }
    // Nothing overtakes control frames that wait for a buffer: a task that is sent after MISSING,
    // and needs that value, must not find the earlier question for it open at its receiver.
    return drainBacklog(edge) ? open(edge, kind, bytes) : NO_BUFFER;
  }

  private int open(Edge edge, int kind, int bytes) {
    if (edge.open != null
        && (edge.openBytes + bytes > port.eagerBytesMax()
            || edge.openFrames == FRAMES_PER_MESSAGE_MAX)) {
      sendOpen(edge);
    }
    if (edge.open == null) {
      MessageBuffer buffer = port.claim(pool(edge, kind));
      if (buffer == null) {
        return NO_BUFFER;
      }
      edge.open = buffer;
      edge.openBytes = Header.BYTES;
      edge.openFrames = 0;
      edge.openedNs = nowNs;
      edge.isOpenUrgent = false;
      touch(edge);
    }
    edge.isOpenUrgent |= kind != Frame.RESULT;
    claimedEdge = edge;
    claimedKind = kind;
    claimedBytes = bytes;
    return edge.openBytes;
  }

  /// The memory that [#claim] found room in.
  MemorySegment segment() {
    return opened(claimed()).segment();
  }

  /// Ends the frame that was claimed last.
  void commit() {
    Edge edge = claimed();
    edge.openBytes += claimedBytes;
    edge.openFrames++;
    if (Admittance.isCounted(claimedKind)) {
      edge.framesSent++;
      edge.bytesSent += claimedBytes;
    }
    claimedEdge = null;
  }

  private Edge claimed() {
    Edge edge = claimedEdge;
    if (edge == null) {
      throw new IllegalStateException("nothing is claimed: rank=" + rank);
    }
    return edge;
  }

  private static MessageBuffer opened(Edge edge) {
    MessageBuffer buffer = edge.open;
    if (buffer == null) {
      throw new IllegalStateException("no open batch: rank=" + edge.rank);
    }
    return buffer;
  }

  /// Sends a whole frame, in a message or in bulk; false when it is back-pressured. `frame` must
  /// not change any more.
  boolean send(Edge edge, byte[] frame) {
    MemorySegment source = MemorySegment.ofArray(frame);
    int kind = Frame.kind(source, 0);
    if (!fits(frame.length)) {
      if (Admittance.isCounted(kind) && !edge.hasCredit()) {
        return false;
      }
      if (Admittance.isCounted(kind)) {
        edge.framesSent++;
        edge.bytesSent += frame.length;
      }
      bulk.announce(edge, kind, frame);
      return true;
    }
    return claim(edge, kind, frame.length) >= 0 && copy(source);
  }

  /// Sends a frame that needs no credit, ahead of what waits.
  private boolean sendNext(Edge edge, byte[] frame) {
    MemorySegment source = MemorySegment.ofArray(frame);
    int kind = Frame.kind(source, 0);
    if (!fits(frame.length)) {
      bulk.announce(edge, kind, frame);
      return true;
    }
    return open(edge, kind, frame.length) >= 0 && copy(source);
  }

  private boolean copy(MemorySegment source) {
    int offset = claimed().openBytes;
    MemorySegment.copy(source, 0, segment(), offset, source.byteSize());
    commit();
    return true;
  }

  /// Sends a frame that needs no credit now, or as soon as there is a buffer.
  void control(Edge edge, byte[] frame) {
    if (edge.lost || edge.left) {
      return;
    }
    ArrayDeque<byte[]> backlog = edge.backlog;
    if ((backlog == null || backlog.isEmpty()) && sendNext(edge, frame)) {
      return;
    }
    if (backlog == null) {
      backlog = new ArrayDeque<>();
      edge.backlog = backlog;
    }
    backlog.add(frame);
    touch(edge);
  }

  /// A frame of the common head alone.
  void control(Edge edge, int kind, int flags) {
    byte[] frame = new byte[Frame.HEAD_BYTES];
    Frame.head(MemorySegment.ofArray(frame), 0, kind, flags, 0, frame.length);
    control(edge, frame);
  }

  /// Looks at this edge in the next [#flush], for grants to tell.
  void touch(Edge edge) {
    if (!edge.touched) {
      edge.touched = true;
      touched[touchedCount++] = edge;
    }
  }

  /// Sends every open batch, and grants that their receivers may be waiting for. Returns the
  /// messages sent.
  int flush() {
    long before = counters.messagesSent;
    int count = touchedCount;
    // An edge that is touched again below goes to a place that this loop has already read.
    touchedCount = 0;
    isHolding = false;
    for (int i = 0; i < count; i++) {
      Edge edge = touched[i];
      edge.touched = false;
      if (edge.lost) {
        continue;
      }
      drainBacklog(edge);
      if (edge.open != null && isHeld(edge)) {
        touch(edge);
        isHolding = true;
      } else if (edge.open != null) {
        sendOpen(edge);
      } else {
        handler.refreshGrants(edge);
        if (isGrantDue(edge)) {
          sendEmpty(edge);
        }
      }
    }
    return (int) (counters.messagesSent - before);
  }

  /// Results that may wait for others, since the parent is busy.
  private boolean isHeld(Edge edge) {
    return edge.saysBusy
        && children.length > 0
        && !edge.isOpenUrgent
        && nowNs - edge.lastHeardNs < BUSY_WINDOW_NS
        && nowNs - edge.openedNs < HOLD_NS;
  }

  /// True while a batch of results waits for more: a turn is due within [#HOLD_NS].
  public boolean isHolding() {
    return isHolding;
  }

  private boolean drainBacklog(Edge edge) {
    ArrayDeque<byte[]> backlog = edge.backlog;
    while (backlog != null && !backlog.isEmpty()) {
      if (!sendNext(edge, backlog.peek())) {
        touch(edge);
        return false;
      }
      backlog.poll();
    }
    return true;
  }

  /// A grant is told by itself when the neighbour may be about to run out: at the first one, and
  /// from half of a window on.
  private boolean isGrantDue(Edge edge) {
    long frames = edge.frameGrant - edge.frameGrantTold;
    long bytes = edge.byteGrant - edge.byteGrantTold;
    if (frames <= 0 && bytes <= 0) {
      return false;
    }
    if (edge.isParent()) {
      // frames rise with the results we send, which carry the grant; without one, capacity has come
      // up below us
      return frames > 0 || bytes >= limits.taskBytesMax() / 2;
    }
    return edge.frameGrantTold == 0
        || frames >= limits.resultFramesMax() / 2
        || bytes >= limits.resultBytesMax() / 2;
  }

  private void sendEmpty(Edge edge) {
    MessageBuffer buffer = port.claim(Port.POOL_CONTROL);
    if (buffer == null) {
      touch(edge);
      return;
    }
    edge.open = buffer;
    edge.openBytes = Header.BYTES;
    edge.openFrames = 0;
    sendOpen(edge);
  }

  private void sendOpen(Edge edge) {
    MessageBuffer buffer = opened(edge);
    handler.refreshGrants(edge);
    Header.write(
        buffer.segment(),
        edge.openFrames,
        edge.openBytes,
        runId,
        rank,
        treeEpoch,
        0,
        ++edge.sequenceSent,
        edge.frameGrant,
        edge.byteGrant);
    if (isBusy && !edge.isParent()) {
      Header.sayBusy(buffer.segment());
    }
    Header.seal(buffer, edge.openBytes, crc);
    edge.frameGrantTold = edge.frameGrant;
    edge.byteGrantTold = edge.byteGrant;
    edge.lastSentNs = nowNs;
    edge.open = null;
    counters.messagesSent++;
    port.send(buffer, edge.openBytes, edge.rank);
  }

  private static int pool(Edge edge, int kind) {
    return switch (kind) {
      case Frame.TASK,
          Frame.FUNCTION,
          Frame.VALUE,
          Frame.RESULT,
          Frame.OUTPUT,
          Frame.ARRAY,
          Frame.RANGE,
          Frame.PART ->
          edge.isParent() ? Port.POOL_UP : Port.POOL_DOWN;
      default -> Port.POOL_CONTROL;
    };
  }

  // ---- coming in

  /// Takes in what has arrived, as of the turn's time. Returns the work done.
  int poll(long turnNs, int messagesMax) {
    nowNs = turnNs;
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
              : Admittance.check(edge, message.segment(), length, runId, treeEpoch);
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
    raiseLimits(edge, Header.frameLimit(s), Header.byteLimit(s));
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
        if (bulk.onAnnounce(edge, s, offset) && Admittance.isCounted(Frame.flags(s, offset))) {
          edge.framesReceived++;
        }
      }
      case Frame.GO -> bulk.onGo(edge, GoFields.transferId(s, offset));
      default -> {
        if (Admittance.isCounted(kind)) {
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
  int onTick(long tickNs) {
    nowNs = tickNs;
    if (tickNs - windowNs >= BUSY_WINDOW_NS) {
      isBusy =
          counters.messagesReceived - windowMessages
              > BUSY_MESSAGES * (tickNs - windowNs) / BUSY_WINDOW_NS;
      windowNs = tickNs;
      windowMessages = counters.messagesReceived;
    }
    int work = bulk.pump();
    liveness.onTick(tickNs);
    return work;
  }

  /// Watches the neighbours even if not all have come: a run that ends before it has begun must not
  /// wait for ever.
  void watchAnyway() {
    if (!liveness.isWatching()) {
      liveness.startWatching(nowNs);
    }
  }

  /// Starts to watch the neighbours: from now on each must give signs of life.
  void startWatching(long startNs) {
    nowNs = startNs;
    liveness.startWatching(startNs);
  }

  /// The neighbour has said its last word, or we have said ours: its silence means nothing any
  /// more, and what was open with it never ends.
  void leave(Edge edge) {
    edge.left = true;
    bulk.abandon(edge);
  }

  /// The neighbour has said its last word, after all that it had to send; that word may overtake
  /// the end of a transfer, which is therefore still awaited.
  void leaveInOrder(Edge edge) {
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
    if (edge.open != null) {
      port.release(edge.open);
      edge.open = null;
    }
    edge.backlog = null;
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
  boolean expects(Edge edge, int kind) {
    return bulk.expects(edge, kind);
  }

  /// True while frames are on their way in bulk, or are about to be: whoever leaves before takes
  /// results with it.
  boolean hasTransfers() {
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
  void checkInvariants() {
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
