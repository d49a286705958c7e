package dev.heddle.behaviour;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.heddle.DependencyException;
import dev.heddle.Heddle;
import dev.heddle.HeddleConfig;
import dev.heddle.OnLeave;
import dev.heddle.TaskContext;
import dev.heddle.TaskFuture;
import dev.heddle.TaskSerializationException;
import java.io.FileReader;
import java.io.Reader;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What users do wrong, each with the message that tells them what to do: where, what and the
/// remedy.
@SuppressWarnings("FutureReturnValueIgnored") // a refused submit returns none
final class MistakeBehaviours {
  private MistakeBehaviours() {}

  /// A class that may be sent, with a field that may not.
  static final class Sample implements Serializable {
    private static final long serialVersionUID = 1L;

    @SuppressWarnings("serial") // that it can't be sent is the mistake
    final @Nullable Reader reader;

    Sample(@Nullable Reader reader) {
      this.reader = reader;
    }

    int length() {
      return 1;
    }
  }

  static List<Scenario> scenarios() {
    return List.of(
        new Scenario("mistake: a lambda captures an open file", MistakeBehaviours::capture),
        new Scenario("mistake: an argument has an open file inside", MistakeBehaviours::argument),
        new Scenario("mistake: a lambda uses this, which can't be sent", MistakeBehaviours::self),
        new Scenario("mistake: a task returns a stream", MistakeBehaviours::stream),
        new Scenario("mistake: a task returns a thread", MistakeBehaviours::thread),
        new Scenario("mistake: a task returns a future", MistakeBehaviours::future),
        new Scenario("mistake: a value holds a plain lambda", MistakeBehaviours::comparator),
        new Scenario("mistake: a task submits", MistakeBehaviours::submitInside),
        new Scenario("mistake: a task waits for a future", MistakeBehaviours::waitInside),
        new Scenario("mistake: no function", MistakeBehaviours::noFunction),
        new Scenario("mistake: any of no futures", MistakeBehaviours::anyOfNothing),
        new Scenario("mistake: use of a scope after its end", MistakeBehaviours::scope),
        new Scenario("mistake: endless recursion in a join", MistakeBehaviours::endlessJoin),
        new Scenario("mistake: a join returns nothing", MistakeBehaviours::joinOfNull),
        new Scenario("mistake: a join returns its own future", MistakeBehaviours::joinOfItself),
        new Scenario("mistake: endless recursion in a task", MistakeBehaviours::endlessTask),
        new Scenario("mistake: a class of another package", MistakeBehaviours::otherPackage),
        new Scenario("mistake: a plain Callable for a service", MistakeBehaviours::plainCallable),
        new Scenario("mistake: submit to a service that is shut down", MistakeBehaviours::shutdown),
        new Scenario("mistake: memoized with an ordinary object", MistakeBehaviours::memo),
        new Scenario("mistake: a task's context outside of tasks", MistakeBehaviours::context),
        new Scenario("mistake: an empty label, a priority out of range", MistakeBehaviours::view),
        new Scenario("mistake: the result of a failed task is used", MistakeBehaviours::dependent),
        new Scenario("mistake: a wrong value in the configuration", MistakeBehaviours::option));
  }

  static List<RunScenario> runs() {
    return List.of(
        new RunScenario("mistake: use after the end of the run", MistakeBehaviours::afterTheEnd),
        new RunScenario("mistake: a future of the run before", MistakeBehaviours::otherRun),
        new RunScenario("mistake: a run inside a run", MistakeBehaviours::runInRun),
        new RunScenario(
            "mistake: a value of rank 0 that is too large", MistakeBehaviours::tooLarge),
        new RunScenario("mistake: a future that nobody completes", MistakeBehaviours::forgotten));
  }

  private static void capture(Heddle heddle) throws Exception {
    try (Reader reader = new FileReader("/dev/null", java.nio.charset.StandardCharsets.UTF_8)) {
      Expect.contains(
          assertThrows(TaskSerializationException.class, () -> heddle.submit(() -> reader.read())),
          "capture 0 of MistakeBehaviours.",
          "java.io.FileReader can't be sent",
          "open it in the task");
    }
  }

  private static void argument(Heddle heddle) throws Exception {
    try (Reader reader = new FileReader("/dev/null", java.nio.charset.StandardCharsets.UTF_8)) {
      Sample sample = new Sample(reader);
      Expect.contains(
          assertThrows(
              TaskSerializationException.class, () -> heddle.submit(Sample::length, sample)),
          "argument 0 of Sample.length: Sample.reader -> java.io.FileReader can't be sent",
          "make the field transient");
    }
  }

  /// Something that submits and has fields of its own.
  private static final class Simulation {
    private final Heddle heddle;
    private final int steps = 3;

    Simulation(Heddle heddle) {
      this.heddle = heddle;
    }

    TaskFuture<Integer> run() {
      return heddle.submit(() -> steps + 1);
    }
  }

