package dev.heddle.spi;

/// The threads that run tasks.
final class TaskThreads {
  static final ThreadLocal<CurrentTask> BOUND = new ThreadLocal<>();

  private TaskThreads() {}
}
