package dev.heddle.bench.study;

import dev.heddle.bench.measure.Command;
import dev.heddle.bench.measure.CommonOptions;
import dev.heddle.bench.measure.Invocation;
import dev.heddle.scale.Costs;
import dev.heddle.scale.Durations;
import dev.heddle.scale.Machine;
import dev.heddle.scale.ScaleConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// What the user of `heddle study` may choose; filled by picocli, then read only.
@CommandLine.Command(
    name = "study",
    description =
        "Runs the experiments of the Parsl paper: on this machine as far as it goes, simulated"
            + " beyond, side by side with what was published, never mixed.",
    footer = {
      "",
      "Simulated rows say so; how close they are stands in docs/measured/scaling.md. The heddle"
          + " command itself takes --heap S and --jvm-arg A."
    },
    sortOptions = false)
public final class StudyOptions implements Command {
  private static final String VALIDATE = "validate";

  /// The experiments, in the order of `all`.
  static final List<String> STUDIES =
      List.of("latency", "throughput", "strong", "weak", "sweep", "metg", "peers-check", VALIDATE);

  /// The experiments, for the help.
  private static final class Names extends ArrayList<String> {
    private static final long serialVersionUID = 1;

    Names() {
      super(STUDIES);
    }
  }

  @Parameters(
      arity = "0..1",
      paramLabel = "NAME",
      completionCandidates = Names.class,
      description = "${COMPLETION-CANDIDATES} or all.")
  private @Nullable String study;

  @Option(
      names = "--workers",
      paramLabel = "N",
      description =
          "metg: simulated workers (default: 8,192, 65,536 and 262,144, one by one and as an"
              + " array); sweep: the same (default: 8,192); the others, and metg in all: most"
              + " simulated workers (default: 262,144).")
  private @Nullable Integer workers;

  @Option(
      names = "--pattern",
      paramLabel = "NAME",
      defaultValue = "trivial",
      description = "metg: tasks that depend on nothing (default: ${DEFAULT-VALUE}).")
  private String pattern = "";

  @Option(
      names = "--array",
      description = "metg: all tasks are one array, in place of tasks submitted one by one.")
  private boolean isArray;

  @Option(
      names = "--tasks-per-worker",
      paramLabel = "N",
      defaultValue = "10",
      description = "metg, weak, sweep (default: ${DEFAULT-VALUE}).")
  private int tasksPerWorker;

  @Option(
      names = "--machine",
      paramLabel = "NAME",
      defaultValue = "bluewaters",
      description =
          "Network and hosts: frontier, bluewaters, alps or azure (default: ${DEFAULT-VALUE}).")
  private String machine = "";

  @Option(
      names = "--costs",
      paramLabel = "FILE",
      description = "What our code takes of a core, of 'heddle bench costs' (default: as shipped).")
  private @Nullable Path costs;

  @Option(
      names = "--real-seconds",
      paramLabel = "S",
      defaultValue = "12",
      description =
          "Runs on this machine that take longer at best are left out; 0: none are run, and all"
              + " leaves validate out (default:"
              + " ${DEFAULT-VALUE}).")
  private double realSeconds;

  @Option(
      names = "--mpi",
      paramLabel = "openmpi|mpich",
      description =
          "latency, throughput, strong, weak, validate: real runs on up to 64 processes of this MPI"
              + " too (default: only on ranks in one JVM).")
  private @Nullable String mpi;

