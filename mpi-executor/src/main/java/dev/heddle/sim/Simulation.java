package dev.heddle.sim;

import dev.heddle.core.frames.ArrayDescriptor;
import dev.heddle.core.frames.ChunkOutcome;
import dev.heddle.core.frames.LostRank;
import dev.heddle.core.frames.Subtree;
import dev.heddle.core.frames.ValueMemory;
import dev.heddle.core.link.Counters;
import dev.heddle.core.link.Phase;
import dev.heddle.core.role.Coordinator;
import dev.heddle.core.role.Events;
import dev.heddle.core.role.Relay;
import dev.heddle.core.role.Role;
import dev.heddle.core.role.Turn;
import dev.heddle.core.work.Starter;
import dev.heddle.core.work.Worker;
import dev.heddle.graph.Task;
import dev.heddle.wire.frame.Frame;
import dev.heddle.wire.frame.TaskFields;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/// Runs the shipped state machines of many ranks in one thread, in virtual time.
///
/// Shape: state is O(ranks + what is under way). One seed decides everything, so a run can be
/// repeated to the last message. Errors: whatever must not happen is an [IllegalStateException]
/// that names the seed and the virtual time; of these are a task that is done twice, or starts
/// before what it needs, or has a wrong value; credit that is overdrawn or lost; a rank declared
/// dead that isn't, or the reverse; a run that doesn't end; anything left over at its end.
///
/// A rank takes a turn when something has come for it or when a tick is due, and again while there
/// was work; a turn holds it for some time, so that batches come out of load as they do in reality.
public final class Simulation {
  static final int WAKE = 0;
  static final int ARRIVED = 1;
  static final int SENT = 2;
  static final int BULK_ARRIVED = 3;
  static final int FINISHED = 4;
  static final int STEP = 5;
  static final int SHUTDOWN = 6;
  static final int FAULT = 7;
  static final int FOLDED = 8;
  static final int RETRY = 9;

  /// Time to combine the values of an array, for each.
  private static final long FOLD_NS = 700;

  /// Looks for a quiet moment, and the time between them: together longer than any task.
  private static final int SETTLING_MAX = 2_000;

  /// Time between two steps when only arrays are left to submit.
  private static final long ARRAY_GAP_NS = 50_000;

  private static final long SETTLE_NS = 37_000;

  private static final long NEVER = Long.MAX_VALUE;

  /// Between two looks at a batch that waits for more results.
  private static final long HOLDING_NS = 10_000;

  /// Least time to the next turn for what is due.
  private static final long DUE_NS = 100_000;

  /// What a slot will tell when its task, or its chunk of an array, has ended.
  private record Ending(int rank, int slot, Load.@Nullable Run run, @Nullable ChunkOutcome chunk) {}

  /// What a rank's thread for that will tell when it has combined; null where the combiner fails.
  private record Folding(int rank, long token, byte @Nullable [] value) {}

  private static final byte[] FAILURE = {1, 0, 'h', 4};

  private final SimConfig config;
  private final int ranks;
  private final EventQueue queue = new EventQueue();
  private final SplittableRandom random;
  private final Network network;
  private final Load load;
  private final ArrayLoad arrays;
  private final Coordinator coordinator;
  private final Role[] roles;
  private final long[] wakeAt;
  private final long[] busyUntil;
  private final long[] pausedUntil;
  private final boolean[] ended;
  private final int[] turnsUntilCheck;
  private final Slab<Ending> endings = new Slab<>();
  private final Slab<Folding> foldings = new Slab<>();
  private final List<LostRank> lost = new ArrayList<>();
  private final List<Long> lostAtNs = new ArrayList<>();
  private final Expectations expectations;
  private final long tickNs;
  private final long patienceNs;

  private long nowNs;
  private long progressNs;
  private long submitNs = NEVER;
  private long doneNs;
  private long turns;
  private int running;
  private int settling;
  private int endedCount;
  private boolean ending;

