package dev.heddle.scale;

/// What the simulated user does: how tasks are submitted, what they do with their time, and what
/// threads take that wake each other.
///
/// @param roundTasks tasks that are submitted before the body waits for all of them and goes on; 0:
///   all tasks are one round
/// @param runs how often the body does all this, one after the other in the same ranks, so that
///   what they have seen before counts; each has as many tasks, and these take as long
/// @param areComputing tasks take a core for their time; else they leave it to others. Matters only
///   where ranks share cores.
/// @param taskLateNs a task ends so much later than its duration says, as sleeping ones do
/// @param slotNs a slot's own way from a task in its hands to the user's function, and back
/// @param waitNs the body's own, from the last result of a round until it goes on
/// @param waking what waking up costs where ranks share cores
/// @param warmPlaces places of an array that has ended just before the one that counts is
///   submitted, as in a run that goes on; 0: none, so that what counts is the first thing that the
///   ranks hear of
public record ScaleBody(
    int roundTasks,
    int runs,
    boolean areComputing,
    double taskLateNs,
    double slotNs,
    double waitNs,
    Waking waking,
    long warmPlaces) {

  /// What a rank takes that has slept and finds something, beyond what it finds: nothing of it is
  /// in the caches any more, and threads wake each other.
  ///
  /// Shape: it grows with the looks that ranks of the same host have taken since this rank last had
  /// something to do, each of which leaves less of it in the caches, up to these times.
  ///
  /// @param taskNs for a worker, at most
  /// @param resultNs for rank 0, at most
  /// @param halfLooks after so many looks of others it is half of that; 0: always all of it
  /// @param taskDelayNs a worker waits so long on top, without a core, after a sleep of the longest
  ///   kind: many ranks wake up together, and the system lets each interrupt the one before
  /// @param resultDelayNs the same for rank 0
  public record Waking(
      double taskNs, double resultNs, double halfLooks, double taskDelayNs, double resultDelayNs) {
    /// As if caches were without end.
    public static final Waking FREE = new Waking(0, 0, 0);

    /// On so few ranks that they don't wake up together.
    public Waking(double taskNs, double resultNs, double halfLooks) {
      this(taskNs, resultNs, halfLooks, 0, 0);
    }

    /// Checks the bounds.
    public Waking {
      if (taskNs < 0 || resultNs < 0 || halfLooks < 0 || taskDelayNs < 0 || resultDelayNs < 0) {
        throw new IllegalArgumentException(
            "taskNs="
                + taskNs
                + " resultNs="
                + resultNs
                + " halfLooks="
                + halfLooks
                + " taskDelayNs="
                + taskDelayNs
                + " resultDelayNs="
                + resultDelayNs
                + ", but none may be negative");
      }
    }

    double delayNs(int rank) {
      return rank == 0 ? resultDelayNs : taskDelayNs;
    }

    /// What it is for a rank of which others have taken so many looks since it had something to do.
    double ns(int rank, long looks) {
      double mostNs = rank == 0 ? resultNs : taskNs;
      return looks + halfLooks > 0 ? mostNs * looks / (looks + halfLooks) : 0;
    }
  }

  /// All tasks at once, each on a core of its own.
  public static final ScaleBody FLOOD = new ScaleBody(0, 1, false, 0, 0, 0, Waking.FREE);

  /// The same without an array before.
  public ScaleBody(
      int roundTasks,
      int runs,
      boolean areComputing,
      double taskLateNs,
      double slotNs,
      double waitNs,
      Waking waking) {
    this(roundTasks, runs, areComputing, taskLateNs, slotNs, waitNs, waking, 0);
  }

  /// One array, behind another one of `places`.
  public static ScaleBody behindArray(long places) {
    return new ScaleBody(0, 1, false, 0, 0, 0, Waking.FREE, places);
  }

  /// Checks the bounds.
  public ScaleBody {
    if (roundTasks < 0
        || runs < 1
        || taskLateNs < 0
        || slotNs < 0
        || waitNs < 0
        || warmPlaces < 0) {
      throw new IllegalArgumentException(
          "roundTasks="
              + roundTasks
              + " runs="
              + runs
              + " taskLateNs="
              + taskLateNs
              + " slotNs="
              + slotNs
              + " waitNs="
              + waitNs
              + " warmPlaces="
              + warmPlaces
              + ", but runs have to be 1 at least, and nothing may be negative");
    }
  }

  /// How many of `tasks` may be submitted while `done` are.
  long submittable(long done, long tasks) {
    return roundTasks == 0 ? tasks : Math.min(tasks, (done / roundTasks + 1) * roundTasks);
  }

  /// Whether the body has waited for the last one of `done` tasks.
  boolean hasWaitedFor(long done) {
    return roundTasks > 0 && done % roundTasks == 0;
  }
}