  @Option(
      names = {"-n", "--ranks"},
      paramLabel = "N",
      description = "validate: on so many ranks (default: 2, 4, 8, 16, 32 and 64).")
  private @Nullable Integer ranks;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "Of the simulated runs (default: ${DEFAULT-VALUE}).")
  private long seed;

  @Option(
      names = "--out",
      paramLabel = "FOLDER",
      description = "Write study.md, study.html and a plot per experiment there.")
  private @Nullable Path out;

  /// The names of all experiments, in the order of `all`.
  public static List<String> studiesNamed() {
    return STUDIES;
  }

  @Mixin private CommonOptions common = new CommonOptions();

  @Override
  public void check() {
    try {
      checkValues();
    } catch (IllegalArgumentException bad) {
      throw common.refusal(bad);
    }
    common.check();
  }

  private void checkValues() {
    refuse(
        study == null || !(STUDIES.contains(study) || study.equals("all")),
        (study == null ? "no study named" : "there is no study '" + study + "'")
            + ": there are "
            + String.join(" ", STUDIES)
            + " and all");
    refuse(
        workers != null && (workers < 1 || workers > ScaleConfig.WORKERS_MAX),
        "--workers is " + workers + ", but has to be 1 to " + ScaleConfig.WORKERS_MAX);
    refuse(
        tasksPerWorker < 1 || tasksPerWorker > 1000,
        "--tasks-per-worker is " + tasksPerWorker + ", but has to be 1 to 1000");
    refuse(
        !(realSeconds >= 0 && realSeconds <= 3600),
        "--real-seconds is " + realSeconds + ", but has to be 0 to 3600");
    refuse(
        realSeconds == 0 && VALIDATE.equals(study),
        "--real-seconds is 0, but validate has real runs only");
    refuse(
        !pattern.equals("trivial"),
        "there is no pattern '"
            + pattern
            + "' here: there is trivial; 'heddle bench metg' has more");
    refuse(
        mpi != null && !mpi.equals("openmpi") && !mpi.equals("mpich"),
        "unknown MPI '" + mpi + "': it is openmpi or mpich");
    refuse(
        ranks != null && (ranks < 2 || ranks > 64),
        "--ranks is " + ranks + ", but has to be 2 to 64");
    refuse(
        machine.equals("local"),
        "--machine local is this machine, where studies run for real: choose another");
    refuse(
        out != null && Files.exists(out) && !Files.isDirectory(out),
        "--out " + out + " is a file, but has to be a folder");
    Machine _ = Machine.of(machine);
    Costs _ = costs();
  }

  private static void refuse(boolean isWrong, String why) {
    if (isWrong) {
      throw new IllegalArgumentException(why);
    }
  }

  /// A run of tasks of a constant length, submitted one by one.
  ScaleConfig simulated(int workerCount, long tasks, long taskNs) {
    return ScaleConfig.of(
            workerCount, 1, tasks, Durations.parse("constant", taskNs), Machine.of(machine), seed)
        .withCosts(costs());
  }

  Costs costs() {
    return costs == null ? Costs.shipped() : Costs.read(costs);
  }

  boolean hasCosts() {
    return costs != null;
  }

  List<String> studies() {
    if (study != null && !study.equals("all")) {
      return List.of(study);
    }
    // all that validate does are real runs
    return STUDIES.stream().filter(name -> realSeconds > 0 || !name.equals(VALIDATE)).toList();
  }

  String study() {
    return study == null ? "" : study;
  }

  int workers(int otherwise) {
    return workers == null ? otherwise : workers;
  }

  /// Whether an experiment of one size is to be run at several: in `all`, and without `--workers`.
  boolean hasSeveralSizes() {
    return "all".equals(study) || workers == null;
  }

  boolean isArray() {
    return isArray;
  }

  String pattern() {
    return pattern;
  }

  int tasksPerWorker() {
    return tasksPerWorker;
  }

  String machine() {
    return machine;
  }

  double realSeconds() {
    return realSeconds;
  }

  @Nullable String mpi() {
    return mpi;
  }

  @Nullable Integer ranks() {
    return ranks;
  }

  long seed() {
    return seed;
  }

  @Override
  public boolean isHelp() {
    return common.isHelp();
  }

  @Override
  public int run(Invocation invocation) {
    return new StudyCommand(this, invocation.out(), invocation.err()).run();
  }

  @Nullable Path out() {
    return out;
  }

  @Nullable Path json() {
    return common.json();
  }

  boolean isJsonToStdout() {
    return common.isJsonToStdout();
  }
}
