package dev.heddle;

import java.io.Serializable;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/// The forms of `submit` that take function and arguments at once: 1 to 5 arguments, each a value
/// or a future.
///
/// Written by `Overloads`.
abstract class SubmitOverloads {
  SubmitOverloads() {}

  /// Submits a function with arguments that are values or futures; the callers match their types.
  ///
  /// @param <R> type of the result
  /// @param function one of the interfaces [Fn0] to [Fn5] and [Proc0] to [Proc5]
  /// @param arguments as many as it takes
  /// @return the future of its result
  protected abstract <R extends @Nullable Object> TaskFuture<R> submitTask(
      Serializable function, @Nullable Object... arguments);

  /// Submits a function of one argument, given by value.
  ///
  /// Shape: arguments are encoded now; a later change of an object is not seen by the task.
  ///
  /// @param <A> type of argument a
  /// @param <R> type of the result
  /// @param function runs on a worker
  /// @param a value of argument 0
  /// @return the future of its result
  public final <A extends @Nullable Object, R extends @Nullable Object> TaskFuture<R> submit(
      Fn1<A, R> function, A a) {
    return submitTask(function, a);
  }

  /// Submits a function of one argument that waits for `a`.
  ///
  /// @param <A> type of argument a
  /// @param <R> type of the result
  /// @param function runs on a worker
  /// @param a future of argument 0
  /// @return the future of its result
  public final <A extends @Nullable Object, R extends @Nullable Object> TaskFuture<R> submit(
      Fn1<A, R> function, Future<? extends A> a) {
    return submitTask(function, a);
  }

  /// Submits a function of two arguments, given by value.
  ///
  /// Shape: arguments are encoded now; a later change of an object is not seen by the task.
  ///
  /// @param <A> type of argument a
  /// @param <B> type of argument b
  /// @param <R> type of the result
  /// @param function runs on a worker
  /// @param a value of argument 0
  /// @param b value of argument 1
  /// @return the future of its result
  public final <A extends @Nullable Object, B extends @Nullable Object, R extends @Nullable Object>
      TaskFuture<R> submit(Fn2<A, B, R> function, A a, B b) {
    return submitTask(function, a, b);
  }

  /// Submits a function of two arguments that waits for `a`.
  ///
  /// @param <A> type of argument a
  /// @param <B> type of argument b
  /// @param <R> type of the result
  /// @param function runs on a worker
  /// @param a future of argument 0
  /// @param b value of argument 1
  /// @return the future of its result
  public final <A extends @Nullable Object, B extends @Nullable Object, R extends @Nullable Object>
      TaskFuture<R> submit(Fn2<A, B, R> function, Future<? extends A> a, B b) {
    return submitTask(function, a, b);
  }

  /// Submits a function of two arguments that waits for `b`.
  ///
  /// @param <A> type of argument a
  /// @param <B> type of argument b
  /// @param <R> type of the result
  /// @param function runs on a worker
  /// @param a value of argument 0
  /// @param b future of argument 1
  /// @return the future of its result
  public final <A extends @Nullable Object, B extends @Nullable Object, R extends @Nullable Object>
      TaskFuture<R> submit(Fn2<A, B, R> function, A a, Future<? extends B> b) {
    return submitTask(function, a, b);
  }

  /// Submits a function of two arguments that waits for `a`, `b`.
  ///
  /// @param <A> type of argument a
  /// @param <B> type of argument b
  /// @param <R> type of the result
  /// @param function runs on a worker
  /// @param a future of argument 0
  /// @param b future of argument 1
  /// @return the future of its result
  public final <A extends @Nullable Object, B extends @Nullable Object, R extends @Nullable Object>
      TaskFuture<R> submit(Fn2<A, B, R> function, Future<? extends A> a, Future<? extends B> b) {
    return submitTask(function, a, b);
  }

  /// Submits a function of three arguments, given by value.
  ///
  /// Shape: arguments are encoded now; a later change of an object is not seen by the task.
  ///
  /// @param <A> type of argument a
  /// @param <B> type of argument b
  /// @param <C> type of argument c
  /// @param <R> type of the result
  /// @param function runs on a worker
  /// @param a value of argument 0
  /// @param b value of argument 1
  /// @param c value of argument 2
  /// @return the future of its result
  public final <
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          R extends @Nullable Object>
      TaskFuture<R> submit(Fn3<A, B, C, R> function, A a, B b, C c) {
    return submitTask(function, a, b, c);
  }

  /// Submits a function of three arguments that waits for `a`.
  ///
  /// @param <A> type of argument a
  /// @param <B> type of argument b
  /// @param <C> type of argument c
  /// @param <R> type of the result
  /// @param function runs on a worker
  /// @param a future of argument 0
  /// @param b value of argument 1
  /// @param c value of argument 2
  /// @return the future of its result
  public final <
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          R extends @Nullable Object>
      TaskFuture<R> submit(Fn3<A, B, C, R> function, Future<? extends A> a, B b, C c) {
    return submitTask(function, a, b, c);
  }

  /// Submits a function of three arguments that waits for `b`.
  ///
  /// @param <A> type of argument a
  /// @param <B> type of argument b
  /// @param <C> type of argument c
  /// @param <R> type of the result
  /// @param function runs on a worker
  /// @param a value of argument 0
  /// @param b future of argument 1
  /// @param c value of argument 2
  /// @return the future of its result
  public final <
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          R extends @Nullable Object>
      TaskFuture<R> submit(Fn3<A, B, C, R> function, A a, Future<? extends B> b, C c) {
    return submitTask(function, a, b, c);
  }

  /// Submits a function of three arguments that waits for `a`, `b`.
  ///
  /// @param <A> type of argument a
  /// @param <B> type of argument b
  /// @param <C> type of argument c
  /// @param <R> type of the result
  /// @param function runs on a worker
  /// @param a future of argument 0
  /// @param b future of argument 1
  /// @param c value of argument 2
  /// @return the future of its result
  public final <
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          R extends @Nullable Object>
      TaskFuture<R> submit(
          Fn3<A, B, C, R> function, Future<? extends A> a, Future<? extends B> b, C c) {
    return submitTask(function, a, b, c);
  }

