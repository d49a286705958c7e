package dev.heddle.cli;

import dev.heddle.Heddle;
import dev.heddle.TaskFuture;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/// How many bytes a second go to workers as arguments, by the size of the argument: tasks that take
/// a `byte[]` and return a long, 16 at a time, beside bare MPI with as many messages at a time.
///
/// A first task of each size looks at every byte, outside of the time; the others look at a few.
/// What it does not show: results; more than one receiver; values that are sent again, of which a
/// worker keeps a copy. Rows of `MemorySegment` are null: it can't be an argument.
final class PayloadBenchmark implements Benchmark {
  static final int BYTES_MIN = 16;
  static final int BYTES_MAX = 64 << 20;
  private static final int IN_FLIGHT = 16;

  /// Bytes sent of each size, where the number of messages allows it.
  private static final long VOLUME_BYTES = 64 << 20;

  private static final int MESSAGES_MIN = 2 * IN_FLIGHT;
  private static final int MESSAGES_MAX = 5_000;

  private final Map<Integer, Double> mpiBytesPerSecond;
  private final TreeMap<Integer, List<Double>> found = new TreeMap<>();

  /// `mpi` is bare MPI's bandwidth as `BYTES=BYTES_PER_SECOND` by commas; null where nobody
  /// measured it.
  PayloadBenchmark(@Nullable String mpi) {
    this.mpiBytesPerSecond = parse(mpi);
  }

  static Map<Integer, Double> parse(@Nullable String text) {
    Map<Integer, Double> rates = new TreeMap<>();
    if (text != null && text.matches("\\d{1,9}=\\d{1,15}(,\\d{1,9}=\\d{1,15})*")) {
      for (String pair : text.split(",", -1)) {
        int at = pair.indexOf('=');
        rates.put(Integer.valueOf(pair.substring(0, at)), Double.valueOf(pair.substring(at + 1)));
      }
    }
    return rates;
  }

  @Override
  public String name() {
    return "payload";
  }

  @Override
  public List<Metric> metrics() {
    return List.of(Metric.rate("bytesPerSecondMax"));
  }

  @Override
  public int defaultTasks() {
    return MESSAGES_MIN;
  }

  @Override
  public Map<String, Double> measure(Session session)
      throws InterruptedException, ExecutionException {
    double max = 0;
    for (long bytes = BYTES_MIN; bytes <= session.options().bytesMax(); bytes *= 4) {
      double rate = bytesPerSecond(session, (int) bytes);
      max = Math.max(max, rate);
      if (!session.isWarmup()) {
        found.computeIfAbsent((int) bytes, _ -> new ArrayList<>()).add(rate);
      }
    }
    return Map.of("bytesPerSecondMax", max);
  }

  private static double bytesPerSecond(Session session, int bytes)
      throws InterruptedException, ExecutionException {
    Heddle heddle = session.heddle();
    int messages =
        session.options().tasks() > 0
            ? session.options().tasks()
            : Math.clamp(VOLUME_BYTES / bytes, MESSAGES_MIN, MESSAGES_MAX);
    long first = session.firstIndex();
    byte[] payload = PayloadWork.payload(bytes);
    PayloadWork.stamp(payload, ~first);
    session.check(
        heddle.submit(PayloadWork::whole, payload).get(), PayloadWork.whole(payload.clone()));
    List<TaskFuture<Long>> inFlight = new ArrayList<>(IN_FLIGHT);
    long sum = 0;
    long startNs = System.nanoTime();
    for (int i = 0; i < messages; i++) {
      // Arguments are encoded by submit, so that the array may be used again.
      PayloadWork.stamp(payload, first + i);
      if (i < IN_FLIGHT) {
        inFlight.add(heddle.submit(PayloadWork::sampled, payload));
      } else {
        sum += inFlight.get(i % IN_FLIGHT).get();
        inFlight.set(i % IN_FLIGHT, heddle.submit(PayloadWork::sampled, payload));
      }
    }
    for (TaskFuture<Long> last : inFlight) {
      sum += last.get();
    }
    long elapsedNs = System.nanoTime() - startNs;
    long expectedSum = 0;
    for (int i = 0; i < messages; i++) {
      PayloadWork.stamp(payload, first + i);
      expectedSum += PayloadWork.sampled(payload);
    }
    session.check(sum, expectedSum);
    return (double) bytes * messages * 1e9 / elapsedNs;
  }

  @Override
  public Map<String, @Nullable Object> params(BenchOptions options) {
    Map<String, @Nullable Object> params = new LinkedHashMap<>();
    // Chosen for each size, where the user names none.
    params.put("tasks", options.tasks() == 0 ? null : options.tasks());
    params.put("bytesMax", options.bytesMax());
    params.put("inFlight", IN_FLIGHT);
    return params;
  }

  @Override
  public Map<String, @Nullable Object> once() {
    List<Map<String, @Nullable Object>> rows = new ArrayList<>();
    found.forEach(
        (bytes, rates) ->
            rows.add(
                row(
                    "byte[]",
                    bytes,
                    Report.median(rates.stream().mapToDouble(Double::doubleValue).toArray()))));
    found.keySet().forEach(bytes -> rows.add(row("MemorySegment", bytes, null)));
    Map<String, @Nullable Object> once = new LinkedHashMap<>();
    once.put("rows", rows);
    return once;
  }

  private Map<String, @Nullable Object> row(String kind, int bytes, @Nullable Double rate) {
    Double mpi = mpiBytesPerSecond.get(bytes);
    Map<String, @Nullable Object> row = new LinkedHashMap<>();
    row.put("kind", kind);
    row.put("bytes", bytes);
    row.put("bytesPerSecond", Report.number(rate, 0));
    row.put("mpiBytesPerSecond", Report.number(mpi, 0));
    row.put("ratio", rate == null || mpi == null ? null : Report.number(rate / mpi, 4));
    return row;
  }
}
