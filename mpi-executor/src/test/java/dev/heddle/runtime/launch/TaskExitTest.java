package dev.heddle.runtime.launch;

import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The thread that ends the process is found by its stack, whatever its state at that moment.
@Timeout(value = 30, unit = TimeUnit.SECONDS)
class TaskExitTest {
  @Test
  void shouldFindTheThreadThatRunsTheHooksAlsoWhereItIsBlocked() throws Exception {
    Object monitor = new Object();
    CountDownLatch atTheMonitor = new CountDownLatch(1);
    Thread blocked =
        new Thread(
            () -> {
              atTheMonitor.countDown();
              synchronized (monitor) {
                monitor.notifyAll();
              }
            });
    synchronized (monitor) {
      blocked.start();
      atTheMonitor.await();
      while (blocked.getState() != Thread.State.BLOCKED) {
        Thread.onSpinWait();
      }
      StackTraceElement[] runsHooks = {
        frame("java.lang.Thread", "join"),
        frame("java.lang.ApplicationShutdownHooks", "runHooks"),
        frame("java.lang.Shutdown", "exit"),
      };
      assertSame(blocked, TaskExit.exiting(Map.of(blocked, runsHooks)));
    }
    blocked.join();
  }

  @Test
  void shouldPassOverAThreadThatOnlyWantsToExitToo() {
    StackTraceElement[] waits = {frame("java.lang.Shutdown", "exit")};
    assertNull(TaskExit.exiting(Map.of(Thread.currentThread(), waits)));
  }

  private static StackTraceElement frame(String className, String method) {
    return new StackTraceElement(className, method, null, -1);
  }
}