  private static void self(Heddle heddle) {
    Expect.contains(
        assertThrows(TaskSerializationException.class, () -> new Simulation(heddle).run()),
        "capture 0 of Simulation.run",
        "Simulation.heddle -> ",
        "tasks can't submit tasks");
  }

  private static void stream(Heddle heddle) {
    TaskFuture<Stream<Integer>> future = heddle.submit(() -> Stream.of(1, 2));
    Expect.contains(
        Expect.failure(TaskSerializationException.class, future),
        "result of MistakeBehaviours.stream",
        "collect it to a list");
  }

  private static void thread(Heddle heddle) {
    TaskFuture<List<Thread>> future = heddle.submit(() -> List.of(Thread.currentThread()));
    Expect.contains(
        Expect.failure(TaskSerializationException.class, future),
        "result of MistakeBehaviours.thread",
        "[0] -> ",
        "a thread belongs to this process");
  }

  private static void future(Heddle heddle) {
    TaskFuture<Object> future =
        heddle.submit(() -> java.util.concurrent.CompletableFuture.completedFuture(1));
    Expect.contains(
        Expect.failure(TaskSerializationException.class, future),
        "result of MistakeBehaviours.future",
        "return the value itself",
        "heddle.join");
  }

  /// An order, as a value.
  record Order(Comparator<String> by) {}

  private static void comparator(Heddle heddle) {
    Order order = new Order((a, b) -> a.compareTo(b));
    Expect.contains(
        assertThrows(TaskSerializationException.class, () -> heddle.submit(Order::by, order)),
        "argument 0 of Order.by: Order.by -> ",
        "not serializable",
        "Comparator<T> & Serializable");
  }

  private static void submitInside(Heddle heddle) {
    Expect.contains(
        assertThrows(
            TaskSerializationException.class,
            () -> heddle.submit(() -> heddle.submit(Tasks::answer).get())),
        "capture 0 of MistakeBehaviours.submitInside",
        "tasks can't submit tasks");
  }

  private static void waitInside(Heddle heddle) {
    TaskFuture<Integer> first = heddle.submit(Tasks::answer);
    Expect.contains(
        assertThrows(TaskSerializationException.class, () -> heddle.submit(() -> first.get() + 1)),
        "capture 0 of MistakeBehaviours.waitInside",
        "pass it as an argument");
  }

  @SuppressWarnings("NullAway") // the mistake
  private static void noFunction(Heddle heddle) {
    dev.heddle.Fn0<Integer> none = null;
    Expect.contains(
        assertThrows(NullPointerException.class, () -> heddle.submit(none)), "function");
  }

  private static void anyOfNothing(Heddle heddle) {
    List<TaskFuture<Integer>> none = List.of();
    Expect.contains(
        assertThrows(IllegalArgumentException.class, () -> heddle.any(none)), "any of no futures");
  }

  private static void scope(Heddle heddle) throws Exception {
    AtomicReference<@Nullable Heddle> kept = new AtomicReference<>();
    heddle.scope(OnLeave.WAIT).run(kept::set);
    Heddle closed = java.util.Objects.requireNonNull(kept.get());
    Expect.contains(
        assertThrows(IllegalStateException.class, () -> closed.submit(Tasks::answer)),
        "the scope is closed",
        "submit inside its body");
  }

  private static TaskFuture<Integer> forEver(Heddle heddle, int n) {
    return heddle.with(n + 1).join(next -> forEver(heddle, next));
  }

  private static void endlessJoin(Heddle heddle) {
    Expect.contains(
        Expect.failure(IllegalStateException.class, forEver(heddle, 0)),
        "joins in joins",
        "MistakeBehaviours.forEver",
        "joinDepthMax=100000");
  }

  @SuppressWarnings("NullAway") // the mistake
  private static void joinOfNull(Heddle heddle) {
    TaskFuture<Integer> joined = heddle.join(() -> (TaskFuture<Integer>) null);
    Expect.contains(
        Expect.failure(ClassCastException.class, joined),
        "join MistakeBehaviours.joinOfNull",
        "must return a future",
        "null");
  }

  private static void joinOfItself(Heddle heddle) throws Exception {
    java.util.concurrent.CompletableFuture<TaskFuture<Integer>> own =
        new java.util.concurrent.CompletableFuture<>();
    TaskFuture<Integer> joined = heddle.join(own::get);
    own.complete(joined);
    Expect.contains(
        Expect.failure(IllegalArgumentException.class, joined),
        "returned its own future",
        "never be done");
  }

  private static void endlessTask(Heddle heddle) {
    StackOverflowError failure =
        Expect.failure(StackOverflowError.class, heddle.submit(Tasks::recurse, 0));
    Expect.contains(Expect.origin(failure).getMessage(), "label=Tasks.recurse", "rank=");
  }

  private static void otherPackage(Heddle heddle) {
    Expect.contains(
        assertThrows(
            TaskSerializationException.class,
            () -> heddle.submit(Tasks::same, (Object) org.opentest4j.ValueWrapper.create(1))),
        "argument 0 of Tasks.same",
        "org.opentest4j.ValueWrapper",
        "add org.opentest4j to heddle.serializablePackages");
  }

