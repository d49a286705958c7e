package dev.heddle.behaviour;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.DependencyException;
import dev.heddle.Heddle;
import dev.heddle.SerializableCallable;
import dev.heddle.TaskContext;
import dev.heddle.TaskExecutorService;
import dev.heddle.TaskFuture;
import dev.heddle.TaskSerializationException;
import dev.heddle.WorkerLocal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.slf4j.MDC;

/// What a task knows of itself and of its rank, and the other ways in.
final class ContextBehaviours {
  private static final WorkerLocal<String> STATIC = WorkerLocal.of(ContextBehaviours::make);

  private ContextBehaviours() {}

  /// What a task saw.
  record Seen(long taskId, String label, int attempt, int rank, String host, int slot) {}

  static List<Scenario> scenarios() {
    return List.of(
        new Scenario("a task knows itself", ContextBehaviours::context),
        new Scenario("labels in contexts and failures", ContextBehaviours::labels),
        new Scenario("wrong labels and priorities are refused", ContextBehaviours::wrongLabels),
        new Scenario("no context outside of a task", ContextBehaviours::outside),
        new Scenario("a task's logger has its names", ContextBehaviours::logger),
        new Scenario("worker state is made once per rank", ContextBehaviours::workerLocal),
        new Scenario("worker state as argument and static field", ContextBehaviours::otherWays),
        new Scenario("worker state whose maker fails", ContextBehaviours::failingMaker),
        new Scenario("worker state whose maker asks for itself", ContextBehaviours::selfMaker),
        new Scenario("a lambda is a serializable task of the service", ContextBehaviours::service),
        new Scenario("a plain callable is refused by the service", ContextBehaviours::plain),
        new Scenario("the service is shut down alone", ContextBehaviours::shutdown),
        new Scenario("a task is gone after it is done", ContextBehaviours::gone));
  }

  private static Seen see() {
    TaskContext context = TaskContext.current();
    return new Seen(
        context.taskId(),
        context.label(),
        context.attempt(),
        context.rank(),
        context.host(),
        context.slot());
  }

  private static void context(Heddle heddle) throws Exception {
    for (int i = 0; i < 20; i++) {
      TaskFuture<Seen> future = heddle.submit(ContextBehaviours::see);
      Seen seen = future.get();
      assertEquals(future.taskId(), seen.taskId());
      assertEquals(future.label(), seen.label());
      Expect.contains(seen.label(), "ContextBehaviours.see");
      assertEquals(0, seen.attempt());
      assertTrue(
          heddle.ranks() == 1 ? seen.rank() == 0 : seen.rank() > 0 && seen.rank() < heddle.ranks(),
          seen::toString);
      assertFalse(seen.host().isBlank());
      assertTrue(seen.slot() >= 0 && seen.slot() < heddle.slots(), seen::toString);
    }
    assertTrue(heddle.submit(TaskContext::isInTask).get());
  }

  private static void labels(Heddle heddle) throws Exception {
    Heddle named = heddle.label("relax H2O, über alles");
    TaskFuture<Seen> future = named.submit(ContextBehaviours::see);
    assertEquals("relax H2O, über alles", future.label());
    assertEquals("relax H2O, über alles", future.get().label());
    Expect.contains(heddle.submit(ContextBehaviours::see).get().label(), "see");
    TaskFuture<Integer> failed = named.with("no").submit(Tasks::fail);
    Expect.contains(
        Expect.origin(Expect.failure(IOException.class, failed)), "relax H2O, über alles");
    DependencyException behind =
        Expect.failure(DependencyException.class, failed.then(Tasks::twice));
    assertEquals("relax H2O, über alles", behind.rootLabel());
    Expect.contains(behind, "relax H2O");
    assertEquals(
        "relax H2O, über alles", named.all(List.of(future)).label(), "of several together");
    assertEquals("relax H2O, über alles", named.join(() -> future).label());
    assertNotEquals("relax H2O, über alles", future.then(Seen::slot).label(), "not what follows");
    assertEquals("b", heddle.label("a").label("b").submit(ContextBehaviours::see).get().label());
    String large = named.with(Tasks.large(50_000, 1)).submit(_ -> see().label()).get();
    assertEquals("relax H2O, über alles", large, "beside a large value");
  }

