package dev.heddle.runtime.slot;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import org.jspecify.annotations.Nullable;

/// A loop over a function from `long` to `double`; see [ArrayLoop].
@SuppressWarnings("NullAway") // a hidden class has its handles, and what they give may be null
final class DoubleLoop extends ArrayLoop {
  private static final @Nullable MethodHandle FUNCTION = handle(MethodHandles.lookup(), 0);
  private static final @Nullable MethodHandle COMBINER = handle(MethodHandles.lookup(), 1);

  DoubleLoop(StopSignal stop) {
    super(stop);
  }

  @Override
  void keep(long index, long step, int count, int at) throws Throwable {
    Object[] before = captures;
    double[] results = doubles;
    StopSignal signal = stop;
    long next = index;
    int k = 0;
    try {
      for (; k < count && !signal.isSet(); k++) {
        results[at + k] = (double) FUNCTION.invokeExact(before, next);
        next += step;
      }
    } finally {
      done = k;
    }
  }

  @Override
  void reduce(long index, long step, int count) throws Throwable {
    Object[] before = captures;
    Object[] combine = combinerCaptures;
    double sum = doubleValue;
    StopSignal signal = stop;
    long next = index;
    int k = 0;
    try {
      if (isEmpty) {
        sum = (double) FUNCTION.invokeExact(before, next);
        isEmpty = false;
        next += step;
        k = 1;
      }
      for (; k < count && !signal.isSet(); k++) {
        sum =
            (double)
                COMBINER.invokeExact(combine, sum, (double) FUNCTION.invokeExact(before, next));
        next += step;
      }
    } finally {
      done = k;
      doubleValue = sum;
    }
  }
}
