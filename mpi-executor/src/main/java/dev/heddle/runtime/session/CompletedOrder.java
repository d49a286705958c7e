package dev.heddle.runtime.session;

import dev.heddle.TaskFuture;
import java.util.Collection;
import java.util.Objects;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/// Futures, in the order in which they are done.
///
/// Threading: one thread takes futures; the threads that complete futures add them.
final class CompletedOrder<T extends @Nullable Object>
    extends Spliterators.AbstractSpliterator<TaskFuture<T>> {
  private final Session session;
  private final ConcurrentLinkedQueue<TaskFuture<T>> done = new ConcurrentLinkedQueue<>();
  private int left;
  private volatile @Nullable Thread waiter;

  private CompletedOrder(Session session, int count) {
    super(count, Spliterator.ORDERED | Spliterator.NONNULL);
    this.session = session;
    this.left = count;
  }

  static <T extends @Nullable Object> Stream<TaskFuture<T>> stream(
      Session session, Collection<? extends TaskFuture<T>> futures) {
    return StreamSupport.stream(of(session, futures), false);
  }

  static <T extends @Nullable Object> CompletedOrder<T> of(
      Session session, Collection<? extends TaskFuture<T>> futures) {
    CompletedOrder<T> order = new CompletedOrder<>(session, futures.size());
    for (TaskFuture<T> future : futures) {
      if (future instanceof EngineFuture<T> ours && ours.heddle().session() == session) {
        ours.onDone(() -> order.add(ours));
      } else if (future.isDone()) {
        order.add(future);
      } else {
        throw new IllegalArgumentException(
            "a future given to completed is of another run: task=" + future.taskId());
      }
    }
    return order;
  }

  private void add(TaskFuture<T> future) {
    done.add(future);
    Thread asleep = waiter;
    if (asleep != null) {
      LockSupport.unpark(asleep);
    }
  }

  private void park(long ns) {
    waiter = Thread.currentThread();
    if (done.isEmpty()) {
      LockSupport.parkNanos(this, ns);
    }
    waiter = null;
  }

  /// The next future that is done, or null after `timeoutNs`.
  @Nullable TaskFuture<T> take(long timeoutNs) throws InterruptedException {
    TaskFuture<T> next = done.poll();
    if (next == null) {
      session.await(() -> !done.isEmpty(), timeoutNs, this::park);
      next = done.poll();
    }
    return next;
  }

  @Override
  public boolean tryAdvance(Consumer<? super TaskFuture<T>> action) {
    if (left == 0) {
      return false;
    }
    TaskFuture<T> next;
    try {
      next = Objects.requireNonNull(take(Long.MAX_VALUE));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw (CancellationException)
          new CancellationException("interrupted while waiting for the next future").initCause(e);
    }
    left--;
    action.accept(next);
    return true;
  }
}
