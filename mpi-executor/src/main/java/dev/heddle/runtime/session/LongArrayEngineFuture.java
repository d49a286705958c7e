package dev.heddle.runtime.session;

import dev.heddle.LongArrayFuture;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.function.LongConsumer;
import java.util.stream.LongStream;
import java.util.stream.StreamSupport;

/// The future of an array of packed `long`s.
final class LongArrayEngineFuture extends ArrayEngineFuture<long[]> implements LongArrayFuture {
  LongArrayEngineFuture(RunningHeddle heddle, ArrayRequest request) {
    super(heddle, request);
  }

  @Override
  public LongArrayFuture retry() {
    ArrayRequest again = again();
    return submit(heddle(), new LongArrayEngineFuture(heddle(), again), again);
  }

  @Override
  public LongStream stream() {
    PackedPlaces places = new PackedPlaces(this);
    return StreamSupport.longStream(
        new Spliterators.AbstractLongSpliterator(
            size(), Spliterator.ORDERED | Spliterator.NONNULL | Spliterator.SIZED) {
          @Override
          public boolean tryAdvance(LongConsumer action) {
            if (!places.hasNext()) {
              return false;
            }
            action.accept(places.next());
            return true;
          }
        },
        false);
  }
}
