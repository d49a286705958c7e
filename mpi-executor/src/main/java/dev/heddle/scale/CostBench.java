package dev.heddle.scale;

import dev.heddle.core.frames.ArrayDescriptor;
import dev.heddle.core.frames.ArrayFrame;
import dev.heddle.core.frames.ChunkOutcome;
import dev.heddle.core.frames.LostRank;
import dev.heddle.core.frames.Subtree;
import dev.heddle.core.frames.ValueMemory;
import dev.heddle.core.link.Limits;
import dev.heddle.core.role.Coordinator;
import dev.heddle.core.role.Relay;
import dev.heddle.core.role.Role;
import dev.heddle.core.role.Turn;
import dev.heddle.core.work.Starter;
import dev.heddle.core.work.Worker;
import dev.heddle.graph.Task;
import dev.heddle.wire.frame.Frame;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/// Measures what the shipped state machines take of a core, in this JVM: a coordinator, perhaps a
/// relay, and workers exchange real messages through memory, and one of them is timed by itself,
/// many turns at a time, so that the others don't wash its data out of the caches more than once a
/// round.
///
/// Shape: workers with many slots stand for the many workers of a machine, so that as many tasks
/// are in flight and as many ready as there. Two kinds of rounds, outcomes in batches and one by
/// one from worker to worker, tell the cost of a task from that of a message. A value is the median
/// over rounds. Threading: one thread.
///
/// Time is the thread's time on a core, so that other programs disturb it through the caches only.
/// What it can't tell apart it splits evenly: a message's two sides, a task's way out and back.
public final class CostBench implements Starter, dev.heddle.core.role.Events {
  private static final byte[] VALUE = new byte[9];
  private static final @Nullable Object[] ARGUMENTS = {VALUE};
  private static final long NOW_NS = 1;
  private static final long NO_LIVENESS_NS = 1L << 58;

  /// Children of rank 0 on a large machine.
  private static final int CHILDREN = 96;

  private static final int ROUNDS = 7;

  private final MemoryPort port;
  private final Role[] roles;
  private final Coordinator coordinator;
  private final int timed;

  /// Tasks that run, by rank: slots.
  private final int[][] running;

  private final int[] runningCount;

  /// Arrays of a round at the same time, and their places for each worker.
  private static final int ARRAYS = 1;

  private static final int PLACES = 256;

  // By rank: the chunk that its slot works on.
  private final @Nullable ArrayDescriptor[] chunk;
  private final long[] chunkFrom;
  private final long[] chunkTo;
  private final List<ArrayDeque<Long>> folds;
  private long parts;
  private long submitted;
  private long done;

  private record Round(double ns, double tasks, double messages, double bytes) {}

  private CostBench(boolean hasRelay, int slotsInAll) {
    int slots = slotsInAll / CHILDREN;
    int first = hasRelay ? 2 : 1;
    int ranks = first + CHILDREN;
    this.timed = first - 1;
    this.roles = new Role[ranks];
    this.port = new MemoryPort(ranks, timed);
    this.running = new int[ranks][slots];
    this.runningCount = new int[ranks];
    this.chunk = new @Nullable ArrayDescriptor[ranks];
    this.chunkFrom = new long[ranks];
    this.chunkTo = new long[ranks];
    this.folds = Stream.generate(() -> new ArrayDeque<Long>(1)).limit(ranks).toList();
    int[] workers = new int[CHILDREN];
    Arrays.setAll(workers, i -> first + i);
    Limits limits = Limits.defaults().withLivenessNs(NO_LIVENESS_NS);
    Subtree self = Subtree.alone(slots, 1, "host", "costs");
    this.coordinator =
        new Coordinator(
            hasRelay ? new int[] {1} : workers,
            0,
            self,
            1,
            limits,
            port,
            ValueMemory.HEAP,
            this,
            message -> message.getBytes(StandardCharsets.UTF_8),
            this);
    roles[0] = coordinator;
    if (hasRelay) {
      roles[1] = new Relay(1, 0, workers, 0, self, 1, limits, port, ValueMemory.HEAP, this, this);
    }
    for (int rank : workers) {
      roles[rank] =
          new Relay(
              rank, timed, new int[0], slots, self, 1, limits, port, ValueMemory.HEAP, this, this);
    }
    for (int rank = ranks - 1; rank >= 0; rank--) {
      port.turnOf(rank);
      roles[rank].start(NOW_NS);
    }
    for (int i = 0; i < 4; i++) {
      turns(ranks - 1, 0);
    }
    coordinator.define(0, VALUE);
  }

