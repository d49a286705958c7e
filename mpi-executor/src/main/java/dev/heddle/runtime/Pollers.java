package dev.heddle.runtime;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// Who takes a rank's turns: threads that wait for something, slots with nothing to run, and a
/// helper for when there are none.
///
/// At most one thread is the *poller* and takes turn after turn. It leaves when what it waits for
/// has come, and nobody needs to be told: the helper looks once a millisecond and takes over. While
/// others poll, the helper sleeps deeply, and a poller that leaves wakes it. The order of writes
/// matters there: the helper says that it sleeps and then looks for a poller again; the poller
/// leaves and then looks whether the helper sleeps. So one of the two always sees the other.
///
/// Besides the poller at most one slot, the one that ran last, is *hot*: awake for a moment,
/// without taking turns.
final class Pollers {
  /// Looks of the helper at a busy poller before it sleeps deeply.
  private static final int HELPER_LOOKS = 10;

  /// A thread that waits while another one polls looks again after this time, in case that one has
  /// left.
  private static final long LOOK_NS = 50_000_000;

  /// Looks of a slot that stays hot: some ten microseconds, on machines whose pause is long up to
  /// fifty.
  private static final int HOT_SPINS = 1_000;

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

  private final Engine engine;
  private final boolean isCrowded;
  private final long parkNsMax;
  private final Thread helper;
  private volatile @Nullable Thread poller;

  /// The slot's thread that stays awake without polling.
  @SuppressWarnings("UnusedVariable") // through HOT
  private volatile @Nullable Thread hot;

  private volatile boolean isHelperDeep;

  /// `isCrowded`: the host has fewer cores than ranks, or this process fewer than slots.
  Pollers(Engine engine, boolean isCrowded, long parkNsMax) {
    this.engine = engine;
    this.isCrowded = isCrowded;
    this.parkNsMax = parkNsMax;
    this.helper =
        Thread.ofPlatform()
            .daemon()
            .name("heddle-" + engine.rank() + "-helper")
            .unstarted(this::help);
  }

  void startHelper() {
    helper.start();
  }

  /// Takes turns until `done`, or `deadlineNs` of [System#nanoTime()] has passed; sleeps through
  /// `parker` in between.
  ///
  /// Threading: platform threads only, none that runs tasks.
  void pollUntil(BooleanSupplier done, long deadlineNs, Parker parker) throws InterruptedException {
    engine.tryTurn();
    Thread self = Thread.currentThread();
    Backoff backoff = new Backoff(isCrowded, parkNsMax);
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
          leavePoller();
        }
      } else {
        long parkNs = backoff.idle();
        if (parkNs > 0) {
          // another thread polls and will complete what we wait for; look again in case it leaves
          parker.park(Math.min(leftNs, LOOK_NS));
        }
      }
    }
  }

  private void poll(BooleanSupplier done, long deadlineNs, Parker parker, Backoff backoff) {
    while (!done.getAsBoolean() && !Thread.currentThread().isInterrupted() && !engine.isClosed()) {
      if (engine.tryTurn() > 0) {
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
  interface Parker {
    void park(long ns);
  }

  /// Sleeps for a moment, for a wait that nothing wakes.
  void nap(long ns) {
    LockSupport.parkNanos(this, Math.min(ns, parkNsMax));
  }

  private void leavePoller() {
    poller = null;
    if (isHelperDeep) {
      LockSupport.unpark(helper);
    }
  }

  /// A slot without a task: polls if nobody does, else sleeps until it has one.
  void idle(Slot slot) {
    if (!POLLER.compareAndSet(this, null, slot.thread())) {
      if (!stayHot(slot)) {
        slot.park(LOOK_NS);
      }
      return;
    }
    try {
      Backoff backoff = new Backoff(isCrowded, parkNsMax);
      while (!slot.hasTask() && !engine.isClosed()) {
        if (engine.tryTurn() > 0) {
          backoff.reset();
          continue;
        }
        long parkNs = backoff.idle();
        if (parkNs > 0) {
          slot.park(parkNs);
        }
      }
    } finally {
      leavePoller();
    }
  }

  /// One slot at a time, the one that ran last, stays awake for some ten microseconds: whoever
  /// waits for a lone task submits the next one in that time, and an unpark would cost it fifty.
  /// Returns true when the slot has a task.
  private boolean stayHot(Slot slot) {
    if (isCrowded || !HOT.compareAndSet(this, null, slot.thread())) {
      return false;
    }
    try {
      for (int i = 0; i < HOT_SPINS && !slot.hasTask() && !engine.isClosed(); i++) {
        Thread.onSpinWait();
      }
      return slot.hasTask();
    } finally {
      hot = null;
    }
  }

  private void help() {
    Backoff backoff = new Backoff(true, parkNsMax);
    int looks = 0;
    while (!engine.isClosed()) {
      if (poller == null) {
        looks = 0;
        if (engine.tryTurn() > 0) {
          backoff.reset();
          continue;
        }
        long parkNs = backoff.idle();
        if (parkNs > 0) {
          LockSupport.parkNanos(this, parkNs);
        }
      } else if (++looks < HELPER_LOOKS) {
        LockSupport.parkNanos(this, parkNsMax);
      } else {
        isHelperDeep = true;
        if (poller != null && !engine.isClosed()) {
          LockSupport.park(this);
        }
        isHelperDeep = false;
        looks = 0;
      }
    }
  }

  /// Wakes everybody, to see that the engine is closed.
  void wake() {
    LockSupport.unpark(helper);
    Thread waiting = poller;
    if (waiting != null) {
      LockSupport.unpark(waiting);
    }
  }

  /// Waits for the end of the helper.
  void join(long timeoutNs) throws InterruptedException {
    TimeUnit.NANOSECONDS.timedJoin(helper, timeoutNs);
  }
}
