package dev.heddle.core.role;

import dev.heddle.core.frames.CancelFrame;
import dev.heddle.core.link.Child;
import dev.heddle.core.link.ChildRank;
import dev.heddle.core.link.Link;
import dev.heddle.core.work.Worker;
import dev.heddle.graph.Task;
import dev.heddle.wire.frame.Frame;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Tasks that were given up, and those that fail with them, where they are launched: their ranks
/// are told when the command to give the root up is here.
///
/// Shape: between two commands it is empty. Threading: the progress role.
final class DroppedTasks {
  /// A task that was launched to `child`, and needs no end any more since `root` was given up.
  private record Dropped(long taskId, Child child, Task root) {}

  private final Link link;
  private final @Nullable Worker worker;
  private final List<Dropped> dropped = new ArrayList<>(0);

  /// Of a rank whose own worker, if it has one, is `worker`.
  DroppedTasks(Link link, @Nullable Worker worker) {
    this.link = link;
    this.worker = worker;
  }

  /// `task` was launched to `child`, and `root` was given up, which is the same task or one that it
  /// needs.
  void add(Task task, Child child, Task root) {
    dropped.add(new Dropped(task.id(), child, root));
  }

  /// Tells the ranks that have tasks of this root, and asks them to interrupt these if `interrupt`.
  ///
  /// Those that were sent ahead of the root wait for it at its worker, and go with it. But it may
  /// have ended there, even before the command came, so that they run.
  void tellRanksOf(Task root, boolean interrupt, long nowNs) {
    dropped.removeIf(
        one -> {
          boolean isDue = one.root().id() == root.id();
          if (isDue) {
            tell(one.child(), one.taskId(), interrupt, nowNs);
          }
          return isDue;
        });
  }

  private void tell(Child child, long taskId, boolean interrupt, long nowNs) {
    if (child instanceof ChildRank below) {
      int flags = interrupt ? Frame.FLAG_INTERRUPT : 0;
      link.control(below.edge(), CancelFrame.of(taskId, flags));
    } else if (worker != null) {
      boolean _ = worker.onCancel(taskId, interrupt, nowNs);
    }
  }
}