  private static void plainCallable(Heddle heddle) {
    try (ExecutorService service = heddle.asExecutorService()) {
      Callable<Integer> plain = () -> 42;
      Expect.contains(
          assertThrows(TaskSerializationException.class, () -> service.submit(plain)),
          "not Serializable",
          "SerializableCallable");
    }
  }

  private static void shutdown(Heddle heddle) {
    var service = heddle.asExecutorService();
    service.shutdown();
    Expect.contains(
        assertThrows(RejectedExecutionException.class, () -> service.submit(() -> 42)),
        "the executor service is shut down");
  }

  private static void memo(Heddle heddle) {
    TaskFuture<Integer> future = heddle.memoized().submit(Sample::length, new Sample(null));
    Expect.contains(
        Expect.failure(TaskSerializationException.class, future),
        "argument 0 of Sample.length",
        "can't be memoized",
        "MistakeBehaviours$Sample",
        "pass a record");
  }

  private static void context(Heddle heddle) {
    Expect.contains(
        assertThrows(IllegalStateException.class, TaskContext::current),
        "TaskContext.current()",
        "inside a task only",
        Thread.currentThread().getName());
  }

  private static void view(Heddle heddle) {
    Expect.contains(
        assertThrows(IllegalArgumentException.class, () -> heddle.label(" ")),
        "1 to 200 characters");
    Expect.contains(
        assertThrows(IllegalArgumentException.class, () -> heddle.priority(128)),
        "priority=128",
        "-128 to 127");
  }

  private static void dependent(Heddle heddle) {
    TaskFuture<Integer> broken = heddle.label("reading run 7").submit(Tasks::fail, "no such file");
    DependencyException failure =
        Expect.failure(DependencyException.class, broken.then(Tasks::increment).then(Tasks::twice));
    Expect.contains(failure, "root task=" + broken.taskId(), "label=reading run 7");
    Expect.contains(
        assertInstanceOf(java.io.IOException.class, failure.getCause()), "no such file");
  }

  private static void option(Heddle heddle) {
    Expect.contains(
        assertThrows(
            IllegalArgumentException.class, () -> HeddleConfig.builder().fanout(1).build()),
        "fanout=1",
        "2 to 4096");
    Expect.contains(
        assertThrows(
            IllegalArgumentException.class, () -> HeddleConfig.builder().set("fanuot", "4")),
        "fanuot",
        "fanout");
  }

  private static void afterTheEnd(Way way) throws Exception {
    AtomicReference<@Nullable Heddle> kept = new AtomicReference<>();
    if (way.run(kept::set)) {
      Heddle over = java.util.Objects.requireNonNull(kept.get());
      Expect.contains(
          assertThrows(IllegalStateException.class, () -> over.submit(Tasks::answer)),
          "the run is over",
          "inside the body of Heddle.run");
    }
  }

  private static void otherRun(Way way) throws Exception {
    List<TaskFuture<Integer>> kept = new ArrayList<>();
    way.run(heddle -> kept.add(heddle.submit(Tasks::answer)));
    way.run(
        heddle ->
            Expect.contains(
                assertThrows(
                    IllegalArgumentException.class,
                    () -> heddle.submit(Tasks::twice, kept.getFirst())),
                "of another run",
                "pass its value instead"));
  }

  private static void tooLarge(Way way) throws Exception {
    way.run(
        config -> config.set("valueBytesMax", "65536"),
        heddle -> {
          byte[] large = new byte[100_000];
          TaskFuture<Long> sum =
              heddle.submit(
                  Tasks::checksum, java.util.concurrent.CompletableFuture.completedFuture(large));
          DependencyException failure = Expect.failure(DependencyException.class, sum);
          Expect.contains(
              assertInstanceOf(TaskSerializationException.class, failure.getCause()),
              "value of CompletableFuture given to Tasks.checksum",
              "at most 65536 can be sent",
              "raise valueBytesMax");
          Expect.contains(
              Expect.failure(
                  TaskSerializationException.class,
                  heddle.submit(Tasks::answer).part(answer -> new byte[100_000 + answer])),
              "result of MistakeBehaviours.tooLarge",
              "raise valueBytesMax");
        });
  }

  private static void forgotten(Way way) throws Exception {
    way.run(
        heddle -> {
          TaskFuture<Integer> given =
              heddle.submit(Tasks::twice, new java.util.concurrent.CompletableFuture<Integer>());
          given.cancel(true);
          // the end of the run waits for no future that nothing needs
        });
  }

  private static void runInRun(Way way) throws Exception {
    way.run(
        heddle ->
            Expect.contains(
                assertThrows(
                    IllegalStateException.class, () -> Heddle.run(new String[0], inner -> {})),
                "a Heddle run is going on in this process",
                "submit to it"));
  }
}
