package dev.heddle.behaviour;

import dev.heddle.Heddle;
import java.util.Map;

/// A program whose second rank fails between MPI's start and its own: its thread has no class
/// loader to give.
public final class CannotStartMain {
  private CannotStartMain() {}

  /// A thread as a library might make it, with a fault in it.
  private static final class Faulty extends Thread {
    Faulty(Runnable run) {
      super(run);
    }

    /// Others than the run itself are answered, such as what looks for an executor before.
    @Override
    public ClassLoader getContextClassLoader() {
      if (StackWalker.getInstance()
          .walk(frames -> frames.anyMatch(frame -> frame.getMethodName().equals("connect")))) {
        throw new LinkageError("planned");
      }
      return super.getContextClassLoader();
    }
  }

  /// Starts a rank.
  public static void main(String[] args) throws InterruptedException {
    Runnable run =
        () -> {
          boolean _ = Heddle.run(args, heddle -> System.out.println("the body has begun"));
        };
    Map<String, String> launcher = System.getenv();
    String rank = launcher.getOrDefault("OMPI_COMM_WORLD_RANK", launcher.get("PMI_RANK"));
    Thread thread = "1".equals(rank) ? new Faulty(run) : new Thread(run);
    thread.start();
    thread.join();
  }
}
