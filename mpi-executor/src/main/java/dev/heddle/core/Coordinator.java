package dev.heddle.core;

import dev.heddle.graph.Ahead;
import dev.heddle.graph.BigValue;
import dev.heddle.graph.Failure;
import dev.heddle.graph.Task;
import dev.heddle.graph.TaskGraph;
import dev.heddle.graph.TaskState;
import dev.heddle.wire.CancelFields;
import dev.heddle.wire.FetchFields;
import dev.heddle.wire.Frame;
import dev.heddle.wire.FunctionFields;
import dev.heddle.wire.HostedFailure;
import dev.heddle.wire.Port;
import dev.heddle.wire.RangeFields;
import dev.heddle.wire.ResultFields;
import dev.heddle.wire.ShortValue;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Rank 0: owns the graph, launches what is ready as far as its children grant credit, and takes
/// outcomes in.
///
/// Shape: state is O(tasks not done + children + large values in use); nothing is kept per worker
/// below. Threading: the progress role. Errors: an outcome of a task that isn't launched is dropped
/// and counted.
public final class Coordinator implements Role, Link.Handler, Upstream {

  /// Makes the encoded failure of a task that can't be sent; the codec's, which this room doesn't
  /// know.
  @FunctionalInterface
  public interface FailureEncoder {
    /// An encoded serialization failure with this message.
    byte[] encode(String message);
  }

  /// Bit that tells the ids of large results from those of large arguments.
  private static final long RESULT_VALUE_ID = 1L << 62;

  /// A task that was launched to `child`, and needs no end any more since `root` was given up.
  private record Dropped(long taskId, Child child, Task root) {}

  private final Link link;
  private final TaskGraph graph;
  private final @Nullable Worker worker;
  private final Children.FrameWriter launcher = this::launch;
  private final Children.FrameWriter aheadLauncher = this::launchAhead;
  private final Children children;
  private final Pace pace = new Pace();
  private final Membership members;
  private final Events events;
  private final Starter starter;
  private final FailureEncoder failures;
  private final Map<Long, BigValue> valuesInUse = new HashMap<>();
  private final String host;
  private long nextValueId;
  private boolean aborting;
  private final ArrayRun arrayRun;
  private @Nullable ArrayTable arrays;

  /// Tasks that were given up, and those that fail with them, where they are launched: their ranks
  /// are told when the command to give the root up is here.
  private final List<Dropped> dropped = new ArrayList<>(0);

