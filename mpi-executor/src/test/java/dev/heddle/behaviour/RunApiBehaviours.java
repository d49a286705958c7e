package dev.heddle.behaviour;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Heddle;
import dev.heddle.HeddleConfig;
import dev.heddle.TaskContext;
import dev.heddle.TaskFuture;
import dev.heddle.TaskSerializationException;
import dev.heddle.WorkerLocal;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// What the API promises of whole runs: their ends, bounds and orders.
final class RunApiBehaviours {
  private static final int PENDING_MAX = 100;

  /// More than `PENDING_MAX` and the reserve of callbacks together.
  private static final int TOO_MANY = 1_500;

  private RunApiBehaviours() {}

  /// Notes its end.
  record Closing(Journal journal) implements AutoCloseable {
    @Override
    public void close() throws IOException {
      journal.write("closed");
    }
  }

  static List<RunScenario> scenarios() {
    return List.of(
        new RunScenario("run is true on rank 0 and false elsewhere", RunApiBehaviours::returns),
        new RunScenario("the caller's package may be sent", RunApiBehaviours::packages),
        new RunScenario("a class of another package is refused by name", RunApiBehaviours::others),
        new RunScenario("worker state is closed at the end of the run", RunApiBehaviours::closes),
        new RunScenario("strict priorities, first come first served", RunApiBehaviours::priority),
        new RunScenario("a join beyond the bound is refused", RunApiBehaviours::joinAtBound),
        new RunScenario("a callback beyond the bound is refused", RunApiBehaviours::atBound),
        new RunScenario("the end of the run waits for callbacks", RunApiBehaviours::waits),
        new RunScenario("a scope's skipped tasks hold the end", RunApiBehaviours::skipped));
  }

  private static void returns(Way way) throws Exception {
    AtomicInteger bodies = new AtomicInteger();
    Set<Integer> ranks = Collections.synchronizedSet(new HashSet<>());
    boolean isRoot =
        way.run(
            heddle -> {
              bodies.incrementAndGet();
              List<TaskFuture<Integer>> futures = new ArrayList<>();
              for (int i = 0; i < 4 * heddle.slots(); i++) {
                futures.add(heddle.submit(() -> TaskContext.current().rank()));
              }
              for (TaskFuture<Integer> future : futures) {
                ranks.add(future.get());
              }
            });
    assertEquals(isRoot ? 1 : 0, bodies.get());
    assertEquals(isRoot, !ranks.isEmpty());
    if (!way.mpi()) {
      assertTrue(isRoot, "a JVM with rank 0 in it is rank 0");
    }
  }

  private static void packages(Way way) {
    HeddleConfig.Builder builder = HeddleConfig.builder().slots(way.slots()).fanout(way.fanout());
    if (!way.mpi()) {
      builder.localRanks(way.ranks());
    }
    boolean _ =
        Heddle.run(
            builder.build(),
            new String[0],
            heddle -> {
              MemoBehaviours.Plain plain = new MemoBehaviours.Plain(7);
              assertEquals(7, heddle.with(plain).submit(p -> p.value).get());
            });
  }

  private static void others(Way way) {
    boolean _ =
        way.run(
            builder -> builder.serializablePackages("somewhere.else"),
            heddle -> {
              TaskSerializationException refusal =
                  assertThrows(
                      TaskSerializationException.class,
                      () ->
                          heddle.submit(
                              Tasks::same, (Object) List.of(new MemoBehaviours.Plain(7))));
              Expect.contains(
                  refusal,
                  "argument 0 of ",
                  "[0] -> " + MemoBehaviours.Plain.class.getName(),
                  "serializablePackages");
              assertEquals(42, heddle.submit(Tasks::answer).get());
            });
  }

  private static void closes(Way way) throws Exception {
    AtomicReference<@Nullable Journal> kept = new AtomicReference<>();
    Set<Integer> ranks = new HashSet<>();
    boolean isRoot =
        way.run(
            heddle -> {
              Journal journal = Journal.create();
              kept.set(journal);
              WorkerLocal<Closing> local = WorkerLocal.of(() -> new Closing(journal));
              List<TaskFuture<Integer>> futures = new ArrayList<>();
              for (int i = 0; i < 50; i++) {
                futures.add(
                    heddle.submit(
                        () -> {
                          Objects.requireNonNull(local.get());
                          return TaskContext.current().rank();
                        }));
              }
              for (TaskFuture<Integer> future : futures) {
                ranks.add(future.get());
              }
              assertEquals(0, journal.count(), "not before the end");
            });
    if (isRoot) {
      try (Journal journal = Objects.requireNonNull(kept.get())) {
        journal.await(ranks.size());
        assertEquals(ranks.size(), journal.count(), "once on each rank");
      }
    }
  }

