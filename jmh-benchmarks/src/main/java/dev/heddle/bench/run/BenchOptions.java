package dev.heddle.bench.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.heddle.HeddleConfig;
import dev.heddle.bench.measure.Command;
import dev.heddle.bench.measure.CommonOptions;
import dev.heddle.bench.measure.Invocation;
import dev.heddle.bench.measure.Work;
import dev.heddle.bench.metg.MetgOptions;
import dev.heddle.runtime.launch.MpiInUse;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// What the user of `heddle bench` may choose; filled by picocli, then read only.
@CommandLine.Command(
    name = "bench",
    description = "Measures the executor with tasks that do nothing.",
    footer = {
      "",
      "The heddle command itself takes --heap S, --worker-heap S, --jvm-arg A, --tiny and"
          + " --liveness D: see 'heddle help'. A number is worth what its conditions are worth:"
          + " close other programs, and let no more ranks run than there are cores."
    },
    sortOptions = false)
public final class BenchOptions implements Command {
  private static final int MS_PER_S = 1000;

  /// As the configuration allows: threads of one process.
  private static final int LOCAL_RANKS_MAX = 1024;

  @Parameters(
      arity = "0..1",
      paramLabel = "NAME",
      completionCandidates = Benchmarks.Names.class,
      description = "${COMPLETION-CANDIDATES}; or a command below, with options of its own.")
  private @Nullable String name;

  @Option(
      names = "--transport",
      paramLabel = "local|mpi",
      description = "Ranks inside one JVM or under MPI (default: local, with --mpi mpi).")
  private @Nullable String transport;

  @Option(names = "--mpi", paramLabel = "openmpi|mpich", description = "Which MPI.")
  private @Nullable String mpi;

  @Option(
      names = {"-n", "--ranks"},
      paramLabel = "N",
      description = "Number of ranks (default: 1, with a slot per core; 32 for startup over MPI).")
  private @Nullable Integer ranks;

  @Option(names = "--slots", paramLabel = "K", description = "Tasks at once on each rank.")
  private @Nullable Integer slots;

  @Option(names = "--fanout", paramLabel = "F", description = "Children of a process at most.")
  private @Nullable Integer fanout;

  @Option(
      names = "--tasks",
      paramLabel = "N",
      description =
          "Tasks in a repetition, of map indices (default: 1,000,000 for throughput and memory,"
              + " 100,000 for chain, fanout and dag, 10,000 for fanin, 20,000 for latency, 200,000"
              + " for allocation; for map 1,000,000,000 reduced, 100,000,000 boxed and 20,000,000"
              + " kept).")
  private @Nullable Integer tasks;

  @Option(
      names = "--warmup",
      paramLabel = "N",
      description =
          "Repetitions before those that count (default: 2; 6 for latency, throughput, chain and"
              + " payload, but 2 with --interval and none with --pending).")
  private @Nullable Integer warmup;

  @Option(
      names = "--repetitions",
      paramLabel = "N",
      defaultValue = "5",
      description = "Repetitions; the report has their medians (default: ${DEFAULT-VALUE}).")
  private int repetitions;

  @Option(
      names = "--seconds",
      paramLabel = "S",
      defaultValue = "5",
      description =
          "idle: time of each look, two a repetition; throughput --pending: time of a repetition"
              + " (default: ${DEFAULT-VALUE}).")
  private double seconds;

  @Mixin private LatencyOptions latency = new LatencyOptions();

  @Mixin private MetgOptions metg = new MetgOptions();

  @Option(
      names = "--bytes-max",
      paramLabel = "BYTES",
      defaultValue = "67108864",
      description = "payload: the largest argument (default: ${DEFAULT-VALUE}).")
  private int bytesMax;

  @Option(
      names = "--form",
      paramLabel = "reduce|boxed|keep|all",
      defaultValue = "all",
      description =
          "map: longs that are summed up, objects that are, or longs that are all kept (default:"
              + " ${DEFAULT-VALUE}).")
  private String form = "";

