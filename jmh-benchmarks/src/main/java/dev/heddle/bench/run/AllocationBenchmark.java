package dev.heddle.bench.run;

import dev.heddle.TaskFuture;
import dev.heddle.bench.measure.Futures;
import dev.heddle.bench.measure.Metric;
import dev.heddle.bench.measure.Work;
import dev.heddle.runtime.measure.MessageLoop;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;

/// Bytes of Java heap that are allocated for a message and for a task.
///
/// - `bytesPerMessage`: for one message sent and one received by the same thread: claim of a
///   buffer, header and frames, checksum, sending, polling, checks on arrival, the end of the turn.
///   Not in it: tasks, futures, encoding, the coordinator's and relay's decisions, threads, bulk
///   transfers. Over MPI it is measured on rank 0 against its first child, before the run begins;
///   else between two in-process ranks on one thread. Half as many messages go before, unmeasured.
/// - `bytesPerTask`: all that rank 0's process allocates for a no-op task, from the number that is
///   boxed for `submit` to the value that `get` decodes, for information; without MPI the workers
///   are in the same process.
///
/// `--tasks` is the number of both. Threading: the body's thread; [#prepare] the main thread.
final class AllocationBenchmark implements Benchmark {
  static final String NAME = "allocation";

  private double[] overMpi = {};
  private int taken;

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public List<Metric> metrics() {
    return List.of(new Metric("bytesPerMessage", 2), new Metric("bytesPerTask", 1));
  }

  /// Bytes per message are 0, of which there is no ratio.
  @Override
  public List<Metric> compared() {
    return List.of(metrics().getLast());
  }

  @Override
  public int defaultTasks() {
    return 200_000;
  }

  /// On all ranks of a launcher, before the run: a run's own messages would be in between.
  @Override
  public void prepare(BenchOptions options) {
    int rounds = options.tasks() == 0 ? defaultTasks() : options.tasks();
    overMpi =
        MessageLoop.mpi(
            options.warmup() + options.repetitions(),
            rounds,
            options.config().number("startTimeout"));
  }

  @Override
  public Map<String, Double> measure(BenchSession session)
      throws InterruptedException, ExecutionException {
    double perMessage =
        taken < overMpi.length ? overMpi[taken] : MessageLoop.local(session.tasks());
    taken++;
    TaskFuture<?>[] futures = new TaskFuture<?>[session.tasks()];
    long first = session.firstIndex();
    long expectedSum = Work.expectedSum(first, futures.length);
    var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getTotalThreadAllocatedBytes();
    for (int i = 0; i < futures.length; i++) {
      futures[i] = session.heddle().submit(Work::mix64, first + i);
    }
    long sum = Futures.takeSum(futures);
    long allocated = threads.getTotalThreadAllocatedBytes() - before;
    session.check(sum, expectedSum);
    return Map.of(
        "bytesPerMessage", perMessage, "bytesPerTask", (double) allocated / futures.length);
  }
}
