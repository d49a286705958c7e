package dev.heddle.bench.run;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.heddle.Heddle;
import dev.heddle.bench.measure.BenchFailure;
import dev.heddle.bench.measure.Metric;
import dev.heddle.bench.measure.Work;
import dev.heddle.bench.start.FirstTasks;
import dev.heddle.bench.start.InitOnly;
import dev.heddle.bench.start.StartupLaunch;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// How long a run takes to start: from just before `heddle run` until its body knows that every
/// worker has run a task, beside the same launch of the same JVMs that only call MPI_Init.
///
/// A repetition launches both, one after the other, and the order changes from one repetition to
/// the next. Both times end when a line reaches this process: one of rank 0's body, and the last of
/// one per rank behind its MPI_Init. Threading: the caller's; nothing else runs in this process.
public final class StartupBenchmark implements Benchmark {
  static final String NAME = "startup";

  static final int RANKS = 32;

  private static final Metric FIRST_TASK = new Metric("firstTaskS", 3);
  private static final Metric MPI_INIT = new Metric("mpiInitS", 3);
  private static final Metric RATIO = new Metric("ratio", 3);
  private static final Metric RESIDENT = new Metric("rssBytesPerRank", 0);

  private static final TypeReference<LinkedHashMap<String, @Nullable Object>> CONDITIONS =
      new TypeReference<>() {};

  private final @Nullable String home;
  private int measured;
  private @Nullable Map<String, @Nullable Object> conditions;

  /// `home` is Heddle's folder, null where this process was not started by the `heddle` command.
  public StartupBenchmark(@Nullable String home) {
    this.home = home;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public boolean launchesRuns() {
    return true;
  }

  @Override
  public List<Metric> metrics() {
    return List.of(FIRST_TASK, MPI_INIT, RATIO, RESIDENT);
  }

  @Override
  public int defaultTasks() {
    return 1;
  }

  @Override
  public Map<String, @Nullable Object> conditions(@Nullable Heddle heddle, BenchOptions options) {
    return Objects.requireNonNull(conditions, "a run was measured");
  }

  @Override
  public Map<String, Double> measure(BenchSession session)
      throws IOException, InterruptedException, BenchFailure {
    BenchOptions options = session.options();
    boolean isReversed = measured++ % 2 == 1;
    double initS = Double.NaN;
    if (options.wantsMpi() && isReversed) {
      initS = initSeconds(options);
    }
    StartupLaunch launch = launch(options, FirstTasks.class);
    double firstS = launch.seconds(FirstTasks.DONE_LINE, 1);
    if (options.wantsMpi() && !isReversed) {
      initS = initSeconds(options);
    }
    String[] done = launch.rest(FirstTasks.DONE_LINE).split(" ", -1);
    session.check(Long.parseLong(done[1]), Work.expectedSum(0, Long.parseLong(done[0])));
    conditions = new JsonMapper().readValue(launch.rest(FirstTasks.CONDITIONS_LINE), CONDITIONS);
    Map<String, Double> values = new HashMap<>();
    values.put(FIRST_TASK.key(), firstS);
    values.put(MPI_INIT.key(), initS);
    values.put(RATIO.key(), firstS / initS);
    double resident = Double.parseDouble(launch.rest(FirstTasks.RESIDENT_LINE));
    values.put(RESIDENT.key(), resident < 0 ? Double.NaN : resident);
    return values;
  }

  private double initSeconds(BenchOptions options)
      throws IOException, InterruptedException, BenchFailure {
    return launch(options, InitOnly.class).seconds(InitOnly.LINE, options.ranks());
  }

  private StartupLaunch launch(BenchOptions options, Class<?> program)
      throws IOException, InterruptedException, BenchFailure {
    if (home == null) {
      throw new BenchFailure(
          "bench startup launches runs by the heddle command, which HEDDLE_HOME doesn't name: start"
              + " it by 'heddle bench startup'");
    }
    List<String> command = new ArrayList<>(List.of(home + "/heddle", "run"));
    Map<String, String> environment = new HashMap<>(Map.of("HEDDLE_BUILD", "never"));
    if (options.wantsMpi()) {
      String mpi = options.mpi();
      if (mpi != null) {
        command.addAll(List.of("--mpi", mpi));
      }
      command.addAll(List.of("--ranks", Integer.toString(options.ranks())));
    } else {
      environment.put("HEDDLE_LOCAL_RANKS", Integer.toString(options.ranks()));
    }
    options.jvmArguments().forEach(argument -> command.addAll(List.of("--jvm-arg", argument)));
    command.add(program.getName());
    return StartupLaunch.of(command, environment);
  }
}