  /// Submits a function of three arguments that waits for `c`.
  ///
  /// @param <A> type of argument a
  /// @param <B> type of argument b
  /// @param <C> type of argument c
  /// @param <R> type of the result
  /// @param function runs on a worker
  /// @param a value of argument 0
  /// @param b value of argument 1
  /// @param c future of argument 2
  /// @return the future of its result
  public final <
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          R extends @Nullable Object>
      TaskFuture<R> submit(Fn3<A, B, C, R> function, A a, B b, Future<? extends C> c) {
    return submitTask(function, a, b, c);
  }

  /// Submits a function of three arguments that waits for `a`, `c`.
  ///
  /// @param <A> type of argument a
  /// @param <B> type of argument b
  /// @param <C> type of argument c
  /// @param <R> type of the result
  /// @param function runs on a worker
  /// @param a future of argument 0
  /// @param b value of argument 1
  /// @param c future of argument 2
  /// @return the future of its result
  public final <
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          R extends @Nullable Object>
      TaskFuture<R> submit(
          Fn3<A, B, C, R> function, Future<? extends A> a, B b, Future<? extends C> c) {
    return submitTask(function, a, b, c);
  }

  /// Submits a function of three arguments that waits for `b`, `c`.
  ///
  /// @param <A> type of argument a
  /// @param <B> type of argument b
  /// @param <C> type of argument c
  /// @param <R> type of the result
  /// @param function runs on a worker
  /// @param a value of argument 0
  /// @param b future of argument 1
  /// @param c future of argument 2
  /// @return the future of its result
  public final <
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          R extends @Nullable Object>
      TaskFuture<R> submit(
          Fn3<A, B, C, R> function, A a, Future<? extends B> b, Future<? extends C> c) {
    return submitTask(function, a, b, c);
  }

  /// Submits a function of three arguments that waits for `a`, `b`, `c`.
  ///
  /// @param <A> type of argument a
  /// @param <B> type of argument b
  /// @param <C> type of argument c
  /// @param <R> type of the result
  /// @param function runs on a worker
  /// @param a future of argument 0
  /// @param b future of argument 1
  /// @param c future of argument 2
  /// @return the future of its result
  public final <
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          R extends @Nullable Object>
      TaskFuture<R> submit(
          Fn3<A, B, C, R> function,
          Future<? extends A> a,
          Future<? extends B> b,
          Future<? extends C> c) {
    return submitTask(function, a, b, c);
  }

  /// Submits a function of four arguments, given by value.
  ///
  /// Shape: arguments are encoded now; a later change of an object is not seen by the task.
  ///
  /// @param <A> type of argument a
  /// @param <B> type of argument b
  /// @param <C> type of argument c
  /// @param <D> type of argument d
  /// @param <R> type of the result
  /// @param function runs on a worker
  /// @param a value of argument 0
  /// @param b value of argument 1
  /// @param c value of argument 2
  /// @param d value of argument 3
  /// @return the future of its result
  public final <
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          D extends @Nullable Object,
          R extends @Nullable Object>
      TaskFuture<R> submit(Fn4<A, B, C, D, R> function, A a, B b, C c, D d) {
    return submitTask(function, a, b, c, d);
  }

  /// Submits a function of four arguments that waits for `a`.
  ///
  /// @param <A> type of argument a
  /// @param <B> type of argument b
  /// @param <C> type of argument c
  /// @param <D> type of argument d
  /// @param <R> type of the result
  /// @param function runs on a worker
  /// @param a future of argument 0
  /// @param b value of argument 1
  /// @param c value of argument 2
  /// @param d value of argument 3
  /// @return the future of its result
  public final <
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          D extends @Nullable Object,
          R extends @Nullable Object>
      TaskFuture<R> submit(Fn4<A, B, C, D, R> function, Future<? extends A> a, B b, C c, D d) {
    return submitTask(function, a, b, c, d);
  }

  /// Submits a function of four arguments that waits for `b`.
  ///
  /// @param <A> type of argument a
  /// @param <B> type of argument b
  /// @param <C> type of argument c
  /// @param <D> type of argument d
  /// @param <R> type of the result
  /// @param function runs on a worker
  /// @param a value of argument 0
  /// @param b future of argument 1
  /// @param c value of argument 2
  /// @param d value of argument 3
  /// @return the future of its result
  public final <
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          D extends @Nullable Object,
          R extends @Nullable Object>
      TaskFuture<R> submit(Fn4<A, B, C, D, R> function, A a, Future<? extends B> b, C c, D d) {
    return submitTask(function, a, b, c, d);
  }

  /// Submits a function of four arguments that waits for `a`, `b`.
  ///
  /// @param <A> type of argument a
  /// @param <B> type of argument b
  /// @param <C> type of argument c
  /// @param <D> type of argument d
  /// @param <R> type of the result
  /// @param function runs on a worker
  /// @param a future of argument 0
  /// @param b future of argument 1
  /// @param c value of argument 2
  /// @param d value of argument 3
  /// @return the future of its result
  public final <
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          D extends @Nullable Object,
          R extends @Nullable Object>
      TaskFuture<R> submit(
          Fn4<A, B, C, D, R> function, Future<? extends A> a, Future<? extends B> b, C c, D d) {
    return submitTask(function, a, b, c, d);
  }

  /// Submits a function of four arguments that waits for `c`.
  ///
  /// @param <A> type of argument a
  /// @param <B> type of argument b
  /// @param <C> type of argument c
  /// @param <D> type of argument d
  /// @param <R> type of the result
  /// @param function runs on a worker
  /// @param a value of argument 0
  /// @param b value of argument 1
  /// @param c future of argument 2
  /// @param d value of argument 3
  /// @return the future of its result
  public final <
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          D extends @Nullable Object,
          R extends @Nullable Object>
      TaskFuture<R> submit(Fn4<A, B, C, D, R> function, A a, B b, Future<? extends C> c, D d) {
    return submitTask(function, a, b, c, d);
  }

