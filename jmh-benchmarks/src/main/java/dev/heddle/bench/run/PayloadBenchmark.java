package dev.heddle.bench.run;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import dev.heddle.Heddle;
import dev.heddle.TaskFuture;
import dev.heddle.bench.measure.Metric;
import dev.heddle.bench.measure.PayloadWork;
import dev.heddle.bench.measure.Report;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/// How many bytes a second go to workers as arguments, by the size of the argument: tasks that take
/// a `byte[]` or a `MemorySegment` and return a long, 16 at a time, beside bare MPI with as many
/// messages at a time.
///
/// A first task of each size looks at every byte, outside of the time; the others look at a few.
/// What it does not show: results; more than one receiver; values that several tasks share, of
/// which a worker keeps a copy.
final class PayloadBenchmark implements Benchmark {
  static final String NAME = "payload";

  static final int BYTES_MIN = 16;
  static final int BYTES_MAX = 64 << 20;
  private static final int IN_FLIGHT = 16;

  /// Bytes sent of each size, where the number of messages allows it.
  private static final long VOLUME_BYTES = 256 << 20;

  private static final int MESSAGES_MIN = 2 * IN_FLIGHT;
  private static final int MESSAGES_MAX = 5_000;

  private final Map<Integer, Double> mpiBytesPerSecond;
  private final Map<Kind, TreeMap<Integer, List<Double>>> found = new EnumMap<>(Kind.class);

  /// What a payload is to the tasks.
  private enum Kind {
    BYTES("byte[]"),
    SEGMENT("MemorySegment");

    final String text;

    Kind(String text) {
      this.text = text;
    }
  }

  /// A payload with a number in it, and tasks that look at it.
  private sealed interface Payload {
    void stamp(long number);

    /// A few bytes of it, by a task and here.
    TaskFuture<Long> submit(Heddle heddle);

    long expected();

    /// Every byte of it, by a task and here.
    TaskFuture<Long> submitWhole(Heddle heddle);

    long expectedWhole();
  }

  private record Bytes(byte[] bytes) implements Payload {
    @Override
    public void stamp(long number) {
      PayloadWork.stamp(bytes, number);
    }

    @Override
    public TaskFuture<Long> submit(Heddle heddle) {
      return heddle.submit(PayloadWork::sampled, bytes);
    }

    @Override
    public long expected() {
      return PayloadWork.sampled(bytes);
    }

    @Override
    public TaskFuture<Long> submitWhole(Heddle heddle) {
      return heddle.submit(PayloadWork::whole, bytes);
    }

    @Override
    public long expectedWhole() {
      return PayloadWork.whole(bytes);
    }
  }

  private record Segment(MemorySegment bytes) implements Payload {
    @Override
    public void stamp(long number) {
      PayloadWork.stamp(bytes, number);
    }

    @Override
    public TaskFuture<Long> submit(Heddle heddle) {
      return heddle.submit(PayloadWork::sampledSegment, bytes);
    }

    @Override
    public long expected() {
      return PayloadWork.sampledSegment(bytes);
    }

    @Override
    public TaskFuture<Long> submitWhole(Heddle heddle) {
      return heddle.submit(PayloadWork::wholeSegment, bytes);
    }

    @Override
    public long expectedWhole() {
      return PayloadWork.wholeSegment(bytes);
    }
  }

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
    return NAME;
  }

  @Override
  public List<Metric> metrics() {
    return List.of(Metric.rate("bytesPerSecondMax"));
  }

  @Override
  public int defaultTasks() {
    return MESSAGES_MIN;
  }

  /// Each repetition has few messages of a size: until the JVM has compiled what carries them, some
  /// thousands go at half of the speed.
  @Override
  public int defaultWarmup() {
    return 6;
  }

  @Override
  public Map<String, Double> measure(BenchSession session)
      throws InterruptedException, ExecutionException {
    double max = 0;
    for (long bytes = BYTES_MIN; bytes <= session.options().bytesMax(); bytes *= 4) {
      for (Kind kind : Kind.values()) {
        double rate;
        try (Arena arena = Arena.ofConfined()) {
          byte[] payload = PayloadWork.payload((int) bytes);
          rate =
              bytesPerSecond(
                  session,
                  (int) bytes,
                  switch (kind) {
                    case BYTES -> new Bytes(payload);
                    case SEGMENT -> new Segment(arena.allocateFrom(JAVA_BYTE, payload));
                  });
        }
        max = Math.max(max, rate);
        if (!session.isWarmup()) {
          found
              .computeIfAbsent(kind, _ -> new TreeMap<>())
              .computeIfAbsent((int) bytes, _ -> new ArrayList<>())
              .add(rate);
        }
      }
    }
    return Map.of("bytesPerSecondMax", max);
  }

  private static double bytesPerSecond(BenchSession session, int bytes, Payload payload)
      throws InterruptedException, ExecutionException {
    Heddle heddle = session.heddle();
    int messages =
        session.options().tasks() > 0
            ? session.options().tasks()
            : Math.clamp(VOLUME_BYTES / bytes, MESSAGES_MIN, MESSAGES_MAX);
    long first = session.firstIndex();
    payload.stamp(~first);
    session.check(payload.submitWhole(heddle).get(), payload.expectedWhole());
    List<TaskFuture<Long>> inFlight = new ArrayList<>(IN_FLIGHT);
    long sum = 0;
    long startNs = System.nanoTime();
    for (int i = 0; i < messages; i++) {
      // Arguments are encoded by submit, so that the memory may be used again.
      payload.stamp(first + i);
      if (i < IN_FLIGHT) {
        inFlight.add(payload.submit(heddle));
      } else {
        sum += inFlight.get(i % IN_FLIGHT).get();
        inFlight.set(i % IN_FLIGHT, payload.submit(heddle));
      }
    }
    for (TaskFuture<Long> last : inFlight) {
      sum += last.get();
    }
    long elapsedNs = System.nanoTime() - startNs;
    long expectedSum = 0;
    for (int i = 0; i < messages; i++) {
      payload.stamp(first + i);
      expectedSum += payload.expected();
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
        (kind, bySize) ->
            bySize.forEach(
                (bytes, rates) ->
                    rows.add(
                        row(
                            kind.text,
                            bytes,
                            Report.median(
                                rates.stream().mapToDouble(Double::doubleValue).toArray())))));
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
