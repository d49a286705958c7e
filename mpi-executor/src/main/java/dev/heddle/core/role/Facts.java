package dev.heddle.core.role;

import dev.heddle.graph.Task;
import dev.heddle.graph.TaskEvent;
import dev.heddle.graph.TaskGraph;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Collects what happens in a turn, and tells it to every listener at the turn's end.
///
/// Shape: at most [#RUN_MAX] facts, which is what a listener gets at once. Made with the first
/// listener: without one nothing is collected. Threading: the progress role.
final class Facts implements TaskGraph.Watcher {
  /// Facts that are told at once at most.
  static final int RUN_MAX = 4096;

  private final List<FactListener> listeners = new ArrayList<>(1);
  private final long[] ids = new long[RUN_MAX];
  private final Fact[] facts = new Fact[RUN_MAX];
  private final long[] durationsNs = new long[RUN_MAX];
  private int count;
  private long nowNs;

  /// The time on its slot of the task that ends now.
  private long endingNs;

  Facts() {
    Arrays.fill(facts, Fact.SUBMITTED);
  }

  /// Tells `listener` too, from now on.
  void add(FactListener listener) {
    listeners.add(listener);
  }

  /// The task that ends next was on a slot for this long.
  void onRan(long durationNs) {
    endingNs = durationNs;
  }

  @Override
  public void onSubmitted(Task task) {
    add(task.id(), Fact.SUBMITTED, 0);
  }

  @Override
  public void onMoved(Task task, TaskEvent event) {
    boolean hasRun = event == TaskEvent.SUCCEEDED || event == TaskEvent.FAILED;
    add(task.id(), Fact.of(event), hasRun ? endingNs : 0);
    endingNs = 0;
  }

  /// What happens from here on happens at `turnNs`.
  void at(long turnNs) {
    if (turnNs != nowNs && count > 0) {
      // collected between two turns, for which one time has to do
      tell();
    }
    nowNs = turnNs;
  }

  /// `fact` has happened to a task or a rank.
  void add(long id, Fact fact, long durationNs) {
    if (count == RUN_MAX) {
      tell();
    }
    ids[count] = id;
    facts[count] = fact;
    durationsNs[count++] = durationNs;
  }

  /// A turn ends: tells what is collected.
  void endTurn() {
    if (count > 0) {
      tell();
    }
  }

  /// Tells every listener, also where one before it throws.
  private void tell() {
    int told = count;
    count = 0;
    RuntimeException first = null;
    for (FactListener listener : listeners) {
      try {
        listener.onFacts(ids, facts, durationsNs, told, nowNs);
      } catch (RuntimeException e) {
        if (first == null) {
          first = e;
        } else {
          first.addSuppressed(e);
        }
      }
    }
    if (first != null) {
      throw first;
    }
  }
}