  /// Submits a function of four arguments that waits for `a`, `c`.
  ///
  /// @param <A> type of argument a
  /// @param <B> type of argument b
  /// @param <C> type of argument c
  /// @param <D> type of argument d
  /// @param <R> type of the result
  /// @param function runs on a worker
  /// @param a future of argument 0
  /// @param b value of argument 1
  /// @param c future of argument 2
  /// @param d value of argument 3
  /// @return the future of its result
  public final <
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          D extends @Nullable Object,
          R extends @Nullable Object>
      TaskFuture<R> submit(
          Fn4<A, B, C, D, R> function, Future<? extends A> a, B b, Future<? extends C> c, D d) {
    return submitTask(function, a, b, c, d);
  }

  /// Submits a function of four arguments that waits for `b`, `c`.
  ///
  /// @param <A> type of argument a
  /// @param <B> type of argument b
  /// @param <C> type of argument c
  /// @param <D> type of argument d
  /// @param <R> type of the result
  /// @param function runs on a worker
  /// @param a value of argument 0
  /// @param b future of argument 1
  /// @param c future of argument 2
  /// @param d value of argument 3
  /// @return the future of its result
  public final <
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          D extends @Nullable Object,
          R extends @Nullable Object>
      TaskFuture<R> submit(
          Fn4<A, B, C, D, R> function, A a, Future<? extends B> b, Future<? extends C> c, D d) {
    return submitTask(function, a, b, c, d);
  }

  /// Submits a function of four arguments that waits for `a`, `b`, `c`.
  ///
  /// @param <A> type of argument a
  /// @param <B> type of argument b
  /// @param <C> type of argument c
  /// @param <D> type of argument d
  /// @param <R> type of the result
  /// @param function runs on a worker
  /// @param a future of argument 0
  /// @param b future of argument 1
  /// @param c future of argument 2
  /// @param d value of argument 3
  /// @return the future of its result
  public final <
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          D extends @Nullable Object,
          R extends @Nullable Object>
      TaskFuture<R> submit(
          Fn4<A, B, C, D, R> function,
          Future<? extends A> a,
          Future<? extends B> b,
          Future<? extends C> c,
          D d) {
    return submitTask(function, a, b, c, d);
  }

  /// Submits a function of four arguments that waits for `d`.
  ///
  /// @param <A> type of argument a
  /// @param <B> type of argument b
  /// @param <C> type of argument c
  /// @param <D> type of argument d
  /// @param <R> type of the result
  /// @param function runs on a worker
  /// @param a value of argument 0
  /// @param b value of argument 1
  /// @param c value of argument 2
  /// @param d future of argument 3
  /// @return the future of its result
  public final <
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          D extends @Nullable Object,
          R extends @Nullable Object>
      TaskFuture<R> submit(Fn4<A, B, C, D, R> function, A a, B b, C c, Future<? extends D> d) {
    return submitTask(function, a, b, c, d);
  }

  /// Submits a function of four arguments that waits for `a`, `d`.
  ///
  /// @param <A> type of argument a
  /// @param <B> type of argument b
  /// @param <C> type of argument c
  /// @param <D> type of argument d
  /// @param <R> type of the result
  /// @param function runs on a worker
  /// @param a future of argument 0
  /// @param b value of argument 1
  /// @param c value of argument 2
  /// @param d future of argument 3
  /// @return the future of its result
  public final <
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          D extends @Nullable Object,
          R extends @Nullable Object>
      TaskFuture<R> submit(
          Fn4<A, B, C, D, R> function, Future<? extends A> a, B b, C c, Future<? extends D> d) {
    return submitTask(function, a, b, c, d);
  }

  /// Submits a function of four arguments that waits for `b`, `d`.
  ///
  /// @param <A> type of argument a
  /// @param <B> type of argument b
  /// @param <C> type of argument c
  /// @param <D> type of argument d
  /// @param <R> type of the result
  /// @param function runs on a worker
  /// @param a value of argument 0
  /// @param b future of argument 1
  /// @param c value of argument 2
  /// @param d future of argument 3
  /// @return the future of its result
  public final <
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          D extends @Nullable Object,
          R extends @Nullable Object>
      TaskFuture<R> submit(
          Fn4<A, B, C, D, R> function, A a, Future<? extends B> b, C c, Future<? extends D> d) {
    return submitTask(function, a, b, c, d);
  }

  /// Submits a function of four arguments that waits for `a`, `b`, `d`.
  ///
  /// @param <A> type of argument a
  /// @param <B> type of argument b
  /// @param <C> type of argument c
  /// @param <D> type of argument d
  /// @param <R> type of the result
  /// @param function runs on a worker
  /// @param a future of argument 0
  /// @param b future of argument 1
  /// @param c value of argument 2
  /// @param d future of argument 3
  /// @return the future of its result
  public final <
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          D extends @Nullable Object,
          R extends @Nullable Object>
      TaskFuture<R> submit(
          Fn4<A, B, C, D, R> function,
          Future<? extends A> a,
          Future<? extends B> b,
          C c,
          Future<? extends D> d) {
    return submitTask(function, a, b, c, d);
  }

  /// Submits a function of four arguments that waits for `c`, `d`.
  ///
  /// @param <A> type of argument a
  /// @param <B> type of argument b
  /// @param <C> type of argument c
  /// @param <D> type of argument d
  /// @param <R> type of the result
  /// @param function runs on a worker
  /// @param a value of argument 0
  /// @param b value of argument 1
  /// @param c future of argument 2
  /// @param d future of argument 3
  /// @return the future of its result
  public final <
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          D extends @Nullable Object,
          R extends @Nullable Object>
      TaskFuture<R> submit(
          Fn4<A, B, C, D, R> function, A a, B b, Future<? extends C> c, Future<? extends D> d) {
    return submitTask(function, a, b, c, d);
  }

