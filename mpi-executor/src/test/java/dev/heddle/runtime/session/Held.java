package dev.heddle.runtime.session;

import dev.heddle.Heddle;
import dev.heddle.HeddleConfig;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// Tasks that wait at a gate of this JVM, and that count how often they ran.
public final class Held implements AutoCloseable {
  private static final Map<Integer, Held> ALL = new ConcurrentHashMap<>();
  private static final AtomicInteger NUMBERS = new AtomicInteger();
  private static final long WAIT_S_MAX = 60;

  private final int number = NUMBERS.incrementAndGet();
  private final CountDownLatch gate = new CountDownLatch(1);
  private final AtomicInteger entered = new AtomicInteger();
  private final AtomicInteger interrupted = new AtomicInteger();

  public Held() {
    ALL.put(number, this);
  }

  /// The number that this gate's tasks take as argument.
  public int number() {
    return number;
  }

  public void open() {
    gate.countDown();
  }

  int enteredCount() {
    return entered.get();
  }

  int interruptedCount() {
    return interrupted.get();
  }

  public void awaitEntered(int count) {
    eventually(() -> entered.get() >= count, count + " tasks at the gate");
  }

  @Override
  public void close() {
    open();
  }

  /// The task: returns `value` once the gate is open.
  public static <T extends @Nullable Object> T pass(int number, T value)
      throws InterruptedException {
    Held held = ALL.get(number);
    if (held == null) {
      throw new IllegalStateException("no gate of this number in this JVM: " + number);
    }
    held.entered.incrementAndGet();
    try {
      if (!held.gate.await(WAIT_S_MAX, TimeUnit.SECONDS)) {
        throw new IllegalStateException("nobody opened the gate");
      }
    } catch (InterruptedException e) {
      held.interrupted.incrementAndGet();
      throw e;
    }
    return value;
  }

  static void eventually(BooleanSupplier condition, String what) {
    long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(WAIT_S_MAX);
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - deadlineNs > 0) {
        throw new AssertionError("never: " + what);
      }
      LockSupport.parkNanos(100_000);
    }
  }

  /// A run on threads, or between `ranks` ranks of this JVM; two slots where tasks run.
  public static HeddleConfig.Builder config(int ranks) {
    return HeddleConfig.builder()
        .localRanks(ranks)
        .slots(2)
        .serializablePackages(Held.class.getPackageName());
  }

  public static void run(int ranks, Heddle.Body body) {
    Heddle.run(config(ranks).build(), new String[0], body);
  }
}
