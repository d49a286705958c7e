package dev.heddle.behaviour;

import dev.heddle.Heddle;
import dev.heddle.TaskFuture;
import java.util.ArrayList;
import java.util.List;

/// Tasks that print, under a launcher; rank 0 reports between two lines of its own.
public final class OutputMain {
  /// Tasks that print one line each.
  static final int TASKS = 60;

  private OutputMain() {}

  /// Starts a rank.
  @SuppressWarnings("SystemOut") // the subject
  public static void main(String[] args) throws Exception {
    Heddle.run(
        args,
        heddle -> {
          System.out.println("{begin}");
          List<TaskFuture<Integer>> futures = new ArrayList<>();
          for (int i = 1; i <= TASKS; i++) {
            futures.add(heddle.submit(OutputMain::say, i));
          }
          futures.add(heddle.submit(OutputBehaviours::sayMuch, 52_000));
          int sum = 0;
          for (TaskFuture<Integer> future : futures) {
            sum += future.get();
          }
          System.out.println("{sum " + sum + "}");
        });
  }

  @SuppressWarnings("SystemOut")
  static int say(int number) {
    System.out.println("out äöü " + number);
    System.err.println("err " + number);
    return number;
  }
}