  /// Submits a function of four arguments that waits for `a`, `c`, `d`.
  ///
  /// @param <A> type of argument a
  /// @param <B> type of argument b
  /// @param <C> type of argument c
  /// @param <D> type of argument d
  /// @param <R> type of the result
  /// @param function runs on a worker
  /// @param a future of argument 0
  /// @param b value of argument 1
  /// @param c future of argument 2
  /// @param d future of argument 3
  /// @return the future of its result
  public final <
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          D extends @Nullable Object,
          R extends @Nullable Object>
      TaskFuture<R> submit(
          Fn4<A, B, C, D, R> function,
          Future<? extends A> a,
          B b,
          Future<? extends C> c,
          Future<? extends D> d) {
    return submitTask(function, a, b, c, d);
  }

  /// Submits a function of four arguments that waits for `b`, `c`, `d`.
  ///
  /// @param <A> type of argument a
  /// @param <B> type of argument b
  /// @param <C> type of argument c
  /// @param <D> type of argument d
  /// @param <R> type of the result
  /// @param function runs on a worker
  /// @param a value of argument 0
  /// @param b future of argument 1
  /// @param c future of argument 2
  /// @param d future of argument 3
  /// @return the future of its result
  public final <
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          D extends @Nullable Object,
          R extends @Nullable Object>
      TaskFuture<R> submit(
          Fn4<A, B, C, D, R> function,
          A a,
          Future<? extends B> b,
          Future<? extends C> c,
          Future<? extends D> d) {
    return submitTask(function, a, b, c, d);
  }

  /// Submits a function of four arguments that waits for `a`, `b`, `c`, `d`.
  ///
  /// @param <A> type of argument a
  /// @param <B> type of argument b
  /// @param <C> type of argument c
  /// @param <D> type of argument d
  /// @param <R> type of the result
  /// @param function runs on a worker
  /// @param a future of argument 0
  /// @param b future of argument 1
  /// @param c future of argument 2
  /// @param d future of argument 3
  /// @return the future of its result
  public final <
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          D extends @Nullable Object,
          R extends @Nullable Object>
      TaskFuture<R> submit(
          Fn4<A, B, C, D, R> function,
          Future<? extends A> a,
          Future<? extends B> b,
          Future<? extends C> c,
          Future<? extends D> d) {
    return submitTask(function, a, b, c, d);
  }

  /// Submits a function of five arguments, given by value.
  ///
  /// Shape: arguments are encoded now; a later change of an object is not seen by the task.
  ///
  /// @param <A> type of argument a
  /// @param <B> type of argument b
  /// @param <C> type of argument c
  /// @param <D> type of argument d
  /// @param <E> type of argument e
  /// @param <R> type of the result
  /// @param function runs on a worker
  /// @param a value of argument 0
  /// @param b value of argument 1
  /// @param c value of argument 2
  /// @param d value of argument 3
  /// @param e value of argument 4
  /// @return the future of its result
  public final <
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          D extends @Nullable Object,
          E extends @Nullable Object,
          R extends @Nullable Object>
      TaskFuture<R> submit(Fn5<A, B, C, D, E, R> function, A a, B b, C c, D d, E e) {
    return submitTask(function, a, b, c, d, e);
  }

  /// Submits a function of five arguments that waits for `a`.
  ///
  /// @param <A> type of argument a
  /// @param <B> type of argument b
  /// @param <C> type of argument c
  /// @param <D> type of argument d
  /// @param <E> type of argument e
  /// @param <R> type of the result
  /// @param function runs on a worker
  /// @param a future of argument 0
  /// @param b value of argument 1
  /// @param c value of argument 2
  /// @param d value of argument 3
  /// @param e value of argument 4
  /// @return the future of its result
  public final <
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          D extends @Nullable Object,
          E extends @Nullable Object,
          R extends @Nullable Object>
      TaskFuture<R> submit(
          Fn5<A, B, C, D, E, R> function, Future<? extends A> a, B b, C c, D d, E e) {
    return submitTask(function, a, b, c, d, e);
  }

  /// Submits a function of five arguments that waits for `b`.
  ///
  /// @param <A> type of argument a
  /// @param <B> type of argument b
  /// @param <C> type of argument c
  /// @param <D> type of argument d
  /// @param <E> type of argument e
  /// @param <R> type of the result
  /// @param function runs on a worker
  /// @param a value of argument 0
  /// @param b future of argument 1
  /// @param c value of argument 2
  /// @param d value of argument 3
  /// @param e value of argument 4
  /// @return the future of its result
  public final <
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          D extends @Nullable Object,
          E extends @Nullable Object,
          R extends @Nullable Object>
      TaskFuture<R> submit(
          Fn5<A, B, C, D, E, R> function, A a, Future<? extends B> b, C c, D d, E e) {
    return submitTask(function, a, b, c, d, e);
  }

  /// Submits a function of five arguments that waits for `a`, `b`.
  ///
  /// @param <A> type of argument a
  /// @param <B> type of argument b
  /// @param <C> type of argument c
  /// @param <D> type of argument d
  /// @param <E> type of argument e
  /// @param <R> type of the result
  /// @param function runs on a worker
  /// @param a future of argument 0
  /// @param b future of argument 1
  /// @param c value of argument 2
  /// @param d value of argument 3
  /// @param e value of argument 4
  /// @return the future of its result
  public final <
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          D extends @Nullable Object,
          E extends @Nullable Object,
          R extends @Nullable Object>
      TaskFuture<R> submit(
          Fn5<A, B, C, D, E, R> function,
          Future<? extends A> a,
          Future<? extends B> b,
          C c,
          D d,
          E e) {
    return submitTask(function, a, b, c, d, e);
  }

  /// Submits a function of five arguments that waits for `c`.
  ///
  /// @param <A> type of argument a
  /// @param <B> type of argument b
  /// @param <C> type of argument c
  /// @param <D> type of argument d
  /// @param <E> type of argument e
  /// @param <R> type of the result
  /// @param function runs on a worker
  /// @param a value of argument 0
  /// @param b value of argument 1
  /// @param c future of argument 2
  /// @param d value of argument 3
  /// @param e value of argument 4
  /// @return the future of its result
  public final <
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          D extends @Nullable Object,
          E extends @Nullable Object,
          R extends @Nullable Object>
      TaskFuture<R> submit(
          Fn5<A, B, C, D, E, R> function, A a, B b, Future<? extends C> c, D d, E e) {
    return submitTask(function, a, b, c, d, e);
  }