  private Simulation(SimConfig config, Watch watch) {
    this.config = config;
    this.ranks = config.tree().ranks();
    this.random = new SplittableRandom(config.seed());
    this.expectations = new Expectations(config, watch);
    this.network =
        new Network(config.network(), config.tree(), queue, random.split(), expectations);
    this.load = Load.of(config);
    this.arrays =
        new ArrayLoad(
            config.load().arrays(), config.load().tasks(), config.limits(), config.seed());
    this.roles = new Role[ranks];
    int[][] children = config.tree().children();
    long runId = random.nextLong();
    this.coordinator =
        new Coordinator(
            children[0],
            config.tree().slots()[0],
            self(0),
            runId,
            config.limits(),
            watch.wrap(0, network.port(0)),
            ValueMemory.HEAP,
            new Slots(0),
            message -> message.getBytes(java.nio.charset.StandardCharsets.UTF_8),
            new Hearing(0));
    roles[0] = coordinator;
    for (int rank = 1; rank < ranks; rank++) {
      roles[rank] =
          new Relay(
              rank,
              config.tree().parents()[rank],
              children[rank],
              config.tree().slots()[rank],
              self(rank),
              runId,
              config.limits(),
              watch.wrap(rank, network.port(rank)),
              ValueMemory.HEAP,
              new Slots(rank),
              new Hearing(rank));
    }
    this.wakeAt = new long[ranks];
    Arrays.fill(wakeAt, NEVER);
    this.busyUntil = new long[ranks];
    this.pausedUntil = new long[ranks];
    this.ended = new boolean[ranks];
    this.turnsUntilCheck = new int[ranks];
    this.tickNs = config.limits().livenessNs() / 30;
    // a lost parent is waited for during four times the liveness time, a pause lasts three times
    this.patienceNs =
        12 * config.limits().livenessNs() + config.load().durationNsMax() + config.load().gapNs();
  }

  private Subtree self(int rank) {
    return Subtree.alone(config.tree().slots()[rank], rank, Load.host(rank), "sim");
  }

  /// Runs `config` to its end.
  public static SimResult run(SimConfig config) {
    return run(config, new Watch() {});
  }

  /// Runs `config` to its end while `watch` sees, or disturbs, what is sent.
  public static SimResult run(SimConfig config, Watch watch) {
    Simulation simulation = new Simulation(config, watch);
    try {
      return simulation.run();
    } catch (RuntimeException e) {
      throw new IllegalStateException(
          "seed="
              + config.seed()
              + " timeNs="
              + simulation.nowNs
              + ": "
              + e.getMessage()
              + simulation.describe(),
          e);
    }
  }

  // ---- the ranks' surroundings

  /// Runs the tasks of one rank in virtual time.
  private final class Slots implements Starter {
    private final int rank;
    private int functions;

    Slots(int rank) {
      this.rank = rank;
    }

    @Override
    public void start(int slot, byte[] frame, @Nullable MemorySegment @Nullable [] values) {
      progressNs = nowNs;
      if (TaskFields.functionId(frame, 0) >= functions) {
        throw new IllegalStateException("task before its function: rank=" + rank);
      }
      Load.Run run = load.run(rank, frame, values);
      running++;
      queue.add(nowNs + run.durationNs(), FINISHED, endings.put(new Ending(rank, slot, run, null)));
    }

    @Override
    public void startChunk(int slot, ArrayDescriptor array, long from, long to) {
      progressNs = nowNs;
      if (functions == 0) {
        throw new IllegalStateException("array before its function: rank=" + rank);
      }
      ArrayCase.Chunk chunk = arrays.run(rank, array, from, to);
      running++;
      Ending ending = new Ending(rank, slot, null, chunk.outcome());
      queue.add(nowNs + chunk.durationNs(), FINISHED, endings.put(ending));
    }

    @Override
    public void fold(ArrayDescriptor array, long token, byte[][] values) {
      running++;
      queue.add(
          nowNs + FOLD_NS * values.length,
          FOLDED,
          foldings.put(new Folding(rank, token, arrays.fold(array, values))));
    }

