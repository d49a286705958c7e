package dev.heddle.graph;

import java.util.Arrays;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The launched tasks, each under a number of its own, its *ticket*: a result names id and ticket
/// and is accepted only if both still fit. So a late or repeated result can't complete another
/// task.
///
/// Shape: there are as many tickets as the most tasks that were ever in flight at the same time.
/// Threading: the coordinator's.
@SuppressWarnings("ReferenceEquality") // a task is one node of the graph
final class Tickets {
  private @Nullable Task[] tasks = new @Nullable Task[16];
  private int[] free = new int[16];
  private int freeCount;
  private int used;

  /// Gives a task a ticket.
  int give(Task task) {
    int ticket = freeCount > 0 ? free[--freeCount] : used++;
    if (ticket == tasks.length) {
      tasks = Arrays.copyOf(tasks, ticket * 2);
    }
    tasks[ticket] = task;
    return ticket;
  }

  /// Takes a task's ticket back. Errors: [IllegalStateException] where the task doesn't hold this
  /// ticket.
  void takeBack(Task task, int ticket) {
    if (ticket < 0 || tasks[ticket] != task) {
      throw new IllegalStateException("not launched: taskId=" + task.id + " ticket=" + ticket);
    }
    tasks[ticket] = null;
    if (freeCount == free.length) {
      free = Arrays.copyOf(free, freeCount * 2);
    }
    free[freeCount++] = ticket;
  }

  /// The task of this id, ticket and attempt, or null.
  @Nullable Task find(long taskId, int ticket, int attempt) {
    if (ticket < 0 || ticket >= used) {
      return null;
    }
    Task task = tasks[ticket];
    return task != null && task.id == taskId && task.attempt() == attempt ? task : null;
  }

  /// Number of tasks that hold a ticket.
  int count() {
    return used - freeCount;
  }

  /// Calls `visitor` for every task, in the order of tickets.
  void forEach(Consumer<Task> visitor) {
    for (int ticket = 0; ticket < used; ticket++) {
      Task task = tasks[ticket];
      if (task != null) {
        visitor.accept(task);
      }
    }
  }

  /// Checks every ticket; for tests and the simulator.
  void checkInvariants() {
    int count = 0;
    for (int ticket = 0; ticket < used; ticket++) {
      Task task = tasks[ticket];
      if (task != null) {
        count++;
        if (task.unmetOrTicket != ticket || task.taskState() != TaskState.LAUNCHED) {
          throw new IllegalStateException(
              "ticket "
                  + ticket
                  + " is of taskId="
                  + task.id
                  + " ticket="
                  + task.unmetOrTicket
                  + " "
                  + task.taskState());
        }
      }
    }
    if (count != count()) {
      throw new IllegalStateException("launched=" + count() + " counted=" + count);
    }
  }
}
