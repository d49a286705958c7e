package dev.heddle.sim;

import dev.heddle.core.frames.ValueFrame;
import dev.heddle.core.role.Coordinator;
import dev.heddle.graph.BigValue;
import dev.heddle.graph.Failure;
import dev.heddle.graph.Task;
import dev.heddle.graph.TaskGraph;
import dev.heddle.graph.TaskState;
import dev.heddle.wire.frame.Frame;
import dev.heddle.wire.frame.HostedFailure;
import dev.heddle.wire.frame.TaskFields;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/// The tasks of a run, and what must come out of each.
///
/// A task's value depends on all bytes of all its arguments, so a value that was damaged, mixed up
/// or taken too early anywhere on its way shows in the values of those that use it. What is
/// expected is computed without the protocol, when the graph is drawn.
final class Load {
  /// Tasks that are asked back at a time, at most.
  private static final int RECALLS = 16;

  private static final long BIG_VALUE_ID = 1L << 40;

  private final LoadPlan plan;
  private final SplittableRandom random;
  private final long seed;
  private final Task[] tasks;
  private final int[][] dependencies;

  /// Hash of each task's value.
  private final long[] expected;

  private final int[] resultBytes;
  private final boolean[] fails;

  /// Given up by the user, which is final from then on, whether the coordinator knows or not.
  private final boolean[] cancelled;

  /// Cancels of which the coordinator is told at the next step: so much may happen in between.
  private final ArrayDeque<LateCancel> late = new ArrayDeque<>();

  private record LateCancel(Task task, boolean interrupt) {}

  private final int[] startedOn;
  private final boolean[] finished;
  private final boolean[] done;
  private final BigValue[] bigValues;

  private int defined;
  private int submitted;
  private int doneCount;
  private int cancelCursor;
  private long recalled;

  /// The tasks of a run.
  static Load of(SimConfig config) {
    return new Load(
        config.load(), config.limits().inlineBytesMax(), Hashes.mix(config.seed() ^ 0x10AD));
  }

  private Load(LoadPlan plan, int inlineBytesMax, long seed) {
    this.plan = plan;
    this.seed = seed;
    this.random = new SplittableRandom(seed);
    int count = plan.tasks();
    this.tasks = new Task[count];
    this.dependencies = new int[count][];
    this.expected = new long[count];
    this.resultBytes = new int[count];
    this.fails = new boolean[count];
    this.cancelled = new boolean[count];
    this.startedOn = new int[count];
    Arrays.fill(startedOn, -1);
    this.finished = new boolean[count];
    this.done = new boolean[count];
    this.bigValues = new BigValue[plan.bigValues()];
    for (int i = 0; i < bigValues.length; i++) {
      int length = inlineBytesMax + 1 + random.nextInt(plan.bigValueBytesMax() - inlineBytesMax);
      bigValues[i] =
          ValueFrame.of(BIG_VALUE_ID + i, Hashes.bytes(Hashes.mix(seed + i), length), 0, length);
    }
    for (int i = 0; i < count; i++) {
      draw(i);
    }
  }

  // ---- the graph

  private void draw(int i) {
    int[] needs = needs(i);
    boolean isList = i > 0 && isList(i, needs);
    int own = isList ? 0 : random.nextInt(3);
    Object[] arguments = new Object[needs.length + own];
    int at = 0;
    for (; at < own; at++) {
      arguments[at] =
          bigValues.length > 0 && random.nextBoolean()
              ? bigValues[random.nextInt(bigValues.length)]
              : Hashes.bytes(random.nextLong(), random.nextInt(plan.argumentBytesMax() + 1));
    }
    for (int need : needs) {
      arguments[at++] = tasks[need];
    }
    fails[i] = !isList && random.nextInt(1000) < plan.failPermille();
    resultBytes[i] = random.nextInt(plan.resultBytesMax() + 1);
    tasks[i] =
        new Task(
            i + 1L,
            isList ? Task.LIST : random.nextInt(Math.min(plan.functions(), i + 1)),
            random.nextInt(4) == 0 ? random.nextInt(-128, 128) : 0,
            "task" + i,
            isList ? 0 : random.nextInt(arguments.length + 1),
            arguments);
    dependencies[i] = needs;
    long hash = isList ? ArgumentHash.LIST_SEED + arguments.length : Hashes.mix(i + 1L);
    for (Object argument : arguments) {
      hash =
          Hashes.mix(
              hash
                  ^ switch (argument) {
                    case byte[] value -> Hashes.of(value);
                    case BigValue value -> ArgumentHash.ofValue(value.frame(), value.length());
                    case Task task -> expected[index(task)];
                    default -> throw new IllegalStateException();
                  });
    }
    expected[i] = isList ? hash : Hashes.of(Hashes.bytes(hash, resultBytes[i]));
  }

