package dev.heddle.scale;

import dev.heddle.core.frames.LostRank;
import dev.heddle.core.frames.Subtree;
import dev.heddle.core.role.Coordinator;
import dev.heddle.core.role.Role;
import dev.heddle.core.role.Turn;
import dev.heddle.core.work.Worker;
import dev.heddle.graph.Task;
import dev.heddle.wire.frame.Frame;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Runs the shipped coordinator, relays and workers of a whole machine in one thread, in virtual
/// integer time.
///
/// Shape: per rank the role with its edges, about a kilobyte, and some 80 bytes here; everything
/// else is O(what is under way). Threading: one thread. Errors: a broken invariant of the protocol
/// is an [IllegalStateException] that names seed and virtual time.
///
/// A rank takes a turn only when something has come for it, so an idle one costs nothing. While a
/// turn's work holds it, what arrives waits, and leaves together: so batches come out of load. The
/// driver above [Turn] does as `runtime.engine.Engine` and `runtime.session.Session` do: the
/// submitter takes a turn once in 64 tasks on rank 0's only core; a slot that has finished takes a
/// turn itself, or, while more tasks are at hand and the last turn is young, starts the next one
/// first; an idle rank looks at its input as its back-off says.
///
/// Signs of life. Ranks that are never silent need none, and ticks of a million ranks would cost
/// more than all tasks; so they watch each other only where the plan has faults that can silence
/// one. The decision and what it leaves out are in `docs/builders/adr/0006-simulation-at-scale.md`.
public final class ScaleSimulation {
  /// As of `runtime.engine.ProgressRole`.
  private static final long TURN_NS_MAX = 20_000;

  /// A submitter that waits for room looks again after this time, as of `runtime.session.Session`.
  private static final long ROOM_NS = 50_000;

  /// Processes of a job don't begin at the same nanosecond.
  private static final long START_NS_MAX = 1_000_000;

  private static final long NEVER = Long.MAX_VALUE;
  private static final long NOT_STARTED = -1;
  private static final long WAITS = -1;

  /// Between two looks at a batch that waits for more results.
  private static final long HOLDING_NS = 25_000;

  private final ScaleConfig config;
  private final ScaleBody body;
  private final ScaleTree tree;
  private final EventHeap events = new EventHeap();
  private final ScaleStatistics statistics;
  private final ScalePort port;
  private final Idle idle;
  private final Coordinator coordinator;
  private final Role[] roles;
  private final boolean isCrowded;
  private final boolean isWatching;
  private final long tickNs;

  // By rank.
  private final long[] busyUntilNs;
  private final long[] wakeAtNs;
  private final long[] turnNs;
  private final ScaleSlots slots;

  /// Who looks where ranks share cores.
  private final IdleLooks lookers;

  private final @Nullable ScaleArray array;

  private final HostCores cores;

  private final FaultState faults;

  private long nowNs;
  private final BodyRuns runs;
  private final ScaleSubmitter submitter;
  private boolean hasSubmitted;
  private long startNs = -1;
  private long endNs = -1;
  private long restBytes;
  private long eventCount;
  private @Nullable LostRank lost;

  private ScaleSimulation(ScaleConfig config, ScaleBody body) {
    this.config = config;
    this.body = body;
    this.tree = new ScaleTree(config);
    int ranks = tree.ranks();
    this.statistics = new ScaleStatistics(tree.totals().levels());
    this.port = new ScalePort(config, tree, events, statistics);
    this.idle = new Idle(config.costs(), tree.parkNsMax());
    this.cores = new HostCores(config.machine(), tree, events);
    this.isCrowded = cores.areShared();
    this.lookers = new IdleLooks(idle, config, tree, isCrowded);
    this.runs = new BodyRuns(config.tasks(), body.runs());
    this.isWatching = config.faults().needsLiveness();
    this.tickNs = config.livenessNs() / 30;
    this.busyUntilNs = new long[ranks];
    this.wakeAtNs = new long[ranks];
    Arrays.fill(wakeAtNs, NEVER);
    this.turnNs = new long[ranks];
    Arrays.fill(turnNs, NOT_STARTED);
    this.array = config.isArray() ? new ScaleArray(config, ranks, body.warmPlaces()) : null;
    this.faults = new FaultState(config, ranks);
    this.slots =
        new ScaleSlots(
            config, body, port, events, statistics, faults, runs, array, isCrowded, ranks);
    this.roles = new Role[ranks];
    ScaleRoles all = new ScaleRoles(config, tree, port, slots, new Hearing());
    this.coordinator = all.coordinator();
    this.submitter = new ScaleSubmitter(config, body, coordinator, array);
    for (int rank = 0; rank < ranks; rank++) {
      roles[rank] = all.role(rank);
      statistics.ranks[tree.level(rank)]++;
    }
  }