  /// Submits a function of five arguments that waits for `a`, `c`.
  ///
  /// @param <A> type of argument a
  /// @param <B> type of argument b
  /// @param <C> type of argument c
  /// @param <D> type of argument d
  /// @param <E> type of argument e
  /// @param <R> type of the result
  /// @param function runs on a worker
  /// @param a future of argument 0
  /// @param b value of argument 1
  /// @param c future of argument 2
  /// @param d value of argument 3
  /// @param e value of argument 4
  /// @return the future of its result
  public final <
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          D extends @Nullable Object,
          E extends @Nullable Object,
          R extends @Nullable Object>
      TaskFuture<R> submit(
          Fn5<A, B, C, D, E, R> function,
          Future<? extends A> a,
          B b,
          Future<? extends C> c,
          D d,
          E e) {
    return submitTask(function, a, b, c, d, e);
  }

  /// Submits a function of five arguments that waits for `b`, `c`.
  ///
  /// @param <A> type of argument a
  /// @param <B> type of argument b
  /// @param <C> type of argument c
  /// @param <D> type of argument d
  /// @param <E> type of argument e
  /// @param <R> type of the result
  /// @param function runs on a worker
  /// @param a value of argument 0
  /// @param b future of argument 1
  /// @param c future of argument 2
  /// @param d value of argument 3
  /// @param e value of argument 4
  /// @return the future of its result
  public final <
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          D extends @Nullable Object,
          E extends @Nullable Object,
          R extends @Nullable Object>
      TaskFuture<R> submit(
          Fn5<A, B, C, D, E, R> function,
          A a,
          Future<? extends B> b,
          Future<? extends C> c,
          D d,
          E e) {
    return submitTask(function, a, b, c, d, e);
  }

  /// Submits a function of five arguments that waits for `a`, `b`, `c`.
  ///
  /// @param <A> type of argument a
  /// @param <B> type of argument b
  /// @param <C> type of argument c
  /// @param <D> type of argument d
  /// @param <E> type of argument e
  /// @param <R> type of the result
  /// @param function runs on a worker
  /// @param a future of argument 0
  /// @param b future of argument 1
  /// @param c future of argument 2
  /// @param d value of argument 3
  /// @param e value of argument 4
  /// @return the future of its result
  public final <
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          D extends @Nullable Object,
          E extends @Nullable Object,
          R extends @Nullable Object>
      TaskFuture<R> submit(
          Fn5<A, B, C, D, E, R> function,
          Future<? extends A> a,
          Future<? extends B> b,
          Future<? extends C> c,
          D d,
          E e) {
    return submitTask(function, a, b, c, d, e);
  }

  /// Submits a function of five arguments that waits for `d`.
  ///
  /// @param <A> type of argument a
  /// @param <B> type of argument b
  /// @param <C> type of argument c
  /// @param <D> type of argument d
  /// @param <E> type of argument e
  /// @param <R> type of the result
  /// @param function runs on a worker
  /// @param a value of argument 0
  /// @param b value of argument 1
  /// @param c value of argument 2
  /// @param d future of argument 3
  /// @param e value of argument 4
  /// @return the future of its result
  public final <
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          D extends @Nullable Object,
          E extends @Nullable Object,
          R extends @Nullable Object>
      TaskFuture<R> submit(
          Fn5<A, B, C, D, E, R> function, A a, B b, C c, Future<? extends D> d, E e) {
    return submitTask(function, a, b, c, d, e);
  }

  /// Submits a function of five arguments that waits for `a`, `d`.
  ///
  /// @param <A> type of argument a
  /// @param <B> type of argument b
  /// @param <C> type of argument c
  /// @param <D> type of argument d
  /// @param <E> type of argument e
  /// @param <R> type of the result
  /// @param function runs on a worker
  /// @param a future of argument 0
  /// @param b value of argument 1
  /// @param c value of argument 2
  /// @param d future of argument 3
  /// @param e value of argument 4
  /// @return the future of its result
  public final <
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          D extends @Nullable Object,
          E extends @Nullable Object,
          R extends @Nullable Object>
      TaskFuture<R> submit(
          Fn5<A, B, C, D, E, R> function,
          Future<? extends A> a,
          B b,
          C c,
          Future<? extends D> d,
          E e) {
    return submitTask(function, a, b, c, d, e);
  }

  /// Submits a function of five arguments that waits for `b`, `d`.
  ///
  /// @param <A> type of argument a
  /// @param <B> type of argument b
  /// @param <C> type of argument c
  /// @param <D> type of argument d
  /// @param <E> type of argument e
  /// @param <R> type of the result
  /// @param function runs on a worker
  /// @param a value of argument 0
  /// @param b future of argument 1
  /// @param c value of argument 2
  /// @param d future of argument 3
  /// @param e value of argument 4
  /// @return the future of its result
  public final <
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          D extends @Nullable Object,
          E extends @Nullable Object,
          R extends @Nullable Object>
      TaskFuture<R> submit(
          Fn5<A, B, C, D, E, R> function,
          A a,
          Future<? extends B> b,
          C c,
          Future<? extends D> d,
          E e) {
    return submitTask(function, a, b, c, d, e);
  }

  /// Submits a function of five arguments that waits for `a`, `b`, `d`.
  ///
  /// @param <A> type of argument a
  /// @param <B> type of argument b
  /// @param <C> type of argument c
  /// @param <D> type of argument d
  /// @param <E> type of argument e
  /// @param <R> type of the result
  /// @param function runs on a worker
  /// @param a future of argument 0
  /// @param b future of argument 1
  /// @param c value of argument 2
  /// @param d future of argument 3
  /// @param e value of argument 4
  /// @return the future of its result
  public final <
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          D extends @Nullable Object,
          E extends @Nullable Object,
          R extends @Nullable Object>
      TaskFuture<R> submit(
          Fn5<A, B, C, D, E, R> function,
          Future<? extends A> a,
          Future<? extends B> b,
          C c,
          Future<? extends D> d,
          E e) {
    return submitTask(function, a, b, c, d, e);
  }