  /// Measures all but `submitNs`, which the submitter's side knows. `slots` tasks are in flight;
  /// `mpiNs`, `parkNs` and `lookNs` are taken over. Of arrays only ranges and parts are measured,
  /// the rest is 0.
  public static Costs measure(
      int slots, double submitNs, double mpiNs, double parkNs, double lookNs, String conditions) {
    double bytePs = bytePs();
    double[] root = solve(false, slots, bytePs);
    double[] relay = solve(true, slots / 4, bytePs);
    double messageNs = root[1] / 2;
    double arrayNs = arrayNs(messageNs, bytePs);
    return Costs.of(
        new double[] {
          turnNs(),
          messageNs,
          messageNs,
          bytePs,
          mpiNs,
          submitNs,
          root[0] / 2,
          root[0] / 2,
          relay[0] / 2,
          relay[0] / 2,
          root[2] / 2,
          root[2] / 2,
          parkNs,
          lookNs,
          arrayNs,
          arrayNs,
          0,
          0,
          0,
          0
        },
        conditions + String.format(Locale.ROOT, "; children=%d tasksInFlight=%d", CHILDREN, slots));
  }

  /// Per task, per message both ways, and per task at the worker.
  private static double[] solve(boolean hasRelay, int slots, double bytePs) {
    CostBench bench = new CostBench(hasRelay, slots);
    Round[] batched = new Round[ROUNDS];
    Round[] single = new Round[ROUNDS];
    double[] worker = new double[ROUNDS];
    bench.round(true);
    bench.round(false);
    for (int i = 0; i < ROUNDS; i++) {
      batched[i] = bench.round(true);
      worker[i] = bench.workerNs;
      single[i] = bench.round(false);
    }
    double[] task = new double[ROUNDS];
    double[] message = new double[ROUNDS];
    for (int i = 0; i < ROUNDS; i++) {
      Round a = batched[i];
      Round b = single[i];
      double aNs = Math.max(0, a.ns - a.bytes * bytePs / 1000);
      double bNs = Math.max(0, b.ns - b.bytes * bytePs / 1000);
      double det = a.tasks * b.messages - b.tasks * a.messages;
      task[i] = Math.max(1, (aNs * b.messages - bNs * a.messages) / det);
      message[i] = Math.max(1, (a.tasks * bNs - b.tasks * aNs) / det);
    }
    return new double[] {median(task), median(message) * 2, median(worker)};
  }

