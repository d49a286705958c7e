package dev.heddle.sim;

import dev.heddle.core.frames.LostRank;
import dev.heddle.core.frames.Subtree;
import dev.heddle.core.link.Counters;
import dev.heddle.core.link.Phase;
import dev.heddle.core.role.Coordinator;
import dev.heddle.core.role.Events;
import dev.heddle.core.role.Role;
import dev.heddle.core.role.Turn;
import dev.heddle.graph.Task;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

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
  static final int ENDED = 10;

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
  private final SimSlots slots;
  private final List<LostRank> lost = new ArrayList<>();
  private final List<Long> lostAtNs = new ArrayList<>();
  private final Expectations expectations;
  private final long tickNs;
  private final long patienceNs;

  private final SimClock clock = new SimClock();

  private long submitNs = NEVER;
  private long doneNs;
  private long turns;
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
    this.slots = new SimSlots(queue, clock, load, arrays);
    this.roles =
        SimRoles.of(
            config,
            network,
            watch,
            random.nextLong(),
            slots::of,
            rank -> new Hearing(rank),
            rank -> new Ground(queue, clock, rank));
    this.coordinator = (Coordinator) roles[0];
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
              + simulation.nowNs()
              + ": "
              + e.getMessage()
              + simulation.describe(),
          e);
    }
  }

  // ---- the ranks' surroundings

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
      clock.progress();
    }

    @Override
    public void onRankLost(LostRank gone) {
      clock.progress();
      expectations.checkLost(rank, gone, nowNs());
      if (rank == 0) {
        lost.add(gone);
        lostAtNs.add(nowNs());
        expectations.checkLostTasks(gone, load);
        end(0);
      }
    }

    @Override
    public boolean onDone(Task task) {
      clock.progress();
      boolean isFirst = true;
      doneNs = nowNs();
      if (task.isArray()) {
        if (arrays.onDone(task)) {
          queue.add(nowNs() + ARRAY_GAP_NS, RETRY, 0);
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
      queue.add(nowNs() + afterNs, SHUTDOWN, 0);
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
      queue.add(config.faults().get(i).atNs(), FAULT, i);
    }
    while (endedCount < ranks) {
      next();
      if (nowNs() - clock.progressNs() > patienceNs) {
        throw new IllegalStateException("nothing has moved since timeNs=" + clock.progressNs());
      }
    }
    long makespanNs = nowNs();
    while (!queue.isEmpty()) {
      next();
    }
    expectations.checkEnd(load.isDone() && arrays.isDone(), coordinator.graph(), network, lost);
    return result(makespanNs);
  }

  private long nowNs() {
    return clock.nowNs();
  }

  private void next() {
    queue.poll();
    clock.set(queue.timeNs());
    network.setNow(queue.timeNs());
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
      case ENDED -> lose(argument);
      default -> throw new IllegalStateException("kind=" + queue.kind());
    }
  }

  private void wakeNow(int rank) {
    if (rank >= 0) {
      wake(rank, nowNs());
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
    if (ended[rank] || wakeAt[rank] != nowNs()) {
      return;
    }
    wakeAt[rank] = NEVER;
    if (pausedUntil[rank] > nowNs()) {
      wake(rank, pausedUntil[rank]);
      return;
    }
    Role role = roles[rank];
    int work = Turn.run(role, nowNs());
    turns++;
    busyUntil[rank] = nowNs() + config.network().turnNs() + work * config.network().frameNs();
    if (config.checkEvery() > 0 && ++turnsUntilCheck[rank] >= config.checkEvery()) {
      turnsUntilCheck[rank] = 0;
      role.checkInvariants();
    }
    if (role.phase() == Phase.STOPPED && role.link().isDrained()) {
      clock.progress();
      endRank(rank);
      network.leave(rank);
    } else if (role.link().isHolding() && !network.port(rank).hasInput()) {
      wake(rank, Math.max(busyUntil[rank], nowNs() + HOLDING_NS));
    } else if (work > 0 || network.port(rank).hasInput()) {
      wake(rank, busyUntil[rank]);
    } else {
      // what a rank is due for may have to wait for something else
      wake(rank, nowNs() + Math.min(tickNs, Math.max(role.dueNs() - nowNs(), DUE_NS)));
    }
  }

  private void endRank(int rank) {
    ended[rank] = true;
    endedCount++;
  }

  private void onFinished(int number) {
    SimSlots.Ending what = slots.takeEnding(number);
    int rank = what.rank();
    if (ended[rank]) {
      return;
    }
    if (pausedUntil[rank] > nowNs()) {
      slots.add(what, pausedUntil[rank]);
      return;
    }
    slots.end(what, roles[rank]);
    wakeNow(rank);
  }

  private void onFolded(int number) {
    SimSlots.Folding what = slots.takeFolding(number);
    int rank = what.rank();
    if (ended[rank]) {
      return;
    }
    if (pausedUntil[rank] > nowNs()) {
      slots.add(what, pausedUntil[rank]);
      return;
    }
    slots.end(what, roles[rank]);
    wakeNow(rank);
  }

  private boolean isPaused(int kind) {
    if (pausedUntil[0] > nowNs()) {
      queue.add(pausedUntil[0], kind, 0);
      return true;
    }
    return false;
  }

  private void onStep() {
    if (isPaused(STEP) || ended[0] || coordinator.phase().compareTo(Phase.STOPPING) >= 0) {
      return;
    }
    clock.progress();
    submitNs = Math.min(submitNs, nowNs());
    long waitNs = load.step(coordinator, nowNs());
    arrays.step(coordinator, nowNs());
    if (waitNs >= 0 || !arrays.isSubmitted()) {
      queue.add(nowNs() + Math.max(waitNs, waitNs < 0 ? ARRAY_GAP_NS : 0), STEP, 0);
    }
    wakeNow(0);
  }

  /// Somebody runs what has failed of an array again.
  private void onRetry() {
    if (isPaused(RETRY) || ended[0] || coordinator.phase().compareTo(Phase.STOPPING) >= 0) {
      return;
    }
    clock.progress();
    arrays.retry(coordinator, nowNs());
    wakeNow(0);
  }

  private void onShutdown() {
    if (isPaused(SHUTDOWN) || ended[0]) {
      return;
    }
    if (config.settles() && expectations.isFaultless() && coordinator.phase() == Phase.RUNNING) {
      // Tasks that were cancelled may still run; and signs of life may never leave a quiet moment.
      boolean isQuiet =
          slots.running() == 0
              && network.underWay() == 0
              && nowNs() - clock.progressNs() > 2 * config.network().latencyNsMax() + 1_000_000;
      if (!isQuiet && settling++ < SETTLING_MAX) {
        queue.add(nowNs() + SETTLE_NS, SHUTDOWN, 0);
        return;
      }
      if (isQuiet) {
        expectations.checkCredit(roles);
        Expectations.checkArraysGone(roles);
      }
    }
    coordinator.shutdown(lost.isEmpty() ? 0 : 1 + random.nextInt(3), nowNs());
    wakeNow(0);
  }

  /// The process of `rank` has ended by itself.
  private void lose(int rank) {
    if (!ended[rank]) {
      boolean isHeard =
          roles[rank].phase() != Phase.STOPPED && coordinator.phase() == Phase.RUNNING;
      expectations.expectLoss(
          rank, nowNs(), isHeard, load.runningOn(at -> config.tree().isBelow(at, rank)));
      endRank(rank);
      network.kill(rank);
    }
  }

  private void onFault(int number) {
    Fault fault = config.faults().get(number);
    switch (fault) {
      case Fault.Loss(int rank, _) -> {
        if (coordinator.phase() == Phase.STARTING) {
          // A rank that is missing at the start is the launcher's business.
          queue.add(nowNs() + 100_000, FAULT, number);
        } else {
          lose(rank);
        }
      }
      case Fault.Pause(int rank, _, long durationNs) -> {
        pausedUntil[rank] = nowNs() + durationNs;
        clock.progressUntil(nowNs() + durationNs);
      }
      case Fault.Stop(_, int flags) -> {
        if (!isPaused(FAULT) && !ended[0]) {
          ending = true;
          coordinator.shutdown(flags, nowNs());
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
