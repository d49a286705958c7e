package dev.heddle.runtime.measure;

import dev.heddle.LongCombiner;
import dev.heddle.codec.ValueCodec;
import dev.heddle.codec.function.FunctionDefinition;
import dev.heddle.codec.function.Invoker;
import java.lang.invoke.MethodHandleInfo;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The time that combining a value of an array takes, for `heddle bench costs`.
public final class CombineCost {
  private static final int ROUNDS = 9;
  private static final int COUNT = 200_000;

  private CombineCost() {}

  /// Nanoseconds for one of many `long` values that are summed up. The value is decoded, and the
  /// combiner is called, as in [Combining].
  public static double nsPerLong() {
    try {
      return measure();
    } catch (Throwable e) {
      throw new IllegalStateException("Long.sum could not be called", e);
    }
  }

  private static double measure() throws Throwable {
    ValueCodec codec = new ValueCodec(CombineCost.class.getClassLoader(), List.of());
    Invoker sum =
        Invoker.resolve(
            new FunctionDefinition(
                Long.class.getName(),
                "sum",
                "(JJ)J",
                MethodHandleInfo.REF_invokeStatic,
                LongCombiner.class.getName(),
                "apply",
                "(JJ)J",
                0,
                "Long.sum"),
            CombineCost.class.getClassLoader(),
            "this process");
    byte[][] values = new byte[64][];
    for (int i = 0; i < values.length; i++) {
      values[i] = codec.encode(0x123456789ABCL * i, "value");
    }
    double[] ns = new double[ROUNDS];
    long total = 0;
    for (int round = 0; round < ROUNDS; round++) {
      long beganNs = System.nanoTime();
      @Nullable Object[] arguments = new @Nullable Object[2];
      Object at = 0L;
      for (int i = 0; i < COUNT; i++) {
        byte[] value = values[i % values.length];
        arguments[0] = at;
        arguments[1] = codec.decode(value, 0, value.length);
        at = sum.invoke(arguments);
      }
      ns[round] = (double) (System.nanoTime() - beganNs) / COUNT;
      total += codec.encode(at, "result").length;
    }
    Arrays.sort(ns);
    // the check keeps the compiler from leaving the loop out
    return total > 0 ? ns[ROUNDS / 2] : 0;
  }
}