  @Mixin private ThroughputOptions throughput = new ThroughputOptions();

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "dag: the number that draws the graph (default: 1).")
  private @Nullable Long seed;

  @Option(
      names = "--jvm-arg",
      paramLabel = "A",
      hidden = true, // the heddle command takes it; only startup hears of it, which launches runs
      description = "startup: a further argument for the JVMs that are launched.")
  private List<String> jvmArguments = List.of();

  @Option(
      names = "--check",
      paramLabel = "FILE",
      description =
          "Compare with the targets of this benchmark in FILE, a line each; exit code 3 where one"
              + " is missed.")
  private @Nullable Path check;

  @Mixin private CommonOptions common = new CommonOptions();

  private @Nullable Benchmark benchmark;
  private @Nullable HeddleConfig config;
  private Targets targets = new Targets(List.of());

  /// Reads and checks the command line of one benchmark. Errors: picocli's exception with one
  /// sentence for the user.
  public static BenchOptions parse(String... args) {
    BenchOptions options = new BenchOptions();
    new CommandLine(options).setOverwrittenOptionsAllowed(true).parseArgs(args);
    if (!options.isHelp()) {
      options.check();
    }
    return options;
  }

  /// The options by themselves, for who passes them on.
  public static CommandSpec specification() {
    return CommandSpec.forAnnotatedObject(new BenchOptions());
  }

  @Override
  public void check() {
    String known = "there are " + String.join(" ", Benchmarks.names());
    common.refuse(name == null, "no benchmark named: " + known);
    benchmark = Benchmarks.byName(String.valueOf(name));
    common.refuse(benchmark == null, "there is no benchmark '" + name + "': " + known);
    common.refuse(
        transport != null && !transport.equals("local") && !transport.equals("mpi"),
        "--transport is '" + transport + "', but there are local and mpi");
    common.refuse(
        mpi != null && !mpi.equals("openmpi") && !mpi.equals("mpich"),
        "unknown MPI '" + mpi + "': it is openmpi or mpich");
    common.refuse(
        mpi != null && Objects.equals(transport, "local"),
        "--mpi " + mpi + " contradicts --transport local: leave out one of them");
    common.refuse(
        ranks != null && !wantsMpi() && (ranks < 1 || ranks > LOCAL_RANKS_MAX),
        "--ranks must be 1 to " + LOCAL_RANKS_MAX + " without MPI");
    common.refuse(tasks != null && tasks < 1, "--tasks must be at least 1");
    common.refuse(
        tasks != null && benchmark instanceof IdleBenchmark,
        "--tasks means nothing to idle, which counts no tasks: leave it out");
    common.refuse(
        tasks != null && benchmark instanceof MetgBenchmark,
        "--tasks means nothing to metg, whose tasks are --width x --steps: leave it out");
    metg.check(common, benchmark instanceof MetgBenchmark);
    common.refuse(
        bytesMax < PayloadBenchmark.BYTES_MIN || bytesMax > PayloadBenchmark.BYTES_MAX,
        "--bytes-max must be " + PayloadBenchmark.BYTES_MIN + " to " + PayloadBenchmark.BYTES_MAX);
    common.refuse(
        common.isGiven("--bytes-max") && !(benchmark instanceof PayloadBenchmark),
        "--bytes-max is for payload alone: leave it out");
    common.refuse(
        !form.equals("all") && MapBenchmark.Form.byLabel(form) == null,
        "--form is '" + form + "', but there are reduce, boxed, keep and all");
    common.refuse(
        common.isGiven("--form") && !(benchmark instanceof MapBenchmark),
        "--form is for map alone: leave it out");
    throughput.check(common, benchmark instanceof ThroughputBenchmark, tasks != null);
    common.refuse(
        seed != null && !(benchmark instanceof DagBenchmark),
        "--seed is for dag alone, which draws a graph: leave it out");
    common.refuse(
        tasks != null && benchmark instanceof MemoryBenchmark && tasks < MemoryBenchmark.TASKS_MIN,
        "--tasks must be at least " + MemoryBenchmark.TASKS_MIN + " for memory");
    common.refuse(
        benchmark instanceof AllocationBenchmark && wantsMpi() && Objects.equals(ranks, 1),
        "allocation over MPI needs a message's two ends: --ranks must be at least 2");
    common.refuse(
        tasks != null && benchmark instanceof StartupBenchmark,
        "--tasks means nothing to startup, which counts ranks: leave it out");
    common.refuse(warmup != null && warmup < 0, "--warmup must not be negative");
    common.refuse(repetitions < 1, "--repetitions must be at least 1");
    common.refuse(!(seconds >= 0.01 && seconds <= 86_400), "--seconds must be 0.01 to 86400");
    latency.check(common, benchmark instanceof LatencyBenchmark);
    common.check();
    checkTargets();
    try {
      config = newConfig();
    } catch (IllegalArgumentException bad) {
      throw common.refusal(bad);
    }
  }

  /// Rank 0 alone compares; elsewhere the file need not be.
  private void checkTargets() {
    if (check == null || MpiInUse.launchedRank() != 0) {
      return;
    }
    try {
      targets = Targets.read(check);
    } catch (IllegalArgumentException bad) {
      throw common.refusal(bad);
    }
    String system = wantsMpi() ? mpi : AllEntry.THREADS;
    common.refuse(
        targets.of(entryName(), system).isEmpty(),
        check
            + " has no target of "
            + entryName()
            + " on "
            + (system == null ? "an MPI" : system)
            + ": leave out --check");
  }

  private String entryName() {
    return AllEntry.nameOf(benchmark().name(), throughput.pending() > 0);
  }

  /// The targets of `--check` that belong to this run, which is on threads where `family` is null.
  List<Target> targets(@Nullable Object family) {
    return targets.of(entryName(), family == null ? AllEntry.THREADS : family.toString());
  }

  /// A run's own JSON as the one result that its targets are compared with.
  AllResult result(String json, @Nullable Object family) throws JsonProcessingException {
    return new AllResult(
        entryName(),
        family == null ? AllEntry.THREADS : family.toString(),
        new JsonMapper().readTree(json),
        null,
        0,
        0);
  }

  private HeddleConfig newConfig() {
    HeddleConfig.Builder builder = HeddleConfig.builder().serializablePackages(Work.PACKAGE);
    if (slots != null) {
      builder.slots(slots);
    }
    if (fanout != null) {
      builder.fanout(fanout);
    }
    if (ranks != null && !wantsMpi() && !(benchmark instanceof StartupBenchmark)) {
      builder.localRanks(ranks);
    }
    if (benchmark instanceof MemoryBenchmark) {
      builder.pendingTasksMax(
          (int) Math.min(1L << 30, 2L * Math.max(tasks(), benchmark.defaultTasks())));
    }
    if (throughput.pending() > 0) {
      builder.pendingTasksMax(PendingThroughput.pendingTasksMax(throughput.pending()));
    }
    return builder.build();
  }

  /// Checks that this process is what the options ask for: one of a launcher's, or alone. Errors:
  /// as of [#parse].
  void checkPlace(boolean isUnderLauncher) {
    if (benchmark().launchesRuns()) {
      common.refuse(
          isUnderLauncher,
          "startup launches its runs itself: start it outside of mpirun, mpiexec and srun");
      return;
    }
    common.refuse(
        wantsMpi() && !isUnderLauncher,
        "MPI needs its launcher: start it by 'heddle bench NAME --mpi openmpi|mpich --ranks N'");
    common.refuse(
        isUnderLauncher && Objects.equals(transport, "local"),
        "--transport local is for a process alone, and this one was started by an MPI launcher");
  }

  boolean wantsMpi() {
    return mpi != null || Objects.equals(transport, "mpi");
  }

  @Override
  public boolean isHelp() {
    return common.isHelp();
  }

  @Override
  public int run(Invocation invocation) {
    checkPlace(invocation.isUnderLauncher());
    return new BenchCommand(invocation).run(benchmark(), this);
  }

  public Benchmark benchmark() {
    return Objects.requireNonNull(benchmark, "checked");
  }

  HeddleConfig config() {
    return Objects.requireNonNull(config, "checked");
  }

  /// 0 for the benchmark's own number.
  int tasks() {
    return tasks == null ? 0 : tasks;
  }

  /// Null for the only one there is.
  @Nullable String mpi() {
    return mpi;
  }

  /// Of startup; 1 is one JVM without ranks.
  int ranks() {
    return ranks != null ? ranks : wantsMpi() ? StartupBenchmark.RANKS : 1;
  }

  List<String> jvmArguments() {
    return List.copyOf(jvmArguments);
  }

  MetgOptions metg() {
    return metg;
  }

  /// Those to measure, in their order.
  List<MapBenchmark.Form> forms() {
    MapBenchmark.Form one = MapBenchmark.Form.byLabel(form);
    return one == null ? List.of(MapBenchmark.Form.values()) : List.of(one);
  }

  int bytesMax() {
    return bytesMax;
  }

  /// 0 where none are to be kept ready.
  int pending() {
    return throughput.pending();
  }

  /// 0 for an index alone.
  int payloadBytes() {
    return throughput.payloadBytes();
  }

  long seed() {
    return seed == null ? 1 : seed;
  }

  int warmup() {
    return warmup == null ? benchmark().defaultWarmup() : warmup;
  }

  int repetitions() {
    return repetitions;
  }

  long secondsMs() {
    return Math.round(seconds * MS_PER_S);
  }

  /// 0 where each task follows the one before.
  long intervalNs() {
    return latency.intervalNs();
  }

  long silenceMs() {
    return latency.silenceMs();
  }

  @Nullable Path hlog() {
    return latency.hlog();
  }

  @Nullable Path json() {
    return common.json();
  }

  boolean isJsonToStdout() {
    return common.isJsonToStdout();
  }
}
