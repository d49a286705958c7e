package dev.heddle.spi;

/// Which threads run tasks.
final class TaskThreads {
  static final ThreadLocal<CurrentTask> BOUND = new ThreadLocal<>();

  private TaskThreads() {}
}
