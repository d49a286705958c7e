package dev.heddle.runtime.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.SerializableCallable;
import dev.heddle.TaskExecutorService;
import dev.heddle.TaskFuture;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What the JDK says about `invokeAll`, `invokeAny` and `Future`.
@Timeout(value = 120, unit = TimeUnit.SECONDS)
@SuppressWarnings({"FutureReturnValueIgnored", "NullAway"}) // nulls are given on purpose
class InvokeTest {

  private static Callable<Integer> value(int value) {
    return (SerializableCallable<Integer>) () -> value;
  }

  private static Callable<Integer> failing(String message) {
    return (SerializableCallable<Integer>)
        () -> {
          throw new IOException(message);
        };
  }

  private static Callable<Integer> held(Held held, int value) {
    int number = held.number();
    return (SerializableCallable<Integer>) () -> Held.pass(number, value);
  }

  @ParameterizedTest(name = "localRanks={0}")
  @ValueSource(ints = {1, 2})
  void shouldInvokeAll(int ranks) {
    Held.run(
        ranks,
        heddle -> {
          TaskExecutorService service = heddle.asExecutorService();
          assertTrue(service.invokeAll(List.<Callable<Integer>>of()).isEmpty());
          assertTrue(
              service.invokeAll(List.<Callable<Integer>>of(), 1, TimeUnit.NANOSECONDS).isEmpty());
          List<Callable<Integer>> tasks = new ArrayList<>();
          for (int i = 0; i < 50; i++) {
            tasks.add(i % 10 == 3 ? failing("at " + i) : value(i));
          }
          for (List<Future<Integer>> futures :
              List.of(service.invokeAll(tasks), service.invokeAll(tasks, 1, TimeUnit.DAYS))) {
            assertEquals(50, futures.size());
            for (int i = 0; i < 50; i++) {
              Future<Integer> future = futures.get(i);
              assertTrue(future.isDone());
              assertFalse(future.isCancelled());
              if (i % 10 == 3) {
                assertEquals("at " + i, future.exceptionNow().getMessage());
              } else {
                assertEquals(i, future.resultNow());
              }
            }
          }
        });
  }

  @ParameterizedTest(name = "localRanks={0}")
  @ValueSource(ints = {1, 2})
  void shouldCancelTheOthersWhereInvokeAllEndsEarly(int ranks) {
    Held.run(
        ranks,
        heddle -> {
          TaskExecutorService service = heddle.asExecutorService();
          try (Held held = new Held()) {
            assertThrows(
                NullPointerException.class,
                () -> service.invokeAll(Arrays.asList(held(held, 1), null, held(held, 2))));
            Held.eventually(
                () -> held.interruptedCount() == held.enteredCount(), "the first is cancelled");

            List<Future<Integer>> late =
                service.invokeAll(
                    List.of(value(1), held(held, 2), held(held, 3)), 300, TimeUnit.MILLISECONDS);
            assertEquals(3, late.size());
            assertTrue(late.stream().allMatch(Future::isDone));
            assertTrue(late.get(1).isCancelled() && late.get(2).isCancelled());
            for (Future<Integer> none :
                service.invokeAll(List.of(held(held, 1), held(held, 2)), -1, TimeUnit.SECONDS)) {
              assertTrue(none.isCancelled());
            }
            int entered = held.enteredCount();
            FutureTask<Object> waiting =
                new FutureTask<>(() -> service.invokeAll(List.of(held(held, 1), held(held, 2))));
            Thread thread = Thread.ofPlatform().start(waiting);
            Held.eventually(() -> held.enteredCount() > entered, "they run");
            thread.interrupt();
            assertInstanceOf(
                InterruptedException.class,
                assertThrows(ExecutionException.class, () -> waiting.get(60, TimeUnit.SECONDS))
                    .getCause());
            Held.eventually(
                () -> held.interruptedCount() == held.enteredCount(), "all are interrupted");
          }
          service.shutdown();
          assertTrue(service.awaitTermination(60, TimeUnit.SECONDS), "cancelled ones are left");
        });
  }

  @ParameterizedTest(name = "localRanks={0}")
  @ValueSource(ints = {1, 2})
  void shouldInvokeAny(int ranks) {
    Held.run(
        ranks,
        heddle -> {
          TaskExecutorService service = heddle.asExecutorService();
          assertThrows(
              IllegalArgumentException.class,
              () -> service.invokeAny(List.<Callable<Integer>>of()));
          assertThrows(
              IllegalArgumentException.class,
              () -> service.invokeAny(List.<Callable<Integer>>of(), 1, TimeUnit.SECONDS));
          assertEquals(7, service.invokeAny(List.of(value(7))));
          assertEquals(
              8,
              service.invokeAny(List.of(failing("a"), value(8), failing("b")), 1, TimeUnit.DAYS));
          ExecutionException all =
              assertThrows(
                  ExecutionException.class,
                  () -> service.invokeAny(List.of(failing("a"), failing("a"))));
          assertInstanceOf(IOException.class, all.getCause());
          try (Held held = new Held()) {
            // the task that succeeds is behind a task that doesn't end
            assertEquals(9, service.invokeAny(List.of(held(held, 1), value(9))));
            Held.eventually(
                () -> held.interruptedCount() == held.enteredCount(), "the loser is interrupted");
            assertThrows(
                NullPointerException.class,
                () -> service.invokeAny(Arrays.asList(held(held, 1), null)));
            assertThrows(
                TimeoutException.class,
                () -> service.invokeAny(List.of(held(held, 1)), 50, TimeUnit.MILLISECONDS));
            assertThrows(
                TimeoutException.class,
                () -> service.invokeAny(List.of(held(held, 1)), -1, TimeUnit.MILLISECONDS));
            Thread.currentThread().interrupt();
            assertThrows(
                InterruptedException.class, () -> service.invokeAny(List.of(held(held, 1))));
            FutureTask<Object> waiting =
                new FutureTask<>(() -> service.invokeAny(List.of(held(held, 1))));
            Thread thread = Thread.ofVirtual().start(waiting);
            Held.eventually(() -> thread.getState() == Thread.State.TIMED_WAITING, "it waits");
            thread.interrupt();
            assertInstanceOf(
                InterruptedException.class,
                assertThrows(ExecutionException.class, () -> waiting.get(60, TimeUnit.SECONDS))
                    .getCause());
            Held.eventually(
                () -> held.interruptedCount() == held.enteredCount(), "all are interrupted");
          }
          service.shutdown();
          assertTrue(service.awaitTermination(60, TimeUnit.SECONDS), "losers are left");
        });
  }

