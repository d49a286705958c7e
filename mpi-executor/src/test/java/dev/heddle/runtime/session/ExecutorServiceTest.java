package dev.heddle.runtime.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.heddle.SerializableCallable;
import dev.heddle.SerializableRunnable;
import dev.heddle.TaskExecutorService;
import dev.heddle.TaskFuture;
import dev.heddle.TaskSerializationException;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/// What `Executor` and `ExecutorService` say about submitting and about the end, sentence by
/// sentence.
@Timeout(value = 120, unit = TimeUnit.SECONDS)
@SuppressWarnings({"FutureReturnValueIgnored", "NullAway"}) // nulls are given on purpose
class ExecutorServiceTest {
  private static final AtomicInteger RUNS = new AtomicInteger();

  static int count(int value) {
    RUNS.incrementAndGet();
    return value;
  }

  /// A Callable and a Runnable at once: the submitting method says which of them is meant.
  static final class CallOrRun implements Callable<String>, Runnable, Serializable {
    private static final long serialVersionUID = 1L;

    @Override
    public String call() {
      return "called";
    }

    @Override
    public void run() {
      RUNS.incrementAndGet();
    }
  }

  /// A class that can be sent, and that is recognized among what `shutdownNow` returns.
  record Pass(int number, int value) implements Callable<Integer>, Serializable {
    @Override
    public Integer call() throws InterruptedException {
      return Held.pass(number, value);
    }
  }

