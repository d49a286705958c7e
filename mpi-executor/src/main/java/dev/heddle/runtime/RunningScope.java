package dev.heddle.runtime;

import dev.heddle.OnLeave;
import dev.heddle.Scope;
import org.jspecify.annotations.Nullable;

/// A [Scope] of a run.
final class RunningScope extends Scope {
  private final RunningHeddle outer;
  private final OnLeave onLeave;

  RunningScope(RunningHeddle outer, OnLeave onLeave) {
    this.outer = outer;
    this.onLeave = onLeave;
  }

  @Override
  public <T extends @Nullable Object, X extends Throwable> T call(Call<T, X> body)
      throws X, InterruptedException {
    outer.checkOpen();
    OpenTasks open = OpenTasks.ofScope(outer.scope());
    boolean isDone = false;
    try {
      T result = body.call(outer.inScope(open));
      if (onLeave == OnLeave.WAIT) {
        outer.session().await(open::isEmpty, Long.MAX_VALUE, ns -> open.park(open::isEmpty, ns));
      }
      isDone = onLeave != OnLeave.CANCEL;
      return result;
    } finally {
      open.close();
      if (!isDone && onLeave != OnLeave.SKIP) {
        open.cancelAll(outer.session());
      }
    }
  }
}
