package dev.heddle.examples.hello;

import dev.heddle.Heddle;
import dev.heddle.TaskFuture;
import java.util.List;
import java.util.stream.IntStream;

/// Squares 1 to 10, each in a task of its own, and their sum in one more that waits for them.
public final class Hello {
  private Hello() {}

  static int square(int n) {
    return n * n;
  }

  static int sum(List<Integer> parts) {
    return parts.stream().mapToInt(Integer::intValue).sum();
  }

  /// Takes no arguments.
  public static void main(String[] args) {
    Heddle.run(
        args,
        heddle -> {
          List<TaskFuture<Integer>> squares =
              IntStream.rangeClosed(1, 10).mapToObj(n -> heddle.submit(Hello::square, n)).toList();
          TaskFuture<Integer> sum = heddle.submit(Hello::sum, heddle.all(squares));
          System.out.println("sum of squares: " + sum.get());
        });
  }
}
