package dev.heddle.bench.study;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Starts the real ranks of `study validate`, and what it measures before.
///
/// Shape: with an MPI each start is a job of its own, of processes with the flags of [#JVM];
/// without one the ranks are in this JVM. Threading: the calling thread. Errors:
/// [StudyValidation.Unavailable].
///
/// @param mpi as on the command line, or null
/// @param seed of durations
record ValidateLaunch(@Nullable String mpi, long seed) {
  /// Small JVMs, since 64 have to fit; methods are compiled soon, so that warm-ups are short; room
  /// for rank 0's futures.
  private static final List<String> JVM =
      List.of("--tiny", "--heap", "512m", "--jvm-arg", "-XX:CompileThresholdScaling=0.05");

  /// Nanoseconds of each counted run, by load.
  List<List<Long>> runsNs(int ranks, int runs, List<ValidateLoad> loads) {
    return found(lines(ranks, runs, loads), ranks, runs, loads.size());
  }

  /// The same of ranks that are threads of one JVM of these flags, which talk through memory.
  List<List<Long>> runsNsWithoutMpi(int ranks, int runs, List<ValidateLoad> loads) {
    List<String> command = new ArrayList<>(List.of("run", "--slots", "1"));
    command.addAll(JVM);
    command.addAll(arguments(runs, loads));
    Map<String, String> environment = Map.of("HEDDLE_LOCAL_RANKS", Integer.toString(ranks));
    return found(words(StudyRanks.launched(command, environment)), ranks, runs, loads.size());
  }

  /// The numbers behind the word `woke`, as [ValidateRun] prints them.
  double[] wokeNs(int ranks) {
    for (String[] line : lines(ranks, 0, List.of())) {
      if (line[0].equals("woke")) {
        double[] numbers = new double[line.length - 1];
        for (int i = 0; i < numbers.length; i++) {
          numbers[i] = Double.parseDouble(line[i + 1]);
        }
        return numbers;
      }
    }
    throw new StudyValidation.Unavailable(
        "the run that measures what waking up costs said nothing");
  }

  /// What `bench costs` writes in a JVM of these flags.
  String costs() {
    List<String> command = new ArrayList<>(List.of("bench", "costs"));
    command.addAll(List.of("--in-flight", "9600"));
    command.addAll(JVM);
    return String.join("\n", StudyRanks.launched(command, Map.of()));
  }

  private static List<List<Long>> found(List<String[]> lines, int ranks, int runs, int loads) {
    List<List<Long>> found = new ArrayList<>();
    for (int i = 0; i < loads; i++) {
      found.add(new ArrayList<>());
    }
    for (String[] line : lines) {
      if (line[0].equals("ran")) {
        found.get(Integer.parseInt(line[1])).add(Long.parseLong(line[3]));
      }
    }
    for (List<Long> load : found) {
      if (load.size() != runs) {
        throw new StudyValidation.Unavailable(
            "a real run on %d ranks told %d results of %d".formatted(ranks, load.size(), runs));
      }
    }
    return found;
  }

  /// The words of the lines that a run of [ValidateRun] prints.
  private List<String[]> lines(int ranks, int runs, List<ValidateLoad> loads) {
    return mpi == null
        ? words(inProcess(ranks, runs, loads))
        : words(launched(mpi, ranks, runs, loads));
  }

  private static List<String[]> words(List<String> lines) {
    return lines.stream().map(line -> line.split(" ", -1)).toList();
  }

  private List<String> inProcess(int ranks, int runs, List<ValidateLoad> loads) {
    return StudyRanks.inProcess(
        ranks, (starting, out) -> ValidateRun.run(starting, loads, runs, seed, out));
  }

  private List<String> launched(String family, int ranks, int runs, List<ValidateLoad> loads) {
    List<String> command = new ArrayList<>(List.of("run", "--mpi", family));
    command.addAll(List.of("-n", Integer.toString(ranks)));
    command.addAll(JVM);
    command.addAll(arguments(runs, loads));
    return StudyRanks.launched(command, Map.of());
  }

  private List<String> arguments(int runs, List<ValidateLoad> loads) {
    List<String> arguments = new ArrayList<>(List.of(ValidateRun.class.getName()));
    arguments.addAll(List.of(Integer.toString(runs), Long.toString(seed)));
    loads.forEach(load -> arguments.add(load.text()));
    return arguments;
  }
}
