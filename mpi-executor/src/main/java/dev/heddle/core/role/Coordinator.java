package dev.heddle.core.role;

import dev.heddle.core.frames.LostRank;
import dev.heddle.core.frames.OutputFrame;
import dev.heddle.core.frames.Subtree;
import dev.heddle.core.frames.ValueMemory;
import dev.heddle.core.link.Edge;
import dev.heddle.core.link.Limits;
import dev.heddle.core.link.Link;
import dev.heddle.core.link.Phase;
import dev.heddle.core.work.Starter;
import dev.heddle.core.work.Worker;
import dev.heddle.graph.Task;
import dev.heddle.graph.TaskGraph;
import dev.heddle.wire.Port;
import dev.heddle.wire.frame.Frame;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// Rank 0: the root of the tree, which knows when all are there and when all have left; its
/// [GraphOwner] has the tasks.
///
/// Shape: state is O(tasks not done + children + large values in use); nothing is kept per worker
/// below. Threading: the progress role. Errors: what comes from below and doesn't fit is dropped
/// and counted.
public final class Coordinator implements Role, Link.Handler {

  /// Makes the encoded failure of a task that can't be sent; the codec's, which this room doesn't
  /// know.
  @FunctionalInterface
  public interface FailureEncoder {
    /// An encoded serialization failure with this message.
    byte[] encode(String message);
  }

  /// Where a task is that is out.
  @FunctionalInterface
  public interface Whereabouts {
    /// `rank` has it, or one of the `ranksBelow` below that rank; -1 where many ranks share it.
    void onLaunched(Task task, int rank, int ranksBelow);
  }

  private final Link link;
  private final GraphOwner owner;
  private final Membership members;
  private final Events events;
  private boolean aborting;
  private @Nullable Facts facts;
  private long questions;

  /// The root of the tree; `slots` is 0 unless it is alone.
  public Coordinator(
      int[] childRanks,
      int slots,
      Subtree self,
      long runId,
      Limits limits,
      Port port,
      ValueMemory memory,
      Starter starter,
      FailureEncoder failures,
      Events events) {
    this.link = new Link(0, -1, childRanks, runId, limits, port, memory, this);
    this.owner = new GraphOwner(link, slots, self.host(), memory, starter, failures, events);
    this.members = new Membership(link, self);
    this.events = events;
  }

  @Override
  public Link link() {
    return link;
  }

  @Override
  public @Nullable Worker worker() {
    return owner.worker();
  }

  @Override
  public Phase phase() {
    return members.phase();
  }

  /// Tells `listener` what happens from now on. The listener is called at the end of a turn, when
  /// the messages of the turn have left and its futures are done.
  public void listen(FactListener listener) {
    Facts known = facts;
    if (known == null) {
      known = new Facts();
      facts = known;
      owner.watch(known);
    }
    known.add(listener);
  }

  @Override
  public void endTurn(long nowNs) {
    Facts known = facts;
    if (known != null) {
      known.endTurn();
    }
  }

  /// Asks all ranks what they do; [Events#onStatistics] gets the sums once all ranks that are left
  /// have answered. Returns false while an earlier question is open, and unless the run is
  /// [Phase#RUNNING].
  ///
  /// Shape: a message for each child, and a set of the children until all have answered.
  public boolean askStatistics(long nowNs) {
    if (members.phase() != Phase.RUNNING) {
      return false;
    }
    Census census = census();
    return !census.isOpen() && census.ask(++questions);
  }

  private Census census() {
    return members.census(
        owner.worker(), owner::valueBytes, (_, sums) -> events.onStatistics(sums));
  }

  /// What is told of from here on happens at `nowNs`.
  private void at(long nowNs) {
    Facts known = facts;
    if (known != null) {
      known.at(nowNs);
    }
  }

  private void tell(long rank, Fact fact, long durationNs) {
    Facts known = facts;
    if (known != null) {
      known.add(rank, fact, durationNs);
    }
  }

  /// The part that has the tasks.
  GraphOwner owner() {
    return owner;
  }

  /// All tasks.
  public TaskGraph graph() {
    return owner.graph();
  }

  @Override
  public void start(long nowNs) {
    becomeComplete(nowNs);
  }

  private void becomeComplete(long nowNs) {
    if (members.phase() == Phase.STARTING && members.isComplete()) {
      members.enter(Phase.RUNNING);
      link.startWatching(nowNs);
      for (Edge child : link.children()) {
        link.touch(child);
      }
      events.onStarted(members.subtree());
    }
  }

  // ---- what the user's threads want

  /// Makes the next function known; its number is the count of those before. Errors: more than
  /// `functionsMax` end the run.
  public void define(int functionId, byte[] definition) {
    owner.define(functionId, definition);
  }

  /// Takes a task in.
  public void submit(Task task, long nowNs) {
    at(nowNs);
    owner.submit(task);
  }

