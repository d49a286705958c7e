package dev.heddle.runtime;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/// What the task of one slot prints, line by line. Threading: the slot's thread.
final class SlotOutput {
  private final TaskOutput output;
  private final LineStream outLines = new LineStream((b, n, more) -> take(false, b, n, more));
  private final LineStream errLines = new LineStream((b, n, more) -> take(true, b, n, more));
  private final PrintStream out = new PrintStream(outLines, false, StandardCharsets.UTF_8);
  private final PrintStream err = new PrintStream(errLines, false, StandardCharsets.UTF_8);
  private long taskId;
  private boolean isBusy;

  SlotOutput(TaskOutput output) {
    this.output = output;
  }

  /// The streams are those of task `id` from now on.
  void startTask(long id) {
    taskId = id;
  }

  /// Hands over lines that have no end.
  void endTask() {
    outLines.end();
    errLines.end();
    output.endTask();
  }

  PrintStream stream(boolean isErr) {
    return isErr ? err : out;
  }

  /// False while a line is being handed over, or when the run is over: what is printed then is
  /// nobody's.
  boolean isOpen() {
    return !isBusy && output.isOpen();
  }

  private void take(boolean isErr, byte[] bytes, int length, boolean continues) {
    isBusy = true;
    try {
      output.take(taskId, isErr, bytes, length, continues);
    } finally {
      isBusy = false;
    }
  }
}
