package dev.heddle.sim;

/// Something that goes wrong, or ends a run early.
public sealed interface Fault {
  /// When it happens, in nanoseconds of virtual time.
  long atNs();

  /// A rank stops for ever: it answers nothing, and nothing that was sent to it is seen.
  ///
  /// @param rank the lost one, not 0
  /// @param atNs when
  record Loss(int rank, long atNs) implements Fault {}

  /// A process is stopped and goes on later; what arrives meanwhile waits.
  ///
  /// @param rank the stopped one
  /// @param atNs when
  /// @param durationNs for how long
  record Pause(int rank, long atNs, long durationNs) implements Fault {}

  /// Rank 0 ends the run, whatever is under way.
  ///
  /// @param atNs when
  /// @param flags of SHUTDOWN
  record Stop(long atNs, int flags) implements Fault {}
}
