package dev.heddle.core.link;

/// A receiver of a role's tasks: a rank below, or the worker on the own rank.
///
/// Shape: O(1), and for a rank below the tasks that are in flight there. Threading: the progress
/// role.
public abstract class Child {
  /// In place of a prefetch: a child with a free slot.
  public static final int FREE_SLOT = -1;

  /// Its place among the receivers of its role. The graph, which can't name this class, keeps it in
  /// a launched task.
  private final int number;

  /// How full it is, as far as its role knows.
  private final Occupancy occupancy = new Occupancy();

  protected Child(int number) {
    this.number = number;
  }

  /// Its place among the receivers of its role.
  public final int number() {
    return number;
  }

  /// How full it is, as far as its role knows.
  public final Occupancy occupancy() {
    return occupancy;
  }

  /// Slots at and below it.
  public abstract long slots();

  /// Whether what is sent to it runs there, on one rank.
  public abstract boolean isLeaf();

  /// Whether it may be sent one more task.
  public abstract boolean hasCredit();

  /// Whether it may be sent one more task, and then as many as it has slots, with `bytes` left.
  public abstract boolean hasCreditBeyondSlots(long bytes);

  /// Ranks at and below it that have no task, roughly: with several slots they may have fewer than
  /// they could, and what tasks print counts like their ends.
  public abstract long idleRanks();

  /// Slots at and below it that nothing was sent for.
  public long freeSlots() {
    return occupancy.freeSlots(slots());
  }

  /// Slots at and below it that may be free soon: no long task has them.
  public final long turningSlots() {
    return occupancy.turningSlots(slots());
  }

  /// Whether a task with this prefetch has room there: with [#FREE_SLOT], a free slot.
  public final boolean hasRoom(int prefetch) {
    return prefetch == FREE_SLOT ? freeSlots() > 0 : occupancy.hasRoom(slots(), prefetch);
  }

  @Override
  public String toString() {
    return "child=" + number + " " + occupancy;
  }
}