  /// Runs to the end: all tasks done, or a rank lost.
  public static ScaleResult run(ScaleConfig config) {
    return run(config, ScaleBody.FLOOD);
  }

  /// The same for a user who does something else than submit everything at once.
  public static ScaleResult run(ScaleConfig config, ScaleBody body) {
    long beganNs = System.nanoTime();
    return ran(config, body).result(System.nanoTime() - beganNs);
  }

  /// How long each of the body's runs took, of which `config` has all tasks together: nanoseconds
  /// from its first submit to its last result. Errors: as [#run].
  public static long[] runsNs(ScaleConfig config, ScaleBody body) {
    ScaleSimulation simulation = ran(config, body);
    return simulation.runs.spansNs(simulation.startNs);
  }

  private static ScaleSimulation ran(ScaleConfig config, ScaleBody body) {
    ScaleSimulation simulation = new ScaleSimulation(config, body);
    try {
      simulation.runAll();
    } catch (RuntimeException e) {
      throw new IllegalStateException(
          "seed=" + config.seed() + " timeNs=" + simulation.nowNs + ": " + e.getMessage(), e);
    }
    return simulation;
  }

  // ---- the ranks' surroundings

  /// Hears what whichever rank has its turn tells; only rank 0's words matter.
  private final class Hearing implements dev.heddle.core.role.Events {
    @Override
    public void onStarted(Subtree all) {
      if (port.rank() == 0) {
        if (all.workers() != config.workers()) {
          throw new IllegalStateException(
              "workers=" + all.workers() + " expected=" + config.workers());
        }
        startNs = NEVER;
      }
    }

    @Override
    public void onStopping(int flags) {}

    @Override
    public void onRankLost(LostRank gone) {
      if (port.rank() == 0 && lost == null) {
        lost = gone;
        endNs = port.doneNs();
      }
    }

    @Override
    public boolean onDone(Task task) {
      if (!submitter.onDone(task)) {
        return true;
      }
      long done = submitter.done();
      if (body.hasWaitedFor(done)) {
        port.spend(body.waitNs());
      }
      runs.onDone(done, port.doneNs());
      if (done == config.tasks()) {
        endNs = port.doneNs();
      }
      return true;
    }
  }

  // ---- the loop

  private void runAll() {
    long seed = Noise.mix(config.seed() ^ 0x57a7);
    for (int rank = 0; rank < roles.length; rank++) {
      wake(rank, Long.remainderUnsigned(Noise.mix(seed + rank), START_NS_MAX));
    }
    while (endNs < 0) {
      next();
    }
    for (Role role : roles) {
      role.checkInvariants();
    }
    if (lost == null && coordinator.graph().failedCount() > 0) {
      throw new IllegalStateException("failed=" + coordinator.graph().failedCount());
    }
  }

  private void next() {
    long event = events.poll();
    nowNs = events.timeNs();
    eventCount++;
    int argument = Event.argument(event);
    switch (Event.kind(event)) {
      case Event.WAKE -> {
        if (wakeAtNs[argument] == nowNs) {
          onWake(argument);
        }
      }
      case Event.ARRIVED -> {
        int target = port.onArrived(argument, nowNs);
        if (target >= 0 && !isCrowded) {
          wake(target, lookNs(target));
        }
      }
      case Event.FINISHED -> onFinished(argument, Event.slot(event));
      case Event.FAULT -> onFault(argument);
      case Event.FOLDED -> onFolded(argument);
      case Event.CORE -> onCore(argument);
      default -> throw new IllegalStateException("kind=" + Event.kind(event));
    }
  }

  /// When a rank to which something has just come takes its next turn.
  private long lookNs(int rank) {
    return lookNs(rank, nowNs);
  }

  /// The same for what comes at `atNs`.
  private long lookNs(int rank, long atNs) {
    long freeNs = busyUntilNs[rank];
    if (freeNs >= atNs) {
      return freeNs;
    }
    // While all slots run, the helper looks, which yields at once.
    return idle.lookNs(freeNs, atNs, isHelped(rank));
  }

  private void wake(int rank, long atNs) {
    long ns = Math.max(atNs, busyUntilNs[rank]);
    if (ns < wakeAtNs[rank]) {
      wakeAtNs[rank] = ns;
      events.add(ns, Event.of(Event.WAKE, rank));
    }
  }

