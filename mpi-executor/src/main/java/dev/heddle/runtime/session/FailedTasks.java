package dev.heddle.runtime.session;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/// The tasks that have failed, so that the end of the run can name failures that were never asked
/// for.
///
/// Shape: counts, and the first few to be named. Threading: [#add] by the holder of the progress
/// role, [#onAsked] by any thread, [#sentence] when all tasks are done.
final class FailedTasks {
  private static final int KEPT_MAX = 64;
  private static final int NAMED_MAX = 3;

  private final List<EngineFuture<?>> kept = new ArrayList<>(0);
  private final LongAdder askedCount = new LongAdder();
  private volatile long count;

  /// Adds a task whose own function, or part on rank 0, has failed.
  @SuppressWarnings("NonAtomicVolatileUpdate") // one writer at a time
  void add(EngineFuture<?> future) {
    count++;
    synchronized (kept) {
      if (kept.size() < KEPT_MAX) {
        kept.add(future);
      }
    }
  }

  /// Called where the failure of an added task is seen for the first time.
  void onAsked() {
    askedCount.increment();
  }

  /// The sentence for the end of the run, or null.
  @Nullable String sentence() {
    long unasked = count - askedCount.sum();
    if (unasked <= 0) {
      return null;
    }
    StringBuilder text = new StringBuilder("heddle: ").append(unasked);
    text.append(unasked == 1 ? " task failed" : " tasks failed")
        .append(" and nobody asked for the result:");
    int named = 0;
    synchronized (kept) {
      for (EngineFuture<?> future : kept) {
        if (!future.wasAsked() && named < NAMED_MAX) {
          text.append(named++ == 0 ? " " : ", ").append("task=").append(future.taskId());
          text.append(" label=").append(future.label());
        }
      }
    }
    if (named == 0) {
      text.setLength(text.length() - 1);
    } else if (unasked > named) {
      text.append(" and ").append(unasked - named).append(" more");
    }
    return text.toString();
  }
}
