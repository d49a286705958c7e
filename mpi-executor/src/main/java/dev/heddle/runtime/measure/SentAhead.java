package dev.heddle.runtime.measure;

import dev.heddle.Heddle;
import dev.heddle.core.link.Counters;
import dev.heddle.runtime.session.RunningHeddle;

/// How many tasks of a run were sent to their worker before all their dependencies were done, for
/// reports.
///
/// @param tasks number of tasks sent ahead since the run began
/// @param inVain number of these tasks that came back, not run, and were sent again
public record SentAhead(long tasks, long inVain) {
  /// The counts of rank 0 so far, roughly: tasks under way may be missing. Errors:
  /// [IllegalArgumentException] where `heddle` does not belong to a run of this process.
  public static SentAhead of(Heddle heddle) {
    if (!(heddle instanceof RunningHeddle running)) {
      throw new IllegalArgumentException("no run of this process: " + heddle.getClass().getName());
    }
    Counters counters = running.session().engine().counters();
    return new SentAhead(counters.sentAhead, counters.sentInVain);
  }
}
