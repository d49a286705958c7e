package dev.heddle.core.role;

import dev.heddle.core.array.ArrayShare;
import dev.heddle.core.frames.Outcome;
import dev.heddle.core.link.Child;
import dev.heddle.core.link.ChildRank;
import dev.heddle.core.link.Edge;
import dev.heddle.core.link.Link;
import dev.heddle.core.work.Children;
import dev.heddle.core.work.Worker;
import dev.heddle.wire.frame.CancelFields;
import dev.heddle.wire.frame.Frame;
import dev.heddle.wire.frame.RecallFields;
import dev.heddle.wire.frame.TaskFields;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Tasks on their way down through a relay: dealt out to children and the own worker at once where
/// one has room, else they wait here.
///
/// Shape: at most what was granted to the parent. Threading: the progress role.
final class Downward {
  /// Between two looks at whether anybody below can begin what waits here; as at workers.
  private static final long LOOK_NS = 2_500_000;

  /// Tasks given up ahead of their frames; more than credit can cause, so more is forged.
  private static final int GIVEN_UP_MAX = 1 << 16;

  private final Link link;
  private final Children children;
  private final @Nullable Worker worker;
  private final Upward upward;
  private final ArrayDeque<byte[]> waiting = new ArrayDeque<>(1);

  /// When it was last looked whether anybody below can begin what waits here.
  private long lookedNs;

  /// Tasks that were given up while they were on their way here in bulk.
  private final Set<Long> givenUp = new HashSet<>(0);

  // What was taken out again before it was passed on: it used no credit below.
  private long framesGivenUp;
  private long bytesGivenUp;

  Downward(Link link, Children children, @Nullable Worker worker, Upward upward) {
    this.link = link;
    this.children = children;
    this.worker = worker;
    this.upward = upward;
  }

  /// The parent has sent a task.
  void onTask(MemorySegment s, long offset, int length, long nowNs) {
    if (wasGivenUp(s, offset, length)) {
      return;
    }
    if (!waiting.isEmpty() || !dispatch(s, offset, length, nowNs)) {
      waiting.add(Frame.getBytes(s, offset, length));
    }
  }

  private boolean dispatch(MemorySegment s, long offset, int length, long nowNs) {
    int prefetch = Frame.prefetch(Frame.flags(s, offset));
    Child child = children.next(prefetch, waiting.size());
    if (child == null) {
      return false;
    }
    boolean sent =
        children.send(
            child,
            TaskFields.functionId(s, offset),
            prefetch,
            length,
            (_, bytes, target, at) -> MemorySegment.copy(s, offset, target, at, bytes),
            nowNs);
    if (sent && child instanceof ChildRank below) {
      below.inFlight().add(TaskFields.taskId(s, offset));
    }
    return sent;
  }

  /// Deals out what waits, in order; sends it back where nobody below can begin it soon. Returns
  /// the work done.
  int dealOut(long nowNs) {
    int work = 0;
    for (byte[] next = waiting.peek(); next != null; next = waiting.peek()) {
      if (!dispatch(MemorySegment.ofArray(next), 0, next.length, nowNs)) {
        return work + sendBack(nowNs);
      }
      waiting.poll();
      work++;
    }
    return work;
  }

  /// Sends back what waits here, where nobody below can begin it soon: another subtree may. The
  /// last first, since each goes to the front of its queue. Looked at now and then, since it takes
  /// as long as there are children.
  private int sendBack(long nowNs) {
    if (nowNs - lookedNs < LOOK_NS) {
      return 0;
    }
    lookedNs = nowNs;
    if (!children.areAllTaken()) {
      return 0;
    }
    int count = waiting.size();
    for (byte[] task = waiting.pollLast(); task != null; task = waiting.pollLast()) {
      giveUp(MemorySegment.ofArray(task), 0, task.length, Frame.RETURNED);
    }
    return count;
  }

