package dev.heddle.core.role;

import dev.heddle.core.array.ArrayTable;
import dev.heddle.core.frames.LostRank;
import dev.heddle.core.frames.Outcome;
import dev.heddle.core.frames.Subtree;
import dev.heddle.core.frames.ValueFrame;
import dev.heddle.core.frames.ValueMemory;
import dev.heddle.core.link.ChildRank;
import dev.heddle.core.link.Edge;
import dev.heddle.core.link.Limits;
import dev.heddle.core.link.Link;
import dev.heddle.core.link.Phase;
import dev.heddle.core.work.Children;
import dev.heddle.core.work.Starter;
import dev.heddle.core.work.Upstream;
import dev.heddle.core.work.ValueCache;
import dev.heddle.core.work.Worker;
import dev.heddle.wire.Port;
import dev.heddle.wire.frame.CancelFields;
import dev.heddle.wire.frame.FetchFields;
import dev.heddle.wire.frame.Frame;
import dev.heddle.wire.frame.FunctionFields;
import dev.heddle.wire.frame.MissingFields;
import dev.heddle.wire.frame.RangeFields;
import dev.heddle.wire.frame.ResultFields;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// Every rank but 0: takes tasks from its parent for its own slots and for its children, and
/// outcomes the other way. A leaf is a relay without children.
///
/// Shape: state is O(children + credit granted). Threading: the progress role.
///
/// It decides nothing about a task but where it is to run next: on a free slot, of which there is
/// one for each task that its parent sent for one ([Children]). What it grants its parent is the
/// sum of what it holds itself: the limits of its children plus its own worker's. Since all of
/// these are cumulative, the sum is right without any bookkeeping of its own: tasks received can
/// never be more than tasks that may be sent on, and what waits here is bounded. Outcomes wait here
/// only while the parent grants no credit, at most a window per child.
public final class Relay implements Role, Link.Handler, Upstream {
  private final Link link;
  private final @Nullable Worker worker;
  private final Children children;
  private final Membership members;
  private final Events events;
  private final Starter starter;
  private final ValueCache cache;
  private final Downward downward;
  private final Upward upward;

  private long childFrames;
  private long childBytes;

  private @Nullable ArrayTable arrays;
  private @Nullable Fetching fetching;

  private boolean helloSent;
  private boolean aborting;

  /// A rank with a parent; `slots` may be 0.
  public Relay(
      int rank,
      int parentRank,
      int[] childRanks,
      int slots,
      Subtree self,
      long runId,
      Limits limits,
      Port port,
      ValueMemory memory,
      Starter starter,
      Events events) {
    this.link = new Link(rank, parentRank, childRanks, runId, limits, port, memory, this);
    if (link.parent() == null) {
      throw new IllegalArgumentException("a relay needs a parent: rank=" + rank);
    }
    this.cache = new ValueCache(limits.cacheBytesMax());
    this.worker = slots == 0 ? null : new Worker(rank, slots, limits, starter, this, cache, memory);
    this.children = new Children(link, worker);
    this.members = new Membership(link, childRanks.length > 0 ? self.asRelay() : self);
    this.events = events;
    this.starter = starter;
    this.upward = new Upward(link);
    this.downward = new Downward(link, children, worker, upward);
  }

  @Override
  public Link link() {
    return link;
  }

  @Override
  public @Nullable Worker worker() {
    return worker;
  }

  @Override
  public Phase phase() {
    return members.phase();
  }

  @Override
  public void start(long nowNs) {
    sayHello(nowNs);
  }

  private void sayHello(long nowNs) {
    if (!helloSent && members.isComplete() && members.phase() == Phase.STARTING) {
      helloSent = true;
      link.control(link.up(), members.subtree().toFrame());
      link.startWatching(nowNs);
      members.enter(Phase.RUNNING);
      events.onStarted(members.subtree());
    }
  }

