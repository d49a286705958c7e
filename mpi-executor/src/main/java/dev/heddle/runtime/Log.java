package dev.heddle.runtime;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The log of the runtime, and a way to tell users what they must see with or without a logging
/// back end.
public final class Log {
  /// Made when first used: a logging back end takes about a tenth of a second to start, on every
  /// rank.
  private static final class Lazy {
    static final Logger LOGGER = LoggerFactory.getLogger("dev.heddle");
  }

  private Log() {}

  /// The logger.
  public static Logger log() {
    return Lazy.LOGGER;
  }

  /// Prints one line on standard error.
  @SuppressWarnings("SystemOut") // the user must see it without a logging back end
  public static void tell(String line) {
    System.err.println(line);
    System.err.flush();
  }
}
