package dev.heddle.scale;

import dev.heddle.core.role.Coordinator;
import dev.heddle.graph.Task;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// The simulated user on rank 0: what it has submitted, what is done of that, and what it submits
/// next. Threading: one thread.
final class ScaleSubmitter {
  /// As of `runtime.session.Session`.
  private static final int TASKS_PER_TURN = 64;

  /// An encoded `long`: what the smallest useful task takes and gives.
  static final byte[] VALUE = new byte[9];

  /// The definition of the tasks' function. Its length is part of the simulated bytes.
  static final byte[] FUNCTION = "simulated.Simulated#sleep(J)J".getBytes(StandardCharsets.UTF_8);

  private static final @Nullable Object[] ARGUMENTS = {VALUE};

  private final ScaleConfig config;
  private final ScaleBody body;
  private final Coordinator coordinator;
  private final @Nullable ScaleArray array;
  private long submitted;
  private long done;

  /// Something has been done.
  private boolean isWarm;

  /// An array was submitted that does not count.
  private boolean isWarming;

  /// Submits to `coordinator`, an array where there is one.
  ScaleSubmitter(
      ScaleConfig config, ScaleBody body, Coordinator coordinator, @Nullable ScaleArray array) {
    this.config = config;
    this.body = body;
    this.coordinator = coordinator;
    this.array = array;
  }

  /// Tasks, or places of the array, that are done and count.
  long done() {
    return done;
  }

  /// A task is done; false where it does not count.
  boolean onDone(Task task) {
    long counted = array == null ? 1 : array.check(task);
    isWarm = true;
    done += counted;
    return counted != 0;
  }

  /// Ends the warm-up; false where none has just been done.
  boolean endWarmUp() {
    boolean hasEnded = isWarming && isWarm;
    isWarming &= !hasEnded;
    return hasEnded;
  }

  /// Whether there is more to submit now.
  boolean hasMore() {
    return !isWarming && submitted < body.submittable(done, config.tasks());
  }

  /// Whether fewer tasks are open than may be.
  boolean hasRoom() {
    return submitted - done < config.pendingTasksMax();
  }

  /// Submits until the submitter takes its next turn. Returns the calls, 0 where it can't.
  long submit(long nowNs) {
    if (array != null) {
      return submitArray(array, nowNs);
    }
    long count =
        Math.min(
            Math.min(TASKS_PER_TURN, body.submittable(done, config.tasks()) - submitted),
            config.pendingTasksMax() - (submitted - done));
    for (long i = 0; i < count; i++) {
      coordinator.submit(new Task(++submitted, 0, 0, 0, "simulated", 0, ARGUMENTS), nowNs);
    }
    return Math.max(0, count);
  }

  private long submitArray(ScaleArray all, long nowNs) {
    if (submitted > 0 || isWarming) {
      return 0;
    }
    Task first = isWarm ? null : all.warmUp();
    if (first != null) {
      isWarming = true;
      coordinator.submit(first, nowNs);
      return 1;
    }
    submitted = config.tasks();
    coordinator.submit(all.task(), nowNs);
    return 1;
  }
}
