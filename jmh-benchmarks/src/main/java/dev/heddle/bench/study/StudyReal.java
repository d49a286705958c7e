package dev.heddle.bench.study;

import dev.heddle.Heddle;
import dev.heddle.TaskFuture;
import dev.heddle.bench.measure.Work;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;

/// The measured runs of `heddle study`: on ranks of this JVM, or, as a program, on the ranks that
/// it finds itself on ([StudyLaunch]).
///
/// Threading: the calling thread; one run at a time.
public final class StudyReal {
  private static final double NS_PER_S = 1e9;

  /// No-op tasks before those that count, in loads, until what runs is compiled.
  private static final int WARM_UPS = 4;

  /// Tasks of no time are over soon, so that one run says little.
  private static final int REPETITIONS = 5;

  /// What is run.
  ///
  /// @param isLone each task is submitted when the one before is done; else all at once
  /// @param tasks as many
  /// @param taskMs for which each of them sleeps; 0 for no-op tasks
  record Load(boolean isLone, int tasks, long taskMs) {
    /// As an argument of the program.
    String text() {
      return (isLone ? "lone:" : "all:") + tasks + ":" + taskMs;
    }

    /// The reverse of [#text].
    static Load parse(String text) {
      String[] parts = text.split(":", -1);
      return new Load(
          parts[0].equals("lone"), Integer.parseInt(parts[1]), Long.parseLong(parts[2]));
    }
  }

  private StudyReal() {}

  /// Arguments: loads. Rank 0 prints a line `ran NUMBER SECONDS` for each.
  public static void main(String[] args) {
    List<Load> loads = Arrays.stream(args).map(Load::parse).toList();
    StudyRanks.main(args, (starting, out) -> run(starting, loads, out));
  }

  /// Each load in a run of its own: workers that have seen shorter tasks ask for more ahead, and
  /// some would keep what others could run.
  private static void run(StudyRanks.Starting starting, List<Load> loads, PrintStream out) {
    for (int i = 0; i < loads.size(); i++) {
      int at = i;
      starting.start(
          heddle -> {
            out.println("ran " + at + " " + seconds(heddle, loads.get(at)));
            out.flush();
          });
    }
  }

  /// Seconds from the first submit to the last result of each load, on `workers` ranks of this JVM
  /// with a slot each, below a coordinator.
  static double[] inProcess(int workers, List<Load> loads) {
    List<String> lines =
        StudyRanks.inProcess(workers + 1, (starting, out) -> run(starting, loads, out));
    return seconds(lines, loads.size());
  }

  /// What the lines of a run tell. Errors: [StudyValidation.Unavailable] where something is
  /// missing.
  static double[] seconds(List<String> lines, int loads) {
    double[] seconds = new double[loads];
    int found = 0;
    for (String line : lines) {
      String[] words = line.split(" ", -1);
      if (words[0].equals("ran")) {
        seconds[Integer.parseInt(words[1])] = Double.parseDouble(words[2]);
        found++;
      }
    }
    if (found != loads) {
      throw new StudyValidation.Unavailable(
          "a real run told " + found + " results of " + loads + " only");
    }
    return seconds;
  }

  /// Of no-op tasks the median of some repetitions.
  private static double seconds(Heddle heddle, Load load)
      throws InterruptedException, ExecutionException {
    if (load.taskMs() == 0) {
      double _ = seconds(heddle, load.isLone(), WARM_UPS * load.tasks(), 0);
    } else {
      // of the same length
      int first = (int) Math.min(load.tasks(), 3 * heddle.slots());
      double _ = seconds(heddle, false, first, load.taskMs());
    }
    double[] values = new double[load.taskMs() == 0 ? REPETITIONS : 1];
    for (int i = 0; i < values.length; i++) {
      values[i] = seconds(heddle, load.isLone(), load.tasks(), load.taskMs());
    }
    Arrays.sort(values);
    return values[values.length / 2];
  }

  private static double seconds(Heddle heddle, boolean isLone, int tasks, long taskMs)
      throws InterruptedException, ExecutionException {
    List<TaskFuture<Long>> futures = new ArrayList<>(isLone ? 0 : tasks);
    long sum = 0;
    long beganNs = System.nanoTime();
    for (int i = 0; i < tasks; i++) {
      TaskFuture<Long> future =
          taskMs == 0 ? heddle.submit(Work::mix64, (long) i) : heddle.submit(Work::sleep, taskMs);
      if (isLone) {
        sum += future.get();
      } else {
        futures.add(future);
      }
    }
    for (TaskFuture<Long> future : futures) {
      sum += future.get();
    }
    double seconds = (System.nanoTime() - beganNs) / NS_PER_S;
    if (sum != (taskMs == 0 ? Work.expectedSum(0, tasks) : tasks * taskMs)) {
      throw new IllegalStateException("wrong results, which is a bug in Heddle; please report it");
    }
    return seconds;
  }
}
