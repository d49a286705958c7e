package dev.heddle.spi;

import dev.heddle.Heddle;
import dev.heddle.HeddleConfig;

/// The seam between the API and its executor; found by [java.util.ServiceLoader].
public interface ExecutorProvider {

  /// Runs a program, as [Heddle#run(HeddleConfig, String\[\], Heddle.Body)] specifies.
  ///
  /// @param config the configuration; that of rank 0 holds for all ranks
  /// @param args handed to the body untouched
  /// @param body runs on rank 0
  /// @return true on rank 0, after the body; false on every other rank, after shutdown
  boolean run(HeddleConfig config, String[] args, Heddle.Body body);
}
