package dev.heddle.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.heddle.HeddleConfig;
import dev.heddle.runtime.launch.MpiInUse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/// What the user of `heddle bench` may choose; filled by picocli, then read only.
@Command(
    name = "heddle bench",
    description = "Measures the executor with tasks that do nothing.",
    footer = {
      "",
      "The heddle command itself takes --heap S, --worker-heap S, --jvm-arg A, --tiny and"
          + " --liveness D: see 'heddle help'. A number is worth what its conditions are worth:"
          + " close other programs, and let no more ranks run than there are cores."
    },
    sortOptions = false)
final class BenchOptions {
  static final String WORKER_CORES = "workers";
  static final String ALL_CORES = "all";

  private static final int MS_PER_S = 1000;

  /// As the configuration allows: threads of one process.
  private static final int LOCAL_RANKS_MAX = 1024;

  /// metg: the tables of what depends on what stay below 12 MiB.
  private static final int WIDTH_MAX = 4096;

  private static final int RADIX_MAX = 256;

  /// metg: a number in [MetgWork#specification] wraps above it.
  private static final int STEPS_MAX = 1 << 20;

  /// An index, and a byte apart from it.
  private static final int PAYLOAD_BYTES_MIN = 9;

  private static final int PAYLOAD_BYTES_MAX = 64 << 20;

