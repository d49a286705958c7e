package dev.heddle.core.role;

import dev.heddle.core.frames.TaskFrame;
import dev.heddle.core.link.Child;
import dev.heddle.core.link.Link;
import dev.heddle.core.work.Children;
import dev.heddle.core.work.Pace;
import dev.heddle.graph.Ahead;
import dev.heddle.graph.Task;
import dev.heddle.graph.TaskGraph;
import java.lang.foreign.MemorySegment;

/// Sends tasks of a graph to the children that are to run them: what is ready first, then what may
/// go ahead of its arguments.
///
/// Threading: the progress role.
final class Launching {
  /// Whose graph it is.
  interface Owner {
    /// Whether one more array may be open.
    boolean mayOpenArray();

    /// Takes the next ready task, an array, and opens it.
    void openArray(Task array);

    /// Fails a launched task whose frame would have this many bytes, too many to be sent.
    void refuse(Task task, long bytes);
  }

  private final Link link;
  private final TaskGraph graph;
  private final Children children;
  private final Pace pace;
  private final ValuesInUse values;
  private final Owner owner;
  private final Children.FrameWriter launcher = this::launch;
  private final Children.FrameWriter aheadLauncher = this::launchAhead;

  /// Of the task that is being launched.
  private int prefetch;

  Launching(
      Link link, TaskGraph graph, Children children, Pace pace, ValuesInUse values, Owner owner) {
    this.link = link;
    this.graph = graph;
    this.children = children;
    this.pace = pace;
    this.values = values;
    this.owner = owner;
  }

  /// Launches all that may go now. Returns the work done.
  int launchReady(long nowNs) {
    int work = 0;
    while (true) {
      graph.skipDone();
      Task task = graph.peekReady();
      if (task == null) {
        return work + launchAhead(nowNs);
      }
      if (task.isArray()) {
        if (!owner.mayOpenArray()) {
          return work;
        }
        owner.openArray(task);
        work++;
        continue;
      }
      // what has waited in vain once waits here, for a free slot
      prefetch = task.hasComeBack() ? 0 : pace.prefetch(task.functionId());
      Child child = children.next(prefetch, graph.readyCount());
      if (child == null) {
        // before the length, which takes as long as the task has arguments
        return work;
      }
      long bytes = TaskFrame.bytes(task, link.limits().frameBytesMax());
      if (bytes > link.limits().frameBytesMax()) {
        owner.refuse(graph.launch(Task.NO_CHILD), bytes);
        work++;
        continue;
      }
      if (!children.send(child, task.functionId(), prefetch, (int) bytes, launcher, nowNs)) {
        return work;
      }
      work++;
    }
  }

  /// Writes the next ready task where there is room for it, and only then takes it from the queue:
  /// its ticket is part of the frame.
  private void launch(Child child, int bytes, MemorySegment s, long offset) {
    Task task = graph.launch(child.number(), child.isLeaf() && link.fits(bytes));
    values.retain(task);
    TaskFrame.write(task, prefetch, bytes, s, offset);
  }

  /// Launches tasks whose arguments are on their way, behind these: with nothing ready, the workers
  /// have room.
  private int launchAhead(long nowNs) {
    Ahead ahead = graph.ahead();
    if (ahead.isEmpty()) {
      return 0;
    }
    int work = 0;
    for (int i = 0; i < children.count(); i++) {
      Child child = children.at(i);
      for (Task task = ahead.peek(i); task != null; task = ahead.peek(i)) {
        prefetch = pace.prefetch(task.functionId());
        if (!children.hasRoomAhead(child, prefetch)) {
          break;
        }
        long bytes = TaskFrame.bytes(task, link.limits().frameBytesMax());
        if (bytes > link.frameBytesInMessageMax()) {
          ahead.drop(i);
          continue;
        }
        if (!children.send(child, task.functionId(), prefetch, (int) bytes, aheadLauncher, nowNs)) {
          return work;
        }
        work++;
      }
    }
    return work;
  }

  private void launchAhead(Child child, int bytes, MemorySegment s, long offset) {
    Task task = graph.launchAhead(child.number());
    link.counters().sentAhead++;
    values.retain(task);
    TaskFrame.write(task, prefetch, bytes, s, offset);
  }
}