  @Override
  public void onFrame(Edge edge, int kind, MemorySegment s, long offset, int length, long nowNs) {
    switch (kind) {
      case Frame.TASK -> onTask(s, offset, length, nowNs);
      case Frame.ARRAY -> onArray(ValueFrame.array(s, offset, length));
      case Frame.RANGE -> onRange(edge, s, offset);
      case Frame.PART -> onPart(edge, s, offset, length);
      case Frame.RESULT -> onResult(edge, s, offset, length);
      case Frame.OUTPUT -> onOutput(edge, s, offset, length);
      case Frame.FUNCTION -> onFunction(s, offset, length);
      case Frame.FETCH ->
          fetching()
              .fetch(
                  edge,
                  FetchFields.valueId(s, offset),
                  FetchFields.valueLength(s, offset),
                  FetchFields.transferId(s, offset));
      case Frame.VALUE -> fetching().onValue(Fetching.whole(s, offset, length));
      case Frame.MISSING -> fetching().onMissing(MissingFields.valueId(s, offset));
      case Frame.HELLO -> {
        if (members.onHello(edge, s, offset)) {
          sayHello(nowNs);
        }
      }
      case Frame.CANCEL -> onCancel(s, offset, length, nowNs);
      case Frame.RECALL -> downward.onRecall(s, offset, length, nowNs);
      case Frame.SHUTDOWN -> onShutdown(Frame.flags(s, offset));
      case Frame.BYE -> {
        boolean _ = members.onBye(edge);
      }
      case Frame.STATISTICS -> {
        if (!onStatistics(edge, s, offset)) {
          link.counters().strayFrames++;
        }
      }
      case Frame.LOST -> link.control(link.up(), Frame.getBytes(s, offset, length));
      default -> link.counters().strayFrames++;
    }
  }

  private boolean onStatistics(Edge edge, MemorySegment s, long offset) {
    return members
        .census(
            worker, cache::bytes, (number, sums) -> link.control(link.up(), sums.answer(number)))
        .onFrame(edge, s, offset, members.phase() == Phase.RUNNING);
  }

  // ---- tasks, downwards

  private void onTask(MemorySegment s, long offset, int length, long nowNs) {
    if (members.phase().compareTo(Phase.STOPPING) < 0) {
      downward.onTask(s, offset, length, nowNs);
    }
  }

  private void onCancel(MemorySegment s, long offset, int length, long nowNs) {
    long taskId = CancelFields.taskId(s, offset);
    if (arrays != null
        && arrays.onCancel(taskId, (Frame.flags(s, offset) & Frame.FLAG_INTERRUPT) != 0)) {
      return;
    }
    if (link.expects(link.up(), Frame.ARRAY)) {
      arrays().cancelEarly(taskId);
    }
    downward.onCancel(s, offset, length, nowNs);
  }

  private void onFunction(MemorySegment s, long offset, int length) {
    if (FunctionFields.functionId(s, offset) != children.functionCount()
        || !children.define(Frame.getBytes(s, offset, length))) {
      link.counters().strayFrames++;
      return;
    }
    starter.define(
        FunctionFields.functionId(s, offset),
        Frame.getBytes(
            s, offset + Frame.FUNCTION_BYTES, FunctionFields.definitionLength(s, offset)));
  }

  // ---- arrays

  private ArrayTable arrays() {
    ArrayTable table = arrays;
    if (table == null) {
      table =
          new ArrayTable(
              link,
              children,
              starter,
              worker == null ? 0 : worker.slots(),
              cache::get,
              new ArrayPass(link, members, upward, this, worker == null ? 0 : worker.slots()));
      arrays = table;
      if (worker != null) {
        worker.workOn(table);
      }
    }
    return table;
  }

  /// Memory for the arrays that are open, about; for tests and the simulator.
  public long arrayStateBytes() {
    return arrays == null ? 0 : arrays.stateBytes();
  }

  private void onArray(byte[] frame) {
    if (members.phase().compareTo(Phase.STOPPING) < 0 && !arrays().onArray(frame)) {
      link.counters().strayFrames++;
    }
  }

