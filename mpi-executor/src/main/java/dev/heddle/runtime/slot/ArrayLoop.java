package dev.heddle.runtime.slot;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The loop over an array's indices around one function.
///
/// Its subclasses are templates: they are never used as they are. For every function [ArrayLoops]
/// defines a template again as a hidden class, and the function's handles are constants of that
/// class. So the JIT compiles a loop per function, with the function inlined. In one loop for all
/// functions, a call through an interface that many classes implement would cost two nanoseconds
/// for each index.
///
/// Threading: one slot's. Errors: exceptions of the function or the combiner are passed on, and
/// [#done] says after how many indices.
abstract class ArrayLoop {
  /// Ends a call before its last index. Interrupting the thread sets it too, so that it is all that
  /// a loop has to check for each index.
  final StopSignal stop;

  /// Number of indices that the last call has done.
  int done;

  /// Arguments of the function that come before the index.
  @Nullable Object[] captures = {};

  /// Arguments of the combiner that come before the values.
  @Nullable Object[] combinerCaptures = {};

  /// Elements of a list, used in place of indices.
  @Nullable Object[] items = {};

  /// Whether a reduction has combined nothing yet.
  boolean isEmpty = true;

  // Kept results; one of these arrays is used.
  long[] longs = {};
  double[] doubles = {};
  @Nullable Object[] objects = {};

  // The combined result; one of these fields is used.
  long longValue;
  double doubleValue;
  @Nullable Object value;

  ArrayLoop(StopSignal stop) {
    this.stop = stop;
  }

  /// Calls the function for `count` indices from `index` on, and keeps the results from `at` on.
  abstract void keep(long index, long step, int count, int at) throws Throwable;

  /// Calls the function for `count` indices, and combines each result with the result so far.
  abstract void reduce(long index, long step, int count) throws Throwable;

  /// The handle that a hidden class was given: `number` is 0 for the function, 1 for the combiner.
  /// Returns null for a handle that it was not given, and in the templates.
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
