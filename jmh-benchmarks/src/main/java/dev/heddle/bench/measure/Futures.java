package dev.heddle.bench.measure;

import dev.heddle.TaskFuture;
import java.util.concurrent.ExecutionException;

/// Futures in bulk.
public final class Futures {
  private Futures() {}

  /// Waits for all in turn and adds up their values, each a `Long`; each is dropped as soon as it
  /// is counted.
  public static long takeSum(TaskFuture<?>[] futures)
      throws InterruptedException, ExecutionException {
    long sum = 0;
    for (int i = 0; i < futures.length; i++) {
      sum += (Long) futures[i].get();
    }
    return sum;
  }
}