  record PassQuietly(int number, int value) implements Runnable, Serializable {
    @Override
    public void run() {
      try {
        int _ = Held.pass(number, value);
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  @ParameterizedTest(name = "localRanks={0}")
  @ValueSource(ints = {1, 2})
  void shouldRunWhatIsSubmitted(int ranks) {
    Held.run(
        ranks,
        heddle -> {
          TaskExecutorService service = heddle.asExecutorService();
          assertEquals(7, service.submit(() -> count(7)).get());
          RUNS.set(0);
          assertNull(
              service
                  .submit(
                      () -> {
                        RUNS.incrementAndGet();
                      })
                  .get());
          assertEquals(1, RUNS.get());
          Object result = new Object();
          TaskFuture<Object> given = service.submit((SerializableRunnable) () -> count(1), result);
          assertSame(result, given.get());
          assertSame(result, given.resultNow());
          assertSame(result, given.toCompletableFuture().get());
          service.execute(() -> count(1));
          Held.eventually(() -> RUNS.get() == 3, "execute runs it");
          assertEquals("called", service.submit((Callable<String>) new CallOrRun()).get());
          assertNull(service.submit((Runnable) new CallOrRun()).get());
          assertEquals(4, RUNS.get());
          assertEquals("x", service.submit((Runnable) new CallOrRun(), "x").get());
        });
  }

  @ParameterizedTest(name = "localRanks={0}")
  @ValueSource(ints = {1, 2})
  void shouldLogWhatExecuteThrowsAndNothingElse(int ranks) {
    Logger logger = (Logger) LoggerFactory.getLogger("dev.heddle");
    ListAppender<ILoggingEvent> logged = new ListAppender<>();
    logged.start();
    logger.addAppender(logged);
    try {
      Held.run(
          ranks,
          heddle -> {
            TaskExecutorService service = heddle.asExecutorService();
            service.execute(() -> count(1));
            service.execute(
                () -> {
                  throw new ArithmeticException("thrown by execute");
                });
            Held.eventually(() -> heddle.progress().failed() == 1, "one has failed");
            try (Held held = new Held()) {
              service.execute((Runnable) new PassQuietly(held.number(), 1));
              held.awaitEntered(1);
              List<Runnable> _ = service.shutdownNow();
            }
          });
    } finally {
      logger.detachAppender(logged);
    }
    // the end of the run has waited for the log entry
    List<ILoggingEvent> failures =
        logged.list.stream().filter(e -> e.getLevel() == Level.ERROR).toList();
    assertEquals(1, failures.size(), failures::toString);
    assertEquals("thrown by execute", failures.getFirst().getThrowableProxy().getMessage());
  }

  @ParameterizedTest(name = "localRanks={0}")
  @ValueSource(ints = {1, 2})
  void shouldGiveTheResultOfARunnableToItsDependents(int ranks) {
    Held.run(
        ranks,
        heddle -> {
          TaskExecutorService service = heddle.asExecutorService();
          TaskFuture<String> given =
              service.submit((SerializableRunnable) () -> count(1), "the result");
          assertEquals(10, given.then(String::length).get());
          assertEquals(10, given.part(String::length).get());
          assertEquals(List.of("the result"), heddle.all(List.of(given)).get());
          TaskFuture<Thread> unsendable =
              service.submit((SerializableRunnable) () -> count(1), Thread.currentThread());
          unsendable.get();
          assertInstanceOf(
              TaskSerializationException.class,
              rootOf(assertThrows(ExecutionException.class, unsendable.then(o -> 1)::get)));
        });
  }

  private static Throwable rootOf(Throwable failure) {
    Throwable at = failure;
    while (at.getCause() != null) {
      at = at.getCause();
    }
    return at;
  }

  @ParameterizedTest(name = "localRanks={0}")
  @ValueSource(ints = {1, 2})
  void shouldRefuseNull(int ranks) {
    Held.run(
        ranks,
        heddle -> {
          TaskExecutorService service = heddle.asExecutorService();
          assertThrows(NullPointerException.class, () -> service.submit((Callable<?>) null));
          assertThrows(NullPointerException.class, () -> service.submit((Runnable) null));
          assertThrows(NullPointerException.class, () -> service.submit((Runnable) null, 1));
          assertThrows(
              NullPointerException.class, () -> service.submit((SerializableCallable<?>) null));
          assertThrows(
              NullPointerException.class, () -> service.submit((SerializableRunnable) null));
          assertThrows(
              NullPointerException.class, () -> service.submit((SerializableRunnable) null, 1));
          assertThrows(NullPointerException.class, () -> service.execute((Runnable) null));
          assertThrows(
              NullPointerException.class, () -> service.execute((SerializableRunnable) null));
          assertThrows(NullPointerException.class, () -> service.awaitTermination(1, null));
          assertThrows(NullPointerException.class, () -> service.invokeAll(null));
          assertThrows(
              NullPointerException.class, () -> service.invokeAll(null, 1, TimeUnit.SECONDS));
          assertThrows(NullPointerException.class, () -> service.invokeAll(List.of(), 1, null));
          assertThrows(NullPointerException.class, () -> service.invokeAny(null));
          assertThrows(
              NullPointerException.class,
              () -> service.invokeAny(List.of(new Pass(1, 1)), 1, null));
          assertThrows(NullPointerException.class, () -> service.submit(() -> 1).get(1, null));
        });
  }

  @ParameterizedTest(name = "localRanks={0}")
  @ValueSource(ints = {1, 2})
  void shouldRefuseWhatCannotBeSent(int ranks) {
    Held.run(
        ranks,
        heddle -> {
          TaskExecutorService service = heddle.asExecutorService();
          ExecutorService plain = service;
          RUNS.set(0);
          refused(() -> plain.submit(() -> count(1)), "a lambda of", "SerializableCallable");
          refused(() -> plain.execute(() -> count(1)), "a lambda of", "SerializableRunnable");
          Callable<Integer> anonymous =
              new Callable<>() {
                @Override
                public Integer call() {
                  return count(1);
                }
              };
          refused(() -> service.submit(anonymous), "ExecutorServiceTest$", "Serializable");
          refused(() -> plain.invokeAll(List.of(anonymous)), "ExecutorServiceTest$");
          refused(() -> plain.invokeAny(List.of(anonymous)), "ExecutorServiceTest$");
          refused(
              () -> CompletableFuture.supplyAsync(() -> count(1), service), "toCompletableFuture");
          refused(() -> CompletableFuture.runAsync(() -> count(1), service), "toCompletableFuture");
          ExecutorCompletionService<Integer> completion = new ExecutorCompletionService<>(service);
          refused(() -> completion.submit(() -> count(1)), "Heddle.completed");
          refused(() -> service.submit(new FutureTask<>(anonymous)), "FutureTask", "a future");
          Thread thread = Thread.currentThread();
          refused(() -> service.submit(() -> count(thread.hashCode())), "Thread");
          assertEquals(0, RUNS.get(), "something ran on rank 0 instead");
          assertEquals(1, service.submit(() -> count(1)).get());
        });
  }

  private static void refused(org.junit.jupiter.api.function.Executable submit, String... parts) {
    TaskSerializationException refusal = assertThrows(TaskSerializationException.class, submit);
    for (String part : parts) {
      assertTrue(refusal.getMessage().contains(part), refusal::getMessage);
    }
  }

  @ParameterizedTest(name = "localRanks={0}")
  @ValueSource(ints = {1, 2})
  void shouldFinishWhatWasSubmittedBeforeShutdown(int ranks) {
    Held.run(
        ranks,
        heddle -> {
          try (Held held = new Held()) {
            int number = held.number();
            TaskExecutorService service = heddle.asExecutorService();
            assertFalse(service.isShutdown());
            assertFalse(service.isTerminated());
            assertFalse(service.awaitTermination(0, TimeUnit.NANOSECONDS));
            List<TaskFuture<Integer>> futures = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
              int index = i;
              futures.add(service.submit(() -> Held.pass(number, index)));
            }
            service.shutdown();
            service.shutdown();
            assertTrue(service.isShutdown());
            assertFalse(service.isTerminated());
            assertFalse(service.awaitTermination(1, TimeUnit.MILLISECONDS));
            assertFalse(service.awaitTermination(-1, TimeUnit.SECONDS));
            rejected(service);
            assertThrows(
                RejectedExecutionException.class, () -> futures.getFirst().then(v -> v + 1));
            held.open();
            assertTrue(service.awaitTermination(60, TimeUnit.SECONDS));
            assertTrue(service.isTerminated());
            for (int i = 0; i < 40; i++) {
              assertEquals(i, futures.get(i).resultNow());
            }
            assertTrue(service.shutdownNow().isEmpty());
            assertEquals(3, heddle.submit(ExecutorServiceTest::count, 3).get(), "only it is shut");
          }
        });
  }

  private static void rejected(TaskExecutorService service) {
    Pass pass = new Pass(-1, 1);
    PassQuietly quiet = new PassQuietly(-1, 1);
    assertThrows(RejectedExecutionException.class, () -> service.submit(() -> count(1)));
    assertThrows(RejectedExecutionException.class, () -> service.submit((Callable<?>) pass));
    assertThrows(RejectedExecutionException.class, () -> service.submit((Runnable) quiet));
    assertThrows(RejectedExecutionException.class, () -> service.submit((Runnable) quiet, 1));
    assertThrows(RejectedExecutionException.class, () -> service.execute((Runnable) quiet));
    assertThrows(RejectedExecutionException.class, () -> service.invokeAll(List.of(pass)));
    assertThrows(RejectedExecutionException.class, () -> service.invokeAny(List.of(pass)));
  }

  @ParameterizedTest(name = "localRanks={0}")
  @ValueSource(ints = {1, 2})
  void shouldReturnWhatNeverStartedAndInterruptTheRest(int ranks) {
    Held.run(
        ranks,
        heddle -> {
          try (Held held = new Held();
              Held behind = new Held()) {
            TaskExecutorService service = heddle.asExecutorService();
            List<TaskFuture<?>> futures = new ArrayList<>();
            int busy = (int) heddle.slots();
            for (int i = 0; i < busy; i++) {
              futures.add(service.submit((Runnable) new PassQuietly(held.number(), i)));
            }
            held.awaitEntered(busy);
            List<Object> submitted = new ArrayList<>();
            for (int i = 0; i < 10_000; i++) {
              if (i % 2 == 0) {
                PassQuietly task = new PassQuietly(behind.number(), i);
                submitted.add(task);
                futures.add(service.submit((Runnable) task));
              } else {
                Pass task = new Pass(behind.number(), i);
                submitted.add(task);
                futures.add(service.submit((Callable<Integer>) task));
              }
            }
            List<Runnable> never = service.shutdownNow();
            assertTrue(service.isShutdown());
            // the first tasks may have been handed to a worker
            assertTrue(never.size() > 5_000, () -> "returned " + never.size());
            int first = submitted.size() - never.size();
            behind.open();
            for (int i = 0; i < never.size(); i++) {
              Object expected = submitted.get(first + i);
              if (expected instanceof Callable<?>) {
                FutureTask<?> task = assertInstanceOf(FutureTask.class, never.get(i));
                task.run();
                assertEquals(first + i, task.get());
              } else {
                assertSame(expected, never.get(i));
              }
            }
            assertTrue(service.awaitTermination(60, TimeUnit.SECONDS));
            for (TaskFuture<?> future : futures) {
              assertTrue(future.isCancelled());
            }
            Held.eventually(() -> held.interruptedCount() == busy, "running tasks are interrupted");
            assertTrue(service.shutdownNow().isEmpty());
            rejected(service);
          }
        });
  }

  @ParameterizedTest(name = "localRanks={0}")
  @ValueSource(ints = {1, 2})
  void shouldAwaitTerminationOnThreadsOfAllKinds(int ranks) {
    Held.run(
        ranks,
        heddle -> {
          try (Held held = new Held()) {
            int number = held.number();
            TaskExecutorService service = heddle.asExecutorService();
            List<FutureTask<Boolean>> waits = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
              FutureTask<Boolean> wait =
                  new FutureTask<>(() -> service.awaitTermination(60, TimeUnit.SECONDS));
              waits.add(wait);
              Thread _ = (i % 2 == 0 ? Thread.ofPlatform() : Thread.ofVirtual()).start(wait);
            }
            FutureTask<Boolean> interrupted =
                new FutureTask<>(() -> service.awaitTermination(60, TimeUnit.SECONDS));
            Thread thread = Thread.ofVirtual().start(interrupted);
            Held.eventually(() -> thread.getState() == Thread.State.TIMED_WAITING, "it waits");
            thread.interrupt();
            assertInstanceOf(
                InterruptedException.class,
                assertThrows(ExecutionException.class, interrupted::get).getCause());
            Thread.currentThread().interrupt();
            assertThrows(
                InterruptedException.class, () -> service.awaitTermination(60, TimeUnit.SECONDS));
            assertFalse(Thread.currentThread().isInterrupted());
            TaskFuture<Integer> last = service.submit(() -> Held.pass(number, 5));
            service.shutdown();
            assertTrue(waits.stream().noneMatch(FutureTask::isDone));
            held.open();
            for (FutureTask<Boolean> wait : waits) {
              assertTrue(wait.get(60, TimeUnit.SECONDS));
            }
            assertEquals(5, last.resultNow());
          }
        });
  }

