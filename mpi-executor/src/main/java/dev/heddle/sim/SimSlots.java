package dev.heddle.sim;

import dev.heddle.core.frames.ArrayDescriptor;
import dev.heddle.core.frames.ChunkOutcome;
import dev.heddle.core.role.Role;
import dev.heddle.core.work.Starter;
import dev.heddle.core.work.Worker;
import dev.heddle.wire.frame.Frame;
import dev.heddle.wire.frame.TaskFields;
import java.lang.foreign.MemorySegment;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The slots of all ranks: tasks, chunks of arrays and combining threads that run in virtual time.
///
/// Shape: O(what runs). Threading: one thread. Errors: a task or an array that starts before its
/// function is known is an [IllegalStateException] that names the rank.
final class SimSlots {
  /// Time to combine the values of an array, for each.
  private static final long FOLD_NS = 700;

  private static final byte[] FAILURE = {1, 0, 'h', 4};

  /// What a slot will tell when its task, or its chunk of an array, has ended.
  record Ending(int rank, int slot, Load.@Nullable Run run, @Nullable ChunkOutcome chunk) {}

  /// What a rank's combining thread will tell when it is done; null where the combiner fails.
  @SuppressWarnings("ArrayRecordComponent") // handed on, never compared
  record Folding(int rank, long token, byte @Nullable [] value) {}

  private final EventQueue queue;
  private final SimClock clock;
  private final Load load;
  private final ArrayLoad arrays;
  private final Slab<Ending> endings = new Slab<>();
  private final Slab<Folding> foldings = new Slab<>();
  private int running;

  SimSlots(EventQueue queue, SimClock clock, Load load, ArrayLoad arrays) {
    this.queue = queue;
    this.clock = clock;
    this.load = load;
    this.arrays = arrays;
  }

  /// Tasks, chunks and combinations that have not ended.
  int running() {
    return running;
  }

  /// The slots of `rank`.
  Starter of(int rank) {
    return new OfRank(rank);
  }

  /// Tells of the end at `atNs`.
  void add(Ending what, long atNs) {
    queue.add(atNs, Simulation.FINISHED, endings.put(what));
  }

  /// The same of a combination.
  void add(Folding what, long atNs) {
    queue.add(atNs, Simulation.FOLDED, foldings.put(what));
  }

  /// What ends with the event of this number.
  Ending takeEnding(int number) {
    return endings.take(number);
  }

  /// The same of a combination.
  Folding takeFolding(int number) {
    return foldings.take(number);
  }

  /// Tells the role of its rank that a task or a chunk ends now.
  void end(Ending what, Role role) {
    clock.progress();
    running--;
    Load.Run run = what.run();
    if (run != null) {
      load.onFinished(run.taskId());
    }
    Worker worker = role.worker();
    if (worker == null) {
      throw new IllegalStateException("a task ran where no worker is: rank=" + what.rank());
    }
    if (run != null) {
      worker.onFinished(what.slot(), run.flags(), run.payload(), run.durationNs(), clock.nowNs());
    } else {
      worker.onChunk(what.slot(), Objects.requireNonNull(what.chunk()));
    }
  }

  /// Tells the role of its rank that a combination ends now.
  void end(Folding what, Role role) {
    clock.progress();
    running--;
    byte[] value = what.value();
    role.onFolded(
        what.token(),
        value == null ? Frame.FAILED : Frame.SUCCEEDED,
        value == null ? FAILURE : value,
        clock.nowNs());
  }

  private final class OfRank implements Starter {
    private final int rank;
    private int functions;

    OfRank(int rank) {
      this.rank = rank;
    }

    @Override
    public void start(int slot, byte[] frame, @Nullable MemorySegment @Nullable [] values) {
      clock.progress();
      if (TaskFields.functionId(frame, 0) >= functions) {
        throw new IllegalStateException("task before its function: rank=" + rank);
      }
      Load.Run run = load.run(rank, frame, values);
      running++;
      add(new Ending(rank, slot, run, null), clock.nowNs() + run.durationNs());
    }

    @Override
    public void startChunk(int slot, ArrayDescriptor array, long from, long to) {
      clock.progress();
      if (functions == 0) {
        throw new IllegalStateException("array before its function: rank=" + rank);
      }
      ArrayCase.Chunk chunk = arrays.run(rank, array, from, to);
      running++;
      add(new Ending(rank, slot, null, chunk.outcome()), clock.nowNs() + chunk.durationNs());
    }

    @Override
    public void fold(ArrayDescriptor array, long token, byte[][] values) {
      running++;
      add(
          new Folding(rank, token, arrays.fold(array, values)),
          clock.nowNs() + FOLD_NS * values.length);
    }

    @Override
    public void define(int functionId, byte[] definition) {
      if (functionId != functions++) {
        throw new IllegalStateException("function out of order: rank=" + rank);
      }
    }
  }
}