  /// With its stock below what the configuration allows.
  private static final int PENDING_MAX = 1_000_000_000;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(
      arity = "0..1",
      paramLabel = "NAME",
      completionCandidates = Benchmarks.Names.class,
      description =
          "${COMPLETION-CANDIDATES}; or a command with options of its own, as in 'bench all"
              + " --help': all, peers, costs, against.")
  private @Nullable Benchmark benchmark;

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
      names = "--hlog",
      paramLabel = "FILE",
      description = "latency: write the distributions as an HdrHistogram log.")
  private @Nullable Path hlog;

  @Option(
      names = "--json",
      paramLabel = "FILE",
      description = "Write the result as JSON; - is standard output.")
  private @Nullable Path json;

  @Option(
      names = "--check",
      paramLabel = "FILE",
      description =
          "Compare with the targets of this benchmark in FILE, a line each; exit code 3 where one"
              + " is missed.")
  private @Nullable Path check;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this and end.")
  private boolean isHelp;

  private @Nullable HeddleConfig config;
  private Targets targets = new Targets(List.of());

  private BenchOptions() {}

  /// Reads and checks the command line. Errors: picocli's exception with one sentence for the user.
  static BenchOptions parse(String... args) {
    BenchOptions options = new BenchOptions();
    new CommandLine(options)
        .setOverwrittenOptionsAllowed(true)
        .registerConverter(Benchmark.class, BenchOptions::benchmark)
        .parseArgs(args);
    if (!options.isHelp) {
      options.check();
    }
    return options;
  }

  /// The options by themselves, for who passes them on.
  static CommandSpec specification() {
    return CommandSpec.forAnnotatedObject(new BenchOptions());
  }

  private static Benchmark benchmark(String name) {
    Benchmark benchmark = Benchmarks.byName(name);
    if (benchmark == null) {
      throw new TypeConversionException(
          "there is no benchmark '"
              + name
              + "': there are "
              + String.join(" ", Benchmarks.names()));
    }
    return benchmark;
  }

  private void check() {
    refuse(
        benchmark == null, "no benchmark named: there are " + String.join(" ", Benchmarks.names()));
    refuse(
        transport != null && !transport.equals("local") && !transport.equals("mpi"),
        "--transport is '" + transport + "', but there are local and mpi");
    refuse(
        mpi != null && !mpi.equals("openmpi") && !mpi.equals("mpich"),
        "unknown MPI '" + mpi + "': it is openmpi or mpich");
    refuse(
        mpi != null && Objects.equals(transport, "local"),
        "--mpi " + mpi + " contradicts --transport local: leave out one of them");
    refuse(
        ranks != null && !wantsMpi() && (ranks < 1 || ranks > LOCAL_RANKS_MAX),
        "--ranks must be 1 to " + LOCAL_RANKS_MAX + " without MPI");
    refuse(tasks != null && tasks < 1, "--tasks must be at least 1");
    refuse(
        tasks != null && benchmark instanceof IdleBenchmark,
        "--tasks means nothing to idle, which counts no tasks: leave it out");
    checkMetg();
    refuse(
        bytesMax < PayloadBenchmark.BYTES_MIN || bytesMax > PayloadBenchmark.BYTES_MAX,
        "--bytes-max must be " + PayloadBenchmark.BYTES_MIN + " to " + PayloadBenchmark.BYTES_MAX);
    refuse(
        spec.commandLine().getParseResult().hasMatchedOption("--bytes-max")
            && !(benchmark instanceof PayloadBenchmark),
        "--bytes-max is for payload alone: leave it out");
    refuse(
        !form.equals("all") && MapBenchmark.Form.byLabel(form) == null,
        "--form is '" + form + "', but there are reduce, boxed, keep and all");
    refuse(
        spec.commandLine().getParseResult().hasMatchedOption("--form")
            && !(benchmark instanceof MapBenchmark),
        "--form is for map alone: leave it out");
    refuse(
        (pending != null || payload != null) && !(benchmark instanceof ThroughputBenchmark),
        "--pending and --payload are for throughput alone: leave them out");
    refuse(
        pending != null && (pending < 1 || pending > PENDING_MAX),
        "--pending must be 1 to " + PENDING_MAX);
    refuse(
        pending != null && tasks != null,
        "--tasks means nothing with --pending, which runs for --seconds: leave out one of them");
    refuse(
        payload != null && (payload < PAYLOAD_BYTES_MIN || payload > PAYLOAD_BYTES_MAX),
        "--payload must be " + PAYLOAD_BYTES_MIN + " to " + PAYLOAD_BYTES_MAX + " bytes");
    refuse(
        seed != null && !(benchmark instanceof DagBenchmark),
        "--seed is for dag alone, which draws a graph: leave it out");
    refuse(
        tasks != null && benchmark instanceof MemoryBenchmark && tasks < MemoryBenchmark.TASKS_MIN,
        "--tasks must be at least " + MemoryBenchmark.TASKS_MIN + " for memory");
    refuse(
        benchmark instanceof AllocationBenchmark && wantsMpi() && Objects.equals(ranks, 1),
        "allocation over MPI needs a message's two ends: --ranks must be at least 2");
    refuse(
        tasks != null && benchmark instanceof StartupBenchmark,
        "--tasks means nothing to startup, which counts ranks: leave it out");
    refuse(warmup != null && warmup < 0, "--warmup must not be negative");
    refuse(repetitions < 1, "--repetitions must be at least 1");
    refuse(!(seconds >= 0.01 && seconds <= 86_400), "--seconds must be 0.01 to 86400");
    refuse(!(silence >= 0 && silence <= 3_600), "--silence must be 0 to 3600");
    refuse(
        hlog != null && !(benchmark instanceof LatencyBenchmark),
        "--hlog is for latency alone, which measures a distribution: leave it out");
    refuse(
        intervalNs != null && !(benchmark instanceof LatencyBenchmark),
        "--interval is for latency alone: leave it out");
    checkFile("--hlog", hlog);
    if (!isJsonToStdout()) {
      checkFile("--json", json);
    }
    checkTargets();
    try {
      config = newConfig();
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
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
      throw new ParameterException(spec.commandLine(), String.valueOf(bad.getMessage()), bad);
    }
    String system = wantsMpi() ? mpi : AllEntry.THREADS;
    refuse(
        targets.of(entryName(), system).isEmpty(),
        check
            + " has no target of "
            + entryName()
            + " on "
            + (system == null ? "an MPI" : system)
            + ": leave out --check");
  }

  private String entryName() {
    return AllEntry.nameOf(benchmark().name(), pending != null);
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

  private void checkMetg() {
    refuse(
        tasks != null && benchmark instanceof MetgBenchmark,
        "--tasks means nothing to metg, whose tasks are --width x --steps: leave it out");
    refuse(
        !pattern.equals("all") && MetgPattern.byLabel(pattern) == null,
        "there is no pattern '"
            + pattern
            + "': there are "
            + String.join(" ", MetgPattern.labels())
            + " and all");
    refuse(width < 1 || width > WIDTH_MAX, "--width must be 1 to " + WIDTH_MAX);
    refuse(radix < 1 || radix > RADIX_MAX, "--radix must be 1 to " + RADIX_MAX);
    refuse(steps != null && (steps < 1 || steps > STEPS_MAX), "--steps must be 1 to " + STEPS_MAX);
    refuse(
        output != null && (output < MetgOutputs.BYTES_MIN || output > MetgOutputs.BYTES_MAX),
        "--output must be " + MetgOutputs.BYTES_MIN + " to " + MetgOutputs.BYTES_MAX + " bytes");
    refuse(
        !cores.equals(WORKER_CORES) && !cores.equals(ALL_CORES),
        "--cores is '" + cores + "', but there are workers and all");
    CommandLine.ParseResult given = spec.commandLine().getParseResult();
    for (String option :
        List.of("--pattern", "--width", "--radix", "--steps", "--output", "--cores")) {
      refuse(
          given.hasMatchedOption(option) && !(benchmark instanceof MetgBenchmark),
          option + " is for metg alone: leave it out");
    }
  }

  private void checkFile(String option, @Nullable Path file) {
    if (file == null) {
      return;
    }
    Path parent = file.toAbsolutePath().getParent();
    refuse(
        parent == null || Files.isDirectory(file) || !Files.isWritable(parent),
        option
            + " "
            + file
            + " cannot be written: name a file in a folder that exists and is yours");
  }

  private HeddleConfig newConfig() {
    HeddleConfig.Builder builder =
        HeddleConfig.builder().serializablePackages(BenchOptions.class.getPackageName());
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
    if (pending != null) {
      builder.pendingTasksMax(PendingThroughput.pendingTasksMax(pending));
    }
    return builder.build();
  }

  /// Checks that this process is what the options ask for: one of a launcher's, or alone. Errors:
  /// as of [#parse].
  void checkPlace(boolean isUnderLauncher) {
    if (benchmark().launchesRuns()) {
      refuse(
          isUnderLauncher,
          "startup launches its runs itself: start it outside of mpirun, mpiexec and srun");
      return;
    }
    refuse(
        wantsMpi() && !isUnderLauncher,
        "MPI needs its launcher: start it by 'heddle bench NAME --mpi openmpi|mpich --ranks N'");
    refuse(
        isUnderLauncher && Objects.equals(transport, "local"),
        "--transport local is for a process alone, and this one was started by an MPI launcher");
  }

  private void refuse(boolean isBad, String why) {
    if (isBad) {
      throw new ParameterException(spec.commandLine(), why);
    }
  }

  boolean wantsMpi() {
    return mpi != null || Objects.equals(transport, "mpi");
  }

  boolean isHelp() {
    return isHelp;
  }

  Benchmark benchmark() {
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

  /// Those to measure, in their order.
  List<MetgPattern> patterns() {
    MetgPattern one = MetgPattern.byLabel(pattern);
    return one == null ? List.of(MetgPattern.values()) : List.of(one);
  }

  /// Those to measure, in their order.
  List<MapBenchmark.Form> forms() {
    MapBenchmark.Form one = MapBenchmark.Form.byLabel(form);
    return one == null ? List.of(MapBenchmark.Form.values()) : List.of(one);
  }

  int width() {
    return width;
  }

  /// 0 for a number.
  int outputBytes() {
    return output == null ? 0 : output;
  }

  boolean isOfAllCores() {
    return cores.equals(ALL_CORES);
  }

  int bytesMax() {
    return bytesMax;
  }

  int radix() {
    return radix;
  }

  /// 0 for as many as fit.
  int steps() {
    return steps == null ? 0 : steps;
  }

  /// 0 where none are to be kept ready.
  int pending() {
    return pending == null ? 0 : pending;
  }

  /// 0 for an index alone.
  int payloadBytes() {
    return payload == null ? 0 : payload;
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
    return intervalNs == null ? 0 : intervalNs;
  }

  long silenceMs() {
    return Math.round(silence * MS_PER_S);
  }

  @Nullable Path hlog() {
    return hlog;
  }

  @Nullable Path json() {
    return json;
  }

  boolean isJsonToStdout() {
    return json != null && json.toString().equals("-");
  }
}
