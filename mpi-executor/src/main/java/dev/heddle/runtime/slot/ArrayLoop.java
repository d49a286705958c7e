package dev.heddle.runtime.slot;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The loop over an array's indices around one function.
///
/// Its subclasses are templates: they are never used as they are. [ArrayLoops] defines each of them
/// again as a hidden class for every function, whose handles are then constants of that class. So
/// the JIT compiles a loop per function, with the function in it; in one loop for all, a call
/// through an interface that many classes implement would cost two nanoseconds for each index.
///
/// Threading: one slot's. Errors: what the function or the combiner throws comes out, and [#done]
/// says after how many indices.
abstract class ArrayLoop {
  /// Ends a call before its last index. A thread that is interrupted sets it too, so that nothing
  /// else has to be looked at for each index.
  final StopSignal stop;

  /// Indices that the last call has done.
  int done;

  /// Arguments of the function that come before the index.
  @Nullable Object[] captures = {};

  /// Arguments of the combiner that come before the values.
  @Nullable Object[] combinerCaptures = {};

  /// Elements in place of indices.
  @Nullable Object[] items = {};

  /// Of a reduction: nothing was combined yet.
  boolean isEmpty = true;

  // Kept results, of which one is used.
  long[] longs = {};
  double[] doubles = {};
  @Nullable Object[] objects = {};

  // The combined result, of which one is used.
  long longValue;
  double doubleValue;
  @Nullable Object value;

  ArrayLoop(StopSignal stop) {
    this.stop = stop;
  }

  /// Calls the function for `count` indices from `index` on, and keeps the results from `at` on.
  abstract void keep(long index, long step, int count, int at) throws Throwable;

  /// Calls the function for `count` indices, and combines each result with what is there.
  abstract void reduce(long index, long step, int count) throws Throwable;

  /// The handle that a hidden class was given: 0 for the function, 1 for the combiner; null for one
  /// that it was not given, and in the templates.
  static @Nullable MethodHandle handle(MethodHandles.Lookup owner, int number) {
    try {
      List<?> handles = MethodHandles.classData(owner, "_", List.class);
      return handles == null || number >= handles.size()
          ? null
          : (MethodHandle) handles.get(number);
    } catch (IllegalAccessException e) {
      throw new IllegalStateException("a class may read its own data", e);
    }
  }
}
