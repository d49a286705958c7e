package dev.heddle.behaviour;

import dev.heddle.Heddle;

/// One behaviour, played inside a run.
///
/// @param name what must be true, as a sentence
/// @param play fails by throwing
record Scenario(String name, Play play) {

  /// Submits, waits and asserts; runs on rank 0.
  @FunctionalInterface
  interface Play {
    void play(Heddle heddle) throws Throwable;
  }
}
