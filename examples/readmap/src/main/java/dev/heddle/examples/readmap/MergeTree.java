package dev.heddle.examples.readmap;

import dev.heddle.Heddle;
import dev.heddle.TaskFuture;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ExecutionException;

/// Sums up any number of tallies by tasks that each wait for eight others.
///
/// Works like a counter to base 8: whenever eight futures of one level are there, one task that
/// merges them stands for them on the next, so only 7 futures per level are held here, and what was
/// merged can be forgotten. [#add] waits when more than `openMax` merges of the first level are
/// under way: a run of any length needs the same memory. Threading: one thread.
final class MergeTree {
  private static final int FAN_IN = 8;

  private final Heddle heddle;
  private final long openMax;
  private final List<List<TaskFuture<Tally>>> levels = new ArrayList<>();
  private final Queue<TaskFuture<Tally>> open = new ArrayDeque<>();
  private long taskCount;

  MergeTree(Heddle heddle) {
    this.heddle = heddle;
    // 8 tasks below each: no slot runs dry while this thread submits the next ones.
    this.openMax = Math.max(64, heddle.slots());
  }

  /// Adds one tally to come. Errors: throws the failure of an earlier one.
  void add(TaskFuture<Tally> part) throws InterruptedException, ExecutionException {
    add(0, part);
    if (open.size() > openMax) {
      open.remove().get();
    }
  }

  private void add(int level, TaskFuture<Tally> part) {
    if (levels.size() == level) {
      levels.add(new ArrayList<>(FAN_IN));
    }
    List<TaskFuture<Tally>> group = levels.get(level);
    group.add(part);
    if (group.size() == FAN_IN) {
      TaskFuture<Tally> merged = merge(group);
      group.clear();
      if (level == 0) {
        open.add(merged);
      }
      add(level + 1, merged);
    }
  }

  /// The sum of all that were added: merges what is left on each level. Call once, after at least
  /// one [#add].
  TaskFuture<Tally> sum() {
    List<TaskFuture<Tally>> rest = new ArrayList<>();
    for (List<TaskFuture<Tally>> group : levels) {
      rest.addAll(0, group);
      if (rest.size() > 1) {
        TaskFuture<Tally> merged = merge(rest);
        rest.clear();
        rest.add(merged);
      }
    }
    open.clear();
    return rest.getFirst();
  }

  private TaskFuture<Tally> merge(List<TaskFuture<Tally>> parts) {
    taskCount++;
    return heddle.submit(Tally::merge, heddle.all(parts));
  }

  /// Merging tasks submitted so far.
  long taskCount() {
    return taskCount;
  }

  /// Merging tasks that `parts` tallies will need in the end.
  static long taskCount(long parts) {
    long tasks = 0;
    long rest = 0;
    for (long onLevel = parts; onLevel > 0; onLevel /= FAN_IN) {
      rest += onLevel % FAN_IN;
      tasks += onLevel / FAN_IN + (rest > 1 ? 1 : 0);
      rest = Math.min(rest, 1);
    }
    return tasks;
  }
}
