package dev.heddle.runtime.progress;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// The threads that take a rank's turns: threads that wait for something, slots with nothing to
/// run, and a helper for when there are no such threads.
///
/// At most one thread is the *poller* and takes turn after turn. It leaves when what it waits for
/// has arrived. It need not tell any thread: the helper looks once a millisecond and takes over.
/// Each look takes a core from a thread, most likely from the poller, and a lone task would feel
/// it. So while other threads poll, the helper looks less and less often. A poller that has slept
/// wakes the helper when it leaves. A poller that has not slept had a short wait. It leaves in
/// silence, since it is likely to be back before its turns are missed.
///
/// Of the slots without a task at most one, the slot that ran last, is *hot*: it is the poller, or
/// stays awake for a moment while another thread is the poller. While the hot slot is the poller, a
/// thread that begins to wait for a lone task leaves the turns to it for a moment, unless cores are
/// short. With more slots awake, two cores would be too few for a thread that submits and a thread
/// that runs tasks.
public final class Pollers {
  /// The helper sleeps at most this many times as long as usual when other threads poll. That is
  /// the longest time for which a rank is deaf after a poller has left in silence.
  private static final int DEEP_FACTOR = 8;

  /// A thread that waits while another thread polls looks again after this time, in case the poller
  /// has left.
  private static final long LOOK_NS = 50_000_000;

  /// Looks of a slot that stays hot: about ten microseconds, and up to fifty on machines with a
  /// long pause instruction.
  private static final int HOT_SPINS = 1_000;

  /// A hot slot yields every two microseconds or so: the thread that makes its next task may be on
  /// the same core, and the scheduler takes ten milliseconds to part them.
  private static final int SPINS_PER_YIELD = 50;

  /// Until its first task arrives, a rank on crowded cores sleeps up to this many times as long:
  /// the ranks that are still starting need the core, and each look of a fresh JVM is interpreted.
  private static final int START_FACTOR = 8;

  /// Looks of a thread that waits while a slot takes the turns, before it takes them itself. They
  /// last one to five microseconds, by the length of the machine's pause instruction; a lone short
  /// task takes less.
  private static final int SERVED_SPINS = 100;

  private static final VarHandle POLLER;
  private static final VarHandle HOT;

