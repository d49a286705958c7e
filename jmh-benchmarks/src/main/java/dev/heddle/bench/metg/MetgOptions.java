package dev.heddle.bench.metg;

import dev.heddle.bench.measure.CommonOptions;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// What the user of `heddle bench metg` may choose beside what every benchmark takes.
public final class MetgOptions {
  public static final String WORKER_CORES = "workers";
  public static final String ALL_CORES = "all";

  /// The tables of what depends on what stay below 12 MiB.
  private static final int WIDTH_MAX = 4096;

  private static final int RADIX_MAX = 256;

  /// A number in [MetgWork#specification] wraps above it.
  private static final int STEPS_MAX = 1 << 20;

  @Option(
      names = "--pattern",
      paramLabel = "NAME|all",
      defaultValue = "stencil_1d",
      description =
          "metg: a dependence pattern of Task Bench, or all of them (default: ${DEFAULT-VALUE}).")
  private String pattern = "";

  @Option(
      names = "--width",
      paramLabel = "W",
      defaultValue = "4",
      description =
          "metg: tasks of a step; at least as many as slots keep all busy (default:"
              + " ${DEFAULT-VALUE}).")
  private int width;

  @Option(
      names = "--radix",
      paramLabel = "R",
      defaultValue = "5",
      description =
          "metg: what a task depends on in nearest, spread and random_nearest (default:"
              + " ${DEFAULT-VALUE}).")
  private int radix;

  @Option(
      names = "--steps",
      paramLabel = "T",
      description = "metg: steps of each graph (default: as many as take 0.1 s).")
  private @Nullable Integer steps;

  @Option(
      names = "--output",
      paramLabel = "BYTES",
      description =
          "metg: what a task passes on, filled and compared as Task Bench does; at least 16 (default:"
              + " a number of 8 bytes).")
  private @Nullable Integer output;

  @Option(
      names = "--cores",
      paramLabel = "workers|all",
      defaultValue = WORKER_CORES,
      description =
          "metg: the cores that peak and task times are counted for: those of the workers' slots, or"
              + " rank 0's too (default: ${DEFAULT-VALUE}).")
  private String cores = "";

  /// Errors: picocli's exception where a value is wrong, or one is given and this is not metg.
  public void check(CommonOptions common, boolean isMetg) {
    common.refuse(
        !pattern.equals("all") && MetgPattern.byLabel(pattern) == null,
        "there is no pattern '"
            + pattern
            + "': there are "
            + String.join(" ", MetgPattern.labels())
            + " and all");
    common.refuse(width < 1 || width > WIDTH_MAX, "--width must be 1 to " + WIDTH_MAX);
    common.refuse(radix < 1 || radix > RADIX_MAX, "--radix must be 1 to " + RADIX_MAX);
    common.refuse(
        steps != null && (steps < 1 || steps > STEPS_MAX), "--steps must be 1 to " + STEPS_MAX);
    common.refuse(
        output != null && (output < MetgOutputs.BYTES_MIN || output > MetgOutputs.BYTES_MAX),
        "--output must be " + MetgOutputs.BYTES_MIN + " to " + MetgOutputs.BYTES_MAX + " bytes");
    common.refuse(
        !cores.equals(WORKER_CORES) && !cores.equals(ALL_CORES),
        "--cores is '" + cores + "', but there are workers and all");
    for (String option :
        List.of("--pattern", "--width", "--radix", "--steps", "--output", "--cores")) {
      common.refuse(common.isGiven(option) && !isMetg, option + " is for metg alone: leave it out");
    }
  }

  /// Those to measure, in their order.
  public List<MetgPattern> patterns() {
    MetgPattern one = MetgPattern.byLabel(pattern);
    return one == null ? List.of(MetgPattern.values()) : List.of(one);
  }

  public int width() {
    return width;
  }

  public int radix() {
    return radix;
  }

  /// 0 for as many as fit.
  public int steps() {
    return steps == null ? 0 : steps;
  }

  /// 0 for a number.
  public int outputBytes() {
    return output == null ? 0 : output;
  }

  public boolean isOfAllCores() {
    return cores.equals(ALL_CORES);
  }
}
