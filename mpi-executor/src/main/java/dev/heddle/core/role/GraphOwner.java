package dev.heddle.core.role;

import dev.heddle.core.array.ArrayRoot;
import dev.heddle.core.array.ArrayTable;
import dev.heddle.core.frames.ArrayFrame;
import dev.heddle.core.frames.Outcome;
import dev.heddle.core.frames.RecallFrame;
import dev.heddle.core.frames.TaskFrame;
import dev.heddle.core.frames.ValueFrame;
import dev.heddle.core.frames.ValueMemory;
import dev.heddle.core.link.ChildRank;
import dev.heddle.core.link.Edge;
import dev.heddle.core.link.Limits;
import dev.heddle.core.link.Link;
import dev.heddle.core.work.Children;
import dev.heddle.core.work.Pace;
import dev.heddle.core.work.Starter;
import dev.heddle.core.work.Upstream;
import dev.heddle.core.work.ValueCache;
import dev.heddle.core.work.Worker;
import dev.heddle.graph.BigValue;
import dev.heddle.graph.Failure;
import dev.heddle.graph.Task;
import dev.heddle.graph.TaskGraph;
import dev.heddle.graph.TaskState;
import dev.heddle.wire.Ids;
import dev.heddle.wire.frame.FetchFields;
import dev.heddle.wire.frame.Frame;
import dev.heddle.wire.frame.FunctionFields;
import dev.heddle.wire.frame.HostedFailure;
import dev.heddle.wire.frame.RangeFields;
import dev.heddle.wire.frame.ResultFields;
import dev.heddle.wire.frame.ShortValue;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Owns a graph: launches what is ready as far as the children grant credit, and takes outcomes in.
///
/// Shape: state is O(tasks not done + children + large values in use); nothing is kept per worker
/// below. Threading: the progress role. Errors: an outcome of a task that isn't launched is dropped
/// and counted.
final class GraphOwner implements Upstream, ArrayRoot.Owner, Launching.Owner {
  private final Link link;
  private final TaskGraph graph;
  private final @Nullable Worker worker;
  private final Children children;
  private final Pace pace = new Pace();
  private @Nullable Facts facts;
  private final Starter starter;
  private final Coordinator.FailureEncoder failures;
  private final ValuesInUse values;
  private final String host;
  private final Launching launching;
  private final ArrayRoot arrayRoot;
  private @Nullable ArrayTable arrays;
  private final DroppedTasks dropped;
  private long nextValueId;

  /// An empty graph on `host`, which has this many slots itself.
  GraphOwner(
      Link link,
      int slots,
      String host,
      ValueMemory memory,
      Starter starter,
      Coordinator.FailureEncoder failures,
      Events events) {
    Limits limits = link.limits();
    this.link = link;
    this.worker =
        slots == 0 ? null : new Worker(0, slots, limits, starter, this, new ValueCache(0), memory);
    this.children = new Children(link, worker);
    this.graph = new TaskGraph(completions(events), limits.memoBytesMax(), children.count());
    this.dropped = new DroppedTasks(link, worker);
    this.starter = starter;
    this.failures = failures;
    this.host = host;
    this.values = new ValuesInUse(link);
    this.launching = new Launching(link, graph, children, pace, values, this);
    this.arrayRoot = new ArrayRoot(this, graph, limits.inlineBytesMax());
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
        children.at(child).occupancy().onEarly(change);
      }

