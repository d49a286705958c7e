package dev.heddle.scale;

/// The runs of a simulated body, one after the other, of the same tasks each.
///
/// Shape: a time per run. Errors: [IllegalArgumentException] where the tasks are no whole runs.
/// Threading: one thread.
final class BodyRuns {
  private final long tasks;
  private final long[] endsNs;

  /// So many runs of `allTasks` together.
  BodyRuns(long allTasks, int runs) {
    if (allTasks % runs != 0) {
      throw new IllegalArgumentException(
          "tasks=" + allTasks + " are no runs=" + runs + " of as many each");
    }
    this.tasks = allTasks / runs;
    this.endsNs = new long[runs];
  }

  /// A task's number in its run, from 1 on as its id in all of them.
  long number(long taskId) {
    return (taskId - 1) % tasks + 1;
  }

  /// So many tasks are done at `nowNs`.
  void onDone(long done, long nowNs) {
    if (done % tasks == 0) {
      endsNs[(int) (done / tasks) - 1] = nowNs;
    }
  }

  /// How long each run took; the first one began at `startNs`, the others when the one before
  /// ended.
  long[] spansNs(long startNs) {
    long[] spans = new long[endsNs.length];
    long beganNs = startNs;
    for (int run = 0; run < spans.length; run++) {
      spans[run] = endsNs[run] - beganNs;
      beganNs = endsNs[run];
    }
    return spans;
  }
}
