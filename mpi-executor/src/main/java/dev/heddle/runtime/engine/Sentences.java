package dev.heddle.runtime.engine;

import dev.heddle.core.frames.LostRank;
import dev.heddle.runtime.LastSteps;
import java.util.Locale;
import java.util.function.LongFunction;

/// The sentences that users read when a run can't go on.
final class Sentences {
  private static final int TASKS_SHOWN = 5;

  private Sentences() {}

  /// Says that a rank was lost; `label` gives a task's label.
  static String lost(LostRank lost, LongFunction<String> label) {
    StringBuilder text = new StringBuilder();
    text.append("rank ").append(lost.rank()).append(" on ").append(lost.host());
    if (lost.ranksBelow() > 0) {
      text.append(" and the ").append(lost.ranksBelow()).append(" ranks below it");
    }
    if (lost.silenceNs() == LostRank.LEFT) {
      text.append(" ended in the middle of the run (System.exit in a task, or a signal) with ");
    } else {
      text.append(" gave no sign of life for ")
          .append(String.format(Locale.ROOT, "%.1f s", lost.silenceNs() / 1e9))
          .append(lost.ranksBelow() > 0 ? " and are lost" : " and is lost")
          .append(" with ");
    }
    if (lost.tasks() == 0) {
      text.append("no tasks");
    } else {
      text.append(lost.tasks()).append(lost.tasks() == 1 ? " task: " : " tasks: ");
      int shown = Math.min(TASKS_SHOWN, lost.taskIds().length);
      for (int i = 0; i < shown; i++) {
        long id = lost.taskIds()[i];
        text.append(i == 0 ? "" : ", ").append(id).append(" (").append(label.apply(id)).append(')');
      }
      if (lost.tasks() > shown) {
        text.append(" and ").append(lost.tasks() - shown).append(" more");
      }
    }
    if (lost.tasks() == 0) {
      return text.append("; the run stops").toString();
    }
    return text.append(
            lost.tasks() == 1
                ? "; whether it ran to its end is unknown, and the run stops"
                : "; whether they ran to their end is unknown, and the run stops")
        .toString();
  }

  /// Says that a rank has lost its parent.
  static String orphaned(int rank, String host, LostRank parent) {
    return "rank "
        + rank
        + " on "
        + host
        + " heard nothing of its parent, rank "
        + parent.rank()
        + ", for "
        + String.format(Locale.ROOT, "%.1f s", parent.silenceNs() / 1e9)
        + " and ends";
  }

  /// Says that a rank met what must not happen.
  static String broken(int rank, String host, Throwable broken) {
    String remedy =
        broken instanceof OutOfMemoryError
            ? "; give this rank a larger heap (--heap, --worker-heap), or lower cacheBytesMax,"
                + " inFlightBulkBytesMax or pendingTasksMax"
            : "; this is a bug of Heddle, please report it";
    return "rank "
        + rank
        + " on "
        + host
        + " stops: "
        + LastSteps.text(broken)
        + LastSteps.places(broken)
        + remedy;
  }
}
