package dev.heddle.bench.peers;

import dev.heddle.bench.measure.BenchFailure;
import dev.heddle.bench.measure.Command;
import dev.heddle.bench.measure.CommonOptions;
import dev.heddle.bench.measure.ExitCode;
import dev.heddle.bench.measure.Invocation;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// What the user of `heddle bench peers` may choose, and what the command `heddle` tells it; filled
/// by picocli, then read only.
@CommandLine.Command(
    name = PeersOptions.NAME,
    description =
        "Measures Heddle and other executors side by side, each in processes of its own, all with"
            + " the same task, which does nothing.",
    footer = {
      "",
      "JVM options are not taken: everybody runs with its defaults. Close other programs."
    },
    sortOptions = false)
public final class PeersOptions implements Command {
  static final String NAME = "peers";
  static final List<String> FAMILIES = List.of("openmpi", "mpich");

  @Option(
      names = "--mpi",
      paramLabel = "openmpi|mpich",
      description = "This MPI alone (default: both).")
  private @Nullable String mpi;

  @Option(
      names = "--tasks",
      paramLabel = "N",
      defaultValue = "1000000",
      description =
          "Tasks that are submitted one by one in a repetition; systems of Python, which are some"
              + " hundred times slower, get a 200th (default: ${DEFAULT-VALUE}).")
  private int tasks;

  @Option(
      names = "--warmup",
      paramLabel = "N",
      defaultValue = "2",
      description = "Rounds inside each process before the one that counts (default: 2).")
  private int warmup;

  @Option(
      names = "--repetitions",
      paramLabel = "N",
      defaultValue = "5",
      description =
          "Each starts the processes of all systems once, one system after the other; the report"
              + " has medians (default: ${DEFAULT-VALUE}).")
  private int repetitions;

  @Option(
      names = "--time-limit",
      paramLabel = "S",
      defaultValue = "120",
      description =
          "Seconds for one process; a system that takes longer is ended and left out from then on"
              + " (default: ${DEFAULT-VALUE}).")
  private double timeLimitS;

  @Option(
      names = "--python",
      paramLabel = "PATH",
      description =
          "The Python of mpi4py and Dask (default: python3 of the PATH, or else the system's, which"
              + " has Debian's packages).")
  private @Nullable String python;

  @Mixin private CommonOptions common = new CommonOptions();

  /// Heddle's folder.
  @Option(names = "--home", hidden = true)
  private @Nullable Path home;

  /// `FAMILY=PATH` of each launcher that was found.
  @Option(names = "--launcher", hidden = true)
  private Map<String, String> launchers = new TreeMap<>();

  @Override
  public void check() {
    common.refuse(
        mpi != null && !FAMILIES.contains(mpi),
        "unknown MPI '" + mpi + "': it is openmpi or mpich");
    common.refuse(tasks < 1 || tasks > 100_000_000, "--tasks must be 1 to 100000000");
    common.refuse(warmup < 0 || warmup > 1_000, "--warmup must be 0 to 1000");
    common.refuse(repetitions < 1, "--repetitions must be at least 1");
    common.refuse(
        !(timeLimitS >= 0.1 && timeLimitS <= 86_400), "--time-limit must be 0.1 to 86400");
    common.check();
  }

  @Override
  public boolean isHelp() {
    return common.isHelp();
  }

  @Override
  public int run(Invocation invocation) {
    try {
      new Peers(this, invocation.out(), invocation.err()).run();
      return ExitCode.DONE;
    } catch (BenchFailure failure) {
      return invocation.tell(ExitCode.FAILED, String.valueOf(failure.getMessage()));
    } catch (IOException e) {
      return invocation.tell(ExitCode.FAILED, "bench peers: " + e);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return invocation.tell(ExitCode.FAILED, "bench peers: interrupted");
    }
  }

  boolean isWanted(String family) {
    return mpi == null || mpi.equals(family);
  }

  int tasks() {
    return tasks;
  }

  int warmup() {
    return warmup;
  }

  int repetitions() {
    return repetitions;
  }

  double timeLimitS() {
    return timeLimitS;
  }

  /// Where to look, in this order.
  List<String> pythons() {
    List<String> all = new ArrayList<>();
    if (python != null) {
      all.add(python);
    } else {
      all.add("python3");
      all.add("/usr/bin/python3");
    }
    return all;
  }

  /// Null where nobody said.
  @Nullable Path home() {
    return home;
  }

  @Nullable String launcher(String family) {
    return launchers.get(family);
  }

  @Nullable Path json() {
    return common.json();
  }

  boolean isJsonToStdout() {
    return common.isJsonToStdout();
  }
}
