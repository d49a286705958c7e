package dev.heddle.graph;

import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The tasks that had a key first, least recently used first.
///
/// Shape: bounded by the bytes of their results; those that are not done are bounded by the pending
/// tasks and stay. Threading: the coordinator's.
final class Memo {
  /// What an entry costs besides its result.
  private static final long ENTRY_BYTES = 256;

  private final long bytesMax;
  private final LinkedHashMap<MemoKey, Task> tasks = new LinkedHashMap<>(16, 0.75f, true);

  /// Entries whose result was not known when they came, in that order.
  private final ArrayDeque<Task> uncounted = new ArrayDeque<>(1);

  private long bytes;

  Memo(long bytesMax) {
    this.bytesMax = bytesMax;
  }

  @Nullable Task find(MemoKey key) {
    return tasks.get(key);
  }

  void put(MemoKey key, Task task) {
    Task before = tasks.put(key, task);
    if (before != null && before.state.isDone() && !uncounted.contains(before)) {
      bytes -= bytesOf(before);
    }
    uncounted.add(task);
    count();
    evict();
  }

  /// Counts those that are done by now; one that takes long keeps later ones waiting, which are
  /// few.
  private void count() {
    for (Task next = uncounted.peek(); next != null && next.state.isDone(); ) {
      bytes += bytesOf(next);
      uncounted.poll();
      next = uncounted.peek();
    }
  }

  private void evict() {
    Iterator<Map.Entry<MemoKey, Task>> eldest = tasks.entrySet().iterator();
    while (bytes > bytesMax && eldest.hasNext()) {
      Task task = eldest.next().getValue();
      if (task.state.isDone() && !uncounted.contains(task)) {
        bytes -= bytesOf(task);
        eldest.remove();
      }
    }
  }

  private static long bytesOf(Task task) {
    return ENTRY_BYTES
        + switch (task.outcome()) {
          case byte[] value -> value.length;
          case BigValue value -> value.length();
          case Failure failure -> failure.bytes().length;
          case null, default -> 0;
        };
  }
}
