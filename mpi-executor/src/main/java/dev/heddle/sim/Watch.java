package dev.heddle.sim;

import dev.heddle.wire.MessageBuffer;
import dev.heddle.wire.Port;
import java.lang.foreign.MemorySegment;

/// Sees everything that goes over the virtual network; for checks, and for tests that disturb it.
public interface Watch {
  /// What a rank's port may ask of the simulation, to inject faults.
  interface Surroundings {
    /// The virtual time.
    long nowNs();

    /// Ends the process of the rank, as soon as its turn is over.
    void end();
  }

  /// The port that `rank` gets: `port`, or something around it.
  default Port wrap(int rank, Port port, Surroundings surroundings) {
    return port;
  }

  /// A message that is handed to `target` next; it may be changed here.
  default void onMessage(int source, int target, MessageBuffer message, int length) {}

  /// A message to a rank that has ended as it should.
  default void onLate(int source, int target, MessageBuffer message, int length) {}

  /// A bulk transfer that starts.
  default void onBulk(int source, int target, MemorySegment frame) {}
}
