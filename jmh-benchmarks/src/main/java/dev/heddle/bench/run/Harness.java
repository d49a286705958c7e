package dev.heddle.bench.run;

import dev.heddle.Heddle;
import dev.heddle.bench.measure.BenchFailure;
import dev.heddle.bench.measure.Processes;
import dev.heddle.bench.measure.Report;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogWriter;
import org.jspecify.annotations.Nullable;

/// Runs a benchmark's warm-up and repetitions, and reports.
///
/// Threading: the body's thread on rank 0.
final class Harness {
  private static final double NS_PER_US = 1e3;

  private final Benchmark benchmark;
  private final BenchOptions options;
  private final PrintStream out;
  private final PrintStream err;
  private boolean isMissed;

  /// The report goes to `out`, progress to `err`; with `--json -` the report goes to `err` too, so
  /// that `out` is JSON and nothing else.
  Harness(Benchmark benchmark, BenchOptions options, PrintStream out, PrintStream err) {
    benchmark.choose(options);
    this.benchmark = benchmark;
    this.options = options;
    this.out = out;
    this.err = err;
  }

  /// The body of the run; without a run for a benchmark that launches its own. Errors:
  /// [BenchFailure] after everything is reported, when a checksum is wrong.
  void run(@Nullable Heddle heddle)
      throws InterruptedException, ExecutionException, IOException, BenchFailure {
    try {
      measure(heddle);
    } catch (OutOfMemoryError _) {
      throw new BenchFailure(
          "bench "
              + benchmark.name()
              + ": rank 0's heap is too small for so many tasks at a time: give it more with"
              + " --heap, or measure fewer with --tasks");
    }
  }

  private void measure(@Nullable Heddle heddle)
      throws InterruptedException, ExecutionException, IOException, BenchFailure {
    int tasks = options.tasks() == 0 ? benchmark.defaultTasks() : options.tasks();
    String mismatch = null;
    for (int i = 0; i < options.warmup() && mismatch == null; i++) {
      tell("warm-up " + (i + 1) + " of " + options.warmup());
      BenchSession session = new BenchSession(heddle, options, tasks, -1 - i);
      benchmark.measure(session);
      mismatch = said("warm-up", i, session.mismatch());
    }
    List<Map<String, Double>> runs = new ArrayList<>();
    List<Histogram> histograms = new ArrayList<>();
    // Wrong results make further numbers worthless.
    for (int i = 0; i < options.repetitions() && mismatch == null; i++) {
      tell("repetition " + (i + 1) + " of " + options.repetitions());
      BenchSession session = new BenchSession(heddle, options, tasks, i);
      runs.add(benchmark.measure(session));
      mismatch = said("repetition", i, session.mismatch());
      Histogram histogram = session.histogram();
      if (histogram != null) {
        histograms.add(histogram);
      }
    }
    writeHistograms(options.hlog(), histograms);
    Report report =
        new Report(
            benchmark.name(),
            benchmark.metrics(),
            benchmark.conditions(heddle, options),
            params(tasks),
            once(),
            runs,
            mismatch);
    PrintStream reader = options.isJsonToStdout() ? err : out;
    reader.print(report.text());
    reader.flush();
    report.writeJson(options.json(), out);
    if (mismatch != null) {
      throw new BenchFailure(
          "bench "
              + benchmark.name()
              + ": wrong checksum in "
              + mismatch
              + ": tasks were lost, doubled or mixed up, which is a bug in Heddle; please report"
              + " it");
    }
    checkTargets(report, reader);
  }

  /// After [#run] on rank 0: was a target of `--check` missed?
  boolean isMissed() {
    return isMissed;
  }

  /// A line for each target that belongs to this benchmark on this system.
  private void checkTargets(Report report, PrintStream reader) throws IOException {
    Object mpi = report.conditions().get("mpi");
    List<Target> targets = options.targets(mpi);
    if (targets.isEmpty()) {
      return;
    }
    AllResult result = options.result(report.json(), mpi);
    for (TargetsCheck.Line line : TargetsCheck.of(targets, List.of(result))) {
      reader.println(line.text());
      isMissed |= line.isMissed();
    }
    reader.flush();
  }

  private void tell(String what) {
    err.println("bench " + benchmark.name() + ": " + what);
    err.flush();
  }

  private static @Nullable String said(String what, int index, @Nullable String mismatch) {
    return mismatch == null ? null : what + " " + (index + 1) + ", " + mismatch;
  }

  private Map<String, @Nullable Object> params(int tasks) {
    Map<String, @Nullable Object> params = new LinkedHashMap<>();
    boolean countsNoTasks =
        benchmark instanceof IdleBenchmark
            || benchmark instanceof MetgBenchmark
            || benchmark instanceof StartupBenchmark;
    // without --tasks each form of map has a number of its own
    boolean isFormsOwn = benchmark instanceof MapBenchmark && options.tasks() == 0;
    if (!countsNoTasks && options.pending() == 0 && !isFormsOwn) {
      params.put("tasks", tasks);
    }
    params.put("warmup", options.warmup());
    params.put("repetitions", options.repetitions());
    if (benchmark instanceof LatencyBenchmark) {
      params.put("silenceMs", options.silenceMs());
    }
    if (benchmark instanceof DagBenchmark) {
      params.put("seed", options.seed());
    }
    if (options.pending() > 0) {
      params.put("pending", options.pending());
    }
    if (options.payloadBytes() > 0) {
      params.put("payloadBytes", options.payloadBytes());
    }
    if (benchmark instanceof IdleBenchmark || options.pending() > 0) {
      params.put("seconds", options.secondsMs() / 1e3);
    }
    params.putAll(benchmark.params(options));
    return params;
  }

  private Map<String, @Nullable Object> once() throws IOException {
    Map<String, @Nullable Object> once = new LinkedHashMap<>(benchmark.once());
    if (benchmark.launchesRuns()) {
      return once; // this process's memory says nothing about theirs
    }
    Path status = Path.of("/proc/self/status");
    long bytes =
        Files.isReadable(status) ? Processes.peakResidentBytes(Files.readString(status)) : -1;
    once.put("rssBytes", bytes < 0 ? null : bytes);
    return once;
  }

  /// One interval per repetition, in HdrHistogram's own log format; recorded in nanoseconds, the
  /// maximum beside it shown in microseconds.
  private static void writeHistograms(@Nullable Path file, List<Histogram> histograms)
      throws IOException {
    if (file == null) {
      return;
    }
    Path whole = file.toAbsolutePath();
    Path part = whole.resolveSibling(whole.getFileName() + ".part");
    HistogramLogWriter writer = new HistogramLogWriter(part.toFile());
    try {
      writer.outputLogFormatVersion();
      writer.outputComment("[values in nanoseconds, Interval_Max in microseconds]");
      writer.outputLegend();
      for (Histogram histogram : histograms) {
        writer.outputIntervalHistogram(
            histogram.getStartTimeStamp() / 1e3,
            histogram.getEndTimeStamp() / 1e3,
            histogram,
            NS_PER_US);
      }
    } finally {
      writer.close();
    }
    Files.move(part, whole, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
  }
}
