package dev.heddle.runtime.session;

import dev.heddle.graph.Task;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/// Futures that are not tasks of this run, given to its tasks. Each becomes a task that is done
/// when the future is.
///
/// Shape: a future that isn't done is one task, however often it is given. A [CompletionStage]
/// calls back; for any other future a virtual thread waits. Threading: any.
final class ForeignFutures {
  private final Session session;
  private final ConcurrentHashMap<Identity, Task> tasks = new ConcurrentHashMap<>();

  ForeignFutures(Session session) {
    this.session = session;
  }

  /// Futures are told apart by identity, whatever their `equals` says.
  private record Identity(Future<?> future) {
    @Override
    @SuppressWarnings("ReferenceEquality") // that is the point
    public boolean equals(@Nullable Object other) {
      return other instanceof Identity(Future<?> theirs) && theirs == future;
    }

    @Override
    public int hashCode() {
      return System.identityHashCode(future);
    }
  }

  /// The task that stands for `future`, an argument of `what`.
  Task taskOf(Future<?> future, String what) {
    Identity identity = new Identity(future);
    Task known = tasks.get(identity);
    if (known != null) {
      return known;
    }
    String label = nameOf(future) + " given to " + what;
    LocalFuture<Object> stand =
        new LocalFuture<>(
            session.root(), (_, task) -> wait(identity, task, label), Callbacks.depth());
    Future<?> _ = session.submit(stand, Task.LOCAL, 0, 0, label, 0, new @Nullable Object[0]);
    // two threads may adopt one future twice, which costs a task and no more
    if (!future.isDone()) {
      tasks.put(identity, stand);
      if (future.isDone()) {
        tasks.remove(identity); // it may have been done before the task was put in
      }
    }
    return stand;
  }

  /// Gives up futures that nothing waits for any more, at the end of a run: tasks that needed them
  /// were given up, or never submitted.
  void letGo() {
    tasks.forEach(
        (identity, task) ->
            session.command(
                (root, nowNs) -> {
                  if (!task.taskState().isDone() && !task.isAwaited()) {
                    tasks.remove(identity, task);
                    boolean _ = root.cancel(task, true, nowNs);
                  }
                }));
  }

  /// The labels of the futures that are not completed, at most `max`.
  List<String> awaited(int max) {
    return tasks.values().stream()
        .filter(task -> !task.taskState().isDone())
        .map(Task::label)
        .limit(max)
        .toList();
  }

  private static String nameOf(Future<?> future) {
    String name = future.getClass().getSimpleName();
    return name.isEmpty() ? "future" : name;
  }

  private void wait(Identity identity, Task task, String label) throws InterruptedException {
    if (identity.future() instanceof CompletionStage<?> stage) {
      stage.whenComplete((value, failure) -> end(identity, task, label, value, failure));
      return;
    }
    Object value;
    try {
      value = identity.future().get();
    } catch (ExecutionException | CancellationException e) {
      end(identity, task, label, null, e);
      return;
    }
    end(identity, task, label, value, null);
  }

  /// Encodes the value on the thread that completed the future.
  private void end(
      Identity identity,
      Task task,
      String label,
      @Nullable Object value,
      @Nullable Throwable failure) {
    tasks.remove(identity);
    if (session.engine().isClosed()) {
      return; // nothing waits for the value any more
    }
    Throwable cause = failure;
    if ((failure instanceof CompletionException || failure instanceof ExecutionException)
        && failure.getCause() != null) {
      cause = failure.getCause();
    }
    Object encoded = null;
    if (cause == null) {
      try {
        encoded =
            session.graphValue(
                session.codec().encode(value, "value of " + label), "value of " + label);
      } catch (RuntimeException e) {
        cause = e;
      }
    }
    Object outcome = encoded;
    Throwable reason = cause;
    session.command(
        (root, _) -> {
          if (reason != null) {
            root.graph().failLocal(task, reason);
          } else if (outcome != null) {
            root.graph().succeedLocal(task, outcome);
          }
        });
  }
}
