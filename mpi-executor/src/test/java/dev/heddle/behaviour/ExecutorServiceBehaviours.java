package dev.heddle.behaviour;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Heddle;
import dev.heddle.SerializableCallable;
import dev.heddle.SerializableRunnable;
import dev.heddle.TaskExecutorService;
import dev.heddle.TaskFuture;
import dev.heddle.TaskSerializationException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// The run as an `ExecutorService`.
final class ExecutorServiceBehaviours {
  private ExecutorServiceBehaviours() {}

  static List<Scenario> scenarios() {
    return List.of(
        new Scenario(
            "executor service runs lambdas, and refuses what can't be sent",
            ExecutorServiceBehaviours::submits),
        new Scenario("executor service: invokeAll", ExecutorServiceBehaviours::invokesAll),
        new Scenario("executor service: invokeAny", ExecutorServiceBehaviours::invokesAny),
        new Scenario(
            "executor service finishes what it has and refuses the rest after shutdown",
            ExecutorServiceBehaviours::shutsDown),
        new Scenario(
            "executor service gives back what never started",
            ExecutorServiceBehaviours::shutsDownNow));
  }

  private static Callable<Integer> value(int value) {
    return (SerializableCallable<Integer>) () -> value;
  }

  private static Callable<Integer> failing(String message) {
    return (SerializableCallable<Integer>) () -> Tasks.fail(message);
  }

  private static Callable<Integer> held(Gate gate, int value) {
    return (SerializableCallable<Integer>) () -> Gate.pass(gate, value);
  }

  private static void passQuietly(Gate gate, int value) {
    try {
      int _ = Gate.pass(gate, value);
    } catch (InterruptedException | TimeoutException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void submits(Heddle heddle) throws Exception {
    try (TaskExecutorService service = heddle.asExecutorService()) {
      assertEquals(42, service.submit(Tasks::answer).get());
      Object result = new Object();
      assertSame(result, service.submit((SerializableRunnable) () -> Tasks.twice(1), result).get());
      ExecutorService plain = service;
      Expect.contains(
          assertThrows(TaskSerializationException.class, () -> plain.submit(() -> 1)),
          "SerializableCallable");
      Expect.failure(IOException.class, service.submit(() -> Tasks.fail("no")));
    }
  }

  private static void invokesAll(Heddle heddle) throws Exception {
    TaskExecutorService service = heddle.asExecutorService();
    List<Future<Integer>> futures =
        service.invokeAll(List.of(value(1), failing("second"), value(3)));
    assertEquals(1, futures.get(0).resultNow());
    assertEquals("second", futures.get(1).exceptionNow().getMessage());
    assertEquals(3, futures.get(2).resultNow());
    try (Gate gate = Gate.create()) {
      List<Future<Integer>> late =
          service.invokeAll(List.of(held(gate, 1), held(gate, 2)), 50, TimeUnit.MILLISECONDS);
      assertTrue(late.stream().allMatch(Future::isCancelled));
    }
  }

  private static void invokesAny(Heddle heddle) throws Exception {
    TaskExecutorService service = heddle.asExecutorService();
    assertEquals(5, service.invokeAny(List.of(failing("a"), value(5), failing("b"))));
    assertInstanceOf(
        IOException.class,
        assertThrows(
                ExecutionException.class,
                () -> service.invokeAny(List.of(failing("a"), failing("b"))))
            .getCause());
    try (Gate gate = Gate.create()) {
      assertThrows(
          TimeoutException.class,
          () -> service.invokeAny(List.of(held(gate, 1)), 50, TimeUnit.MILLISECONDS));
    }
  }

  private static void shutsDown(Heddle heddle) throws Exception {
    try (Gate gate = Gate.create()) {
      TaskExecutorService service = heddle.asExecutorService();
      List<Future<Integer>> futures = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        futures.add(service.submit(held(gate, i)));
      }
      service.shutdown();
      assertTrue(service.isShutdown());
      assertFalse(service.awaitTermination(1, TimeUnit.MILLISECONDS));
      assertThrows(RejectedExecutionException.class, () -> service.submit(value(1)));
      gate.open();
      assertTrue(service.awaitTermination(60, TimeUnit.SECONDS));
      for (int i = 0; i < 20; i++) {
        assertEquals(i, futures.get(i).resultNow());
      }
      assertEquals(42, heddle.submit(Tasks::answer).get());
    }
  }

  private static void shutsDownNow(Heddle heddle) throws Exception {
    try (Gate gate = Gate.create()) {
      TaskExecutorService service = heddle.asExecutorService();
      List<TaskFuture<?>> futures = new ArrayList<>();
      List<Runnable> submitted = new ArrayList<>();
      for (int i = 0; i < 5_000; i++) {
        int index = i;
        SerializableRunnable task = () -> passQuietly(gate, index);
        submitted.add(task);
        futures.add(service.submit(task));
      }
      Expect.eventually(() -> heddle.progress().running() > 0, "the first ones are handed out");
      List<Runnable> never = service.shutdownNow();
      // how many had been handed out depends on how far ahead workers are given tasks
      int first = submitted.size() - never.size();
      assertTrue(first > 0, "the first ones were handed out");
      assertEquals(submitted.subList(first, submitted.size()), never);
      assertTrue(service.awaitTermination(60, TimeUnit.SECONDS));
      assertTrue(futures.stream().allMatch(Future::isCancelled));
    }
    assertEquals(42, heddle.submit(Tasks::answer).get());
  }
}