  private void onWake(int rank) {
    if (port.isDead(rank)) {
      return;
    }
    wakeAtNs[rank] = NEVER;
    long freeNs = freeNs(rank);
    if (freeNs > nowNs) {
      wake(rank, freeNs);
      return;
    }
    if (!cores.mayBegin(rank, nowNs, Event.of(Event.WAKE, rank))) {
      wakeAtNs[rank] = WAITS;
      return;
    }
    if (rank == 0 && startNs >= 0 && !hasSubmitted && submit()) {
      return;
    }
    hasSubmitted &= rank != 0;
    begin(rank);
    if (turnNs[rank] == NOT_STARTED) {
      // not earlier: its HELLO is in a buffer of full size until this turn ends
      roles[rank].start(nowNs);
    }
    boolean wasHelped = isHelped(rank);
    if (isCrowded && lookers.hasSlept(rank, wasHelped)) {
      port.spend(config.costs().lookNs());
      ScaleBody.Waking waking = body.waking();
      // those that sleep as long as most do wake up together with them
      double delayNs = lookers.hasSleptLong(rank, wasHelped) ? waking.delayNs(rank) : 0;
      port.wake(waking.ns(rank, lookers.looksSince(rank)), delayNs);
    }
    int work = Turn.run(roles[rank], nowNs);
    lookers.looked(rank, work);
    end(rank, work, wasHelped);
  }

  /// All slots run, so that the helper looks.
  private boolean isHelped(int rank) {
    return tree.runsTasks(rank) && slots.areFull(rank);
  }

  /// When the rank is free.
  private long freeNs(int rank) {
    return Math.max(busyUntilNs[rank], faults.pausedUntilNs(rank));
  }

  /// A core may be free: those that wait for one go on.
  private void onCore(int core) {
    for (long event = cores.next(core, nowNs); event >= 0; event = cores.next(core, nowNs)) {
      if (Event.kind(event) == Event.WAKE) {
        onWake(Event.argument(event));
      } else {
        onFinished(Event.argument(event), Event.slot(event));
      }
    }
  }

  private void begin(int rank) {
    double slowness = tree.slowness(rank) * faults.slowness(rank);
    port.begin(rank, nowNs, slowness, faults.delayNs(rank, nowNs));
    port.spend(config.costs().turnNs());
  }

  private void end(int rank, int work, boolean wasHelped) {
    occupy(rank, nowNs, port.doneNs(), port.delayedNs());
    turnNs[rank] = nowNs;
    statistics.turns[tree.level(rank)]++;
    statistics.busyNs[tree.level(rank)] += port.spentNs();
    if (port.hasInput(rank)) {
      wake(rank, busyUntilNs[rank]);
    }
    if (port.starvedUntilNs() > 0) {
      wake(rank, port.starvedUntilNs());
    }
    if (roles[rank].link().isHolding()) {
      wake(rank, Math.max(busyUntilNs[rank], nowNs + HOLDING_NS));
    }
    if (isWatching) {
      wake(rank, busyUntilNs[rank] + tickNs);
    }
    if (isCrowded) {
      lookAgain(rank, work, wasHelped);
    }
    if (roles[rank].dueNs() != NEVER) {
      wake(rank, lookNs(rank, Math.max(roles[rank].dueNs(), busyUntilNs[rank])));
    }
    if (rank == 0) {
      afterTurnOfRank0(work);
    }
  }

  /// Where ranks share cores, looks at nothing take something from the others, so each is an event.
  private void lookAgain(int rank, int work, boolean wasHelped) {
    boolean isHelped = isHelped(rank);
    if (work == 0 && !isHelped && !lookers.hasSlept(rank, false)) {
      Costs costs = config.costs();
      long yieldsNs =
          Math.round(idle.yieldsNs(cores.areWanted(rank) ? costs.lookNs() : costs.mpiNs()));
      occupy(rank, busyUntilNs[rank], busyUntilNs[rank] + yieldsNs, 0);
    }
    if (isHelped && !wasHelped && lookers.hasSlept(rank, false)) {
      // whoever polled and has slept wakes the helper when it leaves
      cores.occupy(rank, nowNs, nowNs + Math.round(config.costs().lookNs()));
    }
    wake(rank, busyUntilNs[rank] + lookers.nextNs(rank, work, isHelped, wasHelped));
  }

