package dev.heddle.bench.run;

import dev.heddle.bench.measure.CommonOptions;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// What the user of `heddle bench latency` may choose beside what every benchmark takes.
final class LatencyOptions {
  private static final int MS_PER_S = 1000;

  @Option(
      names = "--silence",
      paramLabel = "S",
      defaultValue = "1",
      description =
          "latency: silence before a first task, in seconds, three a repetition (default:"
              + " ${DEFAULT-VALUE}).")
  private double silence;

  @Option(
      names = "--interval",
      paramLabel = "D",
      converter = IntervalConverter.class,
      description =
          "latency: a task is due every D, such as 100us or 2ms, and times are corrected for"
              + " coordinated omission (default: each when the one before is back).")
  private @Nullable Long intervalNs;

  @Option(
      names = "--hlog",
      paramLabel = "FILE",
      description = "latency: write the distributions as an HdrHistogram log.")
  private @Nullable Path hlog;

  /// Errors: picocli's exception where a value is wrong, or one is given and this is not latency.
  void check(CommonOptions common, boolean isLatency) {
    common.refuse(!(silence >= 0 && silence <= 3_600), "--silence must be 0 to 3600");
    common.refuse(
        hlog != null && !isLatency,
        "--hlog is for latency alone, which measures a distribution: leave it out");
    common.refuse(
        intervalNs != null && !isLatency, "--interval is for latency alone: leave it out");
    common.checkFile("--hlog", hlog);
  }

  long silenceMs() {
    return Math.round(silence * MS_PER_S);
  }

  /// 0 where each task follows the one before.
  long intervalNs() {
    return intervalNs == null ? 0 : intervalNs;
  }

  @Nullable Path hlog() {
    return hlog;
  }
}
