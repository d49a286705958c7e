package dev.heddle.bench.measure;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;

/// The tasks of the benchmarks. They do next to nothing, and what they return depends on what they
/// got, so that a lost, doubled or mixed-up task shows in the sum.
///
/// Threading: called on slots of any rank; nothing is shared.
public final class Work {
  /// The classes of the benchmarks, which may be sent.
  public static final String PACKAGE = "dev.heddle.bench";

  private Work() {}

  /// The no-op task: the finalizer of SplitMix64, of the task's index.
  public static long mix64(long index) {
    long z = index + 0x9E3779B97F4A7C15L;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }

  /// The same with boxes.
  public static Long mix64Boxed(Long index) {
    return mix64(index);
  }

  /// The same for a task with one dependency, whose result it adds.
  public static long mix64Plus(long index, long before) {
    return mix64(index) + before;
  }

  /// A task of a graph with one task before it; the result tells the places of arguments apart.
  public static long mixOne(long index, long a) {
    return mix64(index ^ Long.rotateLeft(a, 1));
  }

  /// The same with two.
  public static long mixTwo(long index, long a, long b) {
    return mixOne(index, a) + Long.rotateLeft(b, 2);
  }

  /// The same with three.
  public static long mixThree(long index, long a, long b, long c) {
    return mixTwo(index, a, b) + Long.rotateLeft(c, 3);
  }

  /// The no-op task for an index at the start of an array; something else where the array's last
  /// byte is not what belongs there, so that no byte on the way can be left out.
  public static long mix64Of(byte[] payload) {
    long index = ByteBuffer.wrap(payload).getLong(0);
    boolean isWhole = payload[payload.length - 1] == lastByte(index, payload.length);
    return isWhole ? mix64(index) : ~mix64(index);
  }

  /// The last byte of an array of `bytes` that carries `index`.
  public static byte lastByte(long index, int bytes) {
    return (byte) (mix64(index) ^ bytes);
  }

  /// Occupies a slot until it is interrupted.
  public static long hold() throws InterruptedException {
    Thread.sleep(Long.MAX_VALUE);
    return 0;
  }

  /// The task at the end of a fan-in.
  public static long sum(List<Long> values) {
    long sum = 0;
    for (long value : values) {
      sum += value;
    }
    return sum;
  }

  /// Occupies a slot for `ms` milliseconds without the processor.
  public static long sleep(long ms) throws InterruptedException {
    Thread.sleep(ms);
    return ms;
  }

  /// The same for nanoseconds.
  public static long sleepNs(long ns) throws InterruptedException {
    Thread.sleep(Duration.ofNanos(ns));
    return ns;
  }

  /// The same; returns [System#nanoTime()] of the process that ran it.
  public static long clockAfterNs(long ns) throws InterruptedException {
    Thread.sleep(Duration.ofNanos(ns));
    return System.nanoTime();
  }

  /// The same; returns how many nanoseconds longer than that it took.
  public static long lateAfterNs(long ns) throws InterruptedException {
    long beganNs = System.nanoTime();
    Thread.sleep(Duration.ofNanos(ns));
    return System.nanoTime() - beganNs - ns;
  }

  /// Takes a core for `ns` nanoseconds, by the thread's own clock, however long that lasts where
  /// others want the core too.
  public static long computeNs(long ns) {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    long untilNs = threads.getCurrentThreadCpuTime() + ns;
    long value = ns;
    while (threads.getCurrentThreadCpuTime() < untilNs) {
      for (int i = 0; i < 256; i++) {
        value = mix64(value);
      }
    }
    return value == 0 ? 0 : ns;
  }

  /// The no-op task that returns what it gets.
  public static long same(long value) {
    return value;
  }

  /// Sleeps, and says in which process, as `HOST/PID`: so that each worker is found.
  public static String processAfter(long ms) throws InterruptedException {
    Thread.sleep(ms);
    return Conditions.hostName() + "/" + ProcessHandle.current().pid();
  }

  /// What `count` tasks with the indices from `first` on must return in sum; overflow wraps.
  public static long expectedSum(long first, long count) {
    long sum = 0;
    for (long index = first; index < first + count; index++) {
      sum += mix64(index);
    }
    return sum;
  }
}
