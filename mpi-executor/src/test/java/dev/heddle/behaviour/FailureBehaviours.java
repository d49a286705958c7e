package dev.heddle.behaviour;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.DependencyException;
import dev.heddle.Heddle;
import dev.heddle.RemoteException;
import dev.heddle.TaskFuture;
import dev.heddle.TaskOrigin;
import dev.heddle.TaskSerializationException;
import java.io.IOException;
import java.io.StringReader;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// What callers learn of tasks that fail, and of values that can't be sent.
final class FailureBehaviours {
  private static final int CHAIN = 100;

  /// The run, where a task lives in the caller's JVM and could reach it.
  private static volatile @Nullable Heddle reachable;

  private static volatile @Nullable TaskFuture<Integer> awaited;

  private FailureBehaviours() {}

  static List<Scenario> scenarios() {
    return List.of(
        new Scenario("failure with type, message, remote stack, origin", FailureBehaviours::origin),
        new Scenario("unrelated tasks go on after a failure", FailureBehaviours::unrelated),
        new Scenario("dependent names the root of its failure", FailureBehaviours::dependent),
        new Scenario("root is named through a list", FailureBehaviours::throughList),
        new Scenario("root is named through a long chain", FailureBehaviours::throughChain),
        new Scenario("each failed task counts once", FailureBehaviours::countedOnce),
        new Scenario("a dependent submitted after the failure", FailureBehaviours::lateDependent),
        new Scenario("exception class that the caller lacks", FailureBehaviours::unknownClass),
        new Scenario("exception that can't be serialized", FailureBehaviours::unsendable),
        new Scenario("cause of an exception arrives", FailureBehaviours::causes),
        new Scenario("a long message is cut, and the type stays", FailureBehaviours::longMessage),
        new Scenario("suppressed exceptions have their stacks", FailureBehaviours::suppressed),
        new Scenario("errors fail the task alone", FailureBehaviours::errors),
        new Scenario("unserializable argument", FailureBehaviours::argument),
        new Scenario("unserializable capture", FailureBehaviours::capture),
        new Scenario("unserializable result", FailureBehaviours::result),
        new Scenario("unserializable result behind a dependency", FailureBehaviours::behind),
        new Scenario("a task returns a future or a stream", FailureBehaviours::returnsFuture),
        new Scenario("a task captures a future", FailureBehaviours::capturesFuture),
        new Scenario("a task captures the executor", FailureBehaviours::capturesHeddle),
        new Scenario("submit inside a task is refused", FailureBehaviours::submitsInside),
        new Scenario("waiting inside a task is refused", FailureBehaviours::waitsInside));
  }

  private static void origin(Heddle heddle) {
    TaskFuture<Integer> future = heddle.submit(Tasks::fail, "no such molecule");
    IOException cause = Expect.failure(IOException.class, future);
    assertEquals("no such molecule", cause.getMessage());
    assertTrue(
        Arrays.stream(cause.getStackTrace())
            .anyMatch(
                frame ->
                    frame.getMethodName().equals("fail")
                        && frame.getClassName().equals(Tasks.class.getName())),
        () -> "the remote stack: " + Arrays.toString(cause.getStackTrace()));
    TaskOrigin origin = Expect.origin(cause);
    assertEquals(future.taskId(), origin.taskId());
    assertEquals(0, origin.attempt());
    assertTrue(
        heddle.ranks() == 1
            ? origin.rank() == 0
            : origin.rank() > 0 && origin.rank() < heddle.ranks(),
        () -> "rank=" + origin.rank());
    assertFalse(origin.host().isBlank());
    Expect.contains(origin, "Tasks.fail", "rank=" + origin.rank(), "host=" + origin.host());
  }

  private static int failAtLength(int length) throws IOException {
    throw new IOException("m".repeat(length), new IllegalStateException("c".repeat(length)));
  }

