package dev.heddle.bench.metg;

import dev.heddle.bench.measure.Work;
import java.util.Arrays;
import java.util.List;

/// The tasks of `bench metg`: each runs the kernel, and returns a value that depends on where it
/// stands in the graph and on the values of all it needs, in their order.
///
/// The kernel is the compute-bound one of Task Bench (`execute_kernel_compute` in
/// `core/core_kernel.cc`): an iteration is a fused multiply-add `a = a * a + a` on each of 64
/// doubles, which begin at 1.2345. The numbers soon are infinite, which costs no processor more. A
/// processor without such an instruction, older than 2013 on x86, is very slow at it.
///
/// Threading: called on slots of any rank; nothing is shared.
public final class MetgWork {
  private static final int ELEMENTS = 64;
  private static final double FIRST = 1.2345;

  /// A specification is step, point and iterations in one long, so that four needed values fit
  /// beside it in a task's five arguments.
  static final int STEP_BITS = 24;

  static final int POINT_BITS = 16;
  public static final int ITERATION_BITS = 24;

  /// Values given as arguments at most; more come in a list.
  static final int NEEDS_DIRECT_MAX = 4;

  /// Iterations between two looks at the clock: some 50 us.
  private static final int RATE_ITERATIONS = 4096;

  private MetgWork() {}

  /// `step` wraps at 2^24: with a salt added, that of one repetition differs from the next one's.
  public static long specification(int step, int point, int iterations) {
    long where = (step & ((1L << STEP_BITS) - 1)) << POINT_BITS | point;
    return where << ITERATION_BITS | iterations;
  }

  /// The step of a specification and `more`, which wraps as that does.
  public static long step(long specification, int more) {
    return ((specification >>> (POINT_BITS + ITERATION_BITS)) + more) & ((1L << STEP_BITS) - 1);
  }

  public static long point(long specification) {
    return specification >>> ITERATION_BITS & ((1L << POINT_BITS) - 1);
  }

  public static long task(long specification) {
    return done(specification, start(specification));
  }

  public static long task1(long specification, long a) {
    return done(specification, mixed(start(specification), a));
  }

  public static long task2(long specification, long a, long b) {
    return done(specification, mixed(mixed(start(specification), a), b));
  }

  public static long task3(long specification, long a, long b, long c) {
    return done(specification, mixed(mixed(mixed(start(specification), a), b), c));
  }

  public static long task4(long specification, long a, long b, long c, long d) {
    return done(specification, mixed(mixed(mixed(mixed(start(specification), a), b), c), d));
  }

  public static long taskMany(long specification, List<Long> values) {
    long value = start(specification);
    for (long one : values) {
      value = mixed(value, one);
    }
    return done(specification, value);
  }

  /// The value of a task that needs nothing.
  public static long start(long specification) {
    return Work.mix64(specification >>> ITERATION_BITS);
  }

  /// Takes one more needed value in.
  public static long mixed(long value, long need) {
    return Work.mix64(value ^ need);
  }

  private static long done(long specification, long value) {
    return runKernel(specification) ? value : ~value;
  }

  /// True: the kernel's sum is always positive, which the compiler can't know, so it has to compute
  /// it.
  public static boolean runKernel(long specification) {
    return kernel((int) specification & ((1 << ITERATION_BITS) - 1)) > 0;
  }

  /// Source: see the class.
  public static double kernel(int iterations) {
    double[] a = new double[ELEMENTS];
    Arrays.fill(a, FIRST);
    for (int iteration = 0; iteration < iterations; iteration++) {
      for (int i = 0; i < ELEMENTS; i++) {
        a[i] = Math.fma(a[i], a[i], a[i]);
      }
    }
    double sum = 0;
    for (double one : a) {
      sum += one;
    }
    return sum;
  }

  /// Runs the kernel for `ms` milliseconds, and returns the least time of an iteration, in
  /// nanoseconds.
  public static double kernelNs(long ms) {
    long startNs = System.nanoTime();
    long beforeNs = startNs;
    long leastNs = Long.MAX_VALUE;
    while (beforeNs - startNs < ms * 1_000_000 || leastNs == Long.MAX_VALUE) {
      double sum = kernel(RATE_ITERATIONS);
      long nowNs = System.nanoTime();
      if (sum > 0) {
        leastNs = Math.min(leastNs, nowNs - beforeNs);
      }
      beforeNs = nowNs;
    }
    return Math.max(1, leastNs) / (double) RATE_ITERATIONS;
  }
}
