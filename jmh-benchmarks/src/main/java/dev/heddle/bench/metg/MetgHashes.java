package dev.heddle.bench.metg;

import dev.heddle.Heddle;
import dev.heddle.TaskFuture;
import java.util.List;

/// Tasks that pass on a number of eight bytes, which depends on all that came before: the default.
public final class MetgHashes extends MetgTasks<Long> {
  private static final int LOOSE_MAX = 4096;

  @Override
  public int outputBytes() {
    return Long.BYTES;
  }

  @Override
  int directMax() {
    return MetgWork.NEEDS_DIRECT_MAX;
  }

  @Override
  TaskFuture<Long> submit(
      Heddle heddle,
      long specification,
      int[] needs,
      List<TaskFuture<Long>> before,
      int firstBefore) {
    return switch (needs.length) {
      case 0 -> heddle.submit(MetgWork::task, specification);
      case 1 -> heddle.submit(MetgWork::task1, specification, before.get(needs[0] - firstBefore));
      case 2 ->
          heddle.submit(
              MetgWork::task2,
              specification,
              before.get(needs[0] - firstBefore),
              before.get(needs[1] - firstBefore));
      case 3 ->
          heddle.submit(
              MetgWork::task3,
              specification,
              before.get(needs[0] - firstBefore),
              before.get(needs[1] - firstBefore),
              before.get(needs[2] - firstBefore));
      default ->
          heddle.submit(
              MetgWork::task4,
              specification,
              before.get(needs[0] - firstBefore),
              before.get(needs[1] - firstBefore),
              before.get(needs[2] - firstBefore),
              before.get(needs[3] - firstBefore));
    };
  }

  @Override
  TaskFuture<Long> submitMany(
      Heddle heddle, long specification, int[] needs, TaskFuture<List<Long>> needed) {
    return heddle.submit(MetgWork::taskMany, specification, needed);
  }

  @Override
  long value(Long output) {
    return output;
  }

  @Override
  public long expectedSum(MetgGraph graph, int salt) {
    return graph.expectedSum(salt);
  }

  @Override
  int looseMax() {
    return LOOSE_MAX;
  }
}
