package dev.heddle.runtime.output;

import dev.heddle.runtime.Allowance;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/// The output of one slot's task: whole lines, and half lines that the task flushes.
///
/// A task that flushes half a line wants it to be seen. It may be a progress bar, or the last words
/// of a task that ends its process. So the first [#HALVES_AT_ONCE] halves of a task leave at once,
/// and [#flush] returns when they have left this process, if that is possible soon. Further halves
/// leave once in [#HALF_NS], as they are by then: a line per step of a progress bar would be too
/// many. Threading: the slot's thread, and a timer for halves that wait. Both hold the lock.
public final class SlotOutput {
  /// Enough for a task that announces a few steps.
  static final int HALVES_AT_ONCE = 8;

  /// A reader can follow about a line per second of a task. The lines of a day fit a few times into
  /// the bound of a rank's output.
  static final long HALF_NS = TimeUnit.SECONDS.toNanos(1);

  private final TaskOutput output;
  private final Runnable push;
  private final Object lock = new Object();
  private final LineStream outLines =
      new LineStream((b, n, more) -> take(false, b, n, more), this::flush);
  private final LineStream errLines =
      new LineStream((b, n, more) -> take(true, b, n, more), this::flush);
  private final PrintStream out =
      new PrintStream(new Locked(outLines), false, StandardCharsets.UTF_8);
  private final PrintStream err =
      new PrintStream(new Locked(errLines), false, StandardCharsets.UTF_8);
  private final Allowance halves = new Allowance(HALVES_AT_ONCE, HALF_NS);
  private volatile long taskId;
  private boolean isTimerSet;

  /// `push` sends what was handed over out of this process.
  public SlotOutput(TaskOutput output, Runnable push) {
    this.output = output;
    this.push = push;
  }

  /// The streams belong to task `id` from now on.
  public void startTask(long id) {
    if (id != taskId) {
      taskId = id;
      synchronized (lock) {
        halves.fill();
      }
    }
  }

  /// Hands over lines that have no end.
  public void endTask() {
    synchronized (lock) {
      outLines.end();
      errLines.end();
      output.endTask();
    }
  }

  PrintStream stream(boolean isErr) {
    return isErr ? err : out;
  }

  /// False on a thread that is handing a line over, and when the run is over: text printed then
  /// belongs to no task.
  public boolean isOpen() {
    return !Thread.holdsLock(lock) && output.isOpen();
  }

  private void take(boolean isErr, byte[] bytes, int length, boolean continues) {
    output.take(taskId, isErr, bytes, length, continues);
  }

  private void flush() {
    synchronized (lock) {
      if (!outLines.hasHalf() && !errLines.hasHalf()) {
        return;
      }
      long nowNs = System.nanoTime();
      if (!halves.take(nowNs)) {
        setTimer(halves.waitNs(nowNs));
        return;
      }
      handOver();
    }
    push.run();
  }

  private void handOver() {
    outLines.handOver();
    errLines.handOver();
  }

  private void setTimer(long ns) {
    if (!isTimerSet) {
      isTimerSet = true;
      CompletableFuture.delayedExecutor(ns, TimeUnit.NANOSECONDS).execute(this::onTimer);
    }
  }

  /// Another task may run here by now. The halves of an earlier task have left at its end.
  private void onTimer() {
    synchronized (lock) {
      isTimerSet = false;
      if (output.isOpen()
          && (outLines.hasHalf() || errLines.hasHalf())
          && halves.take(System.nanoTime())) {
        handOver();
      }
    }
  }

  /// Lets one thread at a time write to the lines.
  private final class Locked extends java.io.OutputStream {
    private final LineStream lines;

    Locked(LineStream lines) {
      this.lines = lines;
    }

    @Override
    public void write(int b) {
      synchronized (lock) {
        lines.write(b);
      }
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
      synchronized (lock) {
        lines.write(bytes, offset, length);
      }
    }

    @Override
    public void flush() {
      lines.flush();
    }
  }
}
