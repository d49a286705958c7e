package dev.heddle.runtime.session;

import dev.heddle.graph.Task;
import dev.heddle.graph.TaskGraph;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.NullMarked;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/// What does a future cost when its task's result comes: completed and read by one thread, and with
/// another thread asleep in `get`? Units: nanoseconds per future.
///
/// `completeAndGet` includes making the future, its way through the graph as a task without
/// dependencies, and decoding its value, a `Long`. `wakeWaiter` is the
/// time from `complete` until the waiter has its value; run it with `-bm sample` too, since the
/// operating system wakes threads in times that spread widely. What it does not show: the way of the
/// result to the future; in a run with nothing else to do the waiter itself polls for its result,
/// and need not be woken. Bytes per operation of `wakeWaiter` include what its preparation takes.
///
/// From the top folder, with JDK 25, after `mvn -q -DskipTests package`:
///
///     $JAVA_HOME/bin/java -cp 'jmh-benchmarks/target/lib/*:jmh-benchmarks/target/classes' \
///       org.openjdk.jmh.Main FutureBenchmark -prof gc
@NullMarked
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(3)
public class FutureBenchmark {
  private static final long VALUE = 1_234_567;
  private static final Object[] NO_ARGUMENTS = {};

  /// For JMH.
  public FutureBenchmark() {}

  /// Hears what the graph tells, and does nothing.
  private static final class Nobody implements TaskGraph.Completions {
    @Override
    public boolean onDone(Task task) {
      return true;
    }

    @Override
    public void onLocal(Task task) {}
  }

  /// Futures whose tasks have succeeded, and the run they belong to.
  @State(Scope.Thread)
  public static class Done {
    private final Session session = new StillRank().session();
    private final TaskGraph graph = new TaskGraph(new Nobody());
    private final byte[] value = session.codec().encode(VALUE, "result");

    /// For JMH.
    public Done() {}

    EngineFuture<Long> future() {
      EngineFuture<Long> future = new EngineFuture<>(session.root());
      future.defineTask(1, Task.LOCAL, 0, 0, "benchmark", 0, NO_ARGUMENTS);
      graph.submit(future);
      graph.succeedLocal(future, value);
      return future;
    }
  }

  /// A thread that sleeps in `get`.
  @State(Scope.Thread)
  public static class Waiter {
    private final SynchronousQueue<EngineFuture<Long>> handed = new SynchronousQueue<>();
    private final Thread thread = Thread.ofPlatform().daemon().unstarted(this::waitForEach);
    private EngineFuture<Long> future = new Done().future();
    private long roundCount;
    private volatile long wokenCount;
    private volatile String problem = "";

    /// For JMH.
    public Waiter() {}

    private void waitForEach() {
      try {
        for (long count = 1; ; count++) {
          long value = handed.take().get();
          if (value != VALUE) {
            problem = "another value arrived: " + value;
          }
          wokenCount = count;
        }
      } catch (InterruptedException _) {
        // the end of the trial
      } catch (ExecutionException | RuntimeException e) {
        problem = "the waiter failed: " + e;
      }
    }

    /// Starts the thread.
    @Setup
    public void start() {
      thread.start();
    }

    /// Has the thread fall asleep on a new future.
    @Setup(Level.Invocation)
    @SuppressWarnings("ReferenceEquality") // it must sleep on this very future
    public void fallAsleep(Done done) throws InterruptedException {
      future = done.future();
      handed.put(future);
      while (LockSupport.getBlocker(thread) != future
          || thread.getState() != Thread.State.TIMED_WAITING) {
        check();
        Thread.onSpinWait();
      }
    }

    /// Ends the thread.
    @TearDown
    public void stop() throws InterruptedException {
      thread.interrupt();
      thread.join();
      check();
      if (wokenCount != roundCount) {
        throw new IllegalStateException(
            "wake-ups were lost: rounds=" + roundCount + " woken=" + wokenCount);
      }
    }

    private void check() {
      if (!problem.isEmpty()) {
        throw new IllegalStateException(problem);
      }
    }

    long completeAndAwait() {
      roundCount++;
      future.complete();
      while (wokenCount != roundCount) {
        check();
        Thread.onSpinWait();
      }
      return roundCount;
    }
  }

  /// A future from its making to its value.
  @Benchmark
  public long completeAndGet(Done done) throws ExecutionException, InterruptedException {
    EngineFuture<Long> future = done.future();
    future.complete();
    return future.get();
  }

  /// From `complete` until the waiter has the value.
  @Benchmark
  public long wakeWaiter(Waiter waiter) {
    return waiter.completeAndAwait();
  }
}
