package dev.heddle.runtime.slot;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import org.jspecify.annotations.Nullable;

/// A loop over a function from an element to an object. Indices are places in the list. See
/// [ArrayLoop].
@SuppressWarnings("NullAway") // a hidden class has its handles, and what they give may be null
final class ItemLoop extends ArrayLoop {
  private static final @Nullable MethodHandle FUNCTION = handle(MethodHandles.lookup(), 0);
  private static final @Nullable MethodHandle COMBINER = handle(MethodHandles.lookup(), 1);

  ItemLoop(StopSignal stop) {
    super(stop);
  }

  @Override
  void keep(long index, long step, int count, int at) throws Throwable {
    Object[] before = captures;
    Object[] results = objects;
    Object[] elements = items;
    StopSignal signal = stop;
    long next = index;
    int k = 0;
    try {
      for (; k < count && !signal.isSet(); k++) {
        results[at + k] = (Object) FUNCTION.invokeExact(before, elements[(int) next]);
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
    Object[] elements = items;
    Object sum = value;
    StopSignal signal = stop;
    long next = index;
    int k = 0;
    try {
      if (isEmpty) {
        sum = (Object) FUNCTION.invokeExact(before, elements[(int) next]);
        isEmpty = false;
        next += step;
        k = 1;
      }
      for (; k < count && !signal.isSet(); k++) {
        sum =
            (Object)
                COMBINER.invokeExact(
                    combine, sum, (Object) FUNCTION.invokeExact(before, elements[(int) next]));
        next += step;
      }
    } finally {
      done = k;
      value = sum;
    }
  }
}