  @ParameterizedTest(name = "localRanks={0}")
  @ValueSource(ints = {1, 2})
  void shouldWaitInCloseAndEndAtOnceWhenInterrupted(int ranks) {
    Held.run(
        ranks,
        heddle -> {
          TaskFuture<Integer> inside;
          try (TaskExecutorService service = heddle.asExecutorService()) {
            inside = service.submit(() -> count(4));
          }
          assertEquals(4, inside.resultNow());
          try (Held held = new Held()) {
            int number = held.number();
            TaskExecutorService service = heddle.asExecutorService();
            TaskFuture<Integer> running = service.submit(() -> Held.pass(number, 1));
            held.awaitEntered(1);
            FutureTask<Boolean> closing =
                new FutureTask<>(
                    () -> {
                      service.close();
                      return Thread.interrupted();
                    });
            Thread thread = Thread.ofPlatform().start(closing);
            Held.eventually(service::isShutdown, "close shuts down");
            assertFalse(closing.isDone());
            thread.interrupt();
            assertTrue(closing.get(60, TimeUnit.SECONDS), "the interrupt was lost");
            assertTrue(running.isCancelled());
            Held.eventually(() -> held.interruptedCount() == 1, "the task is interrupted");
            assertTrue(service.isTerminated());
            service.close();
          }
        });
  }

