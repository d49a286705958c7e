package dev.heddle.sim.scale;

/// What the simulated user does: how tasks are submitted, what they do with their time, and what
/// waking up costs where ranks share cores.
///
/// @param roundTasks tasks that are submitted before the body waits for all of them and goes on; 0:
///   all tasks are one round
/// @param areComputing tasks take a core for their time; else they leave it to others. Matters only
///   where ranks share cores.
/// @param taskLateNs a task ends so much later than its duration says, as sleeping ones do
/// @param wakeTaskNs from the look of a sleeping rank that finds a task until the task begins:
///   threads that wake each other, with nothing in the caches. Only where ranks share cores.
/// @param wakeResultNs the same at rank 0 for a result
/// @param warmPlaces places of an array that has ended just before the one that counts is
///   submitted, as in a run that goes on; 0: none, so that what counts is the first thing that the
///   ranks hear of
public record ScaleBody(
    int roundTasks,
    boolean areComputing,
    double taskLateNs,
    double wakeTaskNs,
    double wakeResultNs,
    long warmPlaces) {
  /// All tasks at once, each on a core of its own.
  public static final ScaleBody FLOOD = new ScaleBody(0, false, 0, 0, 0);

  /// The same without an array before.
  public ScaleBody(
      int roundTasks,
      boolean areComputing,
      double taskLateNs,
      double wakeTaskNs,
      double wakeResultNs) {
    this(roundTasks, areComputing, taskLateNs, wakeTaskNs, wakeResultNs, 0);
  }

  /// One array, behind another one of `places`.
  public static ScaleBody behindArray(long places) {
    return new ScaleBody(0, false, 0, 0, 0, places);
  }

  /// Checks the bounds.
  public ScaleBody {
    if (roundTasks < 0 || taskLateNs < 0 || wakeTaskNs < 0 || wakeResultNs < 0 || warmPlaces < 0) {
      throw new IllegalArgumentException(
          "roundTasks="
              + roundTasks
              + " taskLateNs="
              + taskLateNs
              + " wakeTaskNs="
              + wakeTaskNs
              + " wakeResultNs="
              + wakeResultNs
              + " warmPlaces="
              + warmPlaces
              + ", but none may be negative");
    }
  }

  /// How many of `tasks` may be submitted while `done` are.
  long submittable(long done, long tasks) {
    return roundTasks == 0 ? tasks : Math.min(tasks, (done / roundTasks + 1) * roundTasks);
  }
}
