package dev.heddle.runtime.session;

import dev.heddle.ListArrayFuture;
import dev.heddle.graph.ArrayResult;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/// The future of an array whose results make a list.
final class ListArrayEngineFuture<R extends @Nullable Object> extends ArrayEngineFuture<List<R>>
    implements ListArrayFuture<R> {
  ListArrayEngineFuture(RunningHeddle heddle, ArrayRequest request) {
    super(heddle, request);
  }

  @Override
  public ListArrayFuture<R> retry() {
    ArrayRequest again = again();
    return submit(heddle(), new ListArrayEngineFuture<>(heddle(), again), again);
  }

  @Override
  public Stream<R> stream() {
    return StreamSupport.stream(new Places(), false);
  }

  /// Goes over the results as they arrive, and decodes a segment at a time.
  private final class Places extends Spliterators.AbstractSpliterator<R> {
    private long place;
    private int segment;
    private Iterator<?> results = List.of().iterator();

    Places() {
      super(Long.MAX_VALUE, Spliterator.ORDERED);
    }

    @Override
    @SuppressWarnings({"unchecked", "NullAway"}) // the function's result type is R
    public boolean tryAdvance(Consumer<? super R> action) {
      if ((!results.hasNext() || isCancelled()) && !nextSegment()) {
        return false;
      }
      place++;
      action.accept((R) results.next());
      return true;
    }

    private boolean nextSegment() {
      ArrayResult result = await(place);
      if (result == null) {
        return false;
      }
      ArrayResult.Segment next = segment < result.segmentCount() ? result.segment(segment) : null;
      if (next == null || next.from() != place) {
        throw failedAt(result, place);
      }
      segment++;
      Object values = GraphValues.decode(heddle().session().codec(), next.value());
      results = ((List<?>) Objects.requireNonNull(values)).iterator();
      return true;
    }
  }
}