  /// Holds the rank until then, and a core for so much less.
  private void occupy(int rank, long fromNs, long untilNs, long offCoreNs) {
    busyUntilNs[rank] = untilNs;
    cores.occupy(rank, fromNs, untilNs - offCoreNs);
    slots.compute(rank, untilNs);
  }

  private void afterTurnOfRank0(int work) {
    if (startNs == NEVER) {
      // all are there, and nothing is to be done
      restBytes = Footprint.of(coordinator, port, this);
      startNs = busyUntilNs[0];
      statistics.start(startNs);
      for (int i = 0; i < config.faults().list().size(); i++) {
        events.add(faults.beginNs(i, startNs), Event.of(Event.FAULT, i));
      }
      faults.start(startNs, events);
      coordinator.define(0, ScaleSubmitter.FUNCTION);
      wake(0, startNs);
      return;
    }
    if (submitter.endWarmUp()) {
      startNs = busyUntilNs[0];
      statistics.start(startNs);
      wake(0, startNs);
      return;
    }
    if (startNs >= 0 && submitter.hasMore()) {
      wake(0, work > 0 || submitter.hasRoom() ? busyUntilNs[0] : busyUntilNs[0] + ROOM_NS);
    }
    statistics.readyMax = Math.max(statistics.readyMax, coordinator.graph().readyCount());
  }

  /// The submitter submits until it takes its next turn; false when it can't.
  private boolean submit() {
    long count = submitter.submit(nowNs);
    if (count == 0) {
      return false;
    }
    double ns = count * config.costs().submitNs() * faults.slowness(0);
    statistics.busyNs[0] += ns;
    occupy(0, nowNs, nowNs + Math.round(ns), 0);
    hasSubmitted = true;
    wake(0, busyUntilNs[0]);
    return true;
  }

  private void onFinished(int rank, int slot) {
    if (port.isDead(rank)) {
      return;
    }
    long freeNs = freeNs(rank);
    if (freeNs > nowNs) {
      events.add(freeNs, Event.finished(rank, slot));
      return;
    }
    if (!cores.mayBegin(rank, nowNs, Event.finished(rank, slot))) {
      return;
    }
    long computeNs = slots.takeLeft(rank, slot);
    if (computeNs > 0) {
      // the task has a core until it ends
      cores.occupy(rank, nowNs, nowNs + computeNs);
      events.add(nowNs + computeNs, Event.finished(rank, slot));
      return;
    }
    Worker worker = roles[rank].worker();
    if (worker == null) {
      throw new IllegalStateException("a task ran where no worker is: rank=" + rank);
    }
    long durationNs = slots.end(rank, slot, nowNs);
    begin(rank);
    if (isCrowded && !body.areComputing() && durationNs > 0) {
      // a task that slept has been woken up
      port.spend(config.costs().lookNs());
    }
    lookers.reset(rank);
    if (array == null) {
      port.spend(config.costs().workerResultNs());
      worker.onFinished(slot, Frame.SUCCEEDED, ScaleSubmitter.VALUE, durationNs, nowNs);
    } else {
      port.spend(config.costs().arrays().chunkNs() / 2);
      worker.onChunk(slot, array.finish(rank, slot));
    }
    if (worker.readyCount() > 0 && nowNs - turnNs[rank] < TURN_NS_MAX) {
      worker.pump(nowNs);
      occupy(rank, nowNs, port.doneNs(), port.delayedNs());
      return;
    }
    int work = Turn.run(roles[rank], nowNs);
    lookers.looked(rank, 1);
    end(rank, work, false);
  }

  /// The thread that combines has done so, and takes a turn.
  private void onFolded(int number) {
    int rank = ScaleArray.of(array).foldingRank(number);
    if (port.isDead(rank)) {
      return;
    }
    long freeNs = freeNs(rank);
    if (freeNs > nowNs) {
      events.add(freeNs, Event.of(Event.FOLDED, number));
      return;
    }
    begin(rank);
    ScaleArray.of(array).folded(number, roles[rank], nowNs);
    end(rank, Turn.run(roles[rank], nowNs), false);
  }

  private void onFault(int number) {
    int killed = faults.begin(number, nowNs);
    if (killed > 0) {
      port.kill(killed);
    }
  }

  // ---- what came out

  private ScaleResult result(long wallNs) {
    ScaleOutcome outcome = new ScaleOutcome(config, tree, statistics, port, this, roles);
    return outcome.result(
        startNs,
        endNs,
        submitter.done(),
        eventCount,
        restBytes,
        lost == null ? null : lost.toString(),
        wallNs);
  }
}