  private void onRange(Edge edge, MemorySegment s, long offset) {
    long taskId = RangeFields.taskId(s, offset);
    long from = RangeFields.from(s, offset);
    long to = RangeFields.to(s, offset);
    if (!edge.isParent()) {
      if (arrays == null || !arrays.onReturned(edge.child(), taskId, from, to)) {
        link.counters().staleResults++;
      }
      return;
    }
    boolean isAdvance = (Frame.flags(s, offset) & Frame.FLAG_ADVANCE) != 0;
    if (members.phase().compareTo(Phase.STOPPING) < 0
        && !arrays().onRange(taskId, from, to, isAdvance)) {
      link.counters().strayFrames++;
    }
  }

  private void onPart(Edge edge, MemorySegment s, long offset, int length) {
    if (arrays == null || !arrays.onPart(edge.child(), s, offset, length)) {
      link.counters().staleResults++;
      edge.child().onForwarded(length);
    }
  }

  @Override
  public long dueNs() {
    long dueNs = downward.dueNs();
    if (arrays != null) {
      dueNs = Math.min(dueNs, arrays.dueNs());
    }
    return worker == null ? dueNs : Math.min(dueNs, worker.dueNs());
  }

  @Override
  public boolean isEmptyBelow() {
    return children.areEmpty() && downward.isEmpty();
  }

  @Override
  public void onFolded(long token, int flags, byte[] payload, long nowNs) {
    if (arrays != null) {
      arrays.onFolded(token, flags, payload);
    }
  }

  // ---- outcomes, upwards

  private void onResult(Edge edge, MemorySegment s, long offset, int length) {
    ChildRank child = edge.child();
    if (!child.inFlight().remove(ResultFields.taskId(s, offset))) {
      link.counters().staleResults++;
      edge.child().onForwarded(length);
      return;
    }
    children.onEnded(child, Frame.flags(s, offset), ResultFields.prefetch(s, offset));
    onSlotFreed();
    upward.pass(child, s, offset, length);
  }

  private void onSlotFreed() {
    if (arrays != null) {
      arrays.onSlotFreed();
    }
  }

  @Override
  public boolean offerResult(Outcome outcome, long nowNs) {
    if (members.phase() == Phase.STOPPED) {
      // an aborted run doesn't wait for its tasks, and nothing may follow the BYE
      return true;
    }
    if (!upward.isEmpty()) {
      // nor may it overtake what its task has printed
      return false;
    }
    boolean isTaken = upward.send(outcome);
    if (isTaken) {
      children.onOwnEnded(outcome.flags(), outcome.prefetch());
      onSlotFreed();
    }
    return isTaken;
  }

  @Override
  public int resultBytesInOrder() {
    return link.frameBytesInMessageMax() - Frame.RESULT_BYTES;
  }

  // ---- what tasks print, upwards

  private void onOutput(Edge edge, MemorySegment s, long offset, int length) {
    if (members.phase() == Phase.STOPPED) {
      return;
    }
    upward.pass(edge.child(), s, offset, length);
  }

  /// Sends an OUTPUT frame of this rank's tasks, ahead of their outcomes that are offered later;
  /// without credit it waits here. Shape: the caller bounds what waits, by [#outputBytesSent].
  public void offerOutput(byte[] frame) {
    if (members.phase() == Phase.STOPPED || !link.fits(frame.length)) {
      // nothing may follow the BYE
      upward.dropOutput(frame.length);
      return;
    }
    upward.passOutput(frame);
  }

  /// Bytes of [#offerOutput] that wait here no more, cumulative.
  public long outputBytesSent() {
    return upward.outputBytesSent();
  }

  // ---- large values

  @Override
  public void fetch(long valueId, long length) {
    fetching().fetch(null, valueId, length, Frame.NO_TRANSFER);
  }

  private Fetching fetching() {
    Fetching known = fetching;
    if (known == null) {
      known = new Fetching(link, cache, new OwnValues());
      fetching = known;
    }
    return known;
  }

