package dev.heddle.core;

import dev.heddle.wire.Port;
import dev.heddle.wire.CancelFields;
import dev.heddle.wire.FetchFields;
import dev.heddle.wire.FunctionFields;
import dev.heddle.wire.MissingFields;
import dev.heddle.wire.RangeFields;
import dev.heddle.wire.ResultFields;
import dev.heddle.wire.TaskFields;
import dev.heddle.wire.Frame;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
  /// Between two looks at whether anybody below can begin what waits here; as at workers.
  private static final long LOOK_NS = 2_500_000;

  /// In place of a child: this rank's tasks have printed it.
  private static final int OWN_OUTPUT = -2;

  /// In place of a child: this rank's part of an array.
  private static final int OWN_PART = -3;

  /// Own parts that wait to leave, for each slot: one to send and one to go on with.
  private static final int OWN_PARTS_PER_SLOT = 2;

  /// An outcome or output; `child` is the child that waits for it to leave, -1 for this rank's
  /// worker, or [#OWN_OUTPUT].
  private record Upward(byte[] frame, int child) {}

  private final Link link;
  private final Edge parent;
  private final @Nullable Worker worker;
  private final Children children;
  private final Membership members;
  private final Events events;
  private final Starter starter;
  private final ValueCache cache;
  private final InFlight inFlight = new InFlight();

  private final ArrayDeque<byte[]> downward = new ArrayDeque<>(1);

  /// When it was last looked whether anybody below can begin what waits here.
  private long lookedNs;

  private final ArrayDeque<Upward> upward = new ArrayDeque<>(1);
  private final long[] framesForwarded;
  private final long[] bytesForwarded;
  private long outputBytesSent;

  /// Tasks that were given up while they were on their way here in bulk.
  private final Set<Long> givenUp = new HashSet<>(0);

  private long childFrames;
  private long childBytes;

  // What was taken out again before it was passed on: it used no credit below.
  private long framesGivenUp;
  private long bytesGivenUp;

  private @Nullable ArrayTable arrays;
  private int ownPartsWaiting;

  /// Questions open at the same time; more than credit can cause, so more is forged.
  private static final int FETCHING_MAX = 1 << 16;

  /// Who waits for a large value: a child's index and its posted receive, or -1 for this rank's
  /// worker.
  private record Asking(int child, int transferId) {}

  private @Nullable Map<Long, List<Asking>> fetching;

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
    Edge up = link.parent();
    if (up == null) {
      throw new IllegalArgumentException("a relay needs a parent: rank=" + rank);
    }
    this.parent = up;
    this.cache = new ValueCache(limits.cacheBytesMax());
    this.worker =
        slots == 0
            ? null
            : new Worker(rank, slots, limits, starter, this, cache, memory);
    this.children = new Children(link, worker);
    this.members = new Membership(link, childRanks.length > 0 ? self.asRelay() : self);
    this.events = events;
    this.starter = starter;
    this.framesForwarded = new long[childRanks.length];
    this.bytesForwarded = new long[childRanks.length];
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
      link.control(parent, members.subtree().toFrame());
      link.startWatching(nowNs);
      members.enter(Phase.RUNNING);
      events.onStarted(members.subtree());
    }
  }

  @Override
  public void onFrame(Edge edge, int kind, MemorySegment s, long offset, int length, long nowNs) {
    switch (kind) {
      case Frame.TASK -> onTask(s, offset, length);
      case Frame.ARRAY -> onArray(ValueFrame.array(s, offset, length));
      case Frame.RANGE -> onRange(edge, s, offset);
      case Frame.PART -> onPart(edge, s, offset, length);
      case Frame.RESULT -> onResult(edge, s, offset, length);
      case Frame.OUTPUT -> onOutput(edge, s, offset, length);
      case Frame.FUNCTION -> onFunction(s, offset, length);
      case Frame.FETCH ->
          onFetch(
              edge.child,
              FetchFields.valueId(s, offset),
              FetchFields.valueLength(s, offset),
              FetchFields.transferId(s, offset));
      case Frame.VALUE -> onValue(whole(s, offset, length));
      case Frame.MISSING -> onMissing(MissingFields.valueId(s, offset));
      case Frame.HELLO -> {
        if (members.onHello(edge, s, offset)) {
          sayHello(nowNs);
        }
      }
      case Frame.CANCEL -> onCancel(s, offset, length);
      case Frame.SHUTDOWN -> onShutdown(Frame.flags(s, offset));
      case Frame.BYE -> members.onBye(edge);
      case Frame.LOST -> link.control(parent, Frame.getBytes(s, offset, length));
      default -> link.counters().strayFrames++;
    }
  }

  // ---- tasks, downwards

  private void onTask(MemorySegment s, long offset, int length) {
    if (members.phase().compareTo(Phase.STOPPING) >= 0 || wasGivenUp(s, offset, length)) {
      return;
    }
    if (!downward.isEmpty() || !dispatch(s, offset, length)) {
      downward.add(Frame.getBytes(s, offset, length));
    }
  }

  private boolean dispatch(MemorySegment s, long offset, int length) {
    int prefetch = Frame.prefetch(Frame.flags(s, offset));
    int child = children.next(prefetch, downward.size());
    if (child == Children.NONE) {
      return false;
    }
    boolean sent =
        children.send(
            child,
            TaskFields.functionId(s, offset),
            prefetch,
            length,
            (_, bytes, target, at) -> MemorySegment.copy(s, offset, target, at, bytes));
    if (sent && child < framesForwarded.length) {
      inFlight.put(TaskFields.taskId(s, offset), child);
    }
    return sent;
  }

  private void onCancel(MemorySegment s, long offset, int length) {
    long taskId = CancelFields.taskId(s, offset);
    if (arrays != null
        && arrays.onCancel(taskId, (Frame.flags(s, offset) & Frame.FLAG_INTERRUPT) != 0)) {
      return;
    }
    if (link.expects(parent, Frame.ARRAY)) {
      arrays().cancelEarly(taskId);
    }
    int child = inFlight.get(taskId);
    if (child >= 0) {
      link.control(link.children()[child], Frame.getBytes(s, offset, length));
      return;
    }
    for (Iterator<byte[]> i = downward.iterator(); i.hasNext(); ) {
      byte[] frame = i.next();
      MemorySegment task = MemorySegment.ofArray(frame);
      if (TaskFields.taskId(task, 0) == taskId) {
        i.remove();
        giveUp(task, 0, frame.length, Frame.CANCELLED);
        return;
      }
    }
    boolean interrupt = (Frame.flags(s, offset) & Frame.FLAG_INTERRUPT) != 0;
    boolean isHere = worker != null && worker.onCancel(taskId, interrupt);
    if (!isHere && givenUp.size() < FETCHING_MAX && link.expects(parent, Frame.TASK)) {
      // it has overtaken its task, which comes in bulk
      givenUp.add(taskId);
    }
  }

  /// Whether a task that has come in bulk was given up while it was on its way.
  private boolean wasGivenUp(MemorySegment s, long offset, int length) {
    if (givenUp.isEmpty()) {
      return false;
    }
    boolean isGivenUp = givenUp.remove(TaskFields.taskId(s, offset));
    if (isGivenUp) {
      giveUp(s, offset, length, Frame.CANCELLED);
    }
    if (!link.expects(parent, Frame.TASK)) {
      givenUp.clear();
    }
    return isGivenUp;
  }

  /// Sends back what waits here, where nobody below can begin it soon: another subtree may. The
  /// last first, since each goes to the front of its queue. Looked at now and then, since it takes
  /// as long as there are children.
  private int returnDownward(long nowNs) {
    if (nowNs - lookedNs < LOOK_NS) {
      return 0;
    }
    lookedNs = nowNs;
    if (!children.areAllTaken()) {
      return 0;
    }
    int count = downward.size();
    for (byte[] task = downward.pollLast(); task != null; task = downward.pollLast()) {
      giveUp(MemorySegment.ofArray(task), 0, task.length, Frame.RETURNED);
    }
    return count;
  }

  /// Ends a task that goes no further; ranks above still wait for its end.
  private void giveUp(MemorySegment task, long offset, int length, int flags) {
    framesGivenUp++;
    bytesGivenUp += length;
    Outcome outcome = new Outcome(link.rank()).ofUnrun(task, offset, flags);
    byte[] result = new byte[outcome.frameBytes()];
    outcome.write(MemorySegment.ofArray(result), 0);
    upward.add(new Upward(result, -1));
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
              new ArrayTable.Above() {
                @Override
                public void onPart(
                    ArrayShare share, int child, MemorySegment s, long offset, int length) {
                  passPartUp(child, s, offset, length);
                }

                @Override
                public void onComplete(ArrayShare share, ArrayPart part) {
                  ArrayDescriptor array = share.descriptor;
                  if (array != null) {
                    passPartsUp(part.frames(array, link.rank(), link.limits().frameBytesMax()));
                  }
                }

                @Override
                public void onScattered(ArrayShare share, ArrayPart part) {
                  ArrayDescriptor array = share.descriptor;
                  if (array != null) {
                    passPartsUp(part.release(array, link.rank(), link.limits().frameBytesMax()));
                  }
                }

                @Override
                public void onAbsorbed(int child, int length) {
                  forwarded(child, length);
                }

                @Override
                public boolean hasRoom() {
                  return worker != null && ownPartsWaiting < OWN_PARTS_PER_SLOT * worker.slots();
                }

                @Override
                public void fetch(long valueId, long length) {
                  onFetch(-1, valueId, length, Frame.NO_TRANSFER);
                }
              });
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
    if (edge != parent) {
      if (arrays == null || !arrays.onReturned(edge.child, taskId, from, to)) {
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
    if (arrays == null || !arrays.onPart(edge.child, s, offset, length)) {
      link.counters().staleResults++;
      forwarded(edge.child, length);
    }
  }

  private void passPartsUp(List<byte[]> frames) {
    for (byte[] frame : frames) {
      passPartUp(-1, MemorySegment.ofArray(frame), 0, frame.length);
    }
  }

  @Override
  public long dueNs() {
    long dueNs = downward.isEmpty() ? ArrayShare.NEVER : lookedNs + LOOK_NS;
    if (arrays != null) {
      dueNs = Math.min(dueNs, arrays.dueNs());
    }
    return worker == null ? dueNs : Math.min(dueNs, worker.dueNs());
  }

  @Override
  public boolean isEmptyBelow() {
    return children.areEmpty() && downward.isEmpty();
  }

  private void passPartUp(int child, MemorySegment s, long offset, int length) {
    if (members.phase() == Phase.STOPPED) {
      // nothing may follow the BYE
      return;
    }
    if (child < 0) {
      ownPartsWaiting++;
    }
    passUp(child < 0 ? OWN_PART : child, s, offset, length);
  }

  @Override
  public void onFolded(long token, int flags, byte[] payload) {
    if (arrays != null) {
      arrays.onFolded(token, flags, payload);
    }
  }

  // ---- outcomes, upwards

  private void onResult(Edge edge, MemorySegment s, long offset, int length) {
    long taskId = ResultFields.taskId(s, offset);
    if (inFlight.get(taskId) != edge.child) {
      link.counters().staleResults++;
      forwarded(edge.child, length);
      return;
    }
    inFlight.remove(taskId);
    onEnded(edge.child, Frame.flags(s, offset), ResultFields.prefetch(s, offset));
    passUp(edge.child, s, offset, length);
  }

  private void onEnded(int child, int flags, int prefetch) {
    children.onEnded(child, flags, prefetch);
    if (arrays != null) {
      arrays.onSlotFreed();
    }
  }

  private void passUp(int child, MemorySegment s, long offset, int length) {
    if (upward.isEmpty() && forward(s, offset, length)) {
      forwarded(child, length);
      return;
    }
    upward.add(new Upward(ValueFrame.array(s, offset, length), child));
  }

  private boolean forward(MemorySegment s, long offset, int length) {
    if (!link.fits(length)) {
      return link.send(parent, ValueFrame.array(s, offset, length));
    }
    int at = link.claim(parent, Frame.kind(s, offset), length);
    if (at < 0) {
      return false;
    }
    MemorySegment.copy(s, offset, link.segment(), at, length);
    link.commit();
    return true;
  }

  private void forwarded(int child, int bytes) {
    if (child >= 0) {
      framesForwarded[child]++;
      bytesForwarded[child] += bytes;
      link.touch(link.children()[child]);
    } else if (child == OWN_OUTPUT) {
      outputBytesSent += bytes;
    } else if (child == OWN_PART) {
      ownPartsWaiting--;
    }
  }

  @Override
  public boolean offerResult(Outcome outcome) {
    if (members.phase() == Phase.STOPPED) {
      // an aborted run doesn't wait for its tasks, and nothing may follow the BYE
      return true;
    }
    if (!upward.isEmpty()) {
      // nor may it overtake what its task has printed
      return false;
    }
    boolean isTaken = sendResult(outcome);
    if (isTaken) {
      onEnded(children.ownWorker(), outcome.flags(), outcome.prefetch());
    }
    return isTaken;
  }

  private boolean sendResult(Outcome outcome) {
    int bytes = outcome.frameBytes();
    if (!link.fits(bytes)) {
      byte[] frame = new byte[bytes];
      outcome.write(MemorySegment.ofArray(frame), 0);
      return parent.hasCredit() && link.send(parent, frame);
    }
    int at = link.claim(parent, Frame.RESULT, bytes);
    if (at < 0) {
      return false;
    }
    outcome.write(link.segment(), at);
    link.commit();
    return true;
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
    passUp(edge.child, s, offset, length);
  }

  /// Sends an OUTPUT frame of this rank's tasks, ahead of their outcomes that are offered later;
  /// without credit it waits here. Shape: the caller bounds what waits, by [#outputBytesSent].
  public void offerOutput(byte[] frame) {
    if (members.phase() == Phase.STOPPED || !link.fits(frame.length)) {
      // nothing may follow the BYE
      outputBytesSent += frame.length;
      return;
    }
    passUp(OWN_OUTPUT, MemorySegment.ofArray(frame), 0, frame.length);
  }

  /// Bytes of [#offerOutput] that wait here no more, cumulative.
  public long outputBytesSent() {
    return outputBytesSent;
  }

  // ---- large values

  /// The frame at `offset` in memory of its own, as it is after a bulk transfer.
  private static MemorySegment whole(MemorySegment s, long offset, int length) {
    return offset == 0 && s.byteSize() == length
        ? s
        : MemorySegment.ofArray(Frame.getBytes(s, offset, length));
  }

  @Override
  public void fetch(long valueId, long length) {
    onFetch(-1, valueId, length, Frame.NO_TRANSFER);
  }

  private void onFetch(int child, long valueId, long length, int transferId) {
    MemorySegment known = cache.get(valueId);
    if (known != null) {
      boolean _ = deliver(new Asking(child, transferId), valueId, known, false);
      return;
    }
    Map<Long, List<Asking>> open = fetching;
    if (open == null) {
      open = new LinkedHashMap<>();
      fetching = open;
    }
    List<Asking> waiting = open.get(valueId);
    if (waiting != null) {
      if (child >= 0 || waiting.stream().noneMatch(asking -> asking.child() < 0)) {
        waiting.add(new Asking(child, transferId));
      }
      return;
    }
    if (open.size() == FETCHING_MAX) {
      link.counters().strayFrames++;
      return;
    }
    waiting = new ArrayList<>(1);
    waiting.add(new Asking(child, transferId));
    open.put(valueId, waiting);
    if (!link.bulk().fetch(parent, valueId, length)) {
      onMissing(valueId);
    }
  }

  private void onValue(MemorySegment frame) {
    long valueId = ValueFrame.valueId(frame);
    List<Asking> waiting = fetching == null ? null : fetching.remove(valueId);
    if (waiting == null) {
      link.counters().strayFrames++;
      return;
    }
    link.counters().valuesReceived++;
    cache.put(valueId, frame);
    if (arrays != null) {
      arrays.onValue(valueId, frame);
    }
    boolean isSpare = waiting.size() == 1 && ValueFrame.isSingleUse(valueId);
    for (Asking asking : waiting) {
      if (!deliver(asking, valueId, frame, isSpare) && isSpare) {
        link.bulk().valueMemory().give(frame);
      }
    }
  }

  /// Hands a value on; `isSpare` gives its memory away with it. False when nobody wants it any
  /// more.
  private boolean deliver(Asking asking, long valueId, MemorySegment frame, boolean isSpare) {
    if (asking.child() < 0) {
      return worker != null && worker.onValue(valueId, frame, isSpare);
    }
    link.counters().valuesSent++;
    return link.bulk().send(link.children()[asking.child()], asking.transferId(), frame, isSpare);
  }

  private void onMissing(long valueId) {
    List<Asking> waiting = fetching == null ? null : fetching.remove(valueId);
    if (waiting == null) {
      link.counters().strayFrames++;
      return;
    }
    link.bulk().withdraw(parent, valueId);
    if (arrays != null) {
      arrays.onValue(valueId, null);
    }
    for (Asking asking : waiting) {
      if (asking.child() >= 0) {
        link.control(link.children()[asking.child()], ValueFrame.missing(valueId));
      } else if (worker != null) {
        worker.onMissing(valueId);
      }
    }
  }

  // ---- credit

  @Override
  public void onCredit(Edge edge, long frames, long bytes) {
    if (edge != parent) {
      childFrames += frames;
      childBytes += bytes;
      children.onCredit(edge.child);
      link.touch(parent);
    }
  }

  @Override
  public void refreshGrants(Edge edge) {
    if (edge == parent) {
      edge.frameGrant = childFrames + framesGivenUp + (worker == null ? 0 : worker.frameGrant());
      edge.byteGrant = childBytes + bytesGivenUp + (worker == null ? 0 : worker.byteGrant());
    } else {
      edge.frameGrant = framesForwarded[edge.child] + link.limits().resultFramesMax();
      edge.byteGrant = bytesForwarded[edge.child] + link.limits().resultBytesMax();
    }
  }

  // ---- life

  @Override
  public void onEdgeLost(Edge edge, long silenceNs, long nowNs) {
    if (edge == parent) {
      // the way to the coordinator is gone: nobody will ever ask for what is here
      LostRank lost = LostRank.of(edge, silenceNs, new long[0]);
      members.shutdown(Frame.FLAG_HALT);
      members.enter(Phase.STOPPED);
      events.onRankLost(lost);
      return;
    }
    long[] tasks = inFlight.tasksOf(edge.child);
    LostRank lost =
        LostRank.of(edge, silenceNs, arrays == null ? tasks : arrays.with(tasks, edge.child));
    members.onGone(edge);
    link.control(parent, lost.toFrame());
    events.onRankLost(lost);
  }

  /// This process ends in the middle of the run: the ranks above needn't wait for its silence.
  public void depart() {
    if (members.phase() == Phase.RUNNING) {
      Subtree below = members.subtree();
      link.control(
          parent,
          LostRank.left(
                  link.rank(),
                  below.host(),
                  below.ranks() - 1,
                  worker == null ? new long[0] : worker.running())
              .toFrame());
    }
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
      link.leave(parent);
      members.enter(Phase.STOPPED);
    }
    if ((flags & Frame.FLAG_ABORT) != 0) {
      aborting = true;
      // whoever looks for the reason of the end may find it in what tasks have printed
      upward.removeIf(next -> Frame.kind(MemorySegment.ofArray(next.frame()), 0) != Frame.OUTPUT);
    }
    events.onStopping(flags);
  }

  @Override
  public int pump(long nowNs) {
    if (members.phase() == Phase.STOPPED) {
      // nothing may follow the BYE
      return 0;
    }
    int work = 0;
    for (Upward next = upward.peek(); next != null; next = upward.peek()) {
      if (!forward(MemorySegment.ofArray(next.frame()), 0, next.frame().length)) {
        break;
      }
      upward.poll();
      forwarded(next.child(), next.frame().length);
      work++;
    }
    if (arrays != null) {
      work += arrays.pump(nowNs);
    }
    if (worker != null) {
      work += worker.pump(nowNs);
    }
    work += dealOut(nowNs);
    if (worker != null && work > 0) {
      work += worker.pump(nowNs);
    }
    if (members.phase() == Phase.STOPPING
        && members.haveAllLeft()
        && (aborting
            || ((worker == null || worker.isIdle()) && upward.isEmpty() && !link.hasTransfers()))) {
      link.control(parent, Frame.BYE, 0);
      // until now the parent has watched us, and we it: what runs may go on for long
      link.leave(parent);
      members.enter(Phase.STOPPED);
      work++;
    }
    return work;
  }

  private int dealOut(long nowNs) {
    int work = 0;
    for (byte[] next = downward.peek(); next != null; next = downward.peek()) {
      if (!dispatch(MemorySegment.ofArray(next), 0, next.length)) {
        return work + returnDownward(nowNs);
      }
      downward.poll();
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
    if (downward.size() + inFlight.size()
        > childFrames + framesGivenUp + (worker == null ? 0 : worker.frameGrant())) {
      throw new IllegalStateException(
          "more tasks than granted: rank=" + link.rank() + " waiting=" + downward.size());
    }
  }
}
