package dev.heddle.runtime.slot;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/// Tells a loop to end after the index it works on: for good, or for a pause in which its thread is
/// put right.
///
/// Threading: any thread sets it. It is read for every index, so it must be as cheap as a plain
/// field that the JIT may not read once for all; which of the two is meant is looked at afterwards.
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

  /// A pause is over. Returns true where the end was asked for, too. Threading: the loop's thread.
  boolean endPause() {
    // in this order: who asks for the end meanwhile is seen here, or sets the signal again
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
