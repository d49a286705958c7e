package dev.heddle.runtime;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The log of the runtime, and what users must see whether or not they have set up logging.
final class Log {
  static final Logger LOG = LoggerFactory.getLogger("dev.heddle");

  private Log() {}

  /// One line on standard error.
  @SuppressWarnings("SystemOut") // the user must see it without a logging back end
  static void tell(String line) {
    System.err.println(line);
    System.err.flush();
  }
}