    @Override
    public void define(int functionId, byte[] definition) {
      if (functionId != functions++) {
        throw new IllegalStateException("function out of order: rank=" + rank);
      }
    }
  }

  /// Hears what one rank tells.
  private final class Hearing implements Events {
    private final int rank;

    Hearing(int rank) {
      this.rank = rank;
    }

    @Override
    public void onStarted(Subtree all) {
      if (rank == 0) {
        expectations.checkStarted(all);
      }
    }

    @Override
    public void onStopping(int flags) {
      progressNs = nowNs;
    }

    @Override
    public void onRankLost(LostRank gone) {
      progressNs = nowNs;
      expectations.checkLost(rank, gone, nowNs);
      if (rank == 0) {
        lost.add(gone);
        lostAtNs.add(nowNs);
        expectations.checkLostTasks(gone, load);
        end(0);
      }
    }

    @Override
    public boolean onDone(Task task) {
      progressNs = nowNs;
      boolean isFirst = true;
      doneNs = nowNs;
      if (task.isArray()) {
        if (arrays.onDone(task)) {
          queue.add(nowNs + ARRAY_GAP_NS, RETRY, 0);
        }
      } else {
        isFirst = load.onDone(task);
      }
      if (load.isDone() && arrays.isDone()) {
        end(random.nextLong(100_000));
      }
      return isFirst;
    }
  }

  private void end(long afterNs) {
    if (!ending) {
      ending = true;
      queue.add(nowNs + afterNs, SHUTDOWN, 0);
    }
  }

  // ---- the loop

  private SimResult run() {
    for (int rank = 0; rank < ranks; rank++) {
      wake(rank, random.nextLong(1_000_000));
      roles[rank].start(0);
    }
    queue.add(random.nextLong(2_000_000), STEP, 0);
    for (int i = 0; i < config.faults().size(); i++) {
      long atNs =
          switch (config.faults().get(i)) {
            case Fault.Loss loss -> loss.atNs();
            case Fault.Pause pause -> pause.atNs();
            case Fault.Stop stop -> stop.atNs();
          };
      queue.add(atNs, FAULT, i);
    }
    while (endedCount < ranks) {
      next();
      if (nowNs - progressNs > patienceNs) {
        throw new IllegalStateException("nothing has moved since timeNs=" + progressNs);
      }
    }
    long makespanNs = nowNs;
    while (!queue.isEmpty()) {
      next();
    }
    expectations.checkEnd(load.isDone() && arrays.isDone(), coordinator.graph(), network, lost);
    return result(makespanNs);
  }

  private void next() {
    queue.poll();
    nowNs = queue.timeNs();
    network.setNow(nowNs);
    int argument = queue.argument();
    switch (queue.kind()) {
      case WAKE -> onWake(argument);
      case ARRIVED -> wakeNow(network.onArrived(argument));
      case SENT -> {
        int rank = argument >> 2;
        network.port(rank).onBufferFree(argument & 3);
        if (network.port(rank).wasStarved()) {
          wakeNow(rank);
        }
      }
      case BULK_ARRIVED -> {
        int[] sender = new int[1];
        wakeNow(network.onBulkArrived(argument, sender));
        wakeNow(sender[0]);
      }
      case FINISHED -> onFinished(argument);
      case FOLDED -> onFolded(argument);
      case STEP -> onStep();
      case RETRY -> onRetry();
      case SHUTDOWN -> onShutdown();
      case FAULT -> onFault(argument);
      default -> throw new IllegalStateException("kind=" + queue.kind());
    }
  }

  private void wakeNow(int rank) {
    if (rank >= 0) {
      wake(rank, nowNs);
    }
  }

  private void wake(int rank, long atNs) {
    long ns = Math.max(atNs, Math.max(busyUntil == null ? 0 : busyUntil[rank], pausedUntil[rank]));
    if (!ended[rank] && ns < wakeAt[rank]) {
      wakeAt[rank] = ns;
      queue.add(ns, WAKE, rank);
    }
  }

