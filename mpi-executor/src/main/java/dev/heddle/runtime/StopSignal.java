package dev.heddle.runtime;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/// Tells a loop to end after the index it works on.
///
/// Threading: any thread sets it. It is read for every index, so it must be as cheap as a plain
/// field that the JIT may not read once for all.
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

  boolean isSet() {
    return (boolean) SET.getOpaque(this);
  }

  void set() {
    SET.setVolatile(this, true);
  }

  void clear() {
    SET.setVolatile(this, false);
  }
}