  /// With one slot the order of tasks is the order of their launch; with more of them all that can
  /// be said is that each runs.
  private static void priority(Way way) {
    boolean _ =
        way.run(
            builder -> builder.slots(1),
            heddle -> {
              try (Gate gate = Gate.create();
                  Gate entered = Gate.create();
                  Journal journal = Journal.create()) {
                List<TaskFuture<Integer>> futures = new ArrayList<>();
                futures.add(heddle.submit(RunApiBehaviours::enter, entered, gate));
                Expect.eventually(entered::isOpen, "the slot is taken");
                List<String> expected = new ArrayList<>();
                for (int priority : new int[] {127, 5, 0, -1, -128}) {
                  for (int i = 0; i < 5; i++) {
                    expected.add(priority + "/" + i);
                  }
                }
                for (int i = 0; i < 5; i++) {
                  for (int priority : new int[] {0, -128, 127, 5, -1}) {
                    futures.add(
                        heddle
                            .priority(priority)
                            .submit(Journal::noted, journal, priority + "/" + i, i));
                  }
                }
                gate.open();
                for (TaskFuture<Integer> future : futures) {
                  Objects.requireNonNull(future.get());
                }
                if (heddle.slots() == 1) {
                  assertEquals(expected, journal.lines());
                } else {
                  assertEquals(Set.copyOf(expected), Set.copyOf(journal.lines()));
                }
              }
            });
  }

  private static int enter(Gate entered, Gate gate) throws Exception {
    entered.open();
    return Gate.pass(gate, 0);
  }

  private static void submitTooMany(Heddle heddle, TaskFuture<Integer> held) {
    for (int i = 0; i < TOO_MANY; i++) {
      TaskFuture<Integer> _ = heddle.submit(Tasks::number, held);
    }
  }

  private static void joinAtBound(Way way) {
    boolean _ =
        way.run(
            builder -> builder.pendingTasksMax(PENDING_MAX),
            heddle -> {
              try (Gate gate = Gate.create()) {
                TaskFuture<Integer> held = heddle.submit(Gate::pass, gate, 7);
                TaskFuture<Integer> joined =
                    heddle.join(
                        () -> {
                          submitTooMany(heddle, held);
                          return held;
                        });
                RejectedExecutionException refusal =
                    Expect.failure(RejectedExecutionException.class, joined);
                Expect.contains(refusal, "pendingTasksMax=" + PENDING_MAX, "a join or callback");
                assertFalse(held.isDone(), "nobody waited for room");
                gate.open();
                assertEquals(42, heddle.submit(Tasks::answer).get());
              }
            });
  }

  private static void atBound(Way way) {
    boolean _ =
        way.run(
            builder -> builder.pendingTasksMax(PENDING_MAX),
            heddle -> {
              try (Gate gate = Gate.create()) {
                TaskFuture<Integer> first = heddle.submit(Tasks::answer);
                assertEquals(42, first.get());
                Gate before = Gate.create();
                TaskFuture<Integer> opened = heddle.submit(Gate::pass, before, 1);
                CompletableFuture<Throwable> seen = new CompletableFuture<>();
                CompletableFuture<Void> chained =
                    opened
                        .toCompletableFuture()
                        .thenAccept(
                            _ -> {
                              TaskFuture<Integer> held = heddle.submit(Gate::pass, gate, 7);
                              try {
                                submitTooMany(heddle, held);
                              } catch (RuntimeException refused) {
                                seen.complete(refused);
                              }
                            });
                before.close();
                chained.get();
                Throwable refused = seen.getNow(new AssertionError("nothing was refused"));
                assertEquals(RejectedExecutionException.class, refused.getClass());
                gate.open();
                assertEquals(42, heddle.submit(Tasks::answer).get());
              }
            });
  }

  private static void waits(Way way) throws Exception {
    AtomicReference<@Nullable TaskFuture<Integer>> last = new AtomicReference<>();
    boolean isRoot =
        way.run(
            heddle -> {
              CompletableFuture<Void> _ =
                  heddle
                      .submit(Tasks::answer)
                      .toCompletableFuture()
                      .thenAccept(value -> last.set(heddle.submit(Tasks::twice, value)));
            });
    if (isRoot) {
      assertEquals(84, Objects.requireNonNull(last.get()).get());
    }
  }

  private static void skipped(Way way) throws Exception {
    AtomicReference<@Nullable TaskFuture<Integer>> kept = new AtomicReference<>();
    boolean isRoot =
        way.run(
            heddle -> {
              try (Gate gate = Gate.create()) {
                heddle
                    .scope(dev.heddle.OnLeave.SKIP)
                    .run(s -> kept.set(s.submit(Gate::pass, gate, 7).then(Tasks::twice)));
                assertFalse(Objects.requireNonNull(kept.get()).isDone());
              }
            });
    if (isRoot) {
      assertEquals(14, Objects.requireNonNull(kept.get()).get());
    }
  }
}
