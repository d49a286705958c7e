package dev.heddle.bench.study;

import dev.heddle.bench.study.StudyReal.Load;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Where the measured runs of a study take place: on ranks of this JVM, and, if an MPI was named,
/// on its processes, which the `heddle` command starts.
///
/// Threading: the calling thread; one run at a time.
final class StudyLaunch {
  /// The system that is always there.
  static final String THREADS = "threads";

  /// Processes that a machine of few cores can start in a sane time.
  private static final int RANKS_MAX = 64;

  /// More ranks than this for each core are small JVMs, since all of them have to fit.
  private static final int RANKS_PER_CORE_MAX = 2;

  private static final List<String> SMALL = List.of("--tiny", "--heap", "512m");

  private final @Nullable String mpi;
  private final double secondsMax;
  private final PrintStream err;

  /// Loads that take longer than `secondsMax` at best are left out; 0: all. Progress goes to `err`.
  StudyLaunch(@Nullable String mpi, double secondsMax, PrintStream err) {
    this.mpi = mpi;
    this.secondsMax = secondsMax;
    this.err = err;
  }

  /// What there is to run on; nothing where nothing is to be run.
  List<String> systems() {
    return secondsMax == 0 ? List.of() : mpi == null ? List.of(THREADS) : List.of(THREADS, mpi);
  }

  /// Workers of this system where `workers` are wanted: a process less is there for each MPI.
  static int workers(String system, int workers) {
    return system.equals(THREADS) ? workers : Math.min(workers, RANKS_MAX - 1);
  }

  /// Those loads that are over soon enough, and could be run here at all.
  List<Load> shortOnes(int workers, List<Load> loads) {
    return loads.stream()
        .filter(load -> workers <= RANKS_MAX)
        .filter(load -> Math.ceilDiv(load.tasks(), workers) * load.taskMs() / 1e3 <= secondsMax)
        .toList();
  }

  /// Seconds from the first submit to the last result of each load. Errors:
  /// [StudyValidation.Unavailable] where a run can't be made.
  double[] seconds(String system, int workers, List<Load> loads) {
    List<String> texts = loads.stream().map(Load::text).toList();
    err.println("study: running " + String.join(" ", texts) + " workers=" + workers + " " + system);
    err.flush();
    if (system.equals(THREADS)) {
      return StudyReal.inProcess(workers, loads);
    }
    List<String> command = new ArrayList<>(List.of("run"));
    command.addAll(List.of("--mpi", system, "-n", Integer.toString(workers + 1)));
    if (workers >= RANKS_PER_CORE_MAX * Runtime.getRuntime().availableProcessors()) {
      command.addAll(SMALL);
    }
    command.add(StudyReal.class.getName());
    command.addAll(texts);
    return StudyReal.seconds(StudyRanks.launched(command, Map.of()), loads.size());
  }
}
