package dev.heddle.bench.costs;

import dev.heddle.Heddle;
import dev.heddle.HeddleConfig;
import dev.heddle.TaskFuture;
import dev.heddle.bench.measure.BenchFailure;
import dev.heddle.bench.measure.Command;
import dev.heddle.bench.measure.ExitCode;
import dev.heddle.bench.measure.Futures;
import dev.heddle.bench.measure.Gate;
import dev.heddle.bench.measure.Invocation;
import dev.heddle.bench.measure.Report;
import dev.heddle.bench.measure.Work;
import dev.heddle.scale.CostBench;
import dev.heddle.scale.Costs;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `heddle bench costs`: what our own code takes of a core on this machine, for `heddle simulate`.
///
/// Threading: the calling thread.
@CommandLine.Command(
    name = "costs",
    description =
        "Measures what the shipped state machines and the submitter take of a core, for 'heddle"
            + " simulate --costs FILE'. Close other programs.",
    sortOptions = false)
public final class CostsCommand implements Command {
  /// LogGP's o over shared memory: half of a bare round trip of 0.6 us is two of these.
  private static final double MPI_NS = 150;

  private static final int IN_FLIGHT_MAX = 1 << 20;
  private static final int ROUNDS = 7;
  private static final int PARKS = 300;
  private static final long PARK_NS = 100_000;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--in-flight",
      paramLabel = "N",
      defaultValue = "262144",
      description =
          "Tasks in flight at the coordinator; half as many are ready (default: ${DEFAULT-VALUE}).")
  private int inFlight;

  @Option(
      names = "--costs",
      paramLabel = "FILE",
      description = "Write the costs there; - is standard output (default: print them).")
  private @Nullable Path file;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this and end.")
  private boolean isHelp;

  @Override
  public boolean isHelp() {
    return isHelp;
  }

  @Override
  public void check() {
    if (inFlight < 960 || inFlight > IN_FLIGHT_MAX) {
      throw new ParameterException(
          spec.commandLine(),
          "--in-flight is " + inFlight + ", but has to be 960 to " + IN_FLIGHT_MAX);
    }
  }

  @Override
  public int run(Invocation invocation) {
    PrintStream out = invocation.out();
    PrintStream err = invocation.err();
    try {
      err.println("bench costs: the submitter's side");
      double submitNs = submitNs();
      err.println("bench costs: the state machines");
      Costs measured =
          CostBench.measure(inFlight, submitNs, MPI_NS, parkLateNs(), lookNs(), conditions());
      err.println("bench costs: arrays");
      Costs costs =
          measured.withArrays(
              ArrayCosts.measure(measured.arrays().rangeNs(), measured.arrays().partNs()));
      String text = costs.text();
      Path target = file;
      Report.write(
          text.getBytes(StandardCharsets.UTF_8), target == null ? Path.of("-") : target, out);
      return ExitCode.DONE;
    } catch (IOException e) {
      err.println("heddle: the costs could not be written: " + e);
      return ExitCode.FAILED;
    }
  }

  private static String conditions() {
    return String.format(
        Locale.ROOT,
        "measured by 'heddle bench costs' on a machine of %d cores (%s), %s %s, commit %s, %s;"
            + " mpiNs is LogGP's o of shared memory",
        Runtime.getRuntime().availableProcessors(),
        processor(),
        System.getProperty("java.vm.name"),
        System.getProperty("java.vm.version"),
        shortCommit(),
        Instant.now().truncatedTo(ChronoUnit.SECONDS));
  }

  private static String shortCommit() {
    String commit = System.getenv("HEDDLE_COMMIT");
    return commit == null || commit.length() < 7 ? "unknown" : commit.substring(0, 7);
  }

  private static String processor() {
    try {
      return Files.readAllLines(Path.of("/proc/cpuinfo")).stream()
          .filter(line -> line.startsWith("model name"))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst()
          .orElse("unknown processor");
    } catch (IOException _) {
      return "unknown processor";
    }
  }

  /// Mean time on a core of a submit from one thread while every slot is held: it encodes, makes
  /// the future, and takes the turns that put the tasks into the graph.
  private double submitNs() {
    double[] values = new double[ROUNDS];
    int count = Math.max(10_000, inFlight / 2);
    HeddleConfig config =
        HeddleConfig.builder()
            .serializablePackages(Work.PACKAGE)
            .slots(1)
            .pendingTasksMax(4 * count + 10_000)
            .build();
    boolean _ =
        Heddle.run(
            config,
            new String[0],
            heddle -> {
              for (int i = 0; i < ROUNDS; i++) {
                values[i] = submitNs(heddle, count);
              }
            });
    Arrays.sort(values);
    return values[ROUNDS / 2];
  }

  private static double submitNs(Heddle heddle, int count) throws Exception {
    List<TaskFuture<Long>> futures = new ArrayList<>(count);
    double ns;
    try (Gate _ = Gate.shut(heddle)) {
      long beganNs = cpuNs();
      for (int i = 0; i < count; i++) {
        futures.add(heddle.submit(Work::mix64, (long) i));
      }
      ns = (double) (cpuNs() - beganNs) / count;
    }
    long sum = Futures.takeSum(futures.toArray(TaskFuture<?>[]::new));
    if (sum != Work.expectedSum(0, count)) {
      throw new BenchFailure(
          "bench costs: wrong results, which is a bug in Heddle; please report it");
    }
    return ns;
  }

  /// Time on a core of all threads that run Java: the helper takes some of the turns.
  private static long cpuNs() {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    return Arrays.stream(threads.getAllThreadIds())
        .map(threads::getThreadCpuTime)
        .filter(ns -> ns > 0)
        .sum();
  }

  /// Mean time on a core of a sleep, and of waking up from it.
  private static double lookNs() {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    long beganNs = threads.getCurrentThreadCpuTime();
    for (int i = 0; i < PARKS; i++) {
      LockSupport.parkNanos(PARK_NS);
    }
    return (double) (threads.getCurrentThreadCpuTime() - beganNs) / PARKS;
  }

  /// How much later than it asked for a sleeping thread goes on, in the median.
  private static double parkLateNs() {
    double[] late = new double[PARKS];
    for (int i = 0; i < PARKS; i++) {
      long beganNs = System.nanoTime();
      LockSupport.parkNanos(PARK_NS);
      late[i] = Math.max(0, System.nanoTime() - beganNs - PARK_NS);
    }
    Arrays.sort(late);
    return late[PARKS / 2];
  }
}
