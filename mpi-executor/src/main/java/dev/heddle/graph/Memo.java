package dev.heddle.graph;

import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The first task of each key: tasks under way, and the results of tasks that are done, least
/// recently used first.
///
/// Shape: results are bounded by their encoded bytes; tasks under way are bounded because they are
/// pending tasks. Threading: the coordinator's.
final class Memo {
  /// What an entry costs besides its result.
  private static final long ENTRY_BYTES = 256;

  private final long bytesMax;
  private final Map<MemoKey, Task> underWay = new HashMap<>();

  /// The key of each task, by task id.
  private final Map<Long, MemoKey> keys = new HashMap<>();

  private final LinkedHashMap<MemoKey, Task> done = new LinkedHashMap<>(16, 0.75f, true);
  private long bytes;

  Memo(long bytesMax) {
    this.bytesMax = bytesMax;
  }

  @Nullable Task find(MemoKey key) {
    Task task = done.get(key);
    return task == null ? underWay.get(key) : task;
  }

  /// `task` is about to run, for all calls with its key.
  void put(MemoKey key, Task task) {
    underWay.put(key, task);
    keys.put(task.id, key);
  }

  /// A memoized task is done; a task that was given up leaves no result.
  void onDone(Task task) {
    MemoKey key = keys.remove(task.id);
    if (key == null || !underWay.remove(key, task) || task.taskState() == TaskState.CANCELLED) {
      return;
    }
    done.put(key, task);
    bytes += bytesOf(task);
    Iterator<Task> eldest = done.values().iterator();
    while (bytes > bytesMax && eldest.hasNext()) {
      bytes -= bytesOf(eldest.next());
      eldest.remove();
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
