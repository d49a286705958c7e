package dev.heddle.core.role;

import dev.heddle.core.frames.TaskFrame;
import dev.heddle.core.link.Link;
import dev.heddle.graph.BigValue;
import dev.heddle.graph.Task;
import dev.heddle.wire.Ids;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The large values that launched tasks need: a rank that runs such a task asks for them here.
///
/// Shape: one entry per value in use. Threading: the progress role.
final class ValuesInUse {
  private final Link link;
  private final Map<Long, BigValue> byId = new HashMap<>();

  ValuesInUse(Link link) {
    this.link = link;
  }

  /// The value with this id, or null where no launched task needs it.
  @Nullable BigValue get(long valueId) {
    return byId.get(valueId);
  }

  int count() {
    return byId.size();
  }

  /// Bytes of these values.
  long bytes() {
    return byId.values().stream().mapToLong(BigValue::length).sum();
  }

  /// A task is launched, and needs its large values.
  void retain(Task task) {
    TaskFrame.forEachBigValue(
        task,
        value -> {
          task.holdValues();
          if (value.retain()) {
            byId.put(value.valueId(), value);
          }
        });
  }

  /// A launched task needs its large values no more. `isOver` says that it has ended where it ran,
  /// so that the memory of values which nobody else can name is used again.
  void release(Task task, boolean isOver) {
    if (!task.holdsValues()) {
      return;
    }
    TaskFrame.forEachBigValue(
        task,
        value -> {
          if (value.release()) {
            byId.remove(value.valueId());
            if (isOver && Ids.isSingleUse(value.valueId())) {
              MemorySegment frame = value.takeFrame();
              if (frame != null) {
                link.bulk().giveWhenSent(frame);
              }
            }
          }
        });
  }
}
