package dev.heddle;

import dev.heddle.spi.ExecutorProvider;
import java.io.Serializable;
import java.util.Collection;
import java.util.List;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;

/// Runs a dynamic graph of tasks on the ranks of an MPI job, or on the threads of this JVM.
///
/// Tasks are submitted with values and with futures of other tasks; a future passed as an argument
/// is a dependency. Arguments and results are encoded on every way to run, threads too: a task
/// never shares an object with its caller.
///
/// Threading: every method may be called from any thread, virtual ones too. Errors: a call after
/// the end of the run throws [IllegalStateException].
///
/// {@snippet :
/// Heddle.run(args, heddle -> {
///   TaskFuture<Double> a = heddle.submit(Chem::energy, "H2O");
///   TaskFuture<Double> b = heddle.submit(Chem::energy, "CO2");
///   System.out.println(heddle.with(a, b).submit((x, y) -> x + y).get());
/// });
/// }
public abstract class Heddle {

  /// For executors only.
  protected Heddle() {}

  /// What a user's program does with a [Heddle]; it runs on rank 0 only.
  @FunctionalInterface
  public interface Body {
    /// Submits tasks and uses their results; may throw anything.
    void run(Heddle heddle) throws Throwable;
  }

  /// Runs `body` on rank 0 and serves its tasks on all other ranks, with the configuration of
  /// properties and environment.
  ///
  /// Shape: returns `true` on rank 0 after the body, and `false` on every other rank after
  /// shutdown. Runs in sequence are allowed. Threading: one run at a time in a process. Errors:
  /// what the body throws is rethrown after shutdown; a second run at the same time throws
  /// [IllegalStateException]; wrong configuration throws [IllegalArgumentException] that names
  /// option, value and bound.
  public static boolean run(String[] args, Body body) {
    return run(HeddleConfig.builder().build(), args, body);
  }