  private void onWake(int rank) {
    if (ended[rank] || wakeAt[rank] != nowNs) {
      return;
    }
    wakeAt[rank] = NEVER;
    if (pausedUntil[rank] > nowNs) {
      wake(rank, pausedUntil[rank]);
      return;
    }
    Role role = roles[rank];
    int work = Turn.run(role, nowNs);
    turns++;
    busyUntil[rank] = nowNs + config.network().turnNs() + work * config.network().frameNs();
    if (config.checkEvery() > 0 && ++turnsUntilCheck[rank] >= config.checkEvery()) {
      turnsUntilCheck[rank] = 0;
      role.checkInvariants();
    }
    if (role.phase() == Phase.STOPPED && role.link().isDrained()) {
      progressNs = nowNs;
      endRank(rank);
      network.leave(rank);
    } else if (role.link().isHolding() && !network.port(rank).hasInput()) {
      wake(rank, Math.max(busyUntil[rank], nowNs + HOLDING_NS));
    } else if (work > 0 || network.port(rank).hasInput()) {
      wake(rank, busyUntil[rank]);
    } else {
      // what a rank is due for may have to wait for something else
      wake(rank, nowNs + Math.min(tickNs, Math.max(role.dueNs() - nowNs, DUE_NS)));
    }
  }

  private void endRank(int rank) {
    ended[rank] = true;
    endedCount++;
  }

  private void onFinished(int number) {
    Ending what = endings.take(number);
    int rank = what.rank();
    if (ended[rank]) {
      return;
    }
    if (pausedUntil[rank] > nowNs) {
      queue.add(pausedUntil[rank], FINISHED, endings.put(what));
      return;
    }
    progressNs = nowNs;
    running--;
    Load.Run run = what.run();
    if (run != null) {
      load.onFinished(run.taskId());
    }
    Worker worker = roles[rank].worker();
    if (worker == null) {
      throw new IllegalStateException("a task ran where no worker is: rank=" + rank);
    }
    if (run != null) {
      worker.onFinished(what.slot(), run.flags(), run.payload(), run.durationNs(), nowNs);
    } else {
      worker.onChunk(what.slot(), Objects.requireNonNull(what.chunk()));
    }
    wakeNow(rank);
  }

  private void onFolded(int number) {
    Folding what = foldings.take(number);
    if (ended[what.rank()]) {
      return;
    }
    if (pausedUntil[what.rank()] > nowNs) {
      queue.add(pausedUntil[what.rank()], FOLDED, foldings.put(what));
      return;
    }
    progressNs = nowNs;
    running--;
    byte[] value = what.value();
    roles[what.rank()].onFolded(
        what.token(),
        value == null ? Frame.FAILED : Frame.SUCCEEDED,
        value == null ? FAILURE : value,
        nowNs);
    wakeNow(what.rank());
  }

  private boolean isPaused(int kind) {
    if (pausedUntil[0] > nowNs) {
      queue.add(pausedUntil[0], kind, 0);
      return true;
    }
    return false;
  }

  private void onStep() {
    if (isPaused(STEP) || ended[0] || coordinator.phase().compareTo(Phase.STOPPING) >= 0) {
      return;
    }
    progressNs = nowNs;
    submitNs = Math.min(submitNs, nowNs);
    long waitNs = load.step(coordinator, nowNs);
    arrays.step(coordinator, nowNs);
    if (waitNs >= 0 || !arrays.isSubmitted()) {
      queue.add(nowNs + Math.max(waitNs, waitNs < 0 ? ARRAY_GAP_NS : 0), STEP, 0);
    }
    wakeNow(0);
  }

  /// Somebody runs what has failed of an array again.
  private void onRetry() {
    if (isPaused(RETRY) || ended[0] || coordinator.phase().compareTo(Phase.STOPPING) >= 0) {
      return;
    }
    progressNs = nowNs;
    arrays.retry(coordinator, nowNs);
    wakeNow(0);
  }

