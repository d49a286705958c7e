package dev.heddle.graph;

import org.jspecify.annotations.Nullable;

/// The part of a task that makes it an array: one function applied to many places.
///
/// Shape: the task's arguments are the captures of the combiner, those of the function, then, with
/// [#LIST_INPUT], the list that is mapped.
public final class ArrayJob {
  /// `form`: each result is kept, encoded in lists.
  public static final int KEEP_OBJECTS = 0;

  /// `form`: each result is kept, a packed `long`.
  public static final int KEEP_LONGS = 1;

  /// `form`: each result is kept, a packed `double`.
  public static final int KEEP_DOUBLES = 2;

  /// `form`: results are combined, encoded one by one.
  public static final int REDUCE_OBJECTS = 3;

  /// `form`: results are combined, a `long` in eight bytes.
  public static final int REDUCE_LONGS = 4;

  /// `form`: results are combined, a `double` in eight bytes.
  public static final int REDUCE_DOUBLES = 5;

  /// Bit of `form`: the function gets elements of a list instead of indices.
  public static final int LIST_INPUT = 8;

  private final int form;
  private final int combinerId;
  private final int combinerCaptures;
  private final int captures;
  private final long first;
  private final long step;
  private final byte[] head;
  private volatile long count;
  private volatile @Nullable ArrayResult result;

  /// An array of `count` places, -1 while the list is not there.
  ///
  /// Shape: `form` says how results travel, with [#LIST_INPUT]; `combinerId` is -1 for none, and
  /// the first `combinerCaptures` values are the combiner's, the next `captures` values the
  /// function's. Futures inside a value follow it and don't count. The indices are `first`, `first
  /// + step`, and so on. `head` is the encoded outcome of an array without indices; in a packed
  ///   form it is the bytes before the results.
  public ArrayJob(
      int form,
      int combinerId,
      int combinerCaptures,
      int captures,
      long first,
      long step,
      long count,
      byte[] head) {
    this.form = form;
    this.combinerId = combinerId;
    this.combinerCaptures = combinerCaptures;
    this.captures = captures;
    this.first = first;
    this.step = step;
    this.head = head;
    setCount(count);
  }

  private ArrayJob(ArrayJob before, ArrayResult result) {
    this.form = before.form;
    this.combinerId = before.combinerId;
    this.combinerCaptures = before.combinerCaptures;
    this.captures = before.captures;
    this.first = before.first;
    this.step = before.step;
    this.head = before.head;
    this.count = result.count();
    this.result = new ArrayResult(form & ~LIST_INPUT, first, step, count, result);
  }

  /// A new run of this array. It keeps all results that have arrived and lacks only the failed
  /// places.
  public ArrayJob again() {
    return new ArrayJob(this, result());
  }

  /// Sets the number of places, once the list is there. Call before the task is ready.
  public void setCount(long places) {
    count = places;
    if (places >= 0) {
      result = new ArrayResult(form & ~LIST_INPUT, first, step, places, null);
    }
  }

  /// One of the constants, with [#LIST_INPUT] where it applies.
  public int form() {
    return form;
  }

  /// Whether each result is kept.
  public boolean isKept() {
    return (form & ~LIST_INPUT) <= KEEP_DOUBLES;
  }

  /// Number of the combiner, or -1.
  public int combinerId() {
    return combinerId;
  }

  /// Number of values that belong to the combiner; the next values belong to the function.
  public int combinerCaptures() {
    return combinerCaptures;
  }

  /// Number of values that belong to the function.
  public int captures() {
    return captures;
  }

  /// The first index.
  public long first() {
    return first;
  }

  /// From one index to the next.
  public long step() {
    return step;
  }

  /// Number of indices; -1 while the list is not there.
  public long count() {
    return count;
  }

  /// The encoded outcome of an array without indices; in a packed form the bytes before the
  /// results.
  public byte[] head() {
    return head;
  }

  /// The results so far. Errors: [IllegalStateException] while the number of places isn't known.
  public ArrayResult result() {
    ArrayResult known = result;
    if (known == null) {
      throw new IllegalStateException("the list is still to come");
    }
    return known;
  }

  /// As [#result], for other threads; null while the number of places isn't known.
  public @Nullable ArrayResult resultOrNull() {
    return result;
  }
}