  /// What becomes of values here.
  private final class OwnValues implements Fetching.Own {
    @Override
    public boolean onValue(long valueId, MemorySegment frame, boolean isSpare) {
      return worker != null && worker.onValue(valueId, frame, isSpare);
    }

    @Override
    public void onArrayValue(long valueId, @Nullable MemorySegment frame) {
      if (arrays != null) {
        arrays.onValue(valueId, frame);
      }
    }

    @Override
    public void onMissing(long valueId) {
      if (worker != null) {
        worker.onMissing(valueId);
      }
    }
  }

  // ---- credit

  @Override
  public void onCredit(Edge edge, long frames, long bytes) {
    if (!edge.isParent()) {
      childFrames += frames;
      childBytes += bytes;
      children.onCredit(edge.child());
      link.touch(link.up());
    }
  }

  @Override
  public void refreshGrants(Edge edge) {
    if (edge.isParent()) {
      edge.grant(
          childFrames + downward.framesGivenUp() + (worker == null ? 0 : worker.frameGrant()),
          childBytes + downward.bytesGivenUp() + (worker == null ? 0 : worker.byteGrant()));
    } else {
      edge.child().grantForwarded();
    }
  }

  // ---- life

  @Override
  public void onEdgeLost(Edge edge, long silenceNs, long nowNs) {
    if (edge.isParent()) {
      // the way to the coordinator is gone: nobody will ever ask for what is here
      LostRank lost = edge.lostRank(silenceNs, new long[0]);
      members.shutdown(Frame.FLAG_HALT);
      members.enter(Phase.STOPPED);
      events.onRankLost(lost);
      return;
    }
    long[] tasks = edge.child().inFlight().tasks();
    edge.child().inFlight().clear();
    LostRank lost =
        edge.lostRank(silenceNs, arrays == null ? tasks : arrays.with(tasks, edge.child()));
    members.onGone(edge);
    link.control(link.up(), lost.toFrame());
    events.onRankLost(lost);
  }

  /// This process ends in the middle of the run: the ranks above needn't wait for its silence.
  public void depart() {
    members.depart(worker == null ? new long[0] : worker.running());
  }

  private void onShutdown(int flags) {
    if (members.phase().compareTo(Phase.STOPPING) >= 0 && (flags & Frame.FLAG_HALT) == 0) {
      return;
    }
    members.enter(Phase.STOPPING);
    downward.clear();
    if (arrays != null) {
      arrays.clear();
    }
    if (worker != null) {
      worker.stop();
    }
    members.shutdown(flags);
    if ((flags & Frame.FLAG_HALT) != 0) {
      link.leave(link.up());
      members.enter(Phase.STOPPED);
    }
    if ((flags & Frame.FLAG_ABORT) != 0) {
      aborting = true;
      upward.keepOutputAlone();
    }
    events.onStopping(flags);
  }

  @Override
  public int pump(long nowNs) {
    if (members.phase() == Phase.STOPPED) {
      // nothing may follow the BYE
      return 0;
    }
    int work = upward.pump();
    if (arrays != null) {
      work += arrays.pump(nowNs);
    }
    if (worker != null) {
      work += worker.pump(nowNs);
    }
    work += downward.dealOut(nowNs);
    if (worker != null && work > 0) {
      work += worker.pump(nowNs);
    }
    if (members.phase() == Phase.STOPPING
        && members.haveAllLeft()
        && (aborting
            || ((worker == null || worker.isIdle()) && upward.isEmpty() && !link.hasTransfers()))) {
      link.control(link.up(), Frame.BYE, 0);
      // until now the parent has watched us, and we it: what runs may go on for long
      link.leave(link.up());
      members.enter(Phase.STOPPED);
      work++;
    }
    return work;
  }

  @Override
  public void checkInvariants() {
    link.checkInvariants();
    if (arrays != null) {
      arrays.checkInvariants();
    }
    if (worker != null) {
      worker.checkInvariants();
    }
    downward.checkInvariants(
        childFrames + downward.framesGivenUp() + (worker == null ? 0 : worker.frameGrant()));
  }
}