  private static void wrongLabels(Heddle heddle) {
    Expect.contains(
        assertThrows(IllegalArgumentException.class, () -> heddle.label(" ")), "1 to 200");
    Expect.contains(
        assertThrows(IllegalArgumentException.class, () -> heddle.label("x".repeat(201))), "201");
    Expect.contains(
        assertThrows(IllegalArgumentException.class, () -> heddle.priority(128)), "-128 to 127");
  }

  private static void outside(Heddle heddle) {
    assertFalse(TaskContext.isInTask());
    Expect.contains(
        assertThrows(IllegalStateException.class, TaskContext::current), "TaskContext.current()");
    Expect.contains(assertThrows(IllegalStateException.class, STATIC::get), "WorkerLocal.get()");
  }

  private static String log() {
    TaskContext.current().logger().info("a line of a task");
    return MDC.get("heddle.task") + "/" + MDC.get("heddle.label") + "/" + MDC.get("heddle.rank");
  }

  private static void logger(Heddle heddle) throws Exception {
    TaskFuture<String> logging = heddle.label("chatty").submit(ContextBehaviours::log);
    Expect.contains(logging.get(), logging.taskId() + "/chatty/");
    for (int i = 0; i < 3 * heddle.slots(); i++) {
      assertEquals("null", heddle.submit(() -> "" + MDC.get("heddle.task")).get(), "not the next");
    }
  }

  // ---- worker state

  private static String make() {
    return TaskContext.current().rank() + "-" + UUID.randomUUID();
  }

  private static void assertOncePerRank(Heddle heddle, List<TaskFuture<String>> states)
      throws Exception {
    Set<String> values = new HashSet<>();
    Set<String> ranks = new HashSet<>();
    for (TaskFuture<String> state : states) {
      values.add(state.get());
      ranks.add(state.get().substring(0, state.get().indexOf('-')));
    }
    assertEquals(ranks.size(), values.size(), values::toString);
    assertTrue(heddle.ranks() < 3 || ranks.size() > 1, "several ranks took part");
  }