  private int[] needs(int i) {
    if (i == 0) {
      return new int[0];
    }
    return switch (plan.shape()) {
      case CHAIN -> new int[] {i - 1};
      case FAN_OUT -> new int[] {0};
      case FREE -> new int[0];
      case FAN_IN -> {
        if (i < tasks.length - 1) {
          yield new int[0];
        }
        int[] all = new int[i];
        Arrays.setAll(all, k -> k);
        yield all;
      }
      case RANDOM -> {
        int[] some = new int[random.nextInt(5)];
        int reach = random.nextBoolean() ? i : Math.min(i, 5);
        // the same one twice is meant
        Arrays.setAll(some, _ -> random.nextInt(i - reach, i));
        yield some;
      }
      case NEAR -> {
        int[] some = new int[1 + random.nextInt(3)];
        Arrays.setAll(some, _ -> random.nextInt(Math.max(0, i - 4), i));
        yield some;
      }
    };
  }

  private boolean isList(int i, int[] needs) {
    boolean can =
        plan.shape() == LoadPlan.Shape.FAN_IN
            ? i == tasks.length - 1
            : plan.shape() == LoadPlan.Shape.RANDOM;
    int deepest = 0;
    for (int need : needs) {
      deepest = Math.max(deepest, depth(need));
    }
    return can && deepest < 5 && random.nextInt(4) == 0;
  }

  /// Lists in lists above a task's value.
  private int depth(int i) {
    if (tasks[i].functionId() != Task.LIST) {
      return 0;
    }
    int deepest = 0;
    for (int need : dependencies[i]) {
      deepest = Math.max(deepest, depth(need));
    }
    return deepest + 1;
  }

  private static int index(Task task) {
    return (int) (task.id() - 1);
  }

  // ---- what a schedule is made of

  int count() {
    return tasks.length;
  }

  /// What a task needs, by number, the same one twice perhaps.
  int[] needsOf(int i) {
    return dependencies[i];
  }

  int priority(int i) {
    return tasks[i].priority();
  }

  int functionOf(int i) {
    return tasks[i].functionId();
  }

  /// Whether it is a list, which takes no slot.
  boolean isList(int i) {
    return tasks[i].functionId() == Task.LIST;
  }

  /// How long the task takes on its slot.
  long durationNs(int i) {
    if (plan.durationNsMax() == 0 || isList(i)) {
      return 0;
    }
    long drawn = Hashes.mix(seed - i);
    return switch (plan.spread()) {
      case EVEN -> Math.floorMod(drawn, plan.durationNsMax());
      case BY_TASK -> evenInLogarithm(drawn);
      case BY_FUNCTION -> ofItsFunction(i, drawn);
      case STRAGGLERS -> (drawn & 15) == 0 ? evenInLogarithm(drawn) : ofItsFunction(i, drawn);
    };
  }

  private long ofItsFunction(int i, long drawn) {
    long mean = evenInLogarithm(Hashes.mix(~seed - tasks[i].functionId()));
    return (long) (mean * (0.5 + fraction(drawn)));
  }

