package dev.heddle.runtime.slot;

/// Clears what users' code has left on a thread of Heddle, before other users' code runs there: the
/// interrupt flag, and a changed name, priority or context class loader.
///
/// Thread locals stay, as in every pool of threads: libraries keep in them what is costly to make.
/// Threading: [#clear] on the thread itself.
final class Leftovers {
  private final String name;
  private final int priority;
  private final ClassLoader loader;

  /// Remembers `thread` as it is before users' code has run there.
  Leftovers(Thread thread) {
    this.name = thread.getName();
    this.priority = thread.getPriority();
    this.loader = thread.getContextClassLoader();
  }

  /// Reads four fields. Sets those that differ, which costs more.
  @SuppressWarnings({"ThreadPriorityCheck", "ReferenceEquality"}) // compares identities
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
