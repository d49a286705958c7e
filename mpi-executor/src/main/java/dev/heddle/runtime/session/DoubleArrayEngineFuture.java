package dev.heddle.runtime.session;

import dev.heddle.DoubleArrayFuture;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.function.DoubleConsumer;
import java.util.stream.DoubleStream;
import java.util.stream.StreamSupport;

/// The future of an array of packed `double`s.
final class DoubleArrayEngineFuture extends ArrayEngineFuture<double[]>
    implements DoubleArrayFuture {
  DoubleArrayEngineFuture(RunningHeddle heddle, ArrayRequest request) {
    super(heddle, request);
  }

  @Override
  public DoubleArrayFuture retry() {
    ArrayRequest again = again();
    return submit(heddle(), new DoubleArrayEngineFuture(heddle(), again), again);
  }

  @Override
  public DoubleStream stream() {
    PackedPlaces places = new PackedPlaces(this);
    return StreamSupport.doubleStream(
        new Spliterators.AbstractDoubleSpliterator(
            size(), Spliterator.ORDERED | Spliterator.NONNULL | Spliterator.SIZED) {
          @Override
          public boolean tryAdvance(DoubleConsumer action) {
            if (!places.hasNext()) {
              return false;
            }
            action.accept(Double.longBitsToDouble(places.next()));
            return true;
          }
        },
        false);
  }
}
