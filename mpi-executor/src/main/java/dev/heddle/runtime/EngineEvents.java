package dev.heddle.runtime;

import dev.heddle.core.Events;
import dev.heddle.core.LostRank;
import dev.heddle.core.Subtree;
import dev.heddle.graph.Task;
import dev.heddle.graph.TaskState;
import dev.heddle.wire.Frame;
import org.jspecify.annotations.Nullable;

/// What a rank's role tells, handed to whom it concerns.
///
/// Threading: told by the holder of the progress role; [#all] is for anybody.
final class EngineEvents implements Events {
  private final Engine engine;
  private final EarlyEnd earlyEnd;
  private final @Nullable TaskOutput output;
  private volatile @Nullable Subtree all;

  EngineEvents(Engine engine, EarlyEnd earlyEnd, @Nullable TaskOutput output) {
    this.engine = engine;
    this.earlyEnd = earlyEnd;
    this.output = output;
  }

  /// Everybody in the run, once all are there.
  @Nullable Subtree all() {
    return all;
  }

  @Override
  public void onStarted(Subtree everybody) {
    all = everybody;
  }

  @Override
  public void onStopping(int flags) {
    if ((flags & Frame.FLAG_HALT) != 0 && engine.rank() > 0) {
      earlyEnd.request(new End(0, "rank 0 has ended the run"));
    } else if (flags != 0) {
      engine.cancelSlots();
    }
  }

  @Override
  public void onRankLost(LostRank lost) {
    if (engine.rank() == 0) {
      End ending = new End(1, Sentences.lost(lost, engine::labelOf));
      if (lost.silenceNs() != LostRank.LEFT) {
        earlyEnd.request(ending);
      } else {
        earlyEnd.requestAfterDeparture(ending, System.nanoTime());
      }
    } else if (engine.isParent(lost.rank())) {
      earlyEnd.request(new End(1, Sentences.orphaned(engine.rank(), engine.host(), lost)));
    }
  }

  @Override
  public boolean onDone(Task task) {
    if (!(task instanceof EngineFuture<?> future)) {
      return true;
    }
    boolean isFirst = future.complete();
    if (isFirst && task.taskState() == TaskState.FAILED) {
      future.onFailure();
    }
    return isFirst;
  }

  @Override
  public void onLocal(Task task) {
    if (task instanceof EngineFuture<?> future) {
      future.begin();
    }
  }

  @Override
  public void onOutput(int source, int kind, long dropped, byte[] text) {
    if (output != null) {
      output.take(source, kind, dropped, text);
    }
  }
}