  private static void longMessage(Heddle heddle) {
    for (int length : new int[] {5_000, 20_000, 1_000_000}) {
      IOException failure =
          Expect.failure(IOException.class, heddle.submit(FailureBehaviours::failAtLength, length));
      String message = String.valueOf(failure.getMessage());
      Throwable cause = assertInstanceOf(IllegalStateException.class, failure.getCause());
      assertTrue(failure.getStackTrace().length > 0 && cause.getStackTrace().length > 0);
      if (length == 5_000) {
        assertEquals("m".repeat(length), message);
        continue;
      }
      int kept = message.indexOf("...");
      assertTrue(kept > 5_000, () -> "kept=" + kept);
      assertEquals("m".repeat(kept) + "... (" + (length - kept) + " more characters)", message);
    }
  }

  private static int failTwice(String message) throws Exception {
    IOException first = new IOException(message);
    first.addSuppressed(new IllegalStateException("close", new IOException("still open")));
    first.addSuppressed(UnknownClass.exception("gone.Missing", "not here"));
    throw new IOException("outer", first);
  }

  private static void suppressed(Heddle heddle) {
    IOException here =
        Expect.failure(IOException.class, heddle.submit(Tasks::failAndClose, "here"));
    Throwable close = here.getSuppressed()[0];
    assertInstanceOf(IllegalStateException.class, close);
    for (Throwable one : List.of(here, close, Objects.requireNonNull(close.getCause()))) {
      assertTrue(
          Arrays.stream(one.getStackTrace())
              .anyMatch(frame -> frame.getMethodName().equals("failAndClose")),
          () -> one + " has " + Arrays.toString(one.getStackTrace()));
    }
    // one class that is missing here makes all of them stand-ins
    RemoteException missing =
        Expect.failure(RemoteException.class, heddle.submit(FailureBehaviours::failTwice, "outer"));
    Throwable cause = Objects.requireNonNull(missing.getCause());
    assertEquals(2, cause.getSuppressed().length);
    for (Throwable one : cause.getSuppressed()) {
      assertInstanceOf(RemoteException.class, one);
      assertTrue(one.getStackTrace().length > 0, () -> "no stack: " + one);
    }
    Expect.contains(cause.getSuppressed()[1], "gone.Missing: not here");
  }

  private static void unrelated(Heddle heddle) throws Exception {
    TaskFuture<Integer> before = heddle.submit(Tasks::answer);
    TaskFuture<Integer> failing = heddle.submit(Tasks::fail, "only me");
    TaskFuture<Integer> after = heddle.submit(Tasks::twice, before);
    assertEquals(84, after.get());
    Expect.failure(IOException.class, failing);
    assertEquals(42, heddle.submit(Tasks::answer).get());
  }

  private static void assertNames(TaskFuture<?> root, TaskFuture<?> dependent) {
    DependencyException failure = Expect.failure(DependencyException.class, dependent);
    assertEquals(root.taskId(), failure.rootTaskId());
    Expect.contains(failure.rootLabel(), "Tasks.fail");
    Expect.contains(failure, "Tasks.fail", Long.toString(root.taskId()));
    IOException cause = assertInstanceOf(IOException.class, failure.getCause());
    assertEquals("the root", cause.getMessage());
    assertEquals(root.taskId(), Expect.origin(cause).taskId());
  }

  private static void dependent(Heddle heddle) {
    TaskFuture<Integer> root = heddle.submit(Tasks::fail, "the root");
    TaskFuture<Integer> fine = heddle.submit(Tasks::answer);
    assertNames(root, heddle.with(fine, root).submit(Integer::sum));
    assertNames(root, heddle.with(root, root).submit(Integer::sum));
  }

  private static void throughList(Heddle heddle) {
    TaskFuture<Integer> root = heddle.submit(Tasks::fail, "the root");
    TaskFuture<List<Integer>> all =
        heddle.all(List.of(heddle.submit(Tasks::answer), root, heddle.submit(Tasks::answer)));
    assertNames(root, all);
    assertNames(root, heddle.submit(Tasks::sum, all));
  }

  private static void throughChain(Heddle heddle) throws Exception {
    try (Gate gate = Gate.create()) {
      TaskFuture<Integer> held = heddle.submit(Gate::pass, gate, 1);
      TaskFuture<Integer> root = heddle.with(held).submit(_ -> Tasks.fail("the root"));
      TaskFuture<Integer> last = root;
      for (int i = 0; i < CHAIN; i++) {
        last = last.then(Tasks::increment);
      }
      gate.open();
      DependencyException failure = Expect.failure(DependencyException.class, last);
      assertEquals(root.taskId(), failure.rootTaskId());
      assertInstanceOf(IOException.class, failure.getCause());
    }
  }