  /// Submits a function of five arguments that waits for `c`, `d`.
  ///
  /// @param <A> type of argument a
  /// @param <B> type of argument b
  /// @param <C> type of argument c
  /// @param <D> type of argument d
  /// @param <E> type of argument e
  /// @param <R> type of the result
  /// @param function runs on a worker
  /// @param a value of argument 0
  /// @param b value of argument 1
  /// @param c future of argument 2
  /// @param d future of argument 3
  /// @param e value of argument 4
  /// @return the future of its result
  public final <
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          D extends @Nullable Object,
          E extends @Nullable Object,
          R extends @Nullable Object>
      TaskFuture<R> submit(
          Fn5<A, B, C, D, E, R> function,
          A a,
          B b,
          Future<? extends C> c,
          Future<? extends D> d,
          E e) {
    return submitTask(function, a, b, c, d, e);
  }

  /// Submits a function of five arguments that waits for `a`, `c`, `d`.
  ///
  /// @param <A> type of argument a
  /// @param <B> type of argument b
  /// @param <C> type of argument c
  /// @param <D> type of argument d
  /// @param <E> type of argument e
  /// @param <R> type of the result
  /// @param function runs on a worker
  /// @param a future of argument 0
  /// @param b value of argument 1
  /// @param c future of argument 2
  /// @param d future of argument 3
  /// @param e value of argument 4
  /// @return the future of its result
  public final <
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          D extends @Nullable Object,
          E extends @Nullable Object,
          R extends @Nullable Object>
      TaskFuture<R> submit(
          Fn5<A, B, C, D, E, R> function,
          Future<? extends A> a,
          B b,
          Future<? extends C> c,
          Future<? extends D> d,
          E e) {
    return submitTask(function, a, b, c, d, e);
  }

  /// Submits a function of five arguments that waits for `b`, `c`, `d`.
  ///
  /// @param <A> type of argument a
  /// @param <B> type of argument b
  /// @param <C> type of argument c
  /// @param <D> type of argument d
  /// @param <E> type of argument e
  /// @param <R> type of the result
  /// @param function runs on a worker
  /// @param a value of argument 0
  /// @param b future of argument 1
  /// @param c future of argument 2
  /// @param d future of argument 3
  /// @param e value of argument 4
  /// @return the future of its result
  public final <
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          D extends @Nullable Object,
          E extends @Nullable Object,
          R extends @Nullable Object>
      TaskFuture<R> submit(
          Fn5<A, B, C, D, E, R> function,
          A a,
          Future<? extends B> b,
          Future<? extends C> c,
          Future<? extends D> d,
          E e) {
    return submitTask(function, a, b, c, d, e);
  }

  /// Submits a function of five arguments that waits for `a`, `b`, `c`, `d`.
  ///
  /// @param <A> type of argument a
  /// @param <B> type of argument b
  /// @param <C> type of argument c
  /// @param <D> type of argument d
  /// @param <E> type of argument e
  /// @param <R> type of the result
  /// @param function runs on a worker
  /// @param a future of argument 0
  /// @param b future of argument 1
  /// @param c future of argument 2
  /// @param d future of argument 3
  /// @param e value of argument 4
  /// @return the future of its result
  public final <
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          D extends @Nullable Object,
          E extends @Nullable Object,
          R extends @Nullable Object>
      TaskFuture<R> submit(
          Fn5<A, B, C, D, E, R> function,
          Future<? extends A> a,
          Future<? extends B> b,
          Future<? extends C> c,
          Future<? extends D> d,
          E e) {
    return submitTask(function, a, b, c, d, e);
  }

  /// Submits a function of five arguments that waits for `e`.
  ///
  /// @param <A> type of argument a
  /// @param <B> type of argument b
  /// @param <C> type of argument c
  /// @param <D> type of argument d
  /// @param <E> type of argument e
  /// @param <R> type of the result
  /// @param function runs on a worker
  /// @param a value of argument 0
  /// @param b value of argument 1
  /// @param c value of argument 2
  /// @param d value of argument 3
  /// @param e future of argument 4
  /// @return the future of its result
  public final <
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          D extends @Nullable Object,
          E extends @Nullable Object,
          R extends @Nullable Object>
      TaskFuture<R> submit(
          Fn5<A, B, C, D, E, R> function, A a, B b, C c, D d, Future<? extends E> e) {
    return submitTask(function, a, b, c, d, e);
  }

  /// Submits a function of five arguments that waits for `a`, `e`.
  ///
  /// @param <A> type of argument a
  /// @param <B> type of argument b
  /// @param <C> type of argument c
  /// @param <D> type of argument d
  /// @param <E> type of argument e
  /// @param <R> type of the result
  /// @param function runs on a worker
  /// @param a future of argument 0
  /// @param b value of argument 1
  /// @param c value of argument 2
  /// @param d value of argument 3
  /// @param e future of argument 4
  /// @return the future of its result
  public final <
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          D extends @Nullable Object,
          E extends @Nullable Object,
          R extends @Nullable Object>
      TaskFuture<R> submit(
          Fn5<A, B, C, D, E, R> function,
          Future<? extends A> a,
          B b,
          C c,
          D d,
          Future<? extends E> e) {
    return submitTask(function, a, b, c, d, e);
  }

  /// Submits a function of five arguments that waits for `b`, `e`.
  ///
  /// @param <A> type of argument a
  /// @param <B> type of argument b
  /// @param <C> type of argument c
  /// @param <D> type of argument d
  /// @param <E> type of argument e
  /// @param <R> type of the result
  /// @param function runs on a worker
  /// @param a value of argument 0
  /// @param b future of argument 1
  /// @param c value of argument 2
  /// @param d value of argument 3
  /// @param e future of argument 4
  /// @return the future of its result
  public final <
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          D extends @Nullable Object,
          E extends @Nullable Object,
          R extends @Nullable Object>
      TaskFuture<R> submit(
          Fn5<A, B, C, D, E, R> function,
          A a,
          Future<? extends B> b,
          C c,
          D d,
          Future<? extends E> e) {
    return submitTask(function, a, b, c, d, e);
  }

