package dev.heddle.runtime.engine;

import dev.heddle.core.frames.LostRank;
import dev.heddle.core.frames.Subtree;
import dev.heddle.core.role.Events;
import dev.heddle.graph.Task;
import dev.heddle.runtime.output.TaskOutput;
import dev.heddle.wire.frame.Frame;
import org.jspecify.annotations.Nullable;

/// The facts of a rank's role, handed to the parts of the rank that they concern.
///
/// Threading: called by the holder of the progress role; [#all] by any thread.
final class EngineEvents implements Events {
  private final Engine engine;
  private final TaskEvents tasks;
  private final EarlyEnd earlyEnd;
  private final @Nullable TaskOutput output;
  private volatile @Nullable Subtree all;

  EngineEvents(Engine engine, TaskEvents tasks, EarlyEnd earlyEnd, @Nullable TaskOutput output) {
    this.engine = engine;
    this.tasks = tasks;
    this.earlyEnd = earlyEnd;
    this.output = output;
  }

  /// All ranks of the run, once all have arrived; null before.
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
    return tasks.onDone(task);
  }

  @Override
  public void onLocal(Task task) {
    tasks.onLocal(task);
  }

  @Override
  public void onOutput(int source, int kind, long dropped, byte[] text) {
    if (output != null) {
      output.take(source, kind, dropped, text);
    }
  }
}