  /// Asks for some of the last tasks back now and then, wherever they are, in a load that gives
  /// tasks up too. By hashes, so that seeds draw what they drew before there was this.
  private void recall(Coordinator coordinator, long nowNs) {
    if (plan.cancelPermille() > 0 && (Hashes.mix(seed + 17L * submitted) & 1) == 0) {
      for (int i = 1; i <= RECALLS && i <= submitted; i++) {
        boolean isAsked = coordinator.recall(tasks[submitted - i], nowNs);
        recalled += isAsked ? 1 : 0;
      }
    }
  }

  /// Requests for launched tasks to come back.
  long recalled() {
    return recalled;
  }

  private long evenInLogarithm(long drawn) {
    return (long) (1_000 * StrictMath.pow(plan.durationNsMax() / 1_000.0, fraction(drawn)));
  }

  private static double fraction(long drawn) {
    return (drawn >>> 11) * 0x1.0p-53;
  }

  // ---- the user's side

  /// Does what the user does next; returns the time until the next step, or -1 after the last one.
  long step(Coordinator coordinator, long nowNs) {
    for (LateCancel next = late.poll(); next != null; next = late.poll()) {
      boolean _ = coordinator.cancel(next.task(), next.interrupt(), nowNs);
    }
    for (int i = 0; i < plan.batch() && submitted < tasks.length; i++) {
      Task task = tasks[submitted++];
      for (; defined <= task.functionId(); defined++) {
        coordinator.define(defined, Hashes.bytes(seed + defined, 1 + (int) (seed & 31)));
      }
      coordinator.submit(task, nowNs);
    }
    recall(coordinator, nowNs);
    for (; cancelCursor < submitted; cancelCursor++) {
      if (random.nextInt(1000) < plan.cancelPermille()) {
        int victim = random.nextInt(submitted);
        if (!tasks[victim].taskState().isDone() && !cancelled[victim]) {
          cancelled[victim] = true;
          boolean interrupt = random.nextBoolean();
          if ((Hashes.mix(seed ^ victim) & 1) != 0) {
            late.add(new LateCancel(tasks[victim], interrupt));
          } else if (!coordinator.cancel(tasks[victim], interrupt, nowNs)) {
            throw new IllegalStateException("not cancelled: " + tasks[victim].label());
          }
        }
      }
    }
    return submitted < tasks.length || !late.isEmpty() ? random.nextLong(plan.gapNs() + 1) : -1;
  }

  boolean isDone() {
    return doneCount == tasks.length;
  }

  /// Returns false for a task that the user had given up.
  boolean onDone(Task task) {
    int i = index(task);
    if (done[i]) {
      throw new IllegalStateException("done twice: " + task.label());
    }
    done[i] = true;
    doneCount++;
    if (cancelled[i]) {
      return false;
    }
    boolean right =
        switch (task.taskState()) {
          case SUCCEEDED -> !fails[i] && valueHash(task) == expected[i] && areMet(i);
          case FAILED ->
              fails[i]
                  && task.outcome() instanceof Failure failure
                  && failure.rank() == startedOn[i]
                  && failure.host().equals(host(startedOn[i]))
                  && Arrays.equals(failure.bytes(), failure(i));
          case DEPENDENCY_FAILED -> {
            Task root = TaskGraph.root(task);
            // one that was sent ahead may have just begun when the user gave the other one up
            yield (startedOn[i] < 0 || root.taskState() == TaskState.CANCELLED)
                && (root.taskState() == TaskState.FAILED
                    || root.taskState() == TaskState.CANCELLED);
          }
          case CANCELLED, PENDING, READY, LAUNCHED, JOINING -> false;
        };
    if (!right) {
      throw new IllegalStateException(
          "wrong outcome: " + task.label() + " state=" + task.taskState() + " fails=" + fails[i]);
    }
    return true;
  }

  /// Whether nobody wants what comes of a task.
  private boolean isUnwanted(int i) {
    return cancelled[i] || tasks[i].taskState() == TaskState.DEPENDENCY_FAILED;
  }

