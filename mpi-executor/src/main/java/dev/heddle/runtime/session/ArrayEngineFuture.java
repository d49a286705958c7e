package dev.heddle.runtime.session;

import dev.heddle.ArrayException;
import dev.heddle.ArrayFuture;
import dev.heddle.IndexFailure;
import dev.heddle.Range;
import dev.heddle.TaskOrigin;
import dev.heddle.graph.ArrayJob;
import dev.heddle.graph.ArrayResult;
import dev.heddle.graph.Pieces;
import dev.heddle.graph.Task;
import dev.heddle.graph.TaskState;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// An array's future on rank 0: this class for a reduction, a subclass for a map.
class ArrayEngineFuture<V extends @Nullable Object> extends EngineFuture<V>
    implements ArrayFuture<V> {
  /// The longest sleep of a thread that waits for the next result of a stream: nothing wakes it.
  private static final long NAP_NS = 500_000;

  /// Kept until the array has succeeded: then no index is left to be run again.
  private volatile @Nullable ArrayRequest request;

  private final ArrayJob job;

  ArrayEngineFuture(RunningHeddle heddle, ArrayRequest request) {
    super(heddle);
    this.request = request;
    this.job = request.job();
  }

  @Override
  protected final ArrayJob arrayOrNull() {
    return job;
  }

  @Override
  public boolean complete() {
    boolean isFirst = super.complete();
    if (isFirst && taskState() == TaskState.SUCCEEDED) {
      request = null;
    }
    return isFirst;
  }

  /// Finds the length of the mapped list, which has arrived. Called in the progress role.
  @Override
  void begin() {
    Session session = heddle().session();
    Thread _ =
        session
            .callbacks()
            .start(
                0,
                () -> {
                  try {
                    long count = count(session, arguments()[captureCount()]);
                    job.setCount(count);
                    session.command((root, _) -> root.graph().prepared(this));
                  } catch (RuntimeException | Error failure) {
                    session.command((root, _) -> root.graph().failLocal(this, failure));
                  }
                });
  }

  private static long count(Session session, @Nullable Object list) {
    return switch (list) {
      case Task task -> count(session, task.outcome());
      case Task[] tasks -> tasks.length;
      case Pieces pieces -> pieces.count();
      case null, default -> {
        Object value = GraphValues.decode(session.codec(), list);
        if (value instanceof List<?> known) {
          yield known.size();
        }
        throw new IllegalArgumentException(
            "map takes a list; the future gave "
                + (value == null ? "null" : "a " + value.getClass().getName()));
      }
    };
  }

  // ---- what the user sees

  @Override
  public long size() {
    return job.count();
  }

  @Override
  public long doneCount() {
    ArrayResult result = job.resultOrNull();
    return result == null ? 0 : result.doneCount();
  }

  @Override
  public long failedCount() {
    ArrayResult result = job.resultOrNull();
    return result == null ? 0 : result.failedCount();
  }

  @Override
  public List<IndexFailure> failures() {
    ArrayResult result = job.resultOrNull();
    return result == null ? List.of() : failures(result);
  }

  private List<IndexFailure> failures(ArrayResult result) {
    List<IndexFailure> failures = new ArrayList<>();
    for (ArrayResult.Failed failed : result.failures()) {
      Throwable cause = heddle().session().codec().decodeFailure(failed.bytes());
      cause.addSuppressed(new TaskOrigin(id(), label(), attempt(), failed.rank(), failed.host()));
      failures.add(new IndexFailure(result.index(failed.place()), cause));
    }
    return failures;
  }

  @Override
  public List<Range> failedRanges() {
    ArrayResult result = job.resultOrNull();
    List<Range> ranges = new ArrayList<>();
    if (result != null) {
      for (long[] places : result.failedPlaces()) {
        ranges.add(
            new Range(result.index(places[0]), result.index(places[1] - 1) + 1, result.step()));
      }
    }
    return ranges;
  }

  @Override
  ArrayException arrayFailure(ArrayResult result) {
    List<IndexFailure> failures = failures(result);
    long count = result.failedCount();
    // the first place is known even where its failure isn't among the kept failures
    long first = result.index(result.failedPlaces()[0][0]);
    IndexFailure told = failures.isEmpty() ? null : failures.getFirst();
    return new ArrayException(
        count
            + " of "
            + result.count()
            + (count == 1 ? " indices has failed: " : " indices have failed, the first of them ")
            + "index="
            + first
            + " task="
            + id()
            + " label="
            + label()
            + (told == null
                ? ""
                : ": "
                    + (told.index() == first ? "" : "index=" + told.index() + ": ")
                    + told.cause())
            + (result.isGivenUp()
                ? "; more than "
                    + ArrayResult.FAILED_RANGES_MAX
                    + " separate ranges have failed, so the rest was given up, and counts as failed"
                : ""),
        count,
        failures);
  }

  @Override
  public ArrayFuture<V> retry() {
    ArrayRequest again = again();
    return submit(heddle(), new ArrayEngineFuture<>(heddle(), again), again);
  }

  /// The request that [#retry] submits.
  ArrayRequest again() {
    ArrayRequest known = request;
    ArrayResult result = job.resultOrNull();
    if (!isDone() || isCancelled() || known == null || result == null || !hasFailedByItself()) {
      throw new IllegalStateException(
          "no index has failed by itself that could be run again: task="
              + id()
              + " label="
              + label()
              + (isDone() ? "" : "; it isn't done"));
    }
    return new ArrayRequest(
        known.functionId(),
        known.priority(),
        known.flags(),
        known.label(),
        known.captureCount(),
        known.arguments(),
        job.again());
  }

  private boolean hasFailedByItself() {
    return taskState() == TaskState.FAILED && outcome() instanceof ArrayResult;
  }

  /// Submits `request` with `future` for its result.
  static <V extends @Nullable Object, F extends ArrayEngineFuture<V>> F submit(
      RunningHeddle heddle, F future, ArrayRequest request) {
    heddle.checkOpen();
    EngineFuture<V> plain = future;
    Object _ =
        heddle
            .session()
            .submit(
                plain,
                request.functionId(),
                request.priority(),
                request.flags(),
                request.label(),
                request.captureCount(),
                request.arguments());
    return future;
  }

  // ---- streams

  /// Waits until `place` has ended. Returns null where there is no such place. Errors: as those of
  /// the streams.
  @Nullable ArrayResult await(long place) {
    if (isCancelled()) {
      throw ended();
    }
    ArrayResult known = job.resultOrNull();
    if (known == null || (place < known.count() && place >= known.prefix())) {
      try {
        heddle()
            .session()
            .await(
                () -> {
                  ArrayResult now = job.resultOrNull();
                  return isDone()
                      || (now != null && (now.prefix() > place || place >= now.count()));
                },
                Long.MAX_VALUE,
                ns -> LockSupport.parkNanos(this, Math.min(ns, NAP_NS)));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw (CancellationException)
            new CancellationException("interrupted in a wait for place=" + place).initCause(e);
      }
      known = job.resultOrNull();
    }
    if (known != null && place >= known.count()) {
      return null;
    }
    if (known == null || known.prefix() <= place) {
      throw ended();
    }
    return known;
  }

  /// The reason why there are no more results.
  private RuntimeException ended() {
    try {
      Object _ = report();
      return new IllegalStateException("an array without its results: task=" + id());
    } catch (CancellationException e) {
      return e;
    } catch (ExecutionException e) {
      return new CompletionException(e.getCause());
    }
  }

  /// The failure of the result at `place`.
  ArrayException failedAt(ArrayResult result, long place) {
    List<IndexFailure> failures = failures(result);
    long index = result.index(place);
    List<IndexFailure> own = failures.stream().filter(f -> f.index() == index).toList();
    return new ArrayException(
        "index="
            + index
            + " has failed: task="
            + id()
            + " label="
            + label()
            + (own.isEmpty() ? "" : ": " + own.getFirst().cause()),
        result.failedCount(),
        own.isEmpty() ? failures : own);
  }
}