  static {
    try {
      POLLER = MethodHandles.lookup().findVarHandle(Pollers.class, "poller", Thread.class);
      HOT = MethodHandles.lookup().findVarHandle(Pollers.class, "hot", Thread.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final Turns turns;
  private final boolean isCrowded;
  private final long parkNsMax;
  private final CoreSharing sharing = new CoreSharing(new SplittableRandom());
  private final Thread helper;
  private volatile @Nullable Thread poller;

  /// The thread of the slot that stays awake.
  private volatile @Nullable Thread hot;

  private volatile boolean isHelperDeep;
  private volatile boolean hasRunTasks;

  /// Whether the poller is a slot, and awake.
  private volatile boolean isSlotPoller;

  /// `parkNsMax`: the longest sleep where cores are not short.
  public Pollers(Turns turns, Cores cores, long parkNsMax) {
    this.turns = turns;
    this.isCrowded = cores.areCrowded();
    this.parkNsMax = cores.parkNsMax(parkNsMax);
    this.helper =
        Thread.ofPlatform()
            .daemon()
            .name("heddle-" + turns.rank() + "-helper")
            .unstarted(this::help);
  }

  public void startHelper() {
    helper.start();
  }

  /// Takes turns until `done`, or until [System#nanoTime()] has passed `deadlineNs`. Sleeps through
  /// `parker` in between.
  ///
  /// Threading: platform threads that run no tasks.
  public void pollUntil(BooleanSupplier done, long deadlineNs, Parker parker)
      throws InterruptedException {
    if (isSlotPolling() && spinUntil(done)) {
      return;
    }
    turns.tryTurn();
    Thread self = Thread.currentThread();
    Backoff backoff = new Backoff(isCrowded, parkNsMax, sharing);
    while (!done.getAsBoolean()) {
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      long leftNs = deadlineNs - System.nanoTime();
      if (leftNs <= 0) {
        return;
      }
      if (POLLER.compareAndSet(this, null, self)) {
        try {
          poll(done, deadlineNs, parker, backoff);
        } finally {
          leavePoller(backoff);
        }
      } else {
        long parkNs = backoff.idle();
        if (parkNs > 0) {
          // another thread polls and will complete what this thread waits for, unless it leaves
          parker.park(Math.min(leftNs, LOOK_NS));
        }
      }
    }
  }

  /// Whether a slot without a task is awake and takes the turns. Such a slot sees a submitted task
  /// without being told, runs it and is back, sooner than another thread could take the turns from
  /// it. That holds for a lone task only: with many tasks the slot runs them rather than take
  /// turns.
  private boolean isSlotPolling() {
    return isSlotPoller && !isCrowded && turns.launchedCount() <= 1;
  }

  private static boolean spinUntil(BooleanSupplier done) {
    for (int spins = 0; spins < SERVED_SPINS; spins++) {
      if (done.getAsBoolean()) {
        return true;
      }
      Thread.onSpinWait();
    }
    return false;
  }

  private void poll(BooleanSupplier done, long deadlineNs, Parker parker, Backoff backoff) {
    while (!done.getAsBoolean() && !Thread.currentThread().isInterrupted() && !turns.isClosed()) {
      if (turns.tryTurn() > 0) {
        backoff.reset();
        continue;
      }
      long parkNs = backoff.idle();
      if (parkNs > 0) {
        long leftNs = deadlineNs - System.nanoTime();
        if (leftNs <= 0) {
          return;
        }
        parker.park(Math.min(leftNs, parkNs));
      }
    }
  }

  /// How a waiting thread sleeps, so that what it waits for can wake it.
  @FunctionalInterface
  public interface Parker {
    void park(long ns);
  }

  /// Sleeps for a moment, for a wait that nothing wakes.
  public void nap(long ns) {
    LockSupport.parkNanos(this, Math.min(ns, parkNsMax));
  }

  private void leavePoller(Backoff backoff) {
    poller = null;
    if (isHelperDeep && backoff.hasSlept()) {
      LockSupport.unpark(helper);
    }
  }

  /// Called by a slot without a task; returns when it may have a task. The slot that ran last is
  /// hot: it polls if no thread does, or stays awake for a moment. The slot that was hot before
  /// goes to sleep, as all other slots do until they have a task. `hasRun`: the slot has just run a
  /// task.
  @SuppressWarnings({"ThreadPriorityCheck", "ReferenceEquality"}) // see SPINS_PER_YIELD; threads
  public void idle(Idler slot, boolean hasRun) {
    Thread self = slot.thread();
    if (hasRun) {
      hot = self;
      if (!hasRunTasks) {
        hasRunTasks = true;
      }
    } else if (!HOT.compareAndSet(this, null, self)) {
      slot.park(LOOK_NS);
      return;
    }
    long napNsMax = isCrowded && !hasRunTasks ? START_FACTOR * parkNsMax : parkNsMax;
    Backoff backoff = new Backoff(isCrowded, napNsMax, sharing);
    boolean isPoller = false;
    try {
      int spins = 0;
      while (hot == self && !slot.hasTask() && !turns.isClosed()) {
        if (!isPoller && (poller != null || !POLLER.compareAndSet(this, null, self))) {
          // a thread that waits for a lone task submits the next task soon, and an unpark would
          // cost it fifty microseconds
          if (isCrowded || ++spins > HOT_SPINS) {
            break;
          }
          if (spins % SPINS_PER_YIELD == 0) {
            Thread.yield();
          } else {
            Thread.onSpinWait();
          }
          continue;
        }
        if (!isPoller) {
          isPoller = true;
          isSlotPoller = true;
        }
        if (turns.tryTurn() > 0) {
          backoff.reset();
          continue;
        }
        long parkNs = backoff.idle();
        if (parkNs > 0) {
          isSlotPoller = false;
          slot.park(parkNs);
          isSlotPoller = true;
        }
      }
    } finally {
      if (isPoller) {
        isSlotPoller = false;
        leavePoller(backoff);
      }
      HOT.compareAndSet(this, self, null);
    }
    if (!slot.hasTask()) {
      slot.park(LOOK_NS);
    }
  }

  private void help() {
    try {
      helpUntilClosed();
    } catch (Throwable broken) {
      // without this thread a rank whose other threads are busy would be deaf
      turns.onBroken(broken);
    }
  }

  private void helpUntilClosed() {
    Backoff backoff = new Backoff(true, parkNsMax);
    long sleepNs = parkNsMax;
    while (!turns.isClosed()) {
      if (poller == null) {
        sleepNs = parkNsMax;
        if (turns.tryTurn() > 0) {
          backoff.reset();
          continue;
        }
        long parkNs = backoff.idle();
        if (parkNs > 0) {
          LockSupport.parkNanos(this, parkNs);
        }
      } else {
        isHelperDeep = sleepNs > parkNsMax;
        // where the poller has left since, and has not seen this sleep, turns are missed for one
        // sleep
        LockSupport.parkNanos(this, sleepNs);
        isHelperDeep = false;
        sleepNs = Math.min(DEEP_FACTOR * parkNsMax, 2 * sleepNs);
      }
    }
  }

  /// Wakes the helper and the poller, to see that the engine is closed.
  public void wake() {
    LockSupport.unpark(helper);
    Thread waiting = poller;
    if (waiting != null) {
      LockSupport.unpark(waiting);
    }
  }

  /// Waits for the end of the helper.
  public void join(long timeoutNs) throws InterruptedException {
    TimeUnit.NANOSECONDS.timedJoin(helper, timeoutNs);
  }
}
