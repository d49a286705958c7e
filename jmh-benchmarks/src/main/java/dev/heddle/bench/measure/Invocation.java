package dev.heddle.bench.measure;

import java.io.PrintStream;
import java.util.List;

/// One call of a command from outside.
///
/// @param args of the command, without its first word
/// @param out gets the report
/// @param err gets progress and refusals
/// @param isUnderLauncher as of [dev.heddle.runtime.launch.MpiInUse#isUnderLauncher()]
public record Invocation(
    List<String> args, PrintStream out, PrintStream err, boolean isUnderLauncher) {
  /// Says one sentence, and returns `code`.
  public int tell(int code, String why) {
    err.println("heddle: " + why);
    err.flush();
    return code;
  }
}
