package dev.heddle.runtime.engine;

import dev.heddle.runtime.Log;
import dev.heddle.wire.Port;
import dev.heddle.wire.fault.FaultPlan;
import dev.heddle.wire.fault.FaultyPort;

/// Faults that a builder of Heddle injects into a real run with the property `heddle.test.faults`,
/// which says them as [FaultPlan] does.
final class InjectedFaults {
  static final String PROPERTY = "heddle.test.faults";

  /// Exit code of a process that ends by an injected fault: that of one that was killed.
  private static final int KILLED = 137;

  private InjectedFaults() {}

  /// `port` itself, or, where `rank` is to meet faults, something around it. Errors:
  /// [IllegalArgumentException] where the property says no faults.
  static Port around(Port port, int rank) {
    String text = System.getProperty(PROPERTY);
    if (text == null) {
      return port;
    }
    FaultPlan plan;
    try {
      plan = FaultPlan.parse(text, rank);
    } catch (IllegalArgumentException wrong) {
      throw new IllegalArgumentException("-D" + PROPERTY + ": " + wrong.getMessage(), wrong);
    }
    if (plan.isEmpty()) {
      return port;
    }
    Log.log().warn("rank {}: faults are injected: {}", rank, text);
    return new FaultyPort(port, plan, System::nanoTime, () -> Runtime.getRuntime().halt(KILLED));
  }
}