  /// Submits a function of five arguments that waits for `a`, `b`, `e`.
  ///
  /// @param <A> type of argument a
  /// @param <B> type of argument b
  /// @param <C> type of argument c
  /// @param <D> type of argument d
  /// @param <E> type of argument e
  /// @param <R> type of the result
  /// @param function runs on a worker
  /// @param a future of argument 0
  /// @param b future of argument 1
  /// @param c value of argument 2
  /// @param d value of argument 3
  /// @param e future of argument 4
  /// @return the future of its result
  public final <
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          D extends @Nullable Object,
          E extends @Nullable Object,
          R extends @Nullable Object>
      TaskFuture<R> submit(
          Fn5<A, B, C, D, E, R> function,
          Future<? extends A> a,
          Future<? extends B> b,
          C c,
          D d,
          Future<? extends E> e) {
    return submitTask(function, a, b, c, d, e);
  }

  /// Submits a function of five arguments that waits for `c`, `e`.
  ///
  /// @param <A> type of argument a
  /// @param <B> type of argument b
  /// @param <C> type of argument c
  /// @param <D> type of argument d
  /// @param <E> type of argument e
  /// @param <R> type of the result
  /// @param function runs on a worker
  /// @param a value of argument 0
  /// @param b value of argument 1
  /// @param c future of argument 2
  /// @param d value of argument 3
  /// @param e future of argument 4
  /// @return the future of its result
  public final <
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          D extends @Nullable Object,
          E extends @Nullable Object,
          R extends @Nullable Object>
      TaskFuture<R> submit(
          Fn5<A, B, C, D, E, R> function,
          A a,
          B b,
          Future<? extends C> c,
          D d,
          Future<? extends E> e) {
    return submitTask(function, a, b, c, d, e);
  }

  /// Submits a function of five arguments that waits for `a`, `c`, `e`.
  ///
  /// @param <A> type of argument a
  /// @param <B> type of argument b
  /// @param <C> type of argument c
  /// @param <D> type of argument d
  /// @param <E> type of argument e
  /// @param <R> type of the result
  /// @param function runs on a worker
  /// @param a future of argument 0
  /// @param b value of argument 1
  /// @param c future of argument 2
  /// @param d value of argument 3
  /// @param e future of argument 4
  /// @return the future of its result
  public final <
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          D extends @Nullable Object,
          E extends @Nullable Object,
          R extends @Nullable Object>
      TaskFuture<R> submit(
          Fn5<A, B, C, D, E, R> function,
          Future<? extends A> a,
          B b,
          Future<? extends C> c,
          D d,
          Future<? extends E> e) {
    return submitTask(function, a, b, c, d, e);
  }

  /// Submits a function of five arguments that waits for `b`, `c`, `e`.
  ///
  /// @param <A> type of argument a
  /// @param <B> type of argument b
  /// @param <C> type of argument c
  /// @param <D> type of argument d
  /// @param <E> type of argument e
  /// @param <R> type of the result
  /// @param function runs on a worker
  /// @param a value of argument 0
  /// @param b future of argument 1
  /// @param c future of argument 2
  /// @param d value of argument 3
  /// @param e future of argument 4
  /// @return the future of its result
  public final <
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          D extends @Nullable Object,
          E extends @Nullable Object,
          R extends @Nullable Object>
      TaskFuture<R> submit(
          Fn5<A, B, C, D, E, R> function,
          A a,
          Future<? extends B> b,
          Future<? extends C> c,
          D d,
          Future<? extends E> e) {
    return submitTask(function, a, b, c, d, e);
  }

  /// Submits a function of five arguments that waits for `a`, `b`, `c`, `e`.
  ///
  /// @param <A> type of argument a
  /// @param <B> type of argument b
  /// @param <C> type of argument c
  /// @param <D> type of argument d
  /// @param <E> type of argument e
  /// @param <R> type of the result
  /// @param function runs on a worker
  /// @param a future of argument 0
  /// @param b future of argument 1
  /// @param c future of argument 2
  /// @param d value of argument 3
  /// @param e future of argument 4
  /// @return the future of its result
  public final <
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          D extends @Nullable Object,
          E extends @Nullable Object,
          R extends @Nullable Object>
      TaskFuture<R> submit(
          Fn5<A, B, C, D, E, R> function,
          Future<? extends A> a,
          Future<? extends B> b,
          Future<? extends C> c,
          D d,
          Future<? extends E> e) {
    return submitTask(function, a, b, c, d, e);
  }

  /// Submits a function of five arguments that waits for `d`, `e`.
  ///
  /// @param <A> type of argument a
  /// @param <B> type of argument b
  /// @param <C> type of argument c
  /// @param <D> type of argument d
  /// @param <E> type of argument e
  /// @param <R> type of the result
  /// @param function runs on a worker
  /// @param a value of argument 0
  /// @param b value of argument 1
  /// @param c value of argument 2
  /// @param d future of argument 3
  /// @param e future of argument 4
  /// @return the future of its result
  public final <
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          D extends @Nullable Object,
          E extends @Nullable Object,
          R extends @Nullable Object>
      TaskFuture<R> submit(
          Fn5<A, B, C, D, E, R> function,
          A a,
          B b,
          C c,
          Future<? extends D> d,
          Future<? extends E> e) {
    return submitTask(function, a, b, c, d, e);
  }

