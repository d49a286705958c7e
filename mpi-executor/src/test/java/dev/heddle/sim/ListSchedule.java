package dev.heddle.sim;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/// A load on slots that are all alike, without any overhead: whenever a slot is free and a task is
/// ready, the one of the highest priority that has been ready for longest starts.
///
/// Source: Graham, *Bounds on Multiprocessing Timing Anomalies*, SIAM J. Appl. Math. 17, 1969.
final class ListSchedule {
  private record Running(int task, long endNs) {}

  private record Ready(int task, int order) {}

  private final Load load;
  private final int[] unmet;
  private final List<List<Integer>> dependents = new ArrayList<>();
  private final PriorityQueue<Running> running =
      new PriorityQueue<>(Comparator.comparingLong(Running::endNs).thenComparingInt(Running::task));
  private final PriorityQueue<Ready> ready;
  private int readied;

  private ListSchedule(Load load) {
    this.load = load;
    this.unmet = new int[load.count()];
    this.ready =
        new PriorityQueue<>(
            Comparator.comparingInt((Ready one) -> -load.priority(one.task()))
                .thenComparingInt(Ready::order));
    for (int i = 0; i < load.count(); i++) {
      dependents.add(new ArrayList<>());
      for (int need : load.needsOf(i)) {
        unmet[i]++;
        dependents.get(need).add(i);
      }
    }
  }

  /// How long the load takes on so many slots.
  static long makespanNs(Load load, long slots) {
    return new ListSchedule(load).run(slots);
  }

  /// Work of all tasks together.
  static long workNs(Load load) {
    long sum = 0;
    for (int i = 0; i < load.count(); i++) {
      sum += load.durationNs(i);
    }
    return sum;
  }

  /// The longest chain of tasks that need each other.
  static long criticalPathNs(Load load) {
    long[] ends = new long[load.count()];
    for (int i = 0; i < ends.length; i++) {
      for (int need : load.needsOf(i)) {
        ends[i] = Math.max(ends[i], ends[need]);
      }
      ends[i] += load.durationNs(i);
    }
    return Arrays.stream(ends).max().orElse(0);
  }

  private long run(long slots) {
    long nowNs = 0;
    for (int i = 0; i < unmet.length; i++) {
      // a list of nothing is over at once, and others with it, which come by #end
      if (unmet[i] == 0 && load.needsOf(i).length == 0) {
        becomeReady(i);
      }
    }
    while (true) {
      while (running.size() < slots && !ready.isEmpty()) {
        int task = ready.remove().task();
        running.add(new Running(task, nowNs + load.durationNs(task)));
      }
      Running next = running.poll();
      if (next == null) {
        return nowNs;
      }
      nowNs = next.endNs();
      end(next.task());
    }
  }

  private void becomeReady(int task) {
    if (load.isList(task)) {
      end(task);
    } else {
      ready.add(new Ready(task, readied++));
    }
  }

  private void end(int task) {
    for (int dependent : dependents.get(task)) {
      if (--unmet[dependent] == 0) {
        becomeReady(dependent);
      }
    }
  }
}