  private void onShutdown() {
    if (isPaused(SHUTDOWN) || ended[0]) {
      return;
    }
    if (config.settles() && expectations.isFaultless() && coordinator.phase() == Phase.RUNNING) {
      // Tasks that were cancelled may still run; and signs of life may never leave a quiet moment.
      boolean isQuiet =
          running == 0
              && network.underWay() == 0
              && nowNs - progressNs > 2 * config.network().latencyNsMax() + 1_000_000;
      if (!isQuiet && settling++ < SETTLING_MAX) {
        queue.add(nowNs + SETTLE_NS, SHUTDOWN, 0);
        return;
      }
      if (isQuiet) {
        expectations.checkCredit(roles);
        checkArraysGone();
      }
    }
    coordinator.shutdown(lost.isEmpty() ? 0 : 1 + random.nextInt(3), nowNs);
    wakeNow(0);
  }

  /// With nothing under way nobody still has an array.
  private void checkArraysGone() {
    for (int rank = 0; rank < ranks; rank++) {
      long bytes =
          roles[rank] instanceof Relay relay
              ? relay.arrayStateBytes()
              : coordinator.arrayStateBytes();
      if (bytes > 0) {
        throw new IllegalStateException("an array is left: rank=" + rank + " bytes=" + bytes);
      }
    }
  }

  private void onFault(int number) {
    Fault fault = config.faults().get(number);
    switch (fault) {
      case Fault.Loss(int rank, _) -> {
        if (coordinator.phase() == Phase.STARTING) {
          // A rank that is missing at the start is the launcher's business.
          queue.add(nowNs + 100_000, FAULT, number);
        } else if (!ended[rank]) {
          boolean isHeard =
              roles[rank].phase() != Phase.STOPPED && coordinator.phase() == Phase.RUNNING;
          expectations.expectLoss(
              rank, nowNs, isHeard, load.runningOn(at -> config.tree().isBelow(at, rank)));
          endRank(rank);
          network.kill(rank);
        }
      }
      case Fault.Pause(int rank, _, long durationNs) -> {
        pausedUntil[rank] = nowNs + durationNs;
        progressNs = nowNs + durationNs;
      }
      case Fault.Stop(_, int flags) -> {
        if (!isPaused(FAULT) && !ended[0]) {
          ending = true;
          coordinator.shutdown(flags, nowNs);
          wakeNow(0);
        }
      }
    }
  }

  // ---- what came out

  private SimResult result(long makespanNs) {
    long refused = 0;
    long strays = 0;
    long values = 0;
    for (Role role : roles) {
      Counters counters = role.link().counters();
      refused += counters.refused();
      strays += counters.strayFrames;
      values += counters.valuesSent;
    }
    if (expectations.isFaultless() && (refused > 0 || strays > 0)) {
      throw new IllegalStateException("refused=" + refused + " strays=" + strays);
    }
    return new SimResult(
        makespanNs,
        Math.max(0, doneNs - submitNs),
        network.messages(),
        network.bytes(),
        network.bulks(),
        turns,
        coordinator.graph().doneCount() - coordinator.graph().failedCount(),
        coordinator.graph().failedCount(),
        refused,
        strays,
        network.late(),
        values,
        coordinator.link().counters().sentAhead,
        coordinator.link().counters().sentInVain,
        coordinator.link().counters().returned,
        load.recalled(),
        lost,
        lostAtNs,
        arrays.tally(),
        network.traceHash());
  }

  private String describe() {
    StringBuilder text = new StringBuilder();
    text.append("\n  ").append(config).append("\n  ").append(load.state());
    for (int rank = 0; rank < Math.min(ranks, 64); rank++) {
      if (!ended[rank] && roles[rank] != null) {
        text.append("\n  ")
            .append(network.port(rank))
            .append(' ')
            .append(roles[rank].phase())
            .append(" drained=")
            .append(roles[rank].link().isDrained());
      }
    }
    return text.toString();
  }
}
