package dev.heddle.spi;

import dev.heddle.Heddle;
import dev.heddle.HeddleConfig;

/// The seam between the API and what runs it; found by [java.util.ServiceLoader].
public interface ExecutorProvider {

  /// Does what [Heddle#run(HeddleConfig, String\[\], Heddle.Body)] says.
  boolean run(HeddleConfig config, String[] args, Heddle.Body body);
}