  /// A task is given up, wherever it is: below, here, in the own worker, or still on its way.
  ///
  /// Shape: a look-up per child, of which a relay has as many as the fan-out says.
  void onCancel(MemorySegment s, long offset, int length, long nowNs) {
    long taskId = CancelFields.taskId(s, offset);
    if (passToChild(taskId, s, offset, length)) {
      return;
    }
    byte[] frame = takeWaiting(taskId);
    if (frame != null) {
      giveUp(MemorySegment.ofArray(frame), 0, frame.length, Frame.CANCELLED);
      return;
    }
    boolean interrupt = (Frame.flags(s, offset) & Frame.FLAG_INTERRUPT) != 0;
    boolean isHere = worker != null && worker.onCancel(taskId, interrupt, nowNs);
    if (!isHere && givenUp.size() < GIVEN_UP_MAX && link.expects(link.up(), Frame.TASK)) {
      // it has overtaken its task, which comes in bulk
      givenUp.add(taskId);
    }
  }

  /// A task is wanted back: from below, from here, or from the own worker. One that is still on its
  /// way here in bulk stays.
  void onRecall(MemorySegment s, long offset, int length, long nowNs) {
    long taskId = RecallFields.taskId(s, offset);
    if (passToChild(taskId, s, offset, length)) {
      return;
    }
    byte[] frame = takeWaiting(taskId);
    if (frame != null) {
      giveUp(MemorySegment.ofArray(frame), 0, frame.length, Frame.RECALLED);
    } else if (worker != null) {
      boolean _ = worker.onRecall(taskId, nowNs);
    }
  }

  /// Passes a frame about a task on to the child that has the task; false where no child has it.
  private boolean passToChild(long taskId, MemorySegment s, long offset, int length) {
    for (Edge edge : link.children()) {
      if (edge.child().inFlight().contains(taskId)) {
        link.control(edge, Frame.getBytes(s, offset, length));
        return true;
      }
    }
    return false;
  }

  private byte @Nullable [] takeWaiting(long taskId) {
    for (Iterator<byte[]> i = waiting.iterator(); i.hasNext(); ) {
      byte[] frame = i.next();
      if (TaskFields.taskId(frame, 0) == taskId) {
        i.remove();
        return frame;
      }
    }
    return null;
  }

  /// Whether a task that has arrived in bulk was given up while it was on its way.
  private boolean wasGivenUp(MemorySegment s, long offset, int length) {
    if (givenUp.isEmpty()) {
      return false;
    }
    boolean isGivenUp = givenUp.remove(TaskFields.taskId(s, offset));
    if (isGivenUp) {
      giveUp(s, offset, length, Frame.CANCELLED);
    }
    if (!link.expects(link.up(), Frame.TASK)) {
      givenUp.clear();
    }
    return isGivenUp;
  }

  /// Ends a task that goes no further; ranks above still wait for its end.
  private void giveUp(MemorySegment task, long offset, int length, int flags) {
    framesGivenUp++;
    bytesGivenUp += length;
    Outcome outcome = new Outcome(link.rank()).ofUnrun(task, offset, flags);
    byte[] result = new byte[outcome.frameBytes()];
    outcome.write(MemorySegment.ofArray(result), 0);
    upward.add(result);
  }

  /// Nothing waits here.
  boolean isEmpty() {
    return waiting.isEmpty();
  }

  /// What waits here goes nowhere.
  void clear() {
    waiting.clear();
  }

  /// When it is time for another look at what waits here.
  long dueNs() {
    return waiting.isEmpty() ? ArrayShare.NEVER : lookedNs + LOOK_NS;
  }

  /// Tasks taken out again before they were passed on, cumulative: they used no credit below.
  long framesGivenUp() {
    return framesGivenUp;
  }

  /// Their bytes.
  long bytesGivenUp() {
    return bytesGivenUp;
  }

  void checkInvariants(long framesGranted) {
    long held = waiting.size();
    for (Edge edge : link.children()) {
      held += edge.child().inFlight().size();
    }
    if (held > framesGranted) {
      throw new IllegalStateException(
          "more tasks than granted: rank=" + link.rank() + " held=" + held);
    }
  }
}
