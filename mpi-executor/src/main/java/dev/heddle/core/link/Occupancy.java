package dev.heddle.core.link;

/// How full a child is, as far as its parent knows: what it was sent and hasn't told the end of.
///
/// Shape: counts, O(1) whatever is below. Threading: the progress role.
///
/// Nothing of it travels. Each TASK that goes down comes back as one RESULT, whatever became of it,
/// so what is out is the difference of two counts that only rise, as credit is. What is still on
/// its way up makes a child look fuller than it is, never emptier: a task that goes to a free slot
/// finds it free.
public final class Occupancy {
  /// Tasks that were sent and haven't ended.
  private long tasks;

  /// Of these, those that may keep a slot for long: their prefetch is 0.
  private long longTasks;

  /// Of these, those that wait at their worker for the results of others there: no slot is theirs
  /// yet. Only rank 0 sends such.
  private long earlyTasks;

  /// Places of arrays.
  private long places;

  /// What waited there came back, since nothing had begun for long: nothing more waits there until
  /// something has ended.
  private boolean isStuck;

  public void onSent(int prefetch) {
    tasks++;
    longTasks += prefetch == 0 ? 1 : 0;
  }

  public void onEnded(int prefetch) {
    tasks = Math.max(0, tasks - 1);
    longTasks = Math.clamp(longTasks - (prefetch == 0 ? 1 : 0), 0, tasks);
  }

  public void onEarly(int change) {
    earlyTasks += change;
  }

  public void onPlaces(long change) {
    places += change;
  }

  public void setStuck(boolean isSo) {
    isStuck = isSo;
  }

  /// Of `slots`, those that nothing was sent for; below 0 where more was sent than there are.
  public long freeSlots(long slots) {
    return slots - (tasks - earlyTasks) - places;
  }

  /// Of `slots`, those that may be free soon: no long task has them.
  public long turningSlots(long slots) {
    // where nothing is out any more, nobody would tell an end
    return isStuck && tasks + places > 0 ? 0 : Math.max(0, slots - longTasks);
  }

  /// Whether one more task may share the slots that may be free soon, or wait for one.
  public boolean hasRoom(long slots, int prefetch) {
    return tasks - earlyTasks - longTasks < roomFor(slots, prefetch);
  }

  /// The same for a task that will have to wait for the results of others there.
  public boolean hasRoomAhead(long slots, int prefetch) {
    return prefetch > 0 && tasks - longTasks < roomFor(slots, prefetch);
  }

  private long roomFor(long slots, int prefetch) {
    return turningSlots(slots) * (1 + (1L << prefetch >> 1));
  }

  /// Whether nothing is out; for tests and the simulator.
  public boolean isEmpty() {
    return tasks == 0 && longTasks == 0 && earlyTasks == 0 && places == 0;
  }

  @Override
  public String toString() {
    return "tasks="
        + tasks
        + " long="
        + longTasks
        + " early="
        + earlyTasks
        + " places="
        + places
        + (isStuck ? " stuck" : "");
  }
}
