package dev.heddle.wire;

/// Numbers of tasks and of large values, which are never used again in a run.
///
/// Shape: 0 in the sign, 21 bits for the owner, 42 bits for the sequence at that owner. The owner
/// is the rank that has the graph: rank 0, whose numbers are plain sequences. A large value has a
/// mark beside its number where one task alone names it ([#SINGLE_USE], the sign).
public final class Ids {
  /// Bits of a sequence.
  public static final int SEQUENCE_BITS = 42;

  /// The last sequence of an owner: at 4 million tasks per second it lasts for twelve days.
  public static final long SEQUENCE_MAX = (1L << SEQUENCE_BITS) - 1;

  /// Ranks that can be owners.
  public static final int OWNERS_MAX = 1 << 21;

  /// Mark of a large value that one task alone names, as every argument is: no rank keeps it for
  /// the next task, and its memory is used again once the task has ended.
  public static final long SINGLE_USE = 1L << 63;

  private Ids() {}

  /// The number `sequence` of `owner`. Errors: [IllegalArgumentException] where either is out of
  /// its bounds.
  public static long of(int owner, long sequence) {
    if (owner < 0 || owner >= OWNERS_MAX || sequence < 0 || sequence > SEQUENCE_MAX) {
      throw new IllegalArgumentException(
          "owner=%d sequence=%d: owners from 0 to %d, sequences from 0 to %d"
              .formatted(owner, sequence, OWNERS_MAX - 1, SEQUENCE_MAX));
    }
    return (long) owner << SEQUENCE_BITS | sequence;
  }

  /// The rank that has the graph.
  public static int owner(long id) {
    return (int) ((id & ~SINGLE_USE) >>> SEQUENCE_BITS);
  }

  /// The number at its owner.
  public static long sequence(long id) {
    return id & SEQUENCE_MAX;
  }

  /// The id of the `count`-th large argument of `owner`: results have the numbers in between.
  public static long argument(int owner, long count) {
    return of(owner, 2 * count);
  }

  /// The id of the `count`-th large result of `owner`.
  public static long result(int owner, long count) {
    return of(owner, 2 * count + 1);
  }

  /// Whether one task alone names this large value.
  public static boolean isSingleUse(long valueId) {
    return valueId < 0;
  }
}
