package dev.heddle.runtime.slot;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import org.jspecify.annotations.Nullable;

/// A loop over a function from `long` to `long`; see [ArrayLoop].
@SuppressWarnings("NullAway") // a hidden class has its handles, and what they give may be null
final class LongLoop extends ArrayLoop {
  private static final @Nullable MethodHandle FUNCTION = handle(MethodHandles.lookup(), 0);
  private static final @Nullable MethodHandle COMBINER = handle(MethodHandles.lookup(), 1);

  LongLoop(StopSignal stop) {
    super(stop);
  }

  @Override
  void keep(long index, long step, int count, int at) throws Throwable {
    Object[] before = captures;
    long[] results = longs;
    StopSignal signal = stop;
    long next = index;
    int k = 0;
    try {
      for (; k < count && !signal.isSet(); k++) {
        results[at + k] = (long) FUNCTION.invokeExact(before, next);
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
    long sum = longValue;
    StopSignal signal = stop;
    long next = index;
    int k = 0;
    try {
      if (isEmpty) {
        sum = (long) FUNCTION.invokeExact(before, next);
        isEmpty = false;
        next += step;
        k = 1;
      }
      for (; k < count && !signal.isSet(); k++) {
        sum = (long) COMBINER.invokeExact(combine, sum, (long) FUNCTION.invokeExact(before, next));
        next += step;
      }
    } finally {
      done = k;
      longValue = sum;
    }
  }
}