  /// Of the task that is being launched.
  private int prefetch;

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
    this.graph =
        new TaskGraph(
            completions(events), limits.memoBytesMax(), childRanks.length + (slots == 0 ? 0 : 1));
    this.worker =
        slots == 0 ? null : new Worker(0, slots, limits, starter, this, new ValueCache(0), memory);
    this.children = new Children(link, worker);
    this.members = new Membership(link, self);
    this.events = events;
    this.starter = starter;
    this.failures = failures;
    this.host = self.host();
    this.arrayRun = new ArrayRun(this, graph, limits.inlineBytesMax());
  }

  private TaskGraph.Completions completions(Events events) {
    return new TaskGraph.Completions() {
      @Override
      public boolean onDone(Task task) {
        return events.onDone(task);
      }

      @Override
      public void onLocal(Task task) {
        events.onLocal(task);
      }

      @Override
      public void onEarly(int child, int change) {
        children.at(child).occupancy.onEarly(change);
      }

      @Override
      public void onDropped(Task task, Task root) {
        releaseValues(task, false);
        if (root.taskState() == TaskState.CANCELLED) {
          dropped.add(new Dropped(task.id(), children.at(task.child()), root));
        }
      }
    };
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

  /// All tasks.
  public TaskGraph graph() {
    return graph;
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
    if (functionId != children.functionCount()) {
      throw new IllegalStateException(
          "functionId=" + functionId + " expected=" + children.functionCount());
    }
    byte[] frame = new byte[Frame.padded(Frame.FUNCTION_BYTES + definition.length)];
    MemorySegment s = MemorySegment.ofArray(frame);
    Frame.head(s, 0, Frame.FUNCTION, 0, 0, frame.length);
    FunctionFields.putFunctionId(s, 0, functionId);
    FunctionFields.putDefinitionLength(s, 0, definition.length);
    System.arraycopy(definition, 0, frame, Frame.FUNCTION_BYTES, definition.length);
    if (!link.fits(frame.length) || !children.define(frame)) {
      throw new IllegalStateException(
          "too many functions, or one with too long a name: functions="
              + children.functionCount()
              + " functionsMax="
              + link.limits().functionsMax()
              + " definitionBytes="
              + definition.length);
    }
    // without slots too: combiners run here
    starter.define(functionId, definition);
  }

  /// Takes a task in.
  public void submit(Task task) {
    graph.submit(task);
  }

  /// Gives a task up; false when it is done. Whoever has it, or what was launched behind it, is
  /// told, and asked to interrupt it if `interrupt`.
  public boolean cancel(Task task, boolean interrupt) {
    if (task.taskState() == TaskState.LAUNCHED && task.isArray()) {
      endArray(task, interrupt);
    } else if (task.taskState() == TaskState.LAUNCHED) {
      releaseValues(task, false);
      dropped.add(new Dropped(task.id(), children.at(task.child()), task));
    }
    boolean isCancelled = graph.cancel(task);
    // Those that were sent ahead of it wait for it at its worker, and go with it; but it may have
    // ended there, even before this command came, so that they run.
    dropped.removeIf(
        one -> {
          boolean isDue = one.root().id() == task.id();
          if (isDue) {
            tellCancelled(one.child(), one.taskId(), interrupt);
          }
          return isDue;
        });
    return isCancelled;
  }

  private void tellCancelled(Child child, long taskId, boolean interrupt) {
    if (child instanceof ChildRank below) {
      int flags = interrupt ? Frame.FLAG_INTERRUPT : 0;
      link.control(below.edge, cancelFrame(taskId, flags));
    } else if (worker != null) {
      boolean _ = worker.onCancel(taskId, interrupt);
    }
  }

  static byte[] cancelFrame(long taskId, int flags) {
    byte[] frame = new byte[16];
    MemorySegment s = MemorySegment.ofArray(frame);
    Frame.head(s, 0, Frame.CANCEL, flags, 0, frame.length);
    CancelFields.putTaskId(s, 0, taskId);
    return frame;
  }

  /// Ends the run; `flags` are those of SHUTDOWN.
  public void shutdown(int flags) {
    if (members.phase().compareTo(Phase.STOPPING) >= 0 && (flags & Frame.FLAG_HALT) == 0) {
      return;
    }
    members.enter(Phase.STOPPING);
    aborting |= flags != 0;
    if (worker != null && flags != 0) {
      worker.stop();
    }
    members.shutdown(flags);
    if ((flags & Frame.FLAG_HALT) != 0) {
      members.enter(Phase.STOPPED);
    }
    events.onStopping(flags);
  }

  // ---- launching

  @Override
  public int pump(long nowNs) {
    int work = worker == null ? 0 : worker.pump(nowNs);
    if (members.phase() == Phase.RUNNING) {
      int launched = launchReady();
      if (arrays != null) {
        launched += arrays.pump(nowNs);
      }
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

  private int launchReady() {
    int work = 0;
    while (true) {
      graph.skipDone();
      Task task = graph.peekReady();
      if (task == null) {
        return work + launchAhead();
      }
      if (task.isArray()) {
        if (!arrays().mayOpen()) {
          return work;
        }
        openArray(task);
        work++;
        continue;
      }
      // what has waited in vain once waits here, for a free slot
      prefetch = task.hasComeBack() ? 0 : pace.prefetch(task.functionId());
      Child child = children.next(prefetch, graph.readyCount());
      if (child == null) {
        // before the length, which takes as long as the task has arguments
        return work;
      }
      long bytes = TaskFrame.bytes(task, link.limits().frameBytesMax());
      if (bytes > link.limits().frameBytesMax()) {
        refuse(graph.launch(Task.NO_CHILD), bytes);
        work++;
        continue;
      }
      if (!children.send(child, task.functionId(), prefetch, (int) bytes, launcher)) {
        return work;
      }
      work++;
    }
  }

  /// Writes the next ready task where there is room for it, and only then takes it from the queue:
  /// its slot is part of the frame.
  private void launch(Child child, int bytes, MemorySegment s, long offset) {
    Task task = graph.launch(child.number, child.isLeaf() && link.fits(bytes));
    retainValues(task);
    TaskFrame.write(task, prefetch, bytes, s, offset);
  }

  /// Launches tasks whose arguments are on their way, behind these: with nothing ready, the workers
  /// have room.
  private int launchAhead() {
    Ahead ahead = graph.ahead();
    if (ahead.isEmpty()) {
      return 0;
    }
    int work = 0;
    for (int i = 0; i < children.count(); i++) {
      Child child = children.at(i);
      for (Task task = ahead.peek(i); task != null; task = ahead.peek(i)) {
        prefetch = pace.prefetch(task.functionId());
        if (!children.hasRoomAhead(child, prefetch)) {
          break;
        }
        long bytes = TaskFrame.bytes(task, link.limits().frameBytesMax());
        if (bytes > link.frameBytesInMessageMax()) {
          ahead.drop(i);
          continue;
        }
        if (!children.send(child, task.functionId(), prefetch, (int) bytes, aheadLauncher)) {
          return work;
        }
        work++;
      }
    }
    return work;
  }

  private void launchAhead(Child child, int bytes, MemorySegment s, long offset) {
    Task task = graph.launchAhead(child.number);
    link.counters().sentAhead++;
    retainValues(task);
    TaskFrame.write(task, prefetch, bytes, s, offset);
  }

  // ---- arrays

  private ArrayTable arrays() {
    ArrayTable table = arrays;
    if (table == null) {
      int slots = worker == null ? 0 : worker.slots();
      table =
          new ArrayTable(
              link,
              children,
              starter,
              slots,
              valueId -> {
                BigValue value = valuesInUse.get(valueId);
                return value == null ? null : value.frame();
              },
              arrayRun);
      arrays = table;
      if (worker != null) {
        worker.workOn(table);
      }
    }
    return table;
  }

  private void openArray(Task array) {
    if (array.array().count() == 0) {
      graph.succeed(graph.launch(Task.NO_CHILD), array.array().head());
      return;
    }
    long bytes = ArrayFrame.bytes(array, link.limits().frameBytesMax());
    Task _ = graph.launch(Task.NO_CHILD);
    if (bytes > link.limits().frameBytesMax()) {
      refuse(array, bytes);
      return;
    }
    retainValues(array);
    arrayRun.open(arrays(), array, ArrayFrame.of(array, (int) bytes));
  }

  /// Memory for the arrays that are open, about; for tests and the simulator.
  public long arrayStateBytes() {
    return arrays == null ? 0 : arrays.stateBytes();
  }

  /// Tells everybody who has the array that it is over.
  void endArray(Task array, boolean interrupt) {
    releaseValues(array, false);
    arrayRun.forget(array);
    boolean _ = arrays().onCancel(array.id(), interrupt);
  }

  /// A number for a large result.
  long nextResultId() {
    return RESULT_VALUE_ID | nextValueId++;
  }

  @Override
  public void onFolded(long token, int flags, byte[] payload) {
    if (arrays != null) {
      arrays.onFolded(token, flags, payload);
    }
  }

  private void refuse(Task task, long bytes) {
    byte[] failure =
        failures.encode(
            "the arguments of task="
                + task.id()
                + " label="
                + task.label()
                + (bytes == TaskFrame.TOO_DEEP
                    ? " are lists in lists, deeper than "
                        + Frame.ARGUMENT_DEPTH_MAX
                        + ": flatten them, or build a part of them in a task"
                    : " have more bytes than the "
                        + link.limits().frameBytesMax()
                        + " that can be sent: raise valueBytesMax or pass less"));
    graph.fail(task, new Failure(0, 0, host, failure));
  }

  /// A launched task needs its large values no more. `isOver` says that it has ended where it ran,
  /// so that the memory of values which nobody else can name is used again.
  private void releaseValues(Task task, boolean isOver) {
    if (!task.holdsValues()) {
      return;
    }
    TaskFrame.forEachBigValue(
        task,
        value -> {
          if (value.release()) {
            valuesInUse.remove(value.valueId());
            if (isOver && ValueFrame.isSingleUse(value.valueId())) {
              MemorySegment frame = value.takeFrame();
              if (frame != null) {
                link.bulk().giveWhenSent(frame);
              }
            }
          }
        });
  }

  private void retainValues(Task task) {
    TaskFrame.forEachBigValue(
        task,
        value -> {
          task.holdValues();
          if (value.retain()) {
            valuesInUse.put(value.valueId(), value);
          }
        });
  }

  // ---- what comes from below

  @Override
  public void onFrame(Edge edge, int kind, MemorySegment s, long offset, int length, long nowNs) {
    switch (kind) {
      case Frame.RESULT -> {
        edge.child().bytesReceived += length;
        onResult(edge.child(), s, offset);
      }
      case Frame.PART -> {
        edge.child().bytesReceived += length;
        if (arrays == null || !arrays.onPart(edge.child(), s, offset, length)) {
          link.counters().staleResults++;
        }
      }
      case Frame.RANGE -> {
        if (arrays == null
            || !arrays.onReturned(
                edge.child(),
                RangeFields.taskId(s, offset),
                RangeFields.from(s, offset),
                RangeFields.to(s, offset))) {
          link.counters().staleResults++;
        }
      }
      case Frame.OUTPUT -> {
        edge.child().bytesReceived += length;
        OutputFrame.tell(s, offset, events);
      }
      case Frame.FETCH ->
          onFetch(
              edge,
              FetchFields.valueId(s, offset),
              FetchFields.valueLength(s, offset),
              FetchFields.transferId(s, offset));
      case Frame.HELLO -> {
        if (members.onHello(edge, s, offset)) {
          becomeComplete(nowNs);
        }
      }
      case Frame.BYE -> members.onBye(edge);
      case Frame.LOST -> events.onRankLost(LostRank.of(s, offset));
      default -> link.counters().strayFrames++;
    }
  }

  private void onSlotFreed() {
    if (arrays != null) {
      arrays.onSlotFreed();
    }
  }

  private void onResult(ChildRank child, MemorySegment s, long offset) {
    // of a task that was given up too: it had a slot until now
    children.onEnded(child, Frame.flags(s, offset), ResultFields.prefetch(s, offset));
    onSlotFreed();
    Task task =
        graph.find(
            ResultFields.taskId(s, offset), ResultFields.slot(s, offset), Frame.attempt(s, offset));
    if (task == null || task.child() != child.number) {
      link.counters().staleResults++;
      return;
    }
    int payload = ResultFields.payloadLength(s, offset);
    long at = offset + Frame.RESULT_BYTES;
    switch (Frame.flags(s, offset)) {
      case Frame.SUCCEEDED -> {
        pace.onRan(task.functionId(), ResultFields.durationNs(s, offset));
        if (payload > 0 && payload <= Task.SHORT_BYTES_MAX) {
          succeedShort(task, s, at, payload);
        } else {
          succeed(task, Frame.getBytes(s, at, payload));
        }
      }
      case Frame.FAILED -> {
        pace.onRan(task.functionId(), ResultFields.durationNs(s, offset));
        fail(task, ResultFields.rank(s, offset), Frame.getBytes(s, at, payload));
      }
      case Frame.NOT_RUN -> giveBack(task);
      case Frame.RETURNED -> takeBack(task);
      // only we give tasks up, and that one we have not
      default -> link.counters().strayFrames++;
    }
  }

  private void giveBack(Task task) {
    if (!task.isAhead()) {
      link.counters().strayFrames++;
      return;
    }
    link.counters().sentInVain++;
    releaseValues(task, false);
    graph.giveBack(task);
  }

  private void takeBack(Task task) {
    link.counters().returned++;
    releaseValues(task, false);
    graph.takeBack(task);
  }

  private void succeedShort(Task task, MemorySegment s, long at, int length) {
    releaseValues(task, true);
    graph.succeedShort(task, length, ShortValue.head(s, at), ShortValue.tail(s, at, length));
  }

  private void succeed(Task task, byte[] value) {
    releaseValues(task, true);
    graph.succeed(
        task,
        value.length <= link.limits().inlineBytesMax()
            ? value
            : ValueFrame.of(nextResultId(), value, 0, value.length));
  }

  private void fail(Task task, int rank, byte[] payload) {
    releaseValues(task, true);
    graph.fail(
        task,
        new Failure(
            task.attempt(), rank, HostedFailure.host(payload), HostedFailure.failure(payload)));
  }

  @Override
  public boolean offerResult(Outcome outcome) {
    Task task = graph.find(outcome.taskId(), outcome.slot(), outcome.attempt());
    children.onOwnEnded(outcome.flags(), outcome.prefetch());
    onSlotFreed();
    if (task == null || outcome.flags() == Frame.CANCELLED) {
      link.counters().staleResults++;
    } else if (outcome.flags() == Frame.NOT_RUN) {
      giveBack(task);
    } else if (outcome.flags() == Frame.RETURNED) {
      takeBack(task);
    } else {
      pace.onRan(task.functionId(), outcome.durationNs());
      if (outcome.flags() == Frame.SUCCEEDED) {
        succeed(task, outcome.payload());
      } else {
        fail(task, outcome.rank(), outcome.payload());
      }
    }
    return true;
  }

  @Override
  public void fetch(long valueId, long length) {
    BigValue value = valuesInUse.get(valueId);
    if (value == null) {
      Objects.requireNonNull(worker).onMissing(valueId);
    } else {
      // the memory stays ours: the task's end gives it back
      boolean _ = Objects.requireNonNull(worker).onValue(valueId, value.frame(), false);
    }
  }

  private void onFetch(Edge edge, long valueId, long length, int transferId) {
    BigValue value = valuesInUse.get(valueId);
    if (value == null || value.length() != length) {
      link.control(edge, ValueFrame.missing(valueId));
      return;
    }
    link.counters().valuesSent++;
    boolean _ = link.bulk().send(edge, transferId, value.frame(), false);
  }

  @Override
  public void onCredit(Edge edge, long frames, long bytes) {
    children.onCredit(edge.child());
  }

  @Override
  public void refreshGrants(Edge edge) {
    edge.frameGrant = edge.framesReceived + link.limits().resultFramesMax();
    edge.byteGrant = edge.child().bytesReceived + link.limits().resultBytesMax();
  }

  @Override
  public void onEdgeLost(Edge edge, long silenceNs, long nowNs) {
    long[] ids = new long[graph.launchedCount()];
    int[] count = {0};
    graph.forEachLaunched(
        task -> {
          if (task.child() == edge.child().number) {
            ids[count[0]++] = task.id();
          }
        });
    long[] tasks = Arrays.copyOf(ids, count[0]);
    members.onGone(edge);
    events.onRankLost(
        LostRank.of(edge, silenceNs, arrays == null ? tasks : arrays.with(tasks, edge.child())));
  }

  /// Where a task is that is out.
  @FunctionalInterface
  public interface Whereabouts {
    /// `rank` has it, or one of the `ranksBelow` below that rank; -1 where many ranks share it.
    void onLaunched(Task task, int rank, int ranksBelow);
  }

  /// Calls `visitor` for every task that is out, in no order.
  public void forEachLaunched(Whereabouts visitor) {
    graph.forEachLaunched(
        task -> {
          if (task.child() == Task.NO_CHILD || task.isArray()) {
            visitor.onLaunched(task, -1, 0);
          } else if (children.at(task.child()) instanceof ChildRank below) {
            visitor.onLaunched(task, below.edge.rank, below.edge.ranksBelow - 1);
          } else {
            visitor.onLaunched(task, link.rank(), 0);
          }
        });
  }

  @Override
  public long dueNs() {
    return worker == null ? Long.MAX_VALUE : worker.dueNs();
  }

  @Override
  public boolean isEmptyBelow() {
    return children.areEmpty();
  }

  /// Large values that are kept for launched tasks.
  int valuesInUse() {
    return valuesInUse.size();
  }

  @Override
  public void checkInvariants() {
    link.checkInvariants();
    graph.checkInvariants();
    if (arrays != null) {
      arrays.checkInvariants();
    }
    if (worker != null) {
      worker.checkInvariants();
    }
  }
}
