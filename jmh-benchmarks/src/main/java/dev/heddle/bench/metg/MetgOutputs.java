package dev.heddle.bench.metg;

import dev.heddle.Heddle;
import dev.heddle.TaskFuture;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;

/// Tasks that pass on so many bytes, filled and compared as Task Bench's core does it
/// (`TaskGraph::execute_point` in `core/core.cc`): a task writes its step and point into its
/// output, a pair of 8 and 8 bytes as often as it fits, and each task that gets the output compares
/// every pair with the step and point that it has to come from, and the length, before the kernel.
///
/// A task that finds something else passes on an output that is wrong too, so that the harness,
/// which looks at those that no task gets, finds it.
public final class MetgOutputs extends MetgTasks<byte[]> {
  /// One pair.
  static final int BYTES_MIN = 16;

  static final int BYTES_MAX = 1 << 20;

  /// Beside the specification and what says whose outputs these are.
  private static final int DIRECT_MAX = 3;

  /// The points of three outputs and their length share a long.
  private static final int NEED_BITS = 12;

  private static final int LOOSE_MAX = 4096;
  private static final long LOOSE_BYTES_MAX = 64L << 20;
  private static final long WRONG = -1;

  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private final int bytes;

  /// `bytes` is the length of each output.
  public MetgOutputs(int bytes) {
    if (bytes < BYTES_MIN || bytes > BYTES_MAX) {
      throw new IllegalArgumentException("bytes=" + bytes);
    }
    this.bytes = bytes;
  }

  @Override
  public int outputBytes() {
    return bytes;
  }

  @Override
  int directMax() {
    return DIRECT_MAX;
  }

  @Override
  int looseMax() {
    return Math.clamp(LOOSE_BYTES_MAX / bytes, 1, LOOSE_MAX);
  }

  /// Shape: length, then from the lowest bits on the points.
  private static long origin(int bytes, int[] needs) {
    long origin = bytes;
    for (int i = DIRECT_MAX - 1; i >= 0; i--) {
      origin = origin << NEED_BITS | (i < needs.length ? needs[i] : 0);
    }
    return origin;
  }

  private static int bytes(long origin) {
    return (int) (origin >>> (DIRECT_MAX * NEED_BITS));
  }

  private static int need(long origin, int index) {
    return (int) (origin >>> (index * NEED_BITS)) & ((1 << NEED_BITS) - 1);
  }

  @Override
  TaskFuture<byte[]> submit(
      Heddle heddle,
      long specification,
      int[] needs,
      List<TaskFuture<byte[]>> before,
      int firstBefore) {
    long origin = origin(bytes, needs);
    return switch (needs.length) {
      case 0 -> heddle.submit(MetgOutputs::task, specification, origin);
      case 1 ->
          heddle.submit(
              MetgOutputs::task1, specification, origin, before.get(needs[0] - firstBefore));
      case 2 ->
          heddle.submit(
              MetgOutputs::task2,
              specification,
              origin,
              before.get(needs[0] - firstBefore),
              before.get(needs[1] - firstBefore));
      default ->
          heddle.submit(
              MetgOutputs::task3,
              specification,
              origin,
              before.get(needs[0] - firstBefore),
              before.get(needs[1] - firstBefore),
              before.get(needs[2] - firstBefore));
    };
  }

  @Override
  TaskFuture<byte[]> submitMany(
      Heddle heddle, long specification, int[] needs, TaskFuture<List<byte[]>> needed) {
    return heddle.submit(MetgOutputs::taskMany, specification, bytes, needs, needed);
  }

  public static byte[] task(long specification, long origin) {
    return done(specification, bytes(origin), true);
  }

  public static byte[] task1(long specification, long origin, byte[] a) {
    int bytes = bytes(origin);
    return done(specification, bytes, isFrom(specification, bytes, need(origin, 0), a));
  }

  public static byte[] task2(long specification, long origin, byte[] a, byte[] b) {
    int bytes = bytes(origin);
    boolean isRight =
        isFrom(specification, bytes, need(origin, 0), a)
            && isFrom(specification, bytes, need(origin, 1), b);
    return done(specification, bytes, isRight);
  }

  public static byte[] task3(long specification, long origin, byte[] a, byte[] b, byte[] c) {
    int bytes = bytes(origin);
    boolean isRight =
        isFrom(specification, bytes, need(origin, 0), a)
            && isFrom(specification, bytes, need(origin, 1), b)
            && isFrom(specification, bytes, need(origin, 2), c);
    return done(specification, bytes, isRight);
  }

  public static byte[] taskMany(long specification, int bytes, int[] needs, List<byte[]> outputs) {
    boolean isRight = needs.length == outputs.size();
    for (int i = 0; i < needs.length && isRight; i++) {
      isRight = isFrom(specification, bytes, needs[i], outputs.get(i));
    }
    return done(specification, bytes, isRight);
  }

  /// Does each pair of an output name the step before and this point?
  private static boolean isFrom(long specification, int bytes, int point, byte[] output) {
    return output.length == bytes && isFilled(output, MetgWork.step(specification, -1), point);
  }

  private static boolean isFilled(byte[] output, long step, long point) {
    for (int at = 0; at + BYTES_MIN <= output.length; at += BYTES_MIN) {
      if ((long) LONG.get(output, at) != step
          || (long) LONG.get(output, at + Long.BYTES) != point) {
        return false;
      }
    }
    return true;
  }

  private static byte[] done(long specification, int bytes, boolean isRight) {
    byte[] output = new byte[bytes];
    long step = isRight ? MetgWork.step(specification, 0) : WRONG;
    long point = isRight ? MetgWork.point(specification) : WRONG;
    for (int at = 0; at + BYTES_MIN <= bytes; at += BYTES_MIN) {
      LONG.set(output, at, step);
      LONG.set(output, at + Long.BYTES, point);
    }
    if (!MetgWork.runKernel(specification)) {
      Arrays.fill(output, (byte) WRONG);
    }
    return output;
  }

  /// The hash of the step and point that all pairs name; 0 where they differ, or are wrong.
  @Override
  public long value(byte[] output) {
    long step = output.length < BYTES_MIN ? WRONG : (long) LONG.get(output, 0);
    long point = step == WRONG ? WRONG : (long) LONG.get(output, Long.BYTES);
    return output.length == bytes && step != WRONG && isFilled(output, step, point)
        ? MetgWork.start(MetgWork.specification((int) step, (int) point, 0))
        : 0;
  }

  @Override
  public long expectedSum(MetgGraph graph, int salt) {
    return graph.expectedOriginSum(salt);
  }
}