  /// Gives a task up; false when it is done. The ranks that have it, or what was launched behind
  /// it, are told, and asked to interrupt it if `interrupt`.
  public boolean cancel(Task task, boolean interrupt, long nowNs) {
    at(nowNs);
    return owner.cancel(task, interrupt, nowNs);
  }

  /// Asks for a launched task back: unless the task has begun, it is ready here again, ahead of all
  /// tasks of its priority. So the last of several tasks is to be asked for first. False where the
  /// task isn't out, or is an array.
  public boolean recall(Task task, long nowNs) {
    at(nowNs);
    return owner.recall(task, nowNs);
  }

  /// Calls `visitor` for every task that is out, in no order.
  public void forEachLaunched(Whereabouts visitor) {
    owner.forEachLaunched(visitor);
  }

  /// Ends the run; `flags` are those of SHUTDOWN.
  public void shutdown(int flags, long nowNs) {
    if (members.phase().compareTo(Phase.STOPPING) >= 0 && (flags & Frame.FLAG_HALT) == 0) {
      return;
    }
    members.enter(Phase.STOPPING);
    aborting |= flags != 0;
    Worker worker = owner.worker();
    if (worker != null && flags != 0) {
      worker.stop();
    }
    members.shutdown(flags);
    if ((flags & Frame.FLAG_HALT) != 0) {
      members.enter(Phase.STOPPED);
    }
    events.onStopping(flags);
  }

  @Override
  public int pump(long nowNs) {
    at(nowNs);
    Worker worker = owner.worker();
    int work = worker == null ? 0 : worker.pump(nowNs);
    if (members.phase() == Phase.RUNNING) {
      int launched = owner.launchAll(nowNs);
      if (launched > 0 && worker != null) {
        worker.pump(nowNs);
      }
      work += launched;
    }
    if (members.phase() == Phase.STOPPING
        && members.haveAllLeft()
        && (worker == null || aborting || worker.isIdle())) {
      members.enter(Phase.STOPPED);
      work++;
    }
    return work;
  }

  @Override
  public void onFolded(long token, int flags, byte[] payload, long nowNs) {
    at(nowNs);
    owner.onFolded(token, flags, payload);
  }

  // ---- what comes from below

  @Override
  public void onFrame(Edge edge, int kind, MemorySegment s, long offset, int length, long nowNs) {
    at(nowNs);
    switch (kind) {
      case Frame.RESULT -> {
        edge.child().onBytesReceived(length);
        owner.onResult(edge.child(), s, offset);
      }
      case Frame.PART -> {
        edge.child().onBytesReceived(length);
        owner.onPart(edge.child(), s, offset, length);
      }
      case Frame.RANGE -> owner.onRange(edge.child(), s, offset);
      case Frame.OUTPUT -> {
        edge.child().onBytesReceived(length);
        OutputFrame.tell(s, offset, events::onOutput);
      }
      case Frame.FETCH -> owner.onFetch(edge, s, offset);
      case Frame.HELLO -> {
        if (members.onHello(edge, s, offset)) {
          tell(edge.rank(), Fact.RANK_JOINED, 0);
          becomeComplete(nowNs);
        }
      }
      case Frame.BYE -> {
        if (members.onBye(edge)) {
          tell(edge.rank(), Fact.RANK_LEFT, 0);
        }
      }
      case Frame.LOST -> onRankLost(LostRank.of(s, offset));
      case Frame.STATISTICS -> {
        if (!census().onFrame(edge, s, offset, false)) {
          link.counters().strayFrames++;
        }
      }
      default -> link.counters().strayFrames++;
    }
  }

  @Override
  public void onCredit(Edge edge, long frames, long bytes) {
    owner.children().onCredit(edge.child());
  }

  @Override
  public void refreshGrants(Edge edge) {
    edge.grant(
        edge.framesReceived() + link.limits().resultFramesMax(),
        edge.child().bytesReceived() + link.limits().resultBytesMax());
  }

  @Override
  public void onEdgeLost(Edge edge, long silenceNs, long nowNs) {
    at(nowNs);
    long[] tasks = owner.tasksOf(edge.child());
    members.onGone(edge);
    onRankLost(edge.lostRank(silenceNs, tasks));
  }

  private void onRankLost(LostRank lost) {
    tell(lost.rank(), Fact.RANK_LOST, Math.max(0, lost.silenceNs()));
    events.onRankLost(lost);
  }

  @Override
  public long dueNs() {
    Worker worker = owner.worker();
    return worker == null ? Long.MAX_VALUE : worker.dueNs();
  }

  @Override
  public boolean isEmptyBelow() {
    return owner.children().areEmpty();
  }

  @Override
  public void checkInvariants() {
    link.checkInvariants();
    owner.checkInvariants();
  }

  /// Memory for the arrays that are open, about; for tests and the simulator.
  public long arrayStateBytes() {
    return owner.arrayStateBytes();
  }

  /// Large values that are kept for launched tasks.
  int valuesInUse() {
    return owner.valuesInUse();
  }
}