  @ParameterizedTest(name = "localRanks={0}")
  @ValueSource(ints = {1, 2})
  void shouldBelongToTheScopeItIsMadeIn(int ranks) {
    Held.run(
        ranks,
        heddle -> {
          List<TaskFuture<Integer>> futures = new ArrayList<>();
          AtomicReference<TaskExecutorService> kept = new AtomicReference<>();
          try (Held held = new Held()) {
            int number = held.number();
            heddle
                .scope(dev.heddle.OnLeave.CANCEL)
                .run(
                    scope -> {
                      TaskExecutorService service = scope.asExecutorService();
                      kept.set(service);
                      futures.add(service.submit(() -> Held.pass(number, 1)));
                    });
            assertTrue(futures.getFirst().isCancelled());
            assertTrue(kept.get().isShutdown());
            assertThrows(RejectedExecutionException.class, () -> kept.get().submit(() -> count(1)));
            assertThrows(IllegalStateException.class, () -> futures.getFirst().then(v -> v + 1));
          }
          heddle
              .scope(dev.heddle.OnLeave.WAIT)
              .run(scope -> futures.add(scope.asExecutorService().submit(() -> count(2))));
          assertEquals(2, futures.getLast().resultNow());
        });
  }

  @ParameterizedTest(name = "localRanks={0}")
  @ValueSource(ints = {1, 2})
  void shouldBeTerminatedAtTheEndOfTheRun(int ranks) throws Exception {
    AtomicReference<TaskExecutorService> kept = new AtomicReference<>();
    AtomicReference<TaskFuture<Integer>> unfinished = new AtomicReference<>();
    List<FutureTask<Object>> waits = new ArrayList<>();
    IOException wrong = new IOException("the body fails");
    try (Held held = new Held()) {
      int number = held.number();
      assertSame(
          wrong,
          assertThrows(
              IOException.class,
              () ->
                  Held.run(
                      ranks,
                      heddle -> {
                        TaskExecutorService service = heddle.asExecutorService();
                        kept.set(service);
                        unfinished.set(service.submit(() -> Held.pass(number, 1)));
                        for (int i = 0; i < 6; i++) {
                          boolean getsIt = i % 3 == 0;
                          FutureTask<Object> wait =
                              new FutureTask<>(
                                  () ->
                                      getsIt
                                          ? unfinished.get().get()
                                          : service.awaitTermination(1, TimeUnit.DAYS));
                          waits.add(wait);
                          Thread _ =
                              (i % 2 == 0 ? Thread.ofPlatform() : Thread.ofVirtual()).start(wait);
                        }
                        held.awaitEntered(1);
                        throw wrong;
                      })));
      for (int i = 0; i < waits.size(); i++) {
        FutureTask<Object> wait = waits.get(i);
        if (i % 3 == 0) {
          // either the task was interrupted in time to say so, or its future is never done
          Throwable heard =
              assertThrows(ExecutionException.class, () -> wait.get(60, TimeUnit.SECONDS))
                  .getCause();
          assertTrue(
              heard instanceof IllegalStateException || heard instanceof ExecutionException,
              heard::toString);
        } else {
          assertEquals(true, wait.get(60, TimeUnit.SECONDS));
        }
      }
      TaskExecutorService service = kept.get();
      assertTrue(service.isShutdown());
      assertTrue(service.isTerminated());
      assertTrue(service.awaitTermination(1, TimeUnit.DAYS));
      assertTrue(service.shutdownNow().isEmpty());
      service.close();
      rejected(service);
      boolean isCancelled = unfinished.get().cancel(true);
      assertEquals(isCancelled, unfinished.get().isCancelled());
      assertEquals(
          isCancelled ? Future.State.CANCELLED : Future.State.FAILED, unfinished.get().state());
    }
  }
}