  private long valueHash(Task task) {
    return switch (task.outcome()) {
      case byte[] value -> Hashes.of(value);
      case BigValue value -> ArgumentHash.ofValue(value.frame(), value.length());
      case Task[] list -> {
        long hash = ArgumentHash.LIST_SEED + list.length;
        for (Task one : list) {
          hash = Hashes.mix(hash ^ expected[index(one)]);
        }
        yield hash;
      }
      case null, default -> throw new IllegalStateException("no value: " + task.label());
    };
  }

  private boolean areMet(int i) {
    for (int need : dependencies[i]) {
      if (tasks[need].taskState() != TaskState.SUCCEEDED || cancelled[need]) {
        return false;
      }
    }
    return true;
  }

  // ---- the workers' side

  /// What a task needs is known at rank 0, or was made on its own rank.
  private boolean areMadeFor(int i, int rank) {
    for (int need : dependencies[i]) {
      boolean isMadeHere = finished[need] && startedOn[need] == rank && !fails[need];
      if (!isMadeHere && tasks[need].taskState() != TaskState.SUCCEEDED) {
        return false;
      }
    }
    return true;
  }

  static String host(int rank) {
    return "host-" + rank;
  }

  private byte[] failure(int i) {
    return Hashes.bytes(Hashes.mix(seed ^ i), resultBytes[i]);
  }

  /// What running a TASK frame gives.
  ///
  /// @param flags of the RESULT
  /// @param durationNs on the slot
  record Run(int taskId, int flags, byte[] payload, long durationNs) {}

  /// Runs a TASK frame on `rank`.
  Run run(int rank, byte[] frame, @Nullable MemorySegment @Nullable [] values) {
    MemorySegment s = MemorySegment.ofArray(frame);
    int i = (int) TaskFields.taskId(s, 0) - 1;
    Task task = tasks[i];
    if (startedOn[i] >= 0
        || !areMadeFor(i, rank)
        || TaskFields.functionId(s, 0) != task.functionId()) {
      throw new IllegalStateException(
          "must not start: " + task.label() + " rank=" + rank + " startedOn=" + startedOn[i]);
    }
    startedOn[i] = rank;
    long durationNs = durationNs(i);
    if (fails[i]) {
      byte[] host = host(rank).getBytes(StandardCharsets.UTF_8);
      return new Run(i + 1, Frame.FAILED, HostedFailure.of(host, failure(i)), durationNs);
    }
    long hash =
        new ArgumentHash(task.label(), isUnwanted(i), frame, values)
            .of(
                Frame.argumentsOffset(Frame.flags(s, 0)),
                TaskFields.argumentCount(s, 0),
                Hashes.mix(i + 1L));
    byte[] value = Hashes.bytes(hash, resultBytes[i]);
    // A task that nobody wants may find that its large values are gone.
    if (Hashes.of(value) != expected[i] && !isUnwanted(i)) {
      throw new IllegalStateException("arguments differ: " + task.label() + " rank=" + rank);
    }
    return new Run(i + 1, Frame.SUCCEEDED, value, durationNs);
  }

  void onFinished(int taskId) {
    finished[taskId - 1] = true;
  }

  boolean isLaunched(long taskId) {
    return tasks[(int) taskId - 1].taskState() == TaskState.LAUNCHED;
  }

  /// Tasks that started on a rank of `part` and have not ended, cancelled ones aside.
  long[] runningOn(java.util.function.IntPredicate part) {
    return java.util.stream.IntStream.range(0, tasks.length)
        .filter(i -> startedOn[i] >= 0 && part.test(startedOn[i]))
        .filter(i -> !finished[i] && !cancelled[i])
        .mapToLong(i -> i + 1L)
        .toArray();
  }

  String state() {
    StringBuilder text = new StringBuilder();
    int listed = 0;
    for (int i = 0; i < submitted && listed < 8; i++) {
      if (!done[i]) {
        listed++;
        text.append(tasks[i].label())
            .append(' ')
            .append(tasks[i].taskState())
            .append(" startedOn=")
            .append(startedOn[i])
            .append(" finished=")
            .append(finished[i])
            .append("; ");
      }
    }
    return "submitted="
        + submitted
        + " done="
        + doneCount
        + " of="
        + tasks.length
        + " open: "
        + text;
  }
}