  /// As [#run(String\[\], Body)] with a configuration made in code.
  public static boolean run(HeddleConfig config, String[] args, Body body) {
    return ServiceLoader.load(ExecutorProvider.class)
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalStateException(
                    "no Heddle executor on the class path: add the artifact dev.heddle:heddle-mpi-executor"))
        .run(config, args, body);
  }

  /// The arguments given to [#run], untouched.
  public abstract String[] args();

  /// Number of slots in the whole run: tasks that can execute at the same time.
  public abstract long slots();

  /// Number of ranks in the run, the coordinator included.
  public abstract int ranks();

  /// Ranks on the longest path of the tree, both ends counted; 1 when rank 0 is alone.
  public abstract int levels();

  /// A snapshot of the run's counters, for progress displays.
  public abstract Progress progress();

  /// Completes with the values of `futures`, in their order, when all are done.
  ///
  /// Shape: a list may be an argument of a task as any value; it occupies no slot. Errors: fails as
  /// every dependent does, with a [DependencyException] that names the root.
  public abstract <T extends @Nullable Object> TaskFuture<List<T>> all(
      Collection<? extends TaskFuture<? extends T>> futures);

  /// Submits a function with arguments that are values or [TaskFuture]s, matched by the callers
  /// above.
  protected abstract <R extends @Nullable Object> TaskFuture<R> submitTask(
      Serializable function, @Nullable Object... arguments);

  /// Submits a function without arguments. The future's value is what it returns.
  public final <R extends @Nullable Object> TaskFuture<R> submit(Fn0<R> function) {
    return submitTask(function);
  }

  /// Submits a function of one argument, given by value.
  ///
  /// Shape: the argument is encoded now; a later change of the object is not seen by the task.
  public final <A extends @Nullable Object, R extends @Nullable Object> TaskFuture<R> submit(
      Fn1<A, R> function, A a) {
    return submitTask(function, a);
  }

  /// As above, waiting for: `a`.
  public final <A extends @Nullable Object, R extends @Nullable Object> TaskFuture<R> submit(
      Fn1<A, R> function, TaskFuture<? extends A> a) {
    return submitTask(function, a);
  }

  /// Submits a function of 2 arguments.
  public final <A extends @Nullable Object, B extends @Nullable Object, R extends @Nullable Object>
      TaskFuture<R> submit(Fn2<A, B, R> function, A a, B b) {
    return submitTask(function, a, b);
  }

  /// As above, waiting for: `a`.
  public final <A extends @Nullable Object, B extends @Nullable Object, R extends @Nullable Object>
      TaskFuture<R> submit(Fn2<A, B, R> function, TaskFuture<? extends A> a, B b) {
    return submitTask(function, a, b);
  }

  /// As above, waiting for: `b`.
  public final <A extends @Nullable Object, B extends @Nullable Object, R extends @Nullable Object>
      TaskFuture<R> submit(Fn2<A, B, R> function, A a, TaskFuture<? extends B> b) {
    return submitTask(function, a, b);
  }

  /// As above, waiting for: `a`, `b`.
  public final <A extends @Nullable Object, B extends @Nullable Object, R extends @Nullable Object>
      TaskFuture<R> submit(
          Fn2<A, B, R> function, TaskFuture<? extends A> a, TaskFuture<? extends B> b) {
    return submitTask(function, a, b);
  }

  /// Submits a function of 3 arguments.
  public final <
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          R extends @Nullable Object>
      TaskFuture<R> submit(Fn3<A, B, C, R> function, A a, B b, C c) {
    return submitTask(function, a, b, c);
  }

  /// As above, waiting for: `a`.
  public final <
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          R extends @Nullable Object>
      TaskFuture<R> submit(Fn3<A, B, C, R> function, TaskFuture<? extends A> a, B b, C c) {
    return submitTask(function, a, b, c);
  }

  /// As above, waiting for: `b`.
  public final <
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          R extends @Nullable Object>
      TaskFuture<R> submit(Fn3<A, B, C, R> function, A a, TaskFuture<? extends B> b, C c) {
    return submitTask(function, a, b, c);
  }

  /// As above, waiting for: `a`, `b`.
  public final <
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          R extends @Nullable Object>
      TaskFuture<R> submit(
          Fn3<A, B, C, R> function, TaskFuture<? extends A> a, TaskFuture<? extends B> b, C c) {
    return submitTask(function, a, b, c);
  }

  /// As above, waiting for: `c`.
  public final <
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          R extends @Nullable Object>
      TaskFuture<R> submit(Fn3<A, B, C, R> function, A a, B b, TaskFuture<? extends C> c) {
    return submitTask(function, a, b, c);
  }

  /// As above, waiting for: `a`, `c`.
  public final <
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          R extends @Nullable Object>
      TaskFuture<R> submit(
          Fn3<A, B, C, R> function, TaskFuture<? extends A> a, B b, TaskFuture<? extends C> c) {
    return submitTask(function, a, b, c);
  }

  /// As above, waiting for: `b`, `c`.
  public final <
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          R extends @Nullable Object>
      TaskFuture<R> submit(
          Fn3<A, B, C, R> function, A a, TaskFuture<? extends B> b, TaskFuture<? extends C> c) {
    return submitTask(function, a, b, c);
  }

  /// As above, waiting for: `a`, `b`, `c`.
  public final <
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          R extends @Nullable Object>
      TaskFuture<R> submit(
          Fn3<A, B, C, R> function,
          TaskFuture<? extends A> a,
          TaskFuture<? extends B> b,
          TaskFuture<? extends C> c) {
    return submitTask(function, a, b, c);
  }

  /// Fixes 1 argument of a task, so that a lambda or an overloaded method can be inferred from it.
  public final <A extends @Nullable Object> With1<A> with(A a) {
    return new With1<>(this, a);
  }

  /// As above, waiting for: `a`.
  public final <A extends @Nullable Object> With1<A> with(TaskFuture<? extends A> a) {
    return new With1<>(this, a);
  }

  /// Fixes 2 arguments of a task, so that a lambda or an overloaded method can be inferred from
  /// them.
  public final <A extends @Nullable Object, B extends @Nullable Object> With2<A, B> with(A a, B b) {
    return new With2<>(this, a, b);
  }

  /// As above, waiting for: `a`.
  public final <A extends @Nullable Object, B extends @Nullable Object> With2<A, B> with(
      TaskFuture<? extends A> a, B b) {
    return new With2<>(this, a, b);
  }

  /// As above, waiting for: `b`.
  public final <A extends @Nullable Object, B extends @Nullable Object> With2<A, B> with(
      A a, TaskFuture<? extends B> b) {
    return new With2<>(this, a, b);
  }

  /// As above, waiting for: `a`, `b`.
  public final <A extends @Nullable Object, B extends @Nullable Object> With2<A, B> with(
      TaskFuture<? extends A> a, TaskFuture<? extends B> b) {
    return new With2<>(this, a, b);
  }

  /// Fixes 3 arguments of a task, so that a lambda or an overloaded method can be inferred from
  /// them.
  public final <A extends @Nullable Object, B extends @Nullable Object, C extends @Nullable Object>
      With3<A, B, C> with(A a, B b, C c) {
    return new With3<>(this, a, b, c);
  }

  /// As above, waiting for: `a`.
  public final <A extends @Nullable Object, B extends @Nullable Object, C extends @Nullable Object>
      With3<A, B, C> with(TaskFuture<? extends A> a, B b, C c) {
    return new With3<>(this, a, b, c);
  }

  /// As above, waiting for: `b`.
  public final <A extends @Nullable Object, B extends @Nullable Object, C extends @Nullable Object>
      With3<A, B, C> with(A a, TaskFuture<? extends B> b, C c) {
    return new With3<>(this, a, b, c);
  }

  /// As above, waiting for: `a`, `b`.
  public final <A extends @Nullable Object, B extends @Nullable Object, C extends @Nullable Object>
      With3<A, B, C> with(TaskFuture<? extends A> a, TaskFuture<? extends B> b, C c) {
    return new With3<>(this, a, b, c);
  }

  /// As above, waiting for: `c`.
  public final <A extends @Nullable Object, B extends @Nullable Object, C extends @Nullable Object>
      With3<A, B, C> with(A a, B b, TaskFuture<? extends C> c) {
    return new With3<>(this, a, b, c);
  }

  /// As above, waiting for: `a`, `c`.
  public final <A extends @Nullable Object, B extends @Nullable Object, C extends @Nullable Object>
      With3<A, B, C> with(TaskFuture<? extends A> a, B b, TaskFuture<? extends C> c) {
    return new With3<>(this, a, b, c);
  }

  /// As above, waiting for: `b`, `c`.
  public final <A extends @Nullable Object, B extends @Nullable Object, C extends @Nullable Object>
      With3<A, B, C> with(A a, TaskFuture<? extends B> b, TaskFuture<? extends C> c) {
    return new With3<>(this, a, b, c);
  }

  /// As above, waiting for: `a`, `b`, `c`.
  public final <A extends @Nullable Object, B extends @Nullable Object, C extends @Nullable Object>
      With3<A, B, C> with(
          TaskFuture<? extends A> a, TaskFuture<? extends B> b, TaskFuture<? extends C> c) {
    return new With3<>(this, a, b, c);
  }
}
