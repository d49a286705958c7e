package dev.heddle.bench.run;

import dev.heddle.bench.measure.CommonOptions;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// What the user of `heddle bench throughput` may choose beside what every benchmark takes.
final class ThroughputOptions {
  /// An index, and a byte apart from it.
  private static final int PAYLOAD_BYTES_MIN = 9;

  private static final int PAYLOAD_BYTES_MAX = 64 << 20;

  /// With its stock below what the configuration allows.
  private static final int PENDING_MAX = 1_000_000_000;

  @Option(
      names = "--pending",
      paramLabel = "N",
      description =
          "throughput: keep N tasks ready on rank 0 for --seconds, instead of --tasks; takes about"
              + " 256 bytes of heap for each.")
  private @Nullable Integer pending;

  @Option(
      names = "--payload",
      paramLabel = "BYTES",
      description = "throughput: give each task an array of so many bytes.")
  private @Nullable Integer payload;

  /// Errors: picocli's exception where a value is wrong, or one is given and this is not
  /// throughput.
  void check(CommonOptions common, boolean isThroughput, boolean hasTasks) {
    common.refuse(
        (pending != null || payload != null) && !isThroughput,
        "--pending and --payload are for throughput alone: leave them out");
    common.refuse(
        pending != null && (pending < 1 || pending > PENDING_MAX),
        "--pending must be 1 to " + PENDING_MAX);
    common.refuse(
        pending != null && hasTasks,
        "--tasks means nothing with --pending, which runs for --seconds: leave out one of them");
    common.refuse(
        payload != null && (payload < PAYLOAD_BYTES_MIN || payload > PAYLOAD_BYTES_MAX),
        "--payload must be " + PAYLOAD_BYTES_MIN + " to " + PAYLOAD_BYTES_MAX + " bytes");
  }

  /// 0 where none are to be kept ready.
  int pending() {
    return pending == null ? 0 : pending;
  }

  /// 0 for an index alone.
  int payloadBytes() {
    return payload == null ? 0 : payload;
  }
}