  private static void countedOnce(Heddle heddle) {
    long failedBefore = heddle.progress().failed();
    TaskFuture<Integer> root = heddle.submit(Tasks::fail, "the root");
    TaskFuture<Integer> left = root.then(Tasks::twice);
    TaskFuture<Integer> right = root.then(Tasks::increment);
    assertNames(root, heddle.with(left, right).submit(Integer::sum));
    Expect.eventually(
        () -> heddle.progress().done() == heddle.progress().submitted(), "all tasks counted");
    assertEquals(4, heddle.progress().failed() - failedBefore);
  }

  private static void lateDependent(Heddle heddle) {
    TaskFuture<Integer> root = heddle.submit(Tasks::fail, "the root");
    Expect.failure(IOException.class, root);
    assertNames(root, root.then(Tasks::increment));
    assertNames(root, root.then(Tasks::increment).then(Tasks::twice));
    assertNames(root, heddle.all(List.of(root)));
  }

  private static void unknownClass(Heddle heddle) {
    TaskFuture<Integer> future =
        heddle.submit(Tasks::throwUnknown, "elsewhere.OnlyThereException", "from afar");
    RemoteException failure = Expect.failure(RemoteException.class, future);
    assertEquals("elsewhere.OnlyThereException", failure.remoteClassName());
    Expect.contains(failure, "elsewhere.OnlyThereException", "from afar");
    assertTrue(
        Arrays.stream(failure.getStackTrace())
            .anyMatch(frame -> frame.getMethodName().equals("throwUnknown")));
    assertEquals(future.taskId(), Expect.origin(failure).taskId());
    DependencyException behind =
        Expect.failure(DependencyException.class, future.then(Tasks::twice));
    assertInstanceOf(RemoteException.class, behind.getCause());
  }

  private static void unsendable(Heddle heddle) {
    RemoteException failure =
        Expect.failure(RemoteException.class, heddle.submit(Tasks::failUnsendable, "heavy"));
    assertEquals(Tasks.Unsendable.class.getName(), failure.remoteClassName());
    Expect.contains(failure, "heavy");
  }

  private static void causes(Heddle heddle) {
    TaskFuture<Integer> future =
        heddle
            .with("inner")
            .submit(
                text -> {
                  throw new IllegalStateException("outer", new IOException(text));
                });
    IllegalStateException failure = Expect.failure(IllegalStateException.class, future);
    assertEquals("outer", failure.getMessage());
    assertEquals("inner", assertInstanceOf(IOException.class, failure.getCause()).getMessage());
  }

  private static void errors(Heddle heddle) throws Exception {
    Expect.origin(Expect.failure(StackOverflowError.class, heddle.submit(Tasks::recurse, 0)));
    NullPointerException missing =
        Expect.failure(NullPointerException.class, heddle.submit(Tasks::readNothing, 1));
    Expect.origin(missing);
    Expect.contains(missing, "Cannot load from int array");
    TaskFuture<Integer> future =
        heddle
            .with("by hand")
            .submit(
                text -> {
                  throw new OutOfMemoryError(text);
                });
    Expect.contains(Expect.failure(OutOfMemoryError.class, future), "by hand");
    assertEquals(42, heddle.submit(Tasks::answer).get());
  }

  private static void argument(Heddle heddle) throws Exception {
    Tasks.Sample sample = new Tasks.Sample(new StringReader("text"));
    TaskSerializationException refusal =
        assertThrows(
            TaskSerializationException.class,
            () -> heddle.submit(Tasks::same, List.of("a", sample)));
    Expect.contains(
        refusal,
        "argument 0 of ",
        "Tasks.same",
        "[1] -> Sample.reader -> java.io.StringReader can't be sent");
    assertEquals(42, heddle.submit(Tasks::answer).get());
  }

  private static void capture(Heddle heddle) throws Exception {
    Tasks.Sample sample = new Tasks.Sample(Thread.currentThread());
    TaskSerializationException refusal =
        assertThrows(
            TaskSerializationException.class, () -> heddle.submit(() -> sample.reader.hashCode()));
    Expect.contains(refusal, "capture 0 of ", "Sample.reader -> java.lang.Thread can't be sent");
    assertEquals(42, heddle.submit(Tasks::answer).get());
  }

