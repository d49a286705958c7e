package dev.heddle.runtime.output;

import java.io.PrintStream;
import org.jspecify.annotations.Nullable;

/// `System.out` and `System.err` of this process: replaced while ranks of a run live in the
/// process.
///
/// A program that replaces them in the meantime keeps its streams: only Heddle's streams are taken
/// back at the end. Threading: any.
final class TaskStreams {
  /// The streams from before the run.
  record Originals(PrintStream out, PrintStream err) {
    PrintStream stream(boolean isErr) {
      return isErr ? err : out;
    }
  }

  private static int users;
  private static @Nullable RoutedStream out;
  private static @Nullable RoutedStream err;

  private TaskStreams() {}

  /// Replaces the streams for the first user.
  static synchronized Originals acquire() {
    RoutedStream ourOut = out;
    RoutedStream ourErr = err;
    if (users++ == 0 || ourOut == null || ourErr == null) {
      ourOut = new RoutedStream(System.out, false);
      ourErr = new RoutedStream(System.err, true);
      out = ourOut;
      err = ourErr;
      System.setOut(ourOut);
      System.setErr(ourErr);
    }
    return new Originals(ourOut.original(), ourErr.original());
  }

  /// Puts the streams back after the last user.
  static synchronized void release() {
    if (--users > 0) {
      return;
    }
    RoutedStream ourOut = out;
    RoutedStream ourErr = err;
    if (ourOut != null && System.out == ourOut) {
      System.setOut(ourOut.original());
    }
    if (ourErr != null && System.err == ourErr) {
      System.setErr(ourErr.original());
    }
    out = null;
    err = null;
  }
}
