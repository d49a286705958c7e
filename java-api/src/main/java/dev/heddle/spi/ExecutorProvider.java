package dev.heddle.spi;

import dev.heddle.Heddle;
import dev.heddle.HeddleConfig;

/// The seam between the API and what runs it; found by [java.util.ServiceLoader].
public interface ExecutorProvider {

  /// Does what [Heddle#run(HeddleConfig, String\[\], Heddle.Body)] says.
  ///
  /// @param config rank 0's counts for all
  /// @param args handed to the body untouched
  /// @param body runs on rank 0
  /// @return true on rank 0, after the body; false on every other rank, after shutdown
  boolean run(HeddleConfig config, String[] args, Heddle.Body body);
}
