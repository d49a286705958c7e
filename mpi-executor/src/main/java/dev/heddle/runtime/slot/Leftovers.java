package dev.heddle.runtime.slot;

/// Puts right what users' code has left on a thread of ours, before other users' code runs there:
/// the interrupt flag, and another name, priority or context class loader.
///
/// Thread locals stay, as in every pool of threads: libraries keep in them what is costly to make.
/// Threading: the thread that it is of.
final class Leftovers {
  private final String name;
  private final int priority;
  private final ClassLoader loader;

  /// Of `thread`, as it is before users' code has run there.
  Leftovers(Thread thread) {
    this.name = thread.getName();
    this.priority = thread.getPriority();
    this.loader = thread.getContextClassLoader();
  }

  /// Four fields are read; what differs is set, which costs more.
  @SuppressWarnings({"ThreadPriorityCheck", "ReferenceEquality"}) // it is another one, or isn't
  void clear() {
    boolean _ = Thread.interrupted();
    Thread self = Thread.currentThread();
    if (!self.getName().equals(name)) {
      self.setName(name);
    }
    if (self.getPriority() != priority) {
      self.setPriority(priority);
    }
    if (self.getContextClassLoader() != loader) {
      self.setContextClassLoader(loader);
    }
  }
}
