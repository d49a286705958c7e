package dev.heddle.runtime.slot;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/// Tells a loop to end after its current index: for good, or for a pause in which [Leftovers] are
/// cleared.
///
/// Threading: any thread sets it. The loop reads it for every index, so it must be as cheap as a
/// plain field, though the JIT may not hoist the read out of the loop. After the loop, [#endPause]
/// tells the end from a pause.
final class StopSignal {
  private static final VarHandle SET;

  static {
    try {
      SET = MethodHandles.lookup().findVarHandle(StopSignal.class, "set", boolean.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  @SuppressWarnings("UnusedVariable") // through SET
  private boolean set;

  private volatile boolean isEnd;

  boolean isSet() {
    return (boolean) SET.getOpaque(this);
  }

  /// Asks for the end.
  void set() {
    isEnd = true;
    SET.setVolatile(this, true);
  }

  /// Asks for a pause.
  void pause() {
    SET.setVolatile(this, true);
  }

  /// Ends a pause. Returns true where the end was asked for, too. Threading: the loop's thread.
  boolean endPause() {
    // in this order: a thread that asks for the end meanwhile is seen here, or sets the signal
    // again
    SET.setVolatile(this, false);
    if (isEnd) {
      SET.setVolatile(this, true);
    }
    return isEnd;
  }

  /// Threading: the loop's thread.
  void clear() {
    isEnd = false;
    SET.setVolatile(this, false);
  }
}