  private static void result(Heddle heddle) throws Exception {
    TaskFuture<Object> future = heddle.submit(Tasks::sampleWith, "reader");
    TaskSerializationException refusal = Expect.failure(TaskSerializationException.class, future);
    Expect.contains(
        refusal,
        "result of ",
        "Tasks.sampleWith",
        "[1] -> Sample.reader -> java.io.StringReader can't be sent");
    assertEquals(future.taskId(), Expect.origin(refusal).taskId());
    Expect.contains(
        Expect.failure(
            TaskSerializationException.class, heddle.submit(Tasks::sampleWith, "thread")),
        "Sample.reader -> java.lang.Thread can't be sent");
    assertEquals(42, heddle.submit(Tasks::answer).get());
  }

  private static void behind(Heddle heddle) {
    TaskFuture<@Nullable Object> last =
        heddle.submit(Tasks::sampleWith, heddle.submit(() -> "thread")).then(Tasks::same);
    DependencyException failure = Expect.failure(DependencyException.class, last);
    Expect.contains(
        assertInstanceOf(TaskSerializationException.class, failure.getCause()), "java.lang.Thread");
  }

  private static void returnsFuture(Heddle heddle) {
    Expect.contains(
        Expect.failure(
            TaskSerializationException.class, heddle.submit(Tasks::sampleWith, "future")),
        "result of ",
        "CompletableFuture",
        "heddle.joinAll");
    Expect.contains(
        Expect.failure(
            TaskSerializationException.class, heddle.submit(Tasks::sampleWith, "stream")),
        "result of ",
        "collect it to a list");
  }

  private static void capturesFuture(Heddle heddle) {
    TaskFuture<Integer> future = heddle.submit(Tasks::answer);
    Expect.contains(
        assertThrows(TaskSerializationException.class, () -> heddle.submit(() -> future.get() + 1)),
        "capture 0 of ",
        "pass it as an argument of its own");
    TaskFuture<@Nullable Object> same = heddle.submit(Tasks::same, (Object) List.of(future));
    Expect.contains(
        Expect.failure(TaskSerializationException.class, same),
        "result of ",
        "[0] -> ",
        "a result can't hold a future");
  }

  private static void capturesHeddle(Heddle heddle) {
    Expect.contains(
        assertThrows(
            TaskSerializationException.class,
            () -> heddle.submit(() -> heddle.submit(Tasks::answer).get())),
        "capture 0 of ",
        "tasks can't submit tasks");
  }

  private static void submitsInside(Heddle heddle) throws Exception {
    reachable = heddle;
    try {
      String said = heddle.submit(FailureBehaviours::submitFromHere).get();
      assertTrue(said.equals("out of reach") || said.contains("tasks can't submit tasks"), said);
    } finally {
      reachable = null;
    }
  }

  /// The task: on another process the caller's run is out of reach.
  private static String submitFromHere() {
    Heddle found = reachable;
    if (found == null) {
      return "out of reach";
    }
    try {
      return "took task " + found.submit(Tasks::answer).taskId();
    } catch (IllegalStateException refused) {
      return String.valueOf(refused.getMessage());
    }
  }

  private static void waitsInside(Heddle heddle) throws Exception {
    try (Gate gate = Gate.create()) {
      TaskFuture<Integer> held = heddle.submit(Gate::pass, gate, 7);
      // not done before the other task has tried, where it gets a slot beside this one
      awaited = held;
      TaskFuture<String> other = heddle.submit(FailureBehaviours::waitFromHere);
      if (heddle.slots() == 1) {
        gate.open();
      }
      String said = other.get();
      assertTrue(
          said.equals("out of reach") || said.equals("7") || said.contains("can't wait"), said);
      gate.open();
      assertEquals(7, held.get());
    } finally {
      awaited = null;
    }
  }

  private static String waitFromHere() throws Exception {
    TaskFuture<Integer> found = awaited;
    if (found == null) {
      return "out of reach";
    }
    try {
      return String.valueOf(found.get());
    } catch (IllegalStateException refused) {
      return String.valueOf(refused.getMessage());
    }
  }
}
