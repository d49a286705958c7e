package dev.heddle.scale;

import dev.heddle.core.frames.ArrayDescriptor;
import dev.heddle.core.work.Starter;
import dev.heddle.wire.frame.TaskFields;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The slots of all ranks: tasks and chunks of arrays that run in virtual time.
///
/// Shape: two bytes for each rank, and eight for each slot, sixteen where tasks compute on shared
/// cores. Threading: one thread; the rank is the one whose turn the port has.
final class ScaleSlots implements Starter {
  private final ScaleConfig config;
  private final ScaleBody body;
  private final ScalePort port;
  private final EventHeap events;
  private final ScaleStatistics statistics;
  private final FaultState faults;
  private final BodyRuns runs;
  private final @Nullable ScaleArray array;

  /// Tasks in slots, by rank.
  private final short[] running;

  /// When the task in a slot was started, by rank and slot.
  private final long[] startedNs;

  /// What is left of a task, by rank and slot, where tasks compute on shared cores.
  private final long[] leftNs;

  /// Tasks that begin to compute when the turn ends that started them: rank and slot.
  private final List<Integer> begun = new ArrayList<>();

  /// The slots of this many ranks.
  ScaleSlots(
      ScaleConfig config,
      ScaleBody body,
      ScalePort port,
      EventHeap events,
      ScaleStatistics statistics,
      FaultState faults,
      BodyRuns runs,
      @Nullable ScaleArray array,
      boolean areCoresShared,
      int ranks) {
    this.config = config;
    this.body = body;
    this.port = port;
    this.events = events;
    this.statistics = statistics;
    this.faults = faults;
    this.runs = runs;
    this.array = array;
    this.running = new short[ranks];
    this.startedNs = new long[ranks * config.slots()];
    this.leftNs = new long[areCoresShared && body.areComputing() ? startedNs.length : 0];
  }

  private int at(int rank, int slot) {
    return rank * config.slots() + slot;
  }

  /// Whether each slot of `rank` has a task.
  boolean areFull(int rank) {
    return running[rank] == config.slots();
  }

  private void begin(int rank, int slot, long beginNs) {
    running[rank]++;
    startedNs[at(rank, slot)] = beginNs;
    statistics.running(1, beginNs);
  }

  /// The task in this slot ends. Returns for how long it was there.
  long end(int rank, int slot, long nowNs) {
    running[rank]--;
    statistics.running(-1, nowNs);
    return nowNs - startedNs[at(rank, slot)];
  }

  /// What the task in this slot has still to compute, on a core that is held for it from now on; 0
  /// where nothing is left, or where tasks don't compete for cores.
  long takeLeft(int rank, int slot) {
    if (leftNs.length == 0) {
      return 0;
    }
    int at = at(rank, slot);
    long left = leftNs[at];
    leftNs[at] = 0;
    return left;
  }

  /// The turn of `rank` ends: the tasks that it started ask for a core.
  void compute(int rank, long turnEndNs) {
    for (int at : begun) {
      events.add(turnEndNs, Event.finished(rank, at % config.slots()));
    }
    begun.clear();
  }

  @Override
  public void start(int slot, byte[] frame, @Nullable MemorySegment @Nullable [] values) {
    int rank = port.rank();
    long number = runs.number(TaskFields.taskId(frame, 0));
    port.spend(config.costs().workerTaskNs() + body.slotNs());
    long beginNs = port.doneNs();
    double ns =
        config.durations().ns(config.seed(), number) * faults.slowness(rank) + body.taskLateNs();
    begin(rank, slot, beginNs);
    if (leftNs.length > 0) {
      int at = at(rank, slot);
      leftNs[at] = (long) ns;
      begun.add(at);
    } else {
      events.add(beginNs + (long) ns, Event.finished(rank, slot));
    }
  }

  @Override
  public void startChunk(int slot, ArrayDescriptor descriptor, long from, long to) {
    int rank = port.rank();
    port.spend(config.costs().arrays().chunkNs() / 2);
    long beginNs = port.doneNs();
    long ns = ScaleArray.of(array).start(rank, slot, descriptor, from, to, faults.slowness(rank));
    begin(rank, slot, beginNs);
    events.add(beginNs + ns, Event.finished(rank, slot));
  }

  @Override
  public void fold(ArrayDescriptor descriptor, long token, byte[][] values) {
    int number = ScaleArray.of(array).fold(port.rank(), token, values);
    double ns =
        config.costs().arrays().foldNs() + values.length * config.costs().arrays().foldValueNs();
    events.add(port.doneNs() + Math.round(ns), Event.of(Event.FOLDED, number));
  }

  @Override
  public void define(int functionId, byte[] definition) {}
}
