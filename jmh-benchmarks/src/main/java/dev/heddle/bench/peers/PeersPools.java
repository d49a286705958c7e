package dev.heddle.bench.peers;

import dev.heddle.bench.measure.Work;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.Future;
import org.HdrHistogram.Histogram;

/// One of Java's own pools under the same questions as Heddle on threads, in a JVM of its own:
/// `PeersPools fixed|forkjoin|virtual TASKS LATENCY_TASKS WARMUP`; prints one line of JSON.
///
/// As many threads as cores, and one more that submits, as Heddle on threads has. A pool hands over
/// a reference, Heddle encodes arguments and results: the figures say what that costs.
final class PeersPools {
  private static final long NS_MAX = 3_600_000_000_000L;
  private static final int SIGNIFICANT_DIGITS = 3;

  private final ExecutorService pool;
  private final List<String> sums = new ArrayList<>();
  private long next;

  private PeersPools(ExecutorService pool) {
    this.pool = pool;
  }

  /// See the class.
  @SuppressWarnings("SystemOut") // the figures belong to standard output
  public static void main(String[] args) throws InterruptedException, ExecutionException {
    System.out.println(
        measure(
            args[0],
            Integer.parseInt(args[1]),
            Integer.parseInt(args[2]),
            Integer.parseInt(args[3])));
  }

  private static ExecutorService pool(String kind) {
    int threads = Runtime.getRuntime().availableProcessors();
    return switch (kind) {
      case "fixed" -> Executors.newFixedThreadPool(threads);
      case "forkjoin" -> new ForkJoinPool(threads);
      case "virtual" -> Executors.newVirtualThreadPerTaskExecutor();
      default -> throw new IllegalArgumentException("there is no pool '" + kind + "'");
    };
  }

  static String measure(String kind, int tasks, int latencyTasks, int warmup)
      throws InterruptedException, ExecutionException {
    try (ExecutorService pool = pool(kind)) {
      PeersPools peer = new PeersPools(pool);
      for (int i = 0; i < warmup; i++) {
        double _ = peer.p50Us(latencyTasks);
        double _ = peer.tasksPerSecond(tasks);
      }
      return "{\"version\":\"Java "
          + Runtime.version()
          + "\",\"p50Us\":"
          + peer.p50Us(latencyTasks)
          + ",\"tasksPerSecond\":"
          + peer.tasksPerSecond(tasks)
          + ",\"sums\":["
          + String.join(",", peer.sums)
          + "]}";
    }
  }

  private double p50Us(int count) throws InterruptedException, ExecutionException {
    Histogram histogram = new Histogram(NS_MAX, SIGNIFICANT_DIGITS);
    long first = next;
    long sum = 0;
    for (int i = 0; i < count; i++) {
      long index = first + i;
      long startNs = System.nanoTime();
      sum += pool.submit(() -> Work.mix64(index)).get();
      histogram.recordValue(Math.min(NS_MAX, System.nanoTime() - startNs));
    }
    note(count, sum);
    return histogram.getValueAtPercentile(50) / 1e3;
  }

  private double tasksPerSecond(int count) throws InterruptedException, ExecutionException {
    List<Future<Long>> futures = new ArrayList<>(count);
    long first = next;
    long sum = 0;
    long startNs = System.nanoTime();
    for (int i = 0; i < count; i++) {
      long index = first + i;
      futures.add(pool.submit(() -> Work.mix64(index)));
    }
    for (Future<Long> future : futures) {
      sum += future.get();
    }
    long elapsedNs = System.nanoTime() - startNs;
    note(count, sum);
    return count * 1e9 / elapsedNs;
  }

  private void note(int count, long sum) {
    sums.add("[" + next + "," + count + ",\"" + Long.toUnsignedString(sum) + "\"]");
    next += count;
  }
}