  @ParameterizedTest(name = "localRanks={0}")
  @ValueSource(ints = {1, 2})
  void shouldKeepTheContractOfFutures(int ranks) {
    Held.run(
        ranks,
        heddle -> {
          TaskExecutorService service = heddle.asExecutorService();
          try (Held held = new Held()) {
            int number = held.number();
            TaskFuture<Integer> running = service.submit(() -> Held.pass(number, 5));
            held.awaitEntered(1);
            assertFalse(running.isDone());
            assertFalse(running.isCancelled());
            assertEquals(Future.State.RUNNING, running.state());
            assertThrows(IllegalStateException.class, running::resultNow);
            assertThrows(IllegalStateException.class, running::exceptionNow);
            assertThrows(TimeoutException.class, () -> running.get(0, TimeUnit.SECONDS));
            assertThrows(TimeoutException.class, () -> running.get(-5, TimeUnit.SECONDS));
            assertThrows(TimeoutException.class, () -> running.get(Long.MIN_VALUE, TimeUnit.DAYS));
            assertThrows(NullPointerException.class, () -> running.get(1, null));
            for (Thread.Builder kind : List.of(Thread.ofPlatform(), Thread.ofVirtual())) {
              FutureTask<Integer> timed = new FutureTask<>(() -> running.get(1, TimeUnit.DAYS));
              Thread thread = kind.start(timed);
              Held.eventually(
                  () -> thread.getState() == Thread.State.TIMED_WAITING || timed.isDone(),
                  "it waits");
              thread.interrupt();
              assertInstanceOf(
                  InterruptedException.class,
                  assertThrows(ExecutionException.class, () -> timed.get(60, TimeUnit.SECONDS))
                      .getCause());
            }
            held.open();
            assertEquals(5, running.get(Long.MAX_VALUE, TimeUnit.DAYS));
            assertEquals(5, running.get(-5, TimeUnit.SECONDS), "done is done");
            assertThrows(NullPointerException.class, () -> running.get(1, null));
            Thread.currentThread().interrupt();
            assertEquals(5, running.get(), "done, so nothing to wait for");
            assertEquals(5, running.resultNow());
            assertTrue(Thread.interrupted(), "the interrupt was lost");
            assertEquals(Future.State.SUCCESS, running.state());
            assertThrows(IllegalStateException.class, running::exceptionNow);
            assertFalse(running.cancel(true));
            assertFalse(running.isCancelled());
          }
          Future<Integer> failed = service.submit(failing("no"));
          IOException cause =
              assertInstanceOf(
                  IOException.class,
                  assertThrows(ExecutionException.class, failed::get).getCause());
          assertEquals(Future.State.FAILED, failed.state());
          assertEquals(cause, failed.exceptionNow());
          assertThrows(IllegalStateException.class, failed::resultNow);
          assertFalse(failed.cancel(false));
          Future<Integer> throwsCancellation =
              service.submit(
                  (SerializableCallable<Integer>)
                      () -> {
                        throw new CancellationException("its own");
                      });
          assertInstanceOf(
              CancellationException.class,
              assertThrows(ExecutionException.class, throwsCancellation::get).getCause());
          assertEquals(Future.State.FAILED, throwsCancellation.state());
          assertFalse(throwsCancellation.isCancelled());
        });
  }

  @ParameterizedTest(name = "localRanks={0}")
  @ValueSource(ints = {1, 2})
  void shouldKeepTheContractOfCancelledFutures(int ranks) {
    Held.run(
        ranks,
        heddle -> {
          TaskExecutorService service = heddle.asExecutorService();
          try (Held held = new Held()) {
            for (boolean mayInterrupt : new boolean[] {true, false}) {
              Future<Integer> future = service.submit(held(held, 1));
              int entered = held.enteredCount();
              Held.eventually(() -> held.enteredCount() >= entered, "it runs");
              FutureTask<Integer> waiting = new FutureTask<>(future::get);
              Thread _ = Thread.ofVirtual().start(waiting);
              assertTrue(future.cancel(mayInterrupt));
              assertFalse(future.cancel(mayInterrupt));
              assertTrue(future.isDone());
              assertTrue(future.isCancelled());
              assertEquals(Future.State.CANCELLED, future.state());
              assertThrows(CancellationException.class, future::get);
              assertThrows(CancellationException.class, () -> future.get(1, TimeUnit.SECONDS));
              assertThrows(IllegalStateException.class, future::resultNow);
              assertThrows(IllegalStateException.class, future::exceptionNow);
              assertInstanceOf(
                  CancellationException.class,
                  assertThrows(ExecutionException.class, () -> waiting.get(60, TimeUnit.SECONDS))
                      .getCause());
            }
          }
        });
  }
}
