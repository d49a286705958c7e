package dev.heddle.behaviour;

/// One behaviour of whole runs.
///
/// @param name what must be true, as a sentence
/// @param play starts runs and looks at how they end; under MPI it is played on every rank, and
///   only rank 0 enters the bodies
record RunScenario(String name, Play play) {

  /// Fails by throwing.
  @FunctionalInterface
  interface Play {
    void play(Way way) throws Throwable;
  }
}
