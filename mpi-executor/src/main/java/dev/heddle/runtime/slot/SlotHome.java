package dev.heddle.runtime.slot;

import dev.heddle.codec.ValueCodec;
import dev.heddle.runtime.output.TaskOutput;
import org.jspecify.annotations.Nullable;

/// What a slot needs from its rank.
///
/// Threading: any thread, unless a method says otherwise.
public interface SlotHome {
  /// The rank's number in the run.
  int rank();

  /// The rank's host, for people.
  String host();

  /// The loader of users' classes.
  ClassLoader loader();

  /// The codec of values.
  ValueCodec codec();

  /// The functions that the coordinator has defined.
  FunctionTable functions();

  /// The loops of arrays.
  ArrayLoops arrayLoops();

  /// The state of workers.
  WorkerLocals workerLocals();

  /// The output of tasks, or null where the configuration doesn't ask for it.
  @Nullable TaskOutput taskOutput();

  /// Sends what tasks have printed out of this process, as far as that is possible soon. On a
  /// slot's thread, inside its task.
  void pushOutput();

  /// Most bytes of a value.
  long valueBytesMax();

  /// Most bytes of a frame.
  long frameBytesMax();

  /// Whether the rank has ended.
  boolean isClosed();

  /// Takes a turn unless another thread is taking one. Returns the work done, or a negative number.
  int tryTurn();

  /// `slot` has nothing to run, and rests or takes turns until it may have. `hasRun`: the slot has
  /// just run a task. On the slot's thread.
  void idle(Slot slot, boolean hasRun);

  /// Takes in the outcome of `slot`. On the slot's thread.
  void finish(Slot slot);

  /// Called by a thread of this rank that can't go on, without the progress role.
  void onBroken(Throwable broken);
}