  /// Submits a function of five arguments that waits for `a`, `d`, `e`.
  ///
  /// @param <A> type of argument a
  /// @param <B> type of argument b
  /// @param <C> type of argument c
  /// @param <D> type of argument d
  /// @param <E> type of argument e
  /// @param <R> type of the result
  /// @param function runs on a worker
  /// @param a future of argument 0
  /// @param b value of argument 1
  /// @param c value of argument 2
  /// @param d future of argument 3
  /// @param e future of argument 4
  /// @return the future of its result
  public final <
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          D extends @Nullable Object,
          E extends @Nullable Object,
          R extends @Nullable Object>
      TaskFuture<R> submit(
          Fn5<A, B, C, D, E, R> function,
          Future<? extends A> a,
          B b,
          C c,
          Future<? extends D> d,
          Future<? extends E> e) {
    return submitTask(function, a, b, c, d, e);
  }

  /// Submits a function of five arguments that waits for `b`, `d`, `e`.
  ///
  /// @param <A> type of argument a
  /// @param <B> type of argument b
  /// @param <C> type of argument c
  /// @param <D> type of argument d
  /// @param <E> type of argument e
  /// @param <R> type of the result
  /// @param function runs on a worker
  /// @param a value of argument 0
  /// @param b future of argument 1
  /// @param c value of argument 2
  /// @param d future of argument 3
  /// @param e future of argument 4
  /// @return the future of its result
  public final <
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          D extends @Nullable Object,
          E extends @Nullable Object,
          R extends @Nullable Object>
      TaskFuture<R> submit(
          Fn5<A, B, C, D, E, R> function,
          A a,
          Future<? extends B> b,
          C c,
          Future<? extends D> d,
          Future<? extends E> e) {
    return submitTask(function, a, b, c, d, e);
  }

  /// Submits a function of five arguments that waits for `a`, `b`, `d`, `e`.
  ///
  /// @param <A> type of argument a
  /// @param <B> type of argument b
  /// @param <C> type of argument c
  /// @param <D> type of argument d
  /// @param <E> type of argument e
  /// @param <R> type of the result
  /// @param function runs on a worker
  /// @param a future of argument 0
  /// @param b future of argument 1
  /// @param c value of argument 2
  /// @param d future of argument 3
  /// @param e future of argument 4
  /// @return the future of its result
  public final <
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          D extends @Nullable Object,
          E extends @Nullable Object,
          R extends @Nullable Object>
      TaskFuture<R> submit(
          Fn5<A, B, C, D, E, R> function,
          Future<? extends A> a,
          Future<? extends B> b,
          C c,
          Future<? extends D> d,
          Future<? extends E> e) {
    return submitTask(function, a, b, c, d, e);
  }

  /// Submits a function of five arguments that waits for `c`, `d`, `e`.
  ///
  /// @param <A> type of argument a
  /// @param <B> type of argument b
  /// @param <C> type of argument c
  /// @param <D> type of argument d
  /// @param <E> type of argument e
  /// @param <R> type of the result
  /// @param function runs on a worker
  /// @param a value of argument 0
  /// @param b value of argument 1
  /// @param c future of argument 2
  /// @param d future of argument 3
  /// @param e future of argument 4
  /// @return the future of its result
  public final <
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          D extends @Nullable Object,
          E extends @Nullable Object,
          R extends @Nullable Object>
      TaskFuture<R> submit(
          Fn5<A, B, C, D, E, R> function,
          A a,
          B b,
          Future<? extends C> c,
          Future<? extends D> d,
          Future<? extends E> e) {
    return submitTask(function, a, b, c, d, e);
  }

  /// Submits a function of five arguments that waits for `a`, `c`, `d`, `e`.
  ///
  /// @param <A> type of argument a
  /// @param <B> type of argument b
  /// @param <C> type of argument c
  /// @param <D> type of argument d
  /// @param <E> type of argument e
  /// @param <R> type of the result
  /// @param function runs on a worker
  /// @param a future of argument 0
  /// @param b value of argument 1
  /// @param c future of argument 2
  /// @param d future of argument 3
  /// @param e future of argument 4
  /// @return the future of its result
  public final <
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          D extends @Nullable Object,
          E extends @Nullable Object,
          R extends @Nullable Object>
      TaskFuture<R> submit(
          Fn5<A, B, C, D, E, R> function,
          Future<? extends A> a,
          B b,
          Future<? extends C> c,
          Future<? extends D> d,
          Future<? extends E> e) {
    return submitTask(function, a, b, c, d, e);
  }

  /// Submits a function of five arguments that waits for `b`, `c`, `d`, `e`.
  ///
  /// @param <A> type of argument a
  /// @param <B> type of argument b
  /// @param <C> type of argument c
  /// @param <D> type of argument d
  /// @param <E> type of argument e
  /// @param <R> type of the result
  /// @param function runs on a worker
  /// @param a value of argument 0
  /// @param b future of argument 1
  /// @param c future of argument 2
  /// @param d future of argument 3
  /// @param e future of argument 4
  /// @return the future of its result
  public final <
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          D extends @Nullable Object,
          E extends @Nullable Object,
          R extends @Nullable Object>
      TaskFuture<R> submit(
          Fn5<A, B, C, D, E, R> function,
          A a,
          Future<? extends B> b,
          Future<? extends C> c,
          Future<? extends D> d,
          Future<? extends E> e) {
    return submitTask(function, a, b, c, d, e);
  }

  /// Submits a function of five arguments that waits for `a`, `b`, `c`, `d`, `e`.
  ///
  /// @param <A> type of argument a
  /// @param <B> type of argument b
  /// @param <C> type of argument c
  /// @param <D> type of argument d
  /// @param <E> type of argument e
  /// @param <R> type of the result
  /// @param function runs on a worker
  /// @param a future of argument 0
  /// @param b future of argument 1
  /// @param c future of argument 2
  /// @param d future of argument 3
  /// @param e future of argument 4
  /// @return the future of its result
  public final <
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          D extends @Nullable Object,
          E extends @Nullable Object,
          R extends @Nullable Object>
      TaskFuture<R> submit(
          Fn5<A, B, C, D, E, R> function,
          Future<? extends A> a,
          Future<? extends B> b,
          Future<? extends C> c,
          Future<? extends D> d,
          Future<? extends E> e) {
    return submitTask(function, a, b, c, d, e);
  }
}
