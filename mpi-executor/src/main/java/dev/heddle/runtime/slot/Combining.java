package dev.heddle.runtime.slot;

import dev.heddle.codec.SegmentMemory;
import dev.heddle.core.frames.ArrayDescriptor;
import dev.heddle.core.role.Role;
import dev.heddle.wire.frame.Frame;
import java.util.Arrays;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

/// The work of a rank for arrays outside its slots. It ends chunks that take too long. It combines
/// results on a thread of its own, since ranks without slots combine too and users' code never runs
/// in the progress role.
///
/// Threading: the progress role, unless a method says otherwise.
public final class Combining {
  /// A chunk ends by itself after less than this, unless an index is long or the next indices are
  /// much longer than the last.
  private static final long CHUNK_NS_MAX = 8_000_000;

  private static final long LOOK_NS = 1_000_000;

  private record Job(ArrayDescriptor array, long token, byte[][] values) {}

  private record Folded(long token, int flags, byte[] payload) {}

  private final SlotHome home;
  private @Nullable ArrayLoops loops;
  private long[] startedNs = {};
  private int running;
  private long lookedNs;
  private final LinkedBlockingQueue<Job> jobs = new LinkedBlockingQueue<>();
  private final ConcurrentLinkedQueue<Folded> folded = new ConcurrentLinkedQueue<>();
  private int folding;
  private volatile @Nullable Thread thread;

  public Combining(SlotHome home) {
    this.home = home;
  }

  /// The loops of this rank. Threading: any.
  public synchronized ArrayLoops loops() {
    ArrayLoops known = loops;
    if (known == null) {
      known = new ArrayLoops(home.functions());
      loops = known;
    }
    return known;
  }

  /// Whether [#turn] has anything to do.
  public boolean isActive() {
    return running > 0 || folding > 0;
  }

  /// Takes in what was combined, and ends chunks that are late. Returns the work done.
  public int turn(Role role, Slot[] slots, long nowNs) {
    int work = 0;
    for (Folded next = folded.poll(); next != null; next = folded.poll()) {
      folding--;
      role.onFolded(next.token(), next.flags(), next.payload(), nowNs);
      work++;
    }
    if (running > 0 && nowNs - lookedNs > LOOK_NS) {
      lookedNs = nowNs;
      for (int slot = 0; slot < startedNs.length; slot++) {
        if (startedNs[slot] == JUST_STARTED) {
          startedNs[slot] = nowNs;
        } else if (startedNs[slot] != 0 && nowNs - startedNs[slot] > CHUNK_NS_MAX) {
          slots[slot].stopChunk();
        }
      }
    }
    return work;
  }

  /// Stands for the start time of a chunk until the next look sets the time.
  private static final long JUST_STARTED = 1;

  public void onStarted(int slot, int slots) {
    if (startedNs.length == 0) {
      startedNs = new long[slots];
    }
    startedNs[slot] = JUST_STARTED;
    running++;
  }

  /// A task or chunk in `slot` has ended.
  public void onFinished(int slot) {
    if (running > 0 && startedNs[slot] != 0) {
      startedNs[slot] = 0;
      running--;
    }
  }

  public void fold(ArrayDescriptor array, long token, byte[][] values) {
    folding++;
    if (thread == null) {
      Thread made =
          Thread.ofPlatform()
              .daemon()
              .group(Slot.GROUP)
              .name("heddle-" + home.rank() + "-combine")
              .unstarted(this::work);
      made.setContextClassLoader(home.loader());
      thread = made;
      made.start();
    }
    jobs.add(new Job(array, token, values));
  }

  /// Ends the thread. Threading: any.
  public void close() {
    Thread known = thread;
    if (known != null) {
      known.interrupt();
    }
  }

  // ---- the thread that combines

  private void work() {
    Leftovers leftovers = new Leftovers(Thread.currentThread());
    while (!home.isClosed()) {
      try {
        folded.add(combine(jobs.take(), leftovers));
      } catch (InterruptedException _) {
        continue; // the run is over, or users' code has interrupted this thread
      }
      leftovers.clear();
      int _ = home.tryTurn();
    }
  }

  private Folded combine(Job job, Leftovers leftovers) {
    ArrayDescriptor array = job.array();
    try {
      FunctionTable.Function combiner = home.functions().get(array.combinerId());
      int before = array.combinerCaptures();
      @Nullable Object[] arguments =
          Arrays.copyOf(
              before == 0
                  ? new @Nullable Object[0]
                  : new FrameArguments(
                          home.codec(), array.frame(), array.values(), SegmentMemory.AUTOMATIC)
                      .readFirst(before, combiner.definition().label()),
              before + 2);
      byte[][] values = job.values();
      Object sum = decode(values[0]);
      for (int i = 1; i < values.length; i++) {
        arguments[before] = sum;
        arguments[before + 1] = decode(values[i]);
        leftovers.clear();
        if (home.isClosed()) {
          throw new CancellationException("the run is over");
        }
        sum = combiner.invoker().invoke(arguments);
      }
      return new Folded(
          job.token(), Frame.SUCCEEDED, ChunkRunner.encode(home, sum, combiner.definition()));
    } catch (Throwable failure) {
      return new Folded(job.token(), Frame.FAILED, Slot.failurePayload(home, failure));
    }
  }

  private @Nullable Object decode(byte[] value) {
    return home.codec().decode(value, 0, value.length);
  }
}