  private static long cpuNs() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }

  private double workerNs;

  /// Every slot's task ends once and is followed by another; returns what the timed rank did.
  private Round round(boolean isBatched) {
    fill();
    long tasks = 0;
    long workersNs = 0;
    int first = timed + 1;
    int slots = running[first].length;
    if (isBatched) {
      for (int rank = first; rank < roles.length; rank++) {
        long beganNs = cpuNs();
        tasks += finish(rank, slots);
        port.turnOf(rank);
        Turn.run(roles[rank], NOW_NS);
        workersNs += cpuNs() - beganNs;
      }
    } else {
      for (int i = 0; i < slots; i++) {
        for (int rank = first; rank < roles.length; rank++) {
          tasks += finish(rank, 1);
          port.turnOf(rank);
          Turn.run(roles[rank], NOW_NS);
        }
      }
    }
    if (timed > 0) {
      return roundOfRelay(tasks);
    }
    port.startCounting();
    long beganNs = cpuNs();
    port.countInput(0);
    while (port.hasInput(0)) {
      port.turnOf(0);
      Turn.run(coordinator, NOW_NS);
    }
    double ns = cpuNs() - beganNs;
    Round round = new Round(ns, tasks, port.messages(), port.bytes());
    long startNs = cpuNs();
    drain(first);
    workersNs += cpuNs() - startNs;
    workerNs = (double) workersNs / tasks;
    return round;
  }

  /// The relay passes outcomes up, and then tasks down.
  private Round roundOfRelay(long tasks) {
    port.startCounting();
    double ns = timedTurns();
    port.turnOf(0);
    while (port.hasInput(0)) {
      Turn.run(coordinator, NOW_NS);
    }
    ns += timedTurns();
    Round round = new Round(ns, tasks, port.messages(), port.bytes());
    drain(2);
    return round;
  }

  private double timedTurns() {
    port.turnOf(timed);
    long beganNs = cpuNs();
    port.countInput(timed);
    while (port.hasInput(timed)) {
      Turn.run(roles[timed], NOW_NS);
    }
    return cpuNs() - beganNs;
  }

  private void drain(int first) {
    for (int rank = first; rank < roles.length; rank++) {
      port.turnOf(rank);
      while (port.hasInput(rank)) {
        Turn.run(roles[rank], NOW_NS);
      }
    }
  }

  private int finish(int rank, int count) {
    Worker worker = roles[rank].worker();
    if (worker == null) {
      throw new IllegalStateException("no worker: rank=" + rank);
    }
    int ended = Math.min(count, runningCount[rank]);
    port.turnOf(rank);
    // the one that began first
    int[] slots = Arrays.copyOf(running[rank], ended);
    System.arraycopy(running[rank], ended, running[rank], 0, runningCount[rank] - ended);
    runningCount[rank] -= ended;
    for (int slot : slots) {
      worker.onFinished(slot, Frame.SUCCEEDED, VALUE, 1_000_000_000, NOW_NS);
    }
    return ended;
  }

  /// All slots have a task, and half as many again are ready.
  private void fill() {
    long slots = (long) CHILDREN * running[timed + 1].length;
    while (submitted - done < slots + slots / 2) {
      coordinator.submit(new Task(++submitted, 0, 0, 0, "costs", 0, ARGUMENTS), NOW_NS);
    }
    do {
      turns(0, roles.length - 1);
    } while (!port.isEmpty());
  }

  private void turns(int from, int to) {
    int step = from < to ? 1 : -1;
    for (int rank = from; rank != to + step; rank += step) {
      port.turnOf(rank);
      Turn.run(roles[rank], NOW_NS);
    }
  }

  /// A range out or a part in, at the coordinator: arrays of few indices, a chunk each, so that
  /// many ranges go out and as many parts come in, and combining what neighbours are.
  private static double arrayNs(double messageNs, double bytePs) {
    CostBench bench = new CostBench(false, CHILDREN);
    double[] values = new double[ROUNDS];
    for (int i = 0; i < 3 * ROUNDS; i++) {
      double _ = bench.arrayRound(messageNs, bytePs);
    }
    for (int i = 0; i < ROUNDS; i++) {
      values[i] = bench.arrayRound(messageNs, bytePs);
    }
    return median(values);
  }

  private double arrayRound(double messageNs, double bytePs) {
    port.startCounting();
    parts = 0;
    double ns = 0;
    long before = done;
    for (int i = 0; i < ARRAYS; i++) {
      coordinator.submit(ScaleArray.task(++submitted, (long) CHILDREN * PLACES), NOW_NS);
    }
    while (done - before < ARRAYS) {
      port.turnOf(0);
      port.countInput(0);
      long beganNs = cpuNs();
      combine(0);
      Turn.run(coordinator, NOW_NS);
      ns += cpuNs() - beganNs;
      for (int rank = 1; rank < roles.length; rank++) {
        port.turnOf(rank);
        combine(rank);
        Turn.run(roles[rank], NOW_NS);
        ArrayDescriptor array = chunk[rank];
        Worker worker = roles[rank].worker();
        if (array != null && worker != null) {
          chunk[rank] = null;
          parts++;
          worker.onChunk(
              0,
              ChunkOutcome.of(
                  array,
                  rank,
                  chunkFrom[rank],
                  chunkTo[rank],
                  List.of(new ArrayFrame.Segment(chunkFrom[rank], chunkTo[rank], VALUE)),
                  List.of(),
                  List.of(),
                  Long.MAX_VALUE));
          Turn.run(roles[rank], NOW_NS);
        }
      }
    }
    // a range and a part for each chunk
    return Math.max(
        1, (ns - port.messages() * messageNs - port.bytes() * bytePs / 1000) / (2.0 * parts));
  }

  /// Whatever neighbours come to is of the same length.
  private void combine(int rank) {
    ArrayDeque<Long> own = folds.get(rank);
    for (Long token = own.poll(); token != null; token = own.poll()) {
      roles[rank].onFolded(token, Frame.SUCCEEDED, VALUE, NOW_NS);
    }
  }

  private static double turnNs() {
    CostBench bench = new CostBench(false, CHILDREN);
    double[] values = new double[ROUNDS];
    int turns = 200_000;
    for (int i = 0; i < ROUNDS; i++) {
      long beganNs = cpuNs();
      bench.port.turnOf(0);
      for (int turn = 0; turn < turns; turn++) {
        Turn.run(bench.coordinator, NOW_NS);
      }
      values[i] = (double) (cpuNs() - beganNs) / turns;
    }
    return median(values);
  }

  /// Checksum and copy of a long message, against those of a short one.
  private static double bytePs() {
    byte[] from = new byte[MemoryPort.EAGER_BYTES_MAX];
    byte[] to = new byte[MemoryPort.EAGER_BYTES_MAX];
    CRC32C crc = new CRC32C();
    double[] values = new double[ROUNDS];
    int count = 50_000;
    for (int i = 0; i < ROUNDS; i++) {
      long beganNs = cpuNs();
      for (int n = 0; n < count; n++) {
        crc.reset();
        crc.update(from, 0, MemoryPort.EAGER_BYTES_MAX);
        System.arraycopy(from, 0, to, 0, MemoryPort.EAGER_BYTES_MAX);
        from[n & 1023] = (byte) crc.getValue();
      }
      values[i] = (cpuNs() - beganNs) * 1000.0 / count / MemoryPort.EAGER_BYTES_MAX;
    }
    return median(values) + to[0] * 0.0;
  }

  // ---- tasks

  @Override
  public void start(int slot, byte[] frame, @Nullable MemorySegment @Nullable [] values) {
    int rank = port.rank();
    running[rank][runningCount[rank]++] = slot;
  }

  @Override
  public void startChunk(int slot, ArrayDescriptor array, long from, long to) {
    int rank = port.rank();
    chunk[rank] = array;
    chunkFrom[rank] = from;
    chunkTo[rank] = to;
  }

  @Override
  public void fold(ArrayDescriptor array, long token, byte[][] values) {
    folds.get(port.rank()).add(token);
  }

  @Override
  public void define(int functionId, byte[] definition) {}

  @Override
  public void onStarted(Subtree all) {}

  @Override
  public void onStopping(int flags) {}

  @Override
  public void onRankLost(LostRank lost) {
    throw new IllegalStateException("lost while costs are measured: " + lost);
  }

  @Override
  public boolean onDone(Task task) {
    done++;
    return true;
  }
}
