package dev.heddle.runtime.session;

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
    boolean isLeftWell = false;
    try {
      T result = body.call(outer.inScope(open));
      if (onLeave == OnLeave.WAIT) {
        await(open);
        // tasks that other threads have submitted in the meantime belong to the scope too
        open.close();
        await(open);
      }
      isLeftWell = true;
      return result;
    } finally {
      open.close();
      if (onLeave == OnLeave.CANCEL || (onLeave == OnLeave.WAIT && !isLeftWell)) {
        open.cancelAll(outer.session());
      }
    }
  }

  private void await(OpenTasks open) throws InterruptedException {
    outer.session().await(open::isEmpty, Long.MAX_VALUE, ns -> open.park(open::isEmpty, ns));
  }
}
