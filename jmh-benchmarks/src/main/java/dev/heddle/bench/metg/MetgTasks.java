package dev.heddle.bench.metg;

import dev.heddle.Heddle;
import dev.heddle.TaskFuture;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ExecutionException;

/// Runs a graph as tasks with real futures between them; what a task returns is a `T`.
///
/// Memory: the futures of one step, and of up to [#looseMax] tasks that nobody needs.
///
/// Threading: the body's thread.
public abstract class MetgTasks<T> {
  /// Bytes on the way from one task to another.
  public abstract int outputBytes();

  /// How many needed values a task takes as arguments; more come in a list.
  abstract int directMax();

  /// Submits a task with the values that it needs, at most [#directMax], of the points `needs`;
  /// `before` are those of the step before, from the point `firstBefore` on.
  abstract TaskFuture<T> submit(
      Heddle heddle, long specification, int[] needs, List<TaskFuture<T>> before, int firstBefore);

  /// The same with a list of them.
  abstract TaskFuture<T> submitMany(
      Heddle heddle, long specification, int[] needs, TaskFuture<List<T>> needed);

  /// A number that depends on what a task returned; that of [#expectedSum] only where all is right.
  abstract long value(T output);

  /// What the values of all tasks that nobody needs come to.
  public abstract long expectedSum(MetgGraph graph, int salt);

  /// Futures at most that wait to be asked for, in a pattern in which nobody needs them.
  abstract int looseMax();

  /// Returns the sum of the values of tasks that nobody needs, after all tasks are done.
  public final long run(Heddle heddle, MetgGraph graph, int salt, int iterations)
      throws InterruptedException, ExecutionException {
    Deque<TaskFuture<T>> loose = new ArrayDeque<>();
    List<TaskFuture<T>> before = List.of();
    long sum = 0;
    for (int step = 0; step < graph.steps(); step++) {
      int first = graph.first(step);
      int end = graph.end(step);
      int firstBefore = step == 0 ? 0 : graph.first(step - 1);
      boolean[] isNeeded = new boolean[before.size()];
      List<TaskFuture<T>> now = new ArrayList<>(end - first);
      int[] lastMany = {};
      TaskFuture<List<T>> many = null;
      for (int point = first; point < end; point++) {
        int[] needs = graph.needs(step, point);
        for (int need : needs) {
          isNeeded[need - firstBefore] = true;
        }
        long specification = MetgWork.specification(salt + step, point, iterations);
        if (needs.length <= directMax()) {
          now.add(submit(heddle, specification, needs, before, firstBefore));
        } else {
          if (many == null || !Arrays.equals(needs, lastMany)) {
            many = heddle.all(futures(before, needs, firstBefore));
            lastMany = needs;
          }
          now.add(submitMany(heddle, specification, needs, many));
        }
      }
      for (int i = 0; i < isNeeded.length; i++) {
        if (!isNeeded[i]) {
          loose.add(before.get(i));
        }
      }
      while (loose.size() > looseMax()) {
        sum += value(loose.remove().get());
      }
      before = now;
    }
    loose.addAll(before);
    for (TaskFuture<T> last : loose) {
      sum += value(last.get());
    }
    return sum;
  }

  private static <T> List<TaskFuture<T>> futures(
      List<TaskFuture<T>> before, int[] needs, int firstBefore) {
    List<TaskFuture<T>> futures = new ArrayList<>(needs.length);
    for (int need : needs) {
      futures.add(before.get(need - firstBefore));
    }
    return futures;
  }
}
