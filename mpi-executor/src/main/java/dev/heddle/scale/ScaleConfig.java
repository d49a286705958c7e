package dev.heddle.scale;

import dev.heddle.core.link.IdleSleep;

/// Everything that decides a run. Errors: [IllegalArgumentException] that names value and bound.
///
/// @param workers ranks with slots
/// @param slots of each of them
/// @param fanout most children of a rank
/// @param prefetchMax tasks a worker holds beyond its slots
/// @param machine network and hosts
/// @param costs of our own code
/// @param tasks submitted one by one from rank 0, or the places of one array
/// @param isArray whether the tasks are one array, submitted once
/// @param durations of the tasks
/// @param pendingTasksMax submit waits when so many are pending
/// @param parkNsMax longest sleep of an idle rank that has a core of its own
/// @param livenessNs silence after which a neighbour is lost; only where there are faults
/// @param faults what goes wrong
/// @param seed of noise, durations and faults
public record ScaleConfig(
    int workers,
    int slots,
    int fanout,
    int prefetchMax,
    Machine machine,
    Costs costs,
    long tasks,
    boolean isArray,
    Durations durations,
    long pendingTasksMax,
    long parkNsMax,
    long livenessNs,
    ScaleFaults faults,
    long seed) {
  /// Most workers: two for each of the largest machines' hardware threads.
  public static final int WORKERS_MAX = 2_000_000;

  /// Most slots of a worker.
  public static final int SLOTS_MAX = 4096;

  /// Most slots of all workers.
  public static final long ALL_SLOTS_MAX = 1L << 26;

  /// Most tasks.
  public static final long TASKS_MAX = 1_000_000_000L;

  /// Longest mean duration, an hour.
  public static final long TASK_NS_MAX = 3_600_000_000_000L;

  /// What users get without asking.
  public static final int FANOUT = 128;

  /// As in the executor's configuration.
  public static final int PREFETCH_MAX = 1024;

  private static final long PENDING_TASKS_MAX = 1_000_000;

  /// Longest sleep of an idle rank that has a core of its own, by default.
  private static final long PARK_NS_MAX = 1_000_000;

  private static final long LIVENESS_NS = 15_000_000_000L;

  /// Checks the bounds.
  public ScaleConfig {
    check("workers", workers, 1, WORKERS_MAX);
    check("slots", slots, 1, SLOTS_MAX);
    check("workers x slots", (long) workers * slots, 1, ALL_SLOTS_MAX);
    check("fanout", fanout, 2, 4096);
    check("prefetch", prefetchMax, 0, 65_536);
    check("tasks", tasks, 1, TASKS_MAX);
    check("task-ms x 1,000,000", durations.meanNs(), 0, TASK_NS_MAX);
  }

  private static void check(String name, long value, long min, long max) {
    if (value < min || value > max) {
      throw new IllegalArgumentException(
          name + " is " + value + ", but has to be " + min + " to " + max);
    }
  }

  /// Longest sleep of an idle rank by default, with so many ranks on a host of so many cores.
  public static long parkNsMax(int ranks, int cores) {
    return IdleSleep.nsMax(PARK_NS_MAX, ranks, cores);
  }

  /// The defaults for everything that has one; more tasks may be pending than by default where
  /// there are more slots, since workers would idle else.
  public static ScaleConfig of(
      int workers, int slots, long tasks, Durations durations, Machine machine, long seed) {
    return new ScaleConfig(
        workers,
        slots,
        FANOUT,
        PREFETCH_MAX,
        machine,
        Costs.shipped(),
        tasks,
        false,
        durations,
        Math.max(PENDING_TASKS_MAX, 2L * workers * slots),
        PARK_NS_MAX,
        LIVENESS_NS,
        ScaleFaults.NONE,
        seed);
  }

  /// The same with another tree.
  public ScaleConfig withFanout(int other) {
    return new ScaleConfig(
        workers,
        slots,
        other,
        prefetchMax,
        machine,
        costs,
        tasks,
        isArray,
        durations,
        pendingTasksMax,
        parkNsMax,
        livenessNs,
        faults,
        seed);
  }

  /// The same with another prefetch.
  public ScaleConfig withPrefetchMax(int other) {
    return new ScaleConfig(
        workers,
        slots,
        fanout,
        other,
        machine,
        costs,
        tasks,
        isArray,
        durations,
        pendingTasksMax,
        parkNsMax,
        livenessNs,
        faults,
        seed);
  }

  /// The same with other costs.
  public ScaleConfig withCosts(Costs other) {
    return new ScaleConfig(
        workers,
        slots,
        fanout,
        prefetchMax,
        machine,
        other,
        tasks,
        isArray,
        durations,
        pendingTasksMax,
        parkNsMax,
        livenessNs,
        faults,
        seed);
  }

  /// The same with another bound on pending tasks; 1 is one after the other.
  public ScaleConfig withPendingTasksMax(long other) {
    return new ScaleConfig(
        workers,
        slots,
        fanout,
        prefetchMax,
        machine,
        costs,
        tasks,
        isArray,
        durations,
        other,
        parkNsMax,
        livenessNs,
        faults,
        seed);
  }

  /// The same with other tasks.
  public ScaleConfig withTasks(long count, long meanNs) {
    return new ScaleConfig(
        workers,
        slots,
        fanout,
        prefetchMax,
        machine,
        costs,
        count,
        isArray,
        new Durations(meanNs, durations.shape(), durations.sigma()),
        pendingTasksMax,
        parkNsMax,
        livenessNs,
        faults,
        seed);
  }

  /// The same with faults.
  public ScaleConfig withFaults(ScaleFaults other) {
    return new ScaleConfig(
        workers,
        slots,
        fanout,
        prefetchMax,
        machine,
        costs,
        tasks,
        isArray,
        durations,
        pendingTasksMax,
        parkNsMax,
        livenessNs,
        other,
        seed);
  }

  /// The same with all tasks in one array.
  public ScaleConfig withArray() {
    return new ScaleConfig(
        workers,
        slots,
        fanout,
        prefetchMax,
        machine,
        costs,
        tasks,
        true,
        durations,
        pendingTasksMax,
        parkNsMax,
        livenessNs,
        faults,
        seed);
  }

  /// The same with another longest sleep of an idle rank.
  public ScaleConfig withParkNsMax(long other) {
    return new ScaleConfig(
        workers,
        slots,
        fanout,
        prefetchMax,
        machine,
        costs,
        tasks,
        isArray,
        durations,
        pendingTasksMax,
        other,
        livenessNs,
        faults,
        seed);
  }
}