      @Override
      public void onDropped(Task task, Task root) {
        values.release(task, false);
        if (root.taskState() == TaskState.CANCELLED) {
          dropped.add(task, children.at(task.child()), root);
        }
      }
    };
  }

  /// All tasks.
  TaskGraph graph() {
    return graph;
  }

  /// The slots of this rank, if it runs tasks.
  @Nullable Worker worker() {
    return worker;
  }

  /// The children that its tasks go to.
  Children children() {
    return children;
  }

  /// Tells `collected` of each step of each task from now on.
  void watch(Facts collected) {
    facts = collected;
    graph.watch(collected);
  }

  /// A task of this function has run for this long.
  private void onRan(int functionId, long durationNs) {
    pace.onRan(functionId, durationNs);
    Facts told = facts;
    if (told != null) {
      told.onRan(durationNs);
    }
  }

  // ---- what the user's threads want

  /// Makes the next function known; its number is the count of those before. Errors: more than
  /// `functionsMax` end the run.
  void define(int functionId, byte[] definition) {
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
  void submit(Task task) {
    graph.submit(task);
  }

  /// Gives a task up; false when it is done. The ranks that have it, or what was launched behind
  /// it, are told, and asked to interrupt it if `interrupt`.
  boolean cancel(Task task, boolean interrupt, long nowNs) {
    if (task.taskState() == TaskState.LAUNCHED && task.isArray()) {
      endArray(task, interrupt);
    } else if (task.taskState() == TaskState.LAUNCHED) {
      values.release(task, false);
      dropped.add(task, children.at(task.child()), task);
    }
    boolean isCancelled = graph.cancel(task);
    dropped.tellRanksOf(task, interrupt, nowNs);
    return isCancelled;
  }

  /// Asks for a launched task back, so that it waits here again; false where it isn't out, or is an
  /// array. A task that has begun stays where it is.
  boolean recall(Task task, long nowNs) {
    if (task.taskState() != TaskState.LAUNCHED || task.isArray()) {
      return false;
    }
    if (children.at(task.child()) instanceof ChildRank below) {
      link.control(below.edge(), RecallFrame.of(task.id()));
      return true;
    }
    return worker != null && worker.onRecall(task.id(), nowNs);
  }

  // ---- launching

  /// Launches what is ready, and what may go ahead. Returns the work done.
  int launchAll(long nowNs) {
    int launched = launching.launchReady(nowNs);
    return arrays == null ? launched : launched + arrays.pump(nowNs);
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
                BigValue value = values.get(valueId);
                return value == null ? null : value.frame();
              },
              arrayRoot);
      arrays = table;
      if (worker != null) {
        worker.workOn(table);
      }
    }
    return table;
  }

  @Override
  public boolean mayOpenArray() {
    return arrays().mayOpen();
  }

  @Override
  public void openArray(Task array) {
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
    values.retain(array);
    arrayRoot.open(arrays(), array, ArrayFrame.of(array, (int) bytes));
  }

  /// Memory for the arrays that are open, about; for tests and the simulator.
  long arrayStateBytes() {
    return arrays == null ? 0 : arrays.stateBytes();
  }

  @Override
  public void endArray(Task array, boolean interrupt) {
    values.release(array, false);
    arrayRoot.forget(array);
    boolean _ = arrays().onCancel(array.id(), interrupt);
  }

  @Override
  public long nextResultId() {
    return Ids.result(link.rank(), nextValueId++);
  }

  /// What was given to [Starter#fold] is combined, or, with the flags of a failure, can't be.
  void onFolded(long token, int flags, byte[] payload) {
    if (arrays != null) {
      arrays.onFolded(token, flags, payload);
    }
  }

  @Override
  public void refuse(Task task, long bytes) {
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

  // ---- what comes from below

  /// A RESULT of `child`.
  void onResult(ChildRank child, MemorySegment s, long offset) {
    // of a task that was given up too: it had a slot until now
    children.onEnded(child, Frame.flags(s, offset), ResultFields.prefetch(s, offset));
    onSlotFreed();
    Task task =
        graph.find(
            ResultFields.taskId(s, offset),
            ResultFields.ticket(s, offset),
            Frame.attempt(s, offset));
    if (task == null || task.child() != child.number()) {
      link.counters().staleResults++;
      return;
    }
    int payload = ResultFields.payloadLength(s, offset);
    long at = offset + Frame.RESULT_BYTES;
    switch (Frame.flags(s, offset)) {
      case Frame.SUCCEEDED -> {
        onRan(task.functionId(), ResultFields.durationNs(s, offset));
        if (payload > 0 && payload <= Task.SHORT_BYTES_MAX) {
          succeedShort(task, s, at, payload);
        } else {
          succeed(task, Frame.getBytes(s, at, payload));
        }
      }
      case Frame.FAILED -> {
        onRan(task.functionId(), ResultFields.durationNs(s, offset));
        fail(task, ResultFields.rank(s, offset), Frame.getBytes(s, at, payload));
      }
      case Frame.NOT_RUN -> giveBack(task);
      case Frame.RETURNED, Frame.RECALLED -> takeBack(task);
      // only rank 0 gives tasks up, and it has not given up this task
      default -> link.counters().strayFrames++;
    }
  }

  private void giveBack(Task task) {
    if (!task.isAhead()) {
      link.counters().strayFrames++;
      return;
    }
    link.counters().sentInVain++;
    values.release(task, false);
    graph.giveBack(task);
  }

  private void takeBack(Task task) {
    link.counters().returned++;
    values.release(task, false);
    graph.takeBack(task);
  }

  private void succeedShort(Task task, MemorySegment s, long at, int length) {
    values.release(task, true);
    graph.succeedShort(task, length, ShortValue.head(s, at), ShortValue.tail(s, at, length));
  }

  private void succeed(Task task, byte[] value) {
    values.release(task, true);
    graph.succeed(
        task,
        value.length <= link.limits().inlineBytesMax()
            ? value
            : ValueFrame.of(nextResultId(), value, 0, value.length));
  }

  private void fail(Task task, int rank, byte[] payload) {
    values.release(task, true);
    graph.fail(
        task,
        new Failure(
            task.attempt(), rank, HostedFailure.host(payload), HostedFailure.failure(payload)));
  }

  private void onSlotFreed() {
    if (arrays != null) {
      arrays.onSlotFreed();
    }
  }

  /// A PART of `child`.
  void onPart(ChildRank child, MemorySegment s, long offset, int length) {
    if (arrays == null || !arrays.onPart(child, s, offset, length)) {
      link.counters().staleResults++;
    }
  }

  /// A RANGE that `child` gives back.
  void onRange(ChildRank child, MemorySegment s, long offset) {
    if (arrays == null
        || !arrays.onReturned(
            child,
            RangeFields.taskId(s, offset),
            RangeFields.from(s, offset),
            RangeFields.to(s, offset))) {
      link.counters().staleResults++;
    }
  }

  @Override
  public boolean offerResult(Outcome outcome, long nowNs) {
    Facts told = facts;
    if (told != null) {
      told.at(nowNs);
    }
    Task task = graph.find(outcome.taskId(), outcome.ticket(), outcome.attempt());
    children.onOwnEnded(outcome.flags(), outcome.prefetch());
    onSlotFreed();
    if (task == null || outcome.flags() == Frame.CANCELLED) {
      link.counters().staleResults++;
    } else if (outcome.flags() == Frame.NOT_RUN) {
      giveBack(task);
    } else if (outcome.flags() == Frame.RETURNED || outcome.flags() == Frame.RECALLED) {
      takeBack(task);
    } else {
      onRan(task.functionId(), outcome.durationNs());
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
    BigValue value = values.get(valueId);
    if (value == null) {
      Objects.requireNonNull(worker).onMissing(valueId);
    } else {
      // the memory stays ours: the task's end gives it back
      boolean _ = Objects.requireNonNull(worker).onValue(valueId, value.frame(), false);
    }
  }

  /// A FETCH of the child at the other end of `edge`.
  void onFetch(Edge edge, MemorySegment s, long offset) {
    long valueId = FetchFields.valueId(s, offset);
    BigValue value = values.get(valueId);
    if (value == null || value.length() != FetchFields.valueLength(s, offset)) {
      link.control(edge, ValueFrame.missing(valueId));
      return;
    }
    link.counters().valuesSent++;
    int transferId = FetchFields.transferId(s, offset);
    boolean _ = link.bulk().send(edge, transferId, value.frame(), false);
  }

  /// The tasks that are out at `child`, arrays of which it has places included.
  long[] tasksOf(ChildRank child) {
    long[] ids = new long[graph.launchedCount()];
    int[] count = {0};
    graph.forEachLaunched(
        task -> {
          if (task.child() == child.number()) {
            ids[count[0]++] = task.id();
          }
        });
    long[] tasks = Arrays.copyOf(ids, count[0]);
    return arrays == null ? tasks : arrays.with(tasks, child);
  }

  /// Calls `visitor` for every task that is out, in no order.
  void forEachLaunched(Coordinator.Whereabouts visitor) {
    graph.forEachLaunched(
        task -> {
          if (task.child() == Task.NO_CHILD || task.isArray()) {
            visitor.onLaunched(task, -1, 0);
          } else if (children.at(task.child()) instanceof ChildRank below) {
            visitor.onLaunched(task, below.edge().rank(), below.edge().ranksBelow() - 1);
          } else {
            visitor.onLaunched(task, link.rank(), 0);
          }
        });
  }

  /// Bytes of large values that are kept for launched tasks.
  long valueBytes() {
    return values.bytes();
  }

  /// Large values that are kept for launched tasks.
  int valuesInUse() {
    return values.count();
  }

  void checkInvariants() {
    graph.checkInvariants();
    if (arrays != null) {
      arrays.checkInvariants();
    }
    if (worker != null) {
      worker.checkInvariants();
    }
  }
}
