package dev.heddle.runtime.session;

import dev.heddle.codec.function.FunctionDefinition;
import dev.heddle.graph.Task;
import java.io.Serializable;

/// The work of taking a part of a value.
///
/// @param accessor function from the value to its part, an `Fn1`
/// @param definition names the accessor in messages
record PartWork(Serializable accessor, FunctionDefinition definition) implements LocalWork {

  @Override
  public void run(Session session, Task task) throws Throwable {
    Object part = Calls.call(accessor, GraphValues.arguments(session.codec(), task));
    Object value =
        session.graphValue(
            session.codec().encode(part, "result", -1, definition), "result of " + task.label());
    session.command((root, _) -> root.graph().succeedLocal(task, value));
  }
}
