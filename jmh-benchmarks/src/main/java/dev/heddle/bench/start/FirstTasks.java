package dev.heddle.bench.start;

import dev.heddle.Heddle;
import dev.heddle.HeddleConfig;
import dev.heddle.TaskContext;
import dev.heddle.TaskFuture;
import dev.heddle.bench.measure.Conditions;
import dev.heddle.bench.measure.Processes;
import dev.heddle.bench.measure.Work;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// What `bench startup` starts: a run whose body submits tasks until every worker has run one, and
/// says so at once. What follows is not timed: the memory of every rank, and the conditions.
///
/// Threading: the body's thread on rank 0.
public final class FirstTasks {
  public static final String DONE_LINE = "done";
  public static final String RESIDENT_LINE = "resident";
  public static final String CONDITIONS_LINE = "conditions";

  private static final long ASKING_NS_MAX = 120_000_000_000L;

  /// So long that a worker is not given the second before another has its first.
  private static final long RESIDENT_TASK_MS = 20;

  private FirstTasks() {}

  /// Prints `done TASKS SUM` when every worker has run a task, where SUM is of what tasks 0 to
  /// TASKS - 1 returned; then `resident BYTES`, the median over ranks; then `conditions JSON`.
  public static void main(String[] args) {
    HeddleConfig config = HeddleConfig.builder().serializablePackages(Work.PACKAGE).build();
    boolean _ = Heddle.run(config, args, heddle -> body(heddle, config.fanout()));
  }

  @SuppressWarnings("SystemOut") // read by the bench
  private static void body(Heddle heddle, int fanout)
      throws InterruptedException, ExecutionException, IOException {
    int workers = heddle.progress().workers();
    long deadlineNs = System.nanoTime() + ASKING_NS_MAX;
    BitSet ranks = new BitSet();
    long tasks = 0;
    long sum = 0;
    // As many as there are slots go to one after the other, so one round is enough as a rule.
    List<TaskFuture<long[]>> round = new ArrayList<>();
    while (ranks.cardinality() < workers) {
      checkTime(deadlineNs, ranks.cardinality(), workers);
      for (long i = 0; i < Math.max(1, heddle.slots()); i++) {
        round.add(heddle.submit(FirstTasks::mix64AndRank, tasks++));
      }
      for (TaskFuture<long[]> task : round) {
        long[] result = task.get();
        sum += result[0];
        ranks.set((int) result[1]);
      }
      round.clear();
    }
    System.out.println(DONE_LINE + " " + tasks + " " + sum);
    System.out.flush();
    System.out.println(RESIDENT_LINE + " " + residentBytes(heddle, workers));
    System.out.println(CONDITIONS_LINE + " " + json(Conditions.of(heddle, fanout)));
    System.out.flush();
  }

  /// What a library would write, which would be on the class path of what is measured.
  static String json(@Nullable Object value) {
    return switch (value) {
      case null -> "null";
      case Number number -> number.toString();
      case Boolean truth -> truth.toString();
      case Map<?, ?> map ->
          map.entrySet().stream()
              .map(field -> json(field.getKey()) + ":" + json(field.getValue()))
              .collect(Collectors.joining(",", "{", "}"));
      case List<?> list ->
          list.stream().map(FirstTasks::json).collect(Collectors.joining(",", "[", "]"));
      default ->
          value
              .toString()
              .codePoints()
              .mapToObj(FirstTasks::escaped)
              .collect(Collectors.joining("", "\"", "\""));
    };
  }

  private static String escaped(int codePoint) {
    return codePoint < ' ' || codePoint == '"' || codePoint == '\\'
        ? String.format(Locale.ROOT, "\\u%04x", codePoint)
        : Character.toString(codePoint);
  }

  private static void checkTime(long deadlineNs, int answered, int workers) {
    if (System.nanoTime() - deadlineNs > 0) {
      throw new IllegalStateException(
          "only %d of %d workers ran a task within %d s: a rank hangs, or the machine is far too busy"
              .formatted(answered, workers, ASKING_NS_MAX / 1_000_000_000));
    }
  }

  /// The median over all ranks of the most memory that was resident; -1 where nobody knows.
  private static long residentBytes(Heddle heddle, int workers)
      throws InterruptedException, ExecutionException {
    Map<Long, Long> bytesByRank = new HashMap<>();
    long deadlineNs = System.nanoTime() + ASKING_NS_MAX;
    while (bytesByRank.size() < workers) {
      checkTime(deadlineNs, bytesByRank.size(), workers);
      List<TaskFuture<long[]>> asked = new ArrayList<>();
      for (long i = 0; i < Math.max(1, heddle.slots()); i++) {
        asked.add(heddle.submit(FirstTasks::residentAndRank, RESIDENT_TASK_MS));
      }
      for (TaskFuture<long[]> answer : asked) {
        bytesByRank.put(answer.get()[1], answer.get()[0]);
      }
    }
    bytesByRank.computeIfAbsent(0L, _ -> residentBytes());
    long[] sorted = bytesByRank.values().stream().mapToLong(Long::longValue).sorted().toArray();
    return sorted[sorted.length / 2];
  }

  private static long residentBytes() {
    try {
      Path status = Path.of("/proc/self/status");
      return Files.isReadable(status) ? Processes.peakResidentBytes(Files.readString(status)) : -1;
    } catch (IOException _) {
      return -1;
    }
  }

  /// The no-op task, with the rank that ran it.
  static long[] mix64AndRank(long index) {
    return new long[] {Work.mix64(index), TaskContext.current().rank()};
  }

  /// Sleeps, and returns this process's memory and rank.
  static long[] residentAndRank(long ms) throws InterruptedException {
    Thread.sleep(ms);
    return new long[] {residentBytes(), TaskContext.current().rank()};
  }
}
