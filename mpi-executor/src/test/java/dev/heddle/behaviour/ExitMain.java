package dev.heddle.behaviour;

import dev.heddle.Heddle;
import dev.heddle.HeddleConfig;
import dev.heddle.Range;
import java.util.concurrent.CountDownLatch;

/// A program that ends by `System.exit`, somewhere.
///
/// Arguments: who exits (`task`, `thread` of a task, `index` of an array, `combiner`, `body`,
/// `bodyThread`, `after` the run), and the exit code; `crash` is a task that ends its process in
/// the middle of a line, without a word to anybody.
public final class ExitMain {
  private ExitMain() {}

  static int exit(int code) {
    System.out.println("last words");
    System.exit(code);
    return code;
  }

  static int crash(int code) {
    System.out.print("about to crash ");
    System.out.flush();
    Runtime.getRuntime().halt(code);
    return code;
  }

  static int exitByThread(int code) throws InterruptedException {
    Thread.ofPlatform().name("by-thread").start(() -> System.exit(code));
    new CountDownLatch(1).await();
    return code;
  }

  static long indexExit(long index) {
    if (index == 7) {
      System.exit(0);
    }
    return index;
  }

  static long slowly(long index) throws InterruptedException {
    Thread.sleep(1);
    return index;
  }

  static long combineExit(long a, long b) {
    System.exit(0);
    return a + b;
  }

  /// Starts a rank.
  public static void main(String[] args) {
    int code = Integer.parseInt(args[1]);
    HeddleConfig config =
        HeddleConfig.builder().serializablePackages(ExitMain.class.getPackageName()).build();
    boolean isRoot = Heddle.run(config, args, heddle -> play(heddle, args[0], code));
    if (isRoot && args[0].equals("after")) {
      System.exit(code);
    }
    System.out.println("came to its end");
  }

  private static void play(Heddle heddle, String who, int code) throws Exception {
    switch (who) {
      case "task" -> System.out.println(heddle.submit(ExitMain::exit, code).get());
      case "crash" -> System.out.println(heddle.submit(ExitMain::crash, code).get());
      case "thread" -> System.out.println(heddle.submit(ExitMain::exitByThread, code).get());
      case "index" ->
          System.out.println(heddle.mapToLong(ExitMain::indexExit, Range.of(9)).get().length);
      case "combiner" ->
          System.out.println(
              heddle
                  .mapReduceToLong(ExitMain::slowly, Range.of(200), ExitMain::combineExit, 0)
                  .get());
      case "body" -> System.exit(code);
      case "bodyThread" -> {
        Thread.ofPlatform().start(() -> System.exit(code));
        new CountDownLatch(1).await();
      }
      case "after" -> System.out.println(heddle.submit(Tasks::answer).get());
      default -> throw new IllegalArgumentException(who);
    }
  }
}
