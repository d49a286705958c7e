package dev.heddle.runtime.slot;

import dev.heddle.codec.ValueCodec;
import dev.heddle.runtime.output.TaskOutput;
import org.jspecify.annotations.Nullable;

/// What a slot needs of the rank that it is a part of.
///
/// Threading: any thread, but for what is said to be otherwise.
public interface SlotHome {
  /// The rank's number in the run.
  int rank();

  /// The rank's host, for people.
  String host();

  /// Where users' classes are found.
  ClassLoader loader();

  /// How values travel.
  ValueCodec codec();

  /// What the coordinator has defined.
  FunctionTable functions();

  /// The loops of arrays.
  ArrayLoops arrayLoops();

  /// The state of workers.
  WorkerLocals workerLocals();

  /// What tasks print, or null when nobody asked for it.
  @Nullable TaskOutput taskOutput();

  /// Has what tasks have printed leave this process, as far as that is possible soon. On a slot's
  /// thread, inside its task.
  void pushOutput();

  /// Most bytes of a value.
  long valueBytesMax();

  /// Most bytes of a frame.
  long frameBytesMax();

  /// The rank has ended.
  boolean isClosed();

  /// Takes a turn if nobody else is taking one. Returns the work done, or a negative number.
  int tryTurn();

  /// `slot` has nothing to run, and rests or takes turns until it has. `hasRun`: it comes from a
  /// task. On the slot's thread.
  void idle(Slot slot, boolean hasRun);

  /// Takes the outcome of `slot` in. On the slot's thread.
  void finish(Slot slot);

  /// A thread of this rank can't go on; called without the progress role.
  void onBroken(Throwable broken);
}
