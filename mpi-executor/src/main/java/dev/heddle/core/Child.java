package dev.heddle.core;

/// A receiver of a role's tasks: a rank below, or the worker on the own rank.
///
/// Shape: O(1), and for a rank below the tasks that are in flight there. Threading: the progress
/// role.
abstract class Child {
  /// Its place among the receivers of its role. The graph, which can't name this class, keeps it in
  /// a launched task.
  final int number;

  /// How full it is, as far as its role knows.
  final Occupancy occupancy = new Occupancy();

  Child(int number) {
    this.number = number;
  }

  /// Slots at and below it.
  abstract long slots();

  /// Whether what is sent to it runs there, on one rank.
  abstract boolean isLeaf();

  /// Whether it may be sent one more task.
  abstract boolean hasCredit();

  /// Whether it may be sent one more task, and then as many as it has slots, with `bytes` left.
  abstract boolean hasCreditBeyondSlots(long bytes);

  /// Ranks at and below it that have no task, roughly: with several slots they may have fewer than
  /// they could, and what tasks print counts like their ends.
  abstract long idleRanks();

  /// Slots at and below it that nothing was sent for.
  long freeSlots() {
    return occupancy.freeSlots(slots());
  }

  /// Slots at and below it that may be free soon: no long task has them.
  final long turningSlots() {
    return occupancy.turningSlots(slots());
  }

  /// Whether a task with this prefetch has room there: with [Children#FREE_SLOT], a free slot.
  final boolean hasRoom(int prefetch) {
    return prefetch == Children.FREE_SLOT ? freeSlots() > 0 : occupancy.hasRoom(slots(), prefetch);
  }

  @Override
  public String toString() {
    return "child=" + number + " " + occupancy;
  }
}