  private static void workerLocal(Heddle heddle) throws Exception {
    WorkerLocal<String> local = WorkerLocal.of(ContextBehaviours::make);
    WorkerLocal<String> other = WorkerLocal.of(ContextBehaviours::make);
    List<TaskFuture<String>> states = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      states.add(heddle.submit(() -> local.get()));
    }
    assertOncePerRank(heddle, states);
    assertTrue(
        heddle
            .submit(() -> !local.get().equals(other.get()) && local.get().equals(local.get()))
            .get(),
        "each has its own");
  }

  private static void otherWays(Heddle heddle) throws Exception {
    WorkerLocal<String> local = WorkerLocal.of(ContextBehaviours::make);
    List<TaskFuture<String>> states = new ArrayList<>();
    List<TaskFuture<String>> ofStatic = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      states.add(heddle.with(local).submit(WorkerLocal::get));
      states.add(heddle.submit(() -> local.get()));
      ofStatic.add(heddle.submit(() -> STATIC.get()));
    }
    assertOncePerRank(heddle, states);
    assertOncePerRank(heddle, ofStatic);
  }

  private static void failingMaker(Heddle heddle) throws Exception {
    try (Gate gate = Gate.create()) {
      WorkerLocal<Integer> local =
          WorkerLocal.of(
              () -> {
                if (!gate.isOpen()) {
                  throw new IOException("no model");
                }
                return 42;
              });
      TaskFuture<Integer> failed = heddle.submit(() -> local.get());
      assertEquals("no model", Expect.failure(IOException.class, failed).getMessage());
      gate.open();
      assertEquals(42, heddle.submit(() -> local.get()).get(), "the next task tries again");
    }
  }

  private static final WorkerLocal<String> OF_ITSELF = WorkerLocal.of(ContextBehaviours::ofItself);

  private static String ofItself() throws Exception {
    return OF_ITSELF.get();
  }

  private static void selfMaker(Heddle heddle) {
    TaskFuture<String> failed = heddle.submit(() -> OF_ITSELF.get());
    Expect.contains(Expect.failure(IllegalStateException.class, failed), "needs itself");
  }

  // ---- the JDK's way

  private static void service(Heddle heddle) throws Exception {
    TaskExecutorService service = heddle.asExecutorService();
    TaskFuture<Integer> bare = service.submit(() -> 42);
    assertEquals(42, bare.get());
    int captured = 7;
    assertEquals(14, service.submit(() -> 2 * captured).get());
    SerializableCallable<Integer> callable = () -> TaskContext.current().rank();
    assertEquals(heddle.ranks() == 1, service.submit(callable).get() == 0, "never on rank 0");
    ExecutorService plain = service;
    assertEquals(
        42, plain.submit((Callable<Integer>) (SerializableCallable<Integer>) () -> 42).get());
    try (Journal journal = Journal.create()) {
      service.execute(() -> note(journal));
      journal.await(1);
      assertEquals("given", service.submit(() -> note(journal), "given").get());
    }
  }

  private static void note(Journal journal) {
    try {
      journal.write("ran");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void plain(Heddle heddle) throws Exception {
    ExecutorService service = heddle.asExecutorService();
    Callable<Integer> plain = () -> 42;
    Runnable runnable = () -> {};
    for (org.junit.jupiter.api.function.Executable use :
        List.<org.junit.jupiter.api.function.Executable>of(
            () -> service.submit(plain),
            () -> service.submit(runnable),
            () -> service.submit(() -> 42),
            () -> service.execute(runnable),
            () -> service.invokeAll(List.of(plain)),
            () -> service.invokeAny(List.of(plain)))) {
      Expect.contains(
          assertThrows(TaskSerializationException.class, use),
          "ContextBehaviours",
          "not Serializable",
          "SerializableCallable");
    }
    assertEquals(42, heddle.submit(Tasks::answer).get());
  }

  private static void shutdown(Heddle heddle) throws Exception {
    TaskExecutorService service = heddle.asExecutorService();
    TaskFuture<Integer> future = service.submit(() -> 42);
    service.shutdown();
    assertThrows(RejectedExecutionException.class, () -> service.submit(() -> 1));
    assertTrue(service.awaitTermination(60, TimeUnit.SECONDS));
    assertTrue(service.isTerminated());
    assertEquals(42, future.get());
    assertEquals(42, heddle.submit(Tasks::answer).get(), "the heddle is as it was");
    assertEquals(42, heddle.asExecutorService().submit(() -> 42).get());
  }

  // ---- memory

  private static List<WeakReference<Object>> forgotten(Heddle heddle) throws Exception {
    List<WeakReference<Object>> references = new ArrayList<>();
    List<TaskFuture<byte[]>> futures = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      TaskFuture<byte[]> future = heddle.submit(Tasks::large, 1_000, i);
      futures.add(future);
      references.add(new WeakReference<>(future));
      references.add(new WeakReference<>(future.then(Tasks::checksum)));
    }
    TaskFuture<List<byte[]>> all = heddle.all(futures);
    references.add(new WeakReference<>(all));
    references.add(new WeakReference<>(all.part(List::size)));
    assertTrue(heddle.progress().submitted() > heddle.progress().done() || all.isDone());
    assertEquals(100, all.get().size());
    return references;
  }

  private static void gone(Heddle heddle) throws Exception {
    List<WeakReference<Object>> references = forgotten(heddle);
    Expect.eventually(
        () -> heddle.progress().done() == heddle.progress().submitted(), "all tasks are done");
    // what the last turn or a thread's stack still names is no record
    Expect.eventually(
        () -> {
          System.gc();
          return references.stream().filter(one -> one.get() != null).count() <= 4;
        },
        "the futures and their tasks are gone");
  }
}
