package dev.heddle.runtime.session;

import dev.heddle.graph.Task;
import java.util.Collection;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/// A function that submits tasks and returns their futures.
///
/// @param function function that submits, of a type `Fn0` to `Fn5`
/// @param isList whether the function returns a collection of futures
record JoinWork(Object function, boolean isList) implements LocalWork {

  @Override
  public void run(Session session, Task task) throws Throwable {
    Object returned = Calls.call(function, GraphValues.arguments(session.codec(), task));
    if (!isList) {
      Task inner = inner(session, task, returned, "");
      session.command((root, _) -> root.graph().follow(task, inner));
      return;
    }
    if (!(returned instanceof Collection<?> futures)) {
      throw wrong(task, "a collection of futures", returned);
    }
    // at once: another thread may change the collection and its size later
    Object[] each = futures.toArray();
    Task[] inner = new Task[each.length];
    for (int i = 0; i < each.length; i++) {
      inner[i] = inner(session, task, each[i], " at index " + i);
    }
    session.command((root, _) -> root.graph().followAll(task, inner));
  }

  private static Task inner(Session session, Task task, @Nullable Object returned, String where) {
    if (!(returned instanceof Future<?> future)) {
      throw wrong(task, "a future" + where, returned);
    }
    Task inner = session.dependency(future, task.label());
    if (inner.id() == task.id()) {
      throw new IllegalArgumentException(
          "join " + task.label() + " returned its own future, which would never be done");
    }
    return inner;
  }

  private static ClassCastException wrong(Task task, String wanted, @Nullable Object returned) {
    return new ClassCastException(
        "join "
            + task.label()
            + " must return "
            + wanted
            + ", returned: "
            + (returned == null ? "null" : returned.getClass().getName()));
  }
}
