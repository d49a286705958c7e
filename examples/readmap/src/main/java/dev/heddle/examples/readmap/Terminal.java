package dev.heddle.examples.readmap;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// What can be known about the user's terminal from the outside.
final class Terminal {
  private static final int COLUMNS_DEFAULT = 80;
  private static final int COLUMNS_MIN = 40;
  private static final int COLUMNS_MAX = 200;

  private Terminal() {}

  /// Width to print in, from the variable COLUMNS; 80 if it says nothing useful.
  static int columns() {
    return columns(System.getenv("COLUMNS"));
  }

  static int columns(@Nullable String text) {
    if (text == null || !text.matches("\\d{1,6}")) {
      return COLUMNS_DEFAULT;
    }
    return Math.clamp(Integer.parseInt(text), COLUMNS_MIN, COLUMNS_MAX);
  }

  /// Whether a person watches stderr. Java knows it for stdin and stdout only, so Linux is asked.
  static boolean isStderrTerminal() {
    try {
      String target = Files.readSymbolicLink(Path.of("/proc/self/fd/2")).toString();
      return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty");
    } catch (IOException | UnsupportedOperationException notLinux) {
      return false;
    }
  }
}
