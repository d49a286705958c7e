package dev.heddle.bench.measure;

import dev.heddle.Heddle;
import dev.heddle.TaskFuture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;

/// The processes of a run that are on rank 0's host, and the processor time each has used, from
/// `/proc` of Linux.
///
/// @param pids this process's and those of the workers on the same host
/// @param ranksMeasured number of ranks in these processes
public record Processes(Set<Long> pids, int ranksMeasured) {
  private static final long ASKING_NS_MAX = 30_000_000_000L;

  /// Long enough that workers are not given several at once, so that each gets one.
  private static final long ASKING_TASK_MS = 20;

  /// Linux tells `/proc/PID/stat` in hundredths of a second, whatever the kernel's own tick.
  private static final double TICKS_PER_SECOND = 100;

  /// Finds them by tasks that say where they run, until every worker has answered.
  ///
  /// Errors: [BenchFailure] where one does not.
  public static Processes find(Heddle heddle)
      throws InterruptedException, ExecutionException, BenchFailure {
    if (!Files.isReadable(Path.of("/proc/self/stat"))) {
      throw new BenchFailure("idle reads /proc/PID/stat, which this system has not: use Linux");
    }
    Set<Long> pids = new TreeSet<>();
    long own = ProcessHandle.current().pid();
    pids.add(own);
    if (!Conditions.isUnderMpi()) {
      return new Processes(pids, heddle.ranks());
    }
    int workers = heddle.progress().workers();
    Set<String> answers = new HashSet<>();
    long deadlineNs = System.nanoTime() + ASKING_NS_MAX;
    while (answers.size() < workers) {
      if (System.nanoTime() - deadlineNs > 0) {
        throw new BenchFailure(
            "only "
                + answers.size()
                + " of "
                + workers
                + " workers ran one of the short tasks that"
                + " ask for their process: a rank hangs, or the machine is far too busy to measure"
                + " idleness");
      }
      List<TaskFuture<String>> asked = new ArrayList<>();
      for (long i = 0; i < 2 * heddle.slots(); i++) {
        asked.add(heddle.submit(Work::processAfter, ASKING_TASK_MS));
      }
      for (TaskFuture<String> answer : asked) {
        answers.add(answer.get());
      }
    }
    String prefix = Conditions.hostName() + "/";
    for (String answer : answers) {
      if (answer.startsWith(prefix)) {
        pids.add(Long.valueOf(answer.substring(prefix.length())));
      }
    }
    return new Processes(pids, pids.size());
  }

  /// Processor time used so far by each, in seconds.
  public Map<Long, Double> cpuSeconds() throws IOException, BenchFailure {
    Map<Long, Double> seconds = new LinkedHashMap<>();
    for (long pid : pids) {
      Path file = Path.of("/proc", Long.toString(pid), "stat");
      if (!Files.isReadable(file)) {
        throw new BenchFailure(
            "process " + pid + " of a rank on this host is gone or not ours to read: " + file);
      }
      seconds.put(pid, cpuSeconds(Files.readString(file)));
    }
    return seconds;
  }

  /// User and system time from a line of `/proc/PID/stat`: fields 14 and 15, counted behind the
  /// program's name, which may contain anything.
  static double cpuSeconds(String stat) {
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / TICKS_PER_SECOND;
  }

  /// The most memory that this process ever had resident, in bytes, from the text of
  /// `/proc/self/status`; negative where it doesn't say.
  public static long peakResidentBytes(String status) {
    for (String line : status.split("\n", -1)) {
      if (line.startsWith("VmHWM:")) {
        return Long.parseLong(line.replaceAll("\\D", "")) * 1024;
      }
    }
    return -1;
  }
}
