package dev.heddle.behaviour;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// Holds tasks until the body lets them go, across processes: it is open once its file is there.
///
/// @param file absolute path
record Gate(String file) implements AutoCloseable {
  private static final long WAIT_NS_MAX = TimeUnit.SECONDS.toNanos(60);

  /// A closed gate.
  static Gate create() throws IOException {
    Path file = Files.createTempFile("heddle-gate-", "");
    Files.delete(file);
    return new Gate(file.toString());
  }

  /// Lets everybody through.
  void open() throws IOException {
    Files.writeString(Path.of(file), "");
  }

  boolean isOpen() {
    return Files.exists(Path.of(file));
  }

  /// The task: returns `value` once the gate is open.
  static <T extends @Nullable Object> T pass(Gate gate, T value)
      throws InterruptedException, TimeoutException {
    long deadlineNs = System.nanoTime() + WAIT_NS_MAX;
    while (!gate.isOpen()) {
      if (Thread.interrupted()) {
        throw new InterruptedException("at a gate");
      }
      if (System.nanoTime() - deadlineNs > 0) {
        throw new TimeoutException("nobody opened the gate: " + gate);
      }
      LockSupport.parkNanos(gate, 1_000_000);
    }
    return value;
  }

  /// Opens, so that no task is left behind, a cancelled one that starts late included; the file
  /// goes with the process.
  @Override
  public void close() throws IOException {
    open();
    Path.of(file).toFile().deleteOnExit();
  }
}
