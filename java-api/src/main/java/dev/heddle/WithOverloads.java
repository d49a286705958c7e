package dev.heddle;

import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/// The forms of `with`: 1 to 5 arguments, each a value or a future, given before the function.
///
/// Written by `Overloads`.
abstract class WithOverloads extends SubmitOverloads {
  WithOverloads() {}

  /// The heddle that arguments are for.
  abstract Heddle self();

  /// Fixes one argument of a task, so that a lambda or an overloaded method can be inferred from
  /// it.
  ///
  /// @param <A> type of argument a
  /// @param a value of argument 0
  /// @return an object that takes the function
  public final <A extends @Nullable Object> With1<A> with(A a) {
    return new With1<>(self(), a);
  }

  /// Fixes one argument of a task that waits for `a`.
  ///
  /// @param <A> type of argument a
  /// @param a future of argument 0
  /// @return an object that takes the function
  public final <A extends @Nullable Object> With1<A> with(Future<? extends A> a) {
    return new With1<>(self(), a);
  }

  /// Fixes two arguments of a task, so that a lambda or an overloaded method can be inferred from
  /// them.
  ///
  /// @param <A> type of argument a
  /// @param <B> type of argument b
  /// @param a value of argument 0
  /// @param b value of argument 1
  /// @return an object that takes the function
  public final <A extends @Nullable Object, B extends @Nullable Object> With2<A, B> with(A a, B b) {
    return new With2<>(self(), a, b);
  }

  /// Fixes two arguments of a task that waits for `a`.
  ///
  /// @param <A> type of argument a
  /// @param <B> type of argument b
  /// @param a future of argument 0
  /// @param b value of argument 1
  /// @return an object that takes the function
  public final <A extends @Nullable Object, B extends @Nullable Object> With2<A, B> with(
      Future<? extends A> a, B b) {
    return new With2<>(self(), a, b);
  }

  /// Fixes two arguments of a task that waits for `b`.
  ///
  /// @param <A> type of argument a
  /// @param <B> type of argument b
  /// @param a value of argument 0
  /// @param b future of argument 1
  /// @return an object that takes the function
  public final <A extends @Nullable Object, B extends @Nullable Object> With2<A, B> with(
      A a, Future<? extends B> b) {
    return new With2<>(self(), a, b);
  }

  /// Fixes two arguments of a task that waits for `a`, `b`.
  ///
  /// @param <A> type of argument a
  /// @param <B> type of argument b
  /// @param a future of argument 0
  /// @param b future of argument 1
  /// @return an object that takes the function
  public final <A extends @Nullable Object, B extends @Nullable Object> With2<A, B> with(
      Future<? extends A> a, Future<? extends B> b) {
    return new With2<>(self(), a, b);
  }

  /// Fixes three arguments of a task, so that a lambda or an overloaded method can be inferred from
  /// them.
  ///
  /// @param <A> type of argument a
  /// @param <B> type of argument b
  /// @param <C> type of argument c
  /// @param a value of argument 0
  /// @param b value of argument 1
  /// @param c value of argument 2
  /// @return an object that takes the function
  public final <A extends @Nullable Object, B extends @Nullable Object, C extends @Nullable Object>
      With3<A, B, C> with(A a, B b, C c) {
    return new With3<>(self(), a, b, c);
  }

  /// Fixes three arguments of a task that waits for `a`.
  ///
  /// @param <A> type of argument a
  /// @param <B> type of argument b
  /// @param <C> type of argument c
  /// @param a future of argument 0
  /// @param b value of argument 1
  /// @param c value of argument 2
  /// @return an object that takes the function
  public final <A extends @Nullable Object, B extends @Nullable Object, C extends @Nullable Object>
      With3<A, B, C> with(Future<? extends A> a, B b, C c) {
    return new With3<>(self(), a, b, c);
  }

  /// Fixes three arguments of a task that waits for `b`.
  ///
  /// @param <A> type of argument a
  /// @param <B> type of argument b
  /// @param <C> type of argument c
  /// @param a value of argument 0
  /// @param b future of argument 1
  /// @param c value of argument 2
  /// @return an object that takes the function
  public final <A extends @Nullable Object, B extends @Nullable Object, C extends @Nullable Object>
      With3<A, B, C> with(A a, Future<? extends B> b, C c) {
    return new With3<>(self(), a, b, c);
  }

  /// Fixes three arguments of a task that waits for `a`, `b`.
  ///
  /// @param <A> type of argument a
  /// @param <B> type of argument b
  /// @param <C> type of argument c
  /// @param a future of argument 0
  /// @param b future of argument 1
  /// @param c value of argument 2
  /// @return an object that takes the function
  public final <A extends @Nullable Object, B extends @Nullable Object, C extends @Nullable Object>
      With3<A, B, C> with(Future<? extends A> a, Future<? extends B> b, C c) {
    return new With3<>(self(), a, b, c);
  }

  /// Fixes three arguments of a task that waits for `c`.
  ///
  /// @param <A> type of argument a
  /// @param <B> type of argument b
  /// @param <C> type of argument c
  /// @param a value of argument 0
  /// @param b value of argument 1
  /// @param c future of argument 2
  /// @return an object that takes the function
  public final <A extends @Nullable Object, B extends @Nullable Object, C extends @Nullable Object>
      With3<A, B, C> with(A a, B b, Future<? extends C> c) {
    return new With3<>(self(), a, b, c);
  }

  /// Fixes three arguments of a task that waits for `a`, `c`.
  ///
  /// @param <A> type of argument a
  /// @param <B> type of argument b
  /// @param <C> type of argument c
  /// @param a future of argument 0
  /// @param b value of argument 1
  /// @param c future of argument 2
  /// @return an object that takes the function
  public final <A extends @Nullable Object, B extends @Nullable Object, C extends @Nullable Object>
      With3<A, B, C> with(Future<? extends A> a, B b, Future<? extends C> c) {
    return new With3<>(self(), a, b, c);
  }

  /// Fixes three arguments of a task that waits for `b`, `c`.
  ///
  /// @param <A> type of argument a
  /// @param <B> type of argument b
  /// @param <C> type of argument c
  /// @param a value of argument 0
  /// @param b future of argument 1
  /// @param c future of argument 2
  /// @return an object that takes the function
  public final <A extends @Nullable Object, B extends @Nullable Object, C extends @Nullable Object>
      With3<A, B, C> with(A a, Future<? extends B> b, Future<? extends C> c) {
    return new With3<>(self(), a, b, c);
  }

  /// Fixes three arguments of a task that waits for `a`, `b`, `c`.
  ///
  /// @param <A> type of argument a
  /// @param <B> type of argument b
  /// @param <C> type of argument c
  /// @param a future of argument 0
  /// @param b future of argument 1
  /// @param c future of argument 2
  /// @return an object that takes the function
  public final <A extends @Nullable Object, B extends @Nullable Object, C extends @Nullable Object>
      With3<A, B, C> with(Future<? extends A> a, Future<? extends B> b, Future<? extends C> c) {
    return new With3<>(self(), a, b, c);
  }

  /// Fixes four arguments of a task, so that a lambda or an overloaded method can be inferred from
  /// them.
  ///
  /// @param <A> type of argument a
  /// @param <B> type of argument b
  /// @param <C> type of argument c
  /// @param <D> type of argument d
  /// @param a value of argument 0
  /// @param b value of argument 1
  /// @param c value of argument 2
  /// @param d value of argument 3
  /// @return an object that takes the function
  public final <
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          D extends @Nullable Object>
      With4<A, B, C, D> with(A a, B b, C c, D d) {
    return new With4<>(self(), a, b, c, d);
  }

  /// Fixes four arguments of a task that waits for `a`.
  ///
  /// @param <A> type of argument a
  /// @param <B> type of argument b
  /// @param <C> type of argument c
  /// @param <D> type of argument d
  /// @param a future of argument 0
  /// @param b value of argument 1
  /// @param c value of argument 2
  /// @param d value of argument 3
  /// @return an object that takes the function
  public final <
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          D extends @Nullable Object>
      With4<A, B, C, D> with(Future<? extends A> a, B b, C c, D d) {
    return new With4<>(self(), a, b, c, d);
  }

  /// Fixes four arguments of a task that waits for `b`.
  ///
  /// @param <A> type of argument a
  /// @param <B> type of argument b
  /// @param <C> type of argument c
  /// @param <D> type of argument d
  /// @param a value of argument 0
  /// @param b future of argument 1
  /// @param c value of argument 2
  /// @param d value of argument 3
  /// @return an object that takes the function
  public final <
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          D extends @Nullable Object>
      With4<A, B, C, D> with(A a, Future<? extends B> b, C c, D d) {
    return new With4<>(self(), a, b, c, d);
  }

  /// Fixes four arguments of a task that waits for `a`, `b`.
  ///
  /// @param <A> type of argument a
  /// @param <B> type of argument b
  /// @param <C> type of argument c
  /// @param <D> type of argument d
  /// @param a future of argument 0
  /// @param b future of argument 1
  /// @param c value of argument 2
  /// @param d value of argument 3
  /// @return an object that takes the function
  public final <
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          D extends @Nullable Object>
      With4<A, B, C, D> with(Future<? extends A> a, Future<? extends B> b, C c, D d) {
    return new With4<>(self(), a, b, c, d);
  }

  /// Fixes four arguments of a task that waits for `c`.
  ///
  /// @param <A> type of argument a
  /// @param <B> type of argument b
  /// @param <C> type of argument c
  /// @param <D> type of argument d
  /// @param a value of argument 0
  /// @param b value of argument 1
  /// @param c future of argument 2
  /// @param d value of argument 3
  /// @return an object that takes the function
  public final <
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          D extends @Nullable Object>
      With4<A, B, C, D> with(A a, B b, Future<? extends C> c, D d) {
    return new With4<>(self(), a, b, c, d);
  }

  /// Fixes four arguments of a task that waits for `a`, `c`.
  ///
  /// @param <A> type of argument a
  /// @param <B> type of argument b
  /// @param <C> type of argument c
  /// @param <D> type of argument d
  /// @param a future of argument 0
  /// @param b value of argument 1
  /// @param c future of argument 2
  /// @param d value of argument 3
  /// @return an object that takes the function
  public final <
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          D extends @Nullable Object>
      With4<A, B, C, D> with(Future<? extends A> a, B b, Future<? extends C> c, D d) {
    return new With4<>(self(), a, b, c, d);
  }

  /// Fixes four arguments of a task that waits for `b`, `c`.
  ///
  /// @param <A> type of argument a
  /// @param <B> type of argument b
  /// @param <C> type of argument c
  /// @param <D> type of argument d
  /// @param a value of argument 0
  /// @param b future of argument 1
  /// @param c future of argument 2
  /// @param d value of argument 3
  /// @return an object that takes the function
  public final <
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          D extends @Nullable Object>
      With4<A, B, C, D> with(A a, Future<? extends B> b, Future<? extends C> c, D d) {
    return new With4<>(self(), a, b, c, d);
  }

  /// Fixes four arguments of a task that waits for `a`, `b`, `c`.
  ///
  /// @param <A> type of argument a
  /// @param <B> type of argument b
  /// @param <C> type of argument c
  /// @param <D> type of argument d
  /// @param a future of argument 0
  /// @param b future of argument 1
  /// @param c future of argument 2
  /// @param d value of argument 3
  /// @return an object that takes the function
  public final <
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          D extends @Nullable Object>
      With4<A, B, C, D> with(
          Future<? extends A> a, Future<? extends B> b, Future<? extends C> c, D d) {
    return new With4<>(self(), a, b, c, d);
  }

  /// Fixes four arguments of a task that waits for `d`.
  ///
  /// @param <A> type of argument a
  /// @param <B> type of argument b
  /// @param <C> type of argument c
  /// @param <D> type of argument d
  /// @param a value of argument 0
  /// @param b value of argument 1
  /// @param c value of argument 2
  /// @param d future of argument 3
  /// @return an object that takes the function
  public final <
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          D extends @Nullable Object>
      With4<A, B, C, D> with(A a, B b, C c, Future<? extends D> d) {
    return new With4<>(self(), a, b, c, d);
  }

  /// Fixes four arguments of a task that waits for `a`, `d`.
  ///
  /// @param <A> type of argument a
  /// @param <B> type of argument b
  /// @param <C> type of argument c
  /// @param <D> type of argument d
  /// @param a future of argument 0
  /// @param b value of argument 1
  /// @param c value of argument 2
  /// @param d future of argument 3
  /// @return an object that takes the function
  public final <
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          D extends @Nullable Object>
      With4<A, B, C, D> with(Future<? extends A> a, B b, C c, Future<? extends D> d) {
    return new With4<>(self(), a, b, c, d);
  }

  /// Fixes four arguments of a task that waits for `b`, `d`.
  ///
  /// @param <A> type of argument a
  /// @param <B> type of argument b
  /// @param <C> type of argument c
  /// @param <D> type of argument d
  /// @param a value of argument 0
  /// @param b future of argument 1
  /// @param c value of argument 2
  /// @param d future of argument 3
  /// @return an object that takes the function
  public final <
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          D extends @Nullable Object>
      With4<A, B, C, D> with(A a, Future<? extends B> b, C c, Future<? extends D> d) {
    return new With4<>(self(), a, b, c, d);
  }

  /// Fixes four arguments of a task that waits for `a`, `b`, `d`.
  ///
  /// @param <A> type of argument a
  /// @param <B> type of argument b
  /// @param <C> type of argument c
  /// @param <D> type of argument d
  /// @param a future of argument 0
  /// @param b future of argument 1
  /// @param c value of argument 2
  /// @param d future of argument 3
  /// @return an object that takes the function
  public final <
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          D extends @Nullable Object>
      With4<A, B, C, D> with(
          Future<? extends A> a, Future<? extends B> b, C c, Future<? extends D> d) {
    return new With4<>(self(), a, b, c, d);
  }

  /// Fixes four arguments of a task that waits for `c`, `d`.
  ///
  /// @param <A> type of argument a
  /// @param <B> type of argument b
  /// @param <C> type of argument c
  /// @param <D> type of argument d
  /// @param a value of argument 0
  /// @param b value of argument 1
  /// @param c future of argument 2
  /// @param d future of argument 3
  /// @return an object that takes the function
  public final <
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          D extends @Nullable Object>
      With4<A, B, C, D> with(A a, B b, Future<? extends C> c, Future<? extends D> d) {
    return new With4<>(self(), a, b, c, d);
  }

  /// Fixes four arguments of a task that waits for `a`, `c`, `d`.
  ///
  /// @param <A> type of argument a
  /// @param <B> type of argument b
  /// @param <C> type of argument c
  /// @param <D> type of argument d
  /// @param a future of argument 0
  /// @param b value of argument 1
  /// @param c future of argument 2
  /// @param d future of argument 3
  /// @return an object that takes the function
  public final <
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          D extends @Nullable Object>
      With4<A, B, C, D> with(
          Future<? extends A> a, B b, Future<? extends C> c, Future<? extends D> d) {
    return new With4<>(self(), a, b, c, d);
  }

  /// Fixes four arguments of a task that waits for `b`, `c`, `d`.
  ///
  /// @param <A> type of argument a
  /// @param <B> type of argument b
  /// @param <C> type of argument c
  /// @param <D> type of argument d
  /// @param a value of argument 0
  /// @param b future of argument 1
  /// @param c future of argument 2
  /// @param d future of argument 3
  /// @return an object that takes the function
  public final <
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          D extends @Nullable Object>
      With4<A, B, C, D> with(
          A a, Future<? extends B> b, Future<? extends C> c, Future<? extends D> d) {
    return new With4<>(self(), a, b, c, d);
  }

  /// Fixes four arguments of a task that waits for `a`, `b`, `c`, `d`.
  ///
  /// @param <A> type of argument a
  /// @param <B> type of argument b
  /// @param <C> type of argument c
  /// @param <D> type of argument d
  /// @param a future of argument 0
  /// @param b future of argument 1
  /// @param c future of argument 2
  /// @param d future of argument 3
  /// @return an object that takes the function
  public final <
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          D extends @Nullable Object>
      With4<A, B, C, D> with(
          Future<? extends A> a,
          Future<? extends B> b,
          Future<? extends C> c,
          Future<? extends D> d) {
    return new With4<>(self(), a, b, c, d);
  }

  /// Fixes five arguments of a task, so that a lambda or an overloaded method can be inferred from
  /// them.
  ///
  /// @param <A> type of argument a
  /// @param <B> type of argument b
  /// @param <C> type of argument c
  /// @param <D> type of argument d
  /// @param <E> type of argument e
  /// @param a value of argument 0
  /// @param b value of argument 1
  /// @param c value of argument 2
  /// @param d value of argument 3
  /// @param e value of argument 4
  /// @return an object that takes the function
  public final <
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          D extends @Nullable Object,
          E extends @Nullable Object>
      With5<A, B, C, D, E> with(A a, B b, C c, D d, E e) {
    return new With5<>(self(), a, b, c, d, e);
  }

  /// Fixes five arguments of a task that waits for `a`.
  ///
  /// @param <A> type of argument a
  /// @param <B> type of argument b
  /// @param <C> type of argument c
  /// @param <D> type of argument d
  /// @param <E> type of argument e
  /// @param a future of argument 0
  /// @param b value of argument 1
  /// @param c value of argument 2
  /// @param d value of argument 3
  /// @param e value of argument 4
  /// @return an object that takes the function
  public final <
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          D extends @Nullable Object,
          E extends @Nullable Object>
      With5<A, B, C, D, E> with(Future<? extends A> a, B b, C c, D d, E e) {
    return new With5<>(self(), a, b, c, d, e);
  }

  /// Fixes five arguments of a task that waits for `b`.
  ///
  /// @param <A> type of argument a
  /// @param <B> type of argument b
  /// @param <C> type of argument c
  /// @param <D> type of argument d
  /// @param <E> type of argument e
  /// @param a value of argument 0
  /// @param b future of argument 1
  /// @param c value of argument 2
  /// @param d value of argument 3
  /// @param e value of argument 4
  /// @return an object that takes the function
  public final <
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          D extends @Nullable Object,
          E extends @Nullable Object>
      With5<A, B, C, D, E> with(A a, Future<? extends B> b, C c, D d, E e) {
    return new With5<>(self(), a, b, c, d, e);
  }

  /// Fixes five arguments of a task that waits for `a`, `b`.
  ///
  /// @param <A> type of argument a
  /// @param <B> type of argument b
  /// @param <C> type of argument c
  /// @param <D> type of argument d
  /// @param <E> type of argument e
  /// @param a future of argument 0
  /// @param b future of argument 1
  /// @param c value of argument 2
  /// @param d value of argument 3
  /// @param e value of argument 4
  /// @return an object that takes the function
  public final <
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          D extends @Nullable Object,
          E extends @Nullable Object>
      With5<A, B, C, D, E> with(Future<? extends A> a, Future<? extends B> b, C c, D d, E e) {
    return new With5<>(self(), a, b, c, d, e);
  }

  /// Fixes five arguments of a task that waits for `c`.
  ///
  /// @param <A> type of argument a
  /// @param <B> type of argument b
  /// @param <C> type of argument c
  /// @param <D> type of argument d
  /// @param <E> type of argument e
  /// @param a value of argument 0
  /// @param b value of argument 1
  /// @param c future of argument 2
  /// @param d value of argument 3
  /// @param e value of argument 4
  /// @return an object that takes the function
  public final <
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          D extends @Nullable Object,
          E extends @Nullable Object>
      With5<A, B, C, D, E> with(A a, B b, Future<? extends C> c, D d, E e) {
    return new With5<>(self(), a, b, c, d, e);
  }

  /// Fixes five arguments of a task that waits for `a`, `c`.
  ///
  /// @param <A> type of argument a
  /// @param <B> type of argument b
  /// @param <C> type of argument c
  /// @param <D> type of argument d
  /// @param <E> type of argument e
  /// @param a future of argument 0
  /// @param b value of argument 1
  /// @param c future of argument 2
  /// @param d value of argument 3
  /// @param e value of argument 4
  /// @return an object that takes the function
  public final <
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          D extends @Nullable Object,
          E extends @Nullable Object>
      With5<A, B, C, D, E> with(Future<? extends A> a, B b, Future<? extends C> c, D d, E e) {
    return new With5<>(self(), a, b, c, d, e);
  }

  /// Fixes five arguments of a task that waits for `b`, `c`.
  ///
  /// @param <A> type of argument a
  /// @param <B> type of argument b
  /// @param <C> type of argument c
  /// @param <D> type of argument d
  /// @param <E> type of argument e
  /// @param a value of argument 0
  /// @param b future of argument 1
  /// @param c future of argument 2
  /// @param d value of argument 3
  /// @param e value of argument 4
  /// @return an object that takes the function
  public final <
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          D extends @Nullable Object,
          E extends @Nullable Object>
      With5<A, B, C, D, E> with(A a, Future<? extends B> b, Future<? extends C> c, D d, E e) {
    return new With5<>(self(), a, b, c, d, e);
  }

  /// Fixes five arguments of a task that waits for `a`, `b`, `c`.
  ///
  /// @param <A> type of argument a
  /// @param <B> type of argument b
  /// @param <C> type of argument c
  /// @param <D> type of argument d
  /// @param <E> type of argument e
  /// @param a future of argument 0
  /// @param b future of argument 1
  /// @param c future of argument 2
  /// @param d value of argument 3
  /// @param e value of argument 4
  /// @return an object that takes the function
  public final <
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          D extends @Nullable Object,
          E extends @Nullable Object>
      With5<A, B, C, D, E> with(
          Future<? extends A> a, Future<? extends B> b, Future<? extends C> c, D d, E e) {
    return new With5<>(self(), a, b, c, d, e);
  }

  /// Fixes five arguments of a task that waits for `d`.
  ///
  /// @param <A> type of argument a
  /// @param <B> type of argument b
  /// @param <C> type of argument c
  /// @param <D> type of argument d
  /// @param <E> type of argument e
  /// @param a value of argument 0
  /// @param b value of argument 1
  /// @param c value of argument 2
  /// @param d future of argument 3
  /// @param e value of argument 4
  /// @return an object that takes the function
  public final <
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          D extends @Nullable Object,
          E extends @Nullable Object>
      With5<A, B, C, D, E> with(A a, B b, C c, Future<? extends D> d, E e) {
    return new With5<>(self(), a, b, c, d, e);
  }

  /// Fixes five arguments of a task that waits for `a`, `d`.
  ///
  /// @param <A> type of argument a
  /// @param <B> type of argument b
  /// @param <C> type of argument c
  /// @param <D> type of argument d
  /// @param <E> type of argument e
  /// @param a future of argument 0
  /// @param b value of argument 1
  /// @param c value of argument 2
  /// @param d future of argument 3
  /// @param e value of argument 4
  /// @return an object that takes the function
  public final <
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          D extends @Nullable Object,
          E extends @Nullable Object>
      With5<A, B, C, D, E> with(Future<? extends A> a, B b, C c, Future<? extends D> d, E e) {
    return new With5<>(self(), a, b, c, d, e);
  }

  /// Fixes five arguments of a task that waits for `b`, `d`.
  ///
  /// @param <A> type of argument a
  /// @param <B> type of argument b
  /// @param <C> type of argument c
  /// @param <D> type of argument d
  /// @param <E> type of argument e
  /// @param a value of argument 0
  /// @param b future of argument 1
  /// @param c value of argument 2
  /// @param d future of argument 3
  /// @param e value of argument 4
  /// @return an object that takes the function
  public final <
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          D extends @Nullable Object,
          E extends @Nullable Object>
      With5<A, B, C, D, E> with(A a, Future<? extends B> b, C c, Future<? extends D> d, E e) {
    return new With5<>(self(), a, b, c, d, e);
  }

  /// Fixes five arguments of a task that waits for `a`, `b`, `d`.
  ///
  /// @param <A> type of argument a
  /// @param <B> type of argument b
  /// @param <C> type of argument c
  /// @param <D> type of argument d
  /// @param <E> type of argument e
  /// @param a future of argument 0
  /// @param b future of argument 1
  /// @param c value of argument 2
  /// @param d future of argument 3
  /// @param e value of argument 4
  /// @return an object that takes the function
  public final <
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          D extends @Nullable Object,
          E extends @Nullable Object>
      With5<A, B, C, D, E> with(
          Future<? extends A> a, Future<? extends B> b, C c, Future<? extends D> d, E e) {
    return new With5<>(self(), a, b, c, d, e);
  }

  /// Fixes five arguments of a task that waits for `c`, `d`.
  ///
  /// @param <A> type of argument a
  /// @param <B> type of argument b
  /// @param <C> type of argument c
  /// @param <D> type of argument d
  /// @param <E> type of argument e
  /// @param a value of argument 0
  /// @param b value of argument 1
  /// @param c future of argument 2
  /// @param d future of argument 3
  /// @param e value of argument 4
  /// @return an object that takes the function
  public final <
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          D extends @Nullable Object,
          E extends @Nullable Object>
      With5<A, B, C, D, E> with(A a, B b, Future<? extends C> c, Future<? extends D> d, E e) {
    return new With5<>(self(), a, b, c, d, e);
  }

  /// Fixes five arguments of a task that waits for `a`, `c`, `d`.
  ///
  /// @param <A> type of argument a
  /// @param <B> type of argument b
  /// @param <C> type of argument c
  /// @param <D> type of argument d
  /// @param <E> type of argument e
  /// @param a future of argument 0
  /// @param b value of argument 1
  /// @param c future of argument 2
  /// @param d future of argument 3
  /// @param e value of argument 4
  /// @return an object that takes the function
  public final <
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          D extends @Nullable Object,
          E extends @Nullable Object>
      With5<A, B, C, D, E> with(
          Future<? extends A> a, B b, Future<? extends C> c, Future<? extends D> d, E e) {
    return new With5<>(self(), a, b, c, d, e);
  }

  /// Fixes five arguments of a task that waits for `b`, `c`, `d`.
  ///
  /// @param <A> type of argument a
  /// @param <B> type of argument b
  /// @param <C> type of argument c
  /// @param <D> type of argument d
  /// @param <E> type of argument e
  /// @param a value of argument 0
  /// @param b future of argument 1
  /// @param c future of argument 2
  /// @param d future of argument 3
  /// @param e value of argument 4
  /// @return an object that takes the function
  public final <
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          D extends @Nullable Object,
          E extends @Nullable Object>
      With5<A, B, C, D, E> with(
          A a, Future<? extends B> b, Future<? extends C> c, Future<? extends D> d, E e) {
    return new With5<>(self(), a, b, c, d, e);
  }

  /// Fixes five arguments of a task that waits for `a`, `b`, `c`, `d`.
  ///
  /// @param <A> type of argument a
  /// @param <B> type of argument b
  /// @param <C> type of argument c
  /// @param <D> type of argument d
  /// @param <E> type of argument e
  /// @param a future of argument 0
  /// @param b future of argument 1
  /// @param c future of argument 2
  /// @param d future of argument 3
  /// @param e value of argument 4
  /// @return an object that takes the function
  public final <
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          D extends @Nullable Object,
          E extends @Nullable Object>
      With5<A, B, C, D, E> with(
          Future<? extends A> a,
          Future<? extends B> b,
          Future<? extends C> c,
          Future<? extends D> d,
          E e) {
    return new With5<>(self(), a, b, c, d, e);
  }

  /// Fixes five arguments of a task that waits for `e`.
  ///
  /// @param <A> type of argument a
  /// @param <B> type of argument b
  /// @param <C> type of argument c
  /// @param <D> type of argument d
  /// @param <E> type of argument e
  /// @param a value of argument 0
  /// @param b value of argument 1
  /// @param c value of argument 2
  /// @param d value of argument 3
  /// @param e future of argument 4
  /// @return an object that takes the function
  public final <
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          D extends @Nullable Object,
          E extends @Nullable Object>
      With5<A, B, C, D, E> with(A a, B b, C c, D d, Future<? extends E> e) {
    return new With5<>(self(), a, b, c, d, e);
  }

  /// Fixes five arguments of a task that waits for `a`, `e`.
  ///
  /// @param <A> type of argument a
  /// @param <B> type of argument b
  /// @param <C> type of argument c
  /// @param <D> type of argument d
  /// @param <E> type of argument e
  /// @param a future of argument 0
  /// @param b value of argument 1
  /// @param c value of argument 2
  /// @param d value of argument 3
  /// @param e future of argument 4
  /// @return an object that takes the function
  public final <
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          D extends @Nullable Object,
          E extends @Nullable Object>
      With5<A, B, C, D, E> with(Future<? extends A> a, B b, C c, D d, Future<? extends E> e) {
    return new With5<>(self(), a, b, c, d, e);
  }

  /// Fixes five arguments of a task that waits for `b`, `e`.
  ///
  /// @param <A> type of argument a
  /// @param <B> type of argument b
  /// @param <C> type of argument c
  /// @param <D> type of argument d
  /// @param <E> type of argument e
  /// @param a value of argument 0
  /// @param b future of argument 1
  /// @param c value of argument 2
  /// @param d value of argument 3
  /// @param e future of argument 4
  /// @return an object that takes the function
  public final <
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          D extends @Nullable Object,
          E extends @Nullable Object>
      With5<A, B, C, D, E> with(A a, Future<? extends B> b, C c, D d, Future<? extends E> e) {
    return new With5<>(self(), a, b, c, d, e);
  }

  /// Fixes five arguments of a task that waits for `a`, `b`, `e`.
  ///
  /// @param <A> type of argument a
  /// @param <B> type of argument b
  /// @param <C> type of argument c
  /// @param <D> type of argument d
  /// @param <E> type of argument e
  /// @param a future of argument 0
  /// @param b future of argument 1
  /// @param c value of argument 2
  /// @param d value of argument 3
  /// @param e future of argument 4
  /// @return an object that takes the function
  public final <
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          D extends @Nullable Object,
          E extends @Nullable Object>
      With5<A, B, C, D, E> with(
          Future<? extends A> a, Future<? extends B> b, C c, D d, Future<? extends E> e) {
    return new With5<>(self(), a, b, c, d, e);
  }

  /// Fixes five arguments of a task that waits for `c`, `e`.
  ///
  /// @param <A> type of argument a
  /// @param <B> type of argument b
  /// @param <C> type of argument c
  /// @param <D> type of argument d
  /// @param <E> type of argument e
  /// @param a value of argument 0
  /// @param b value of argument 1
  /// @param c future of argument 2
  /// @param d value of argument 3
  /// @param e future of argument 4
  /// @return an object that takes the function
  public final <
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          D extends @Nullable Object,
          E extends @Nullable Object>
      With5<A, B, C, D, E> with(A a, B b, Future<? extends C> c, D d, Future<? extends E> e) {
    return new With5<>(self(), a, b, c, d, e);
  }

  /// Fixes five arguments of a task that waits for `a`, `c`, `e`.
  ///
  /// @param <A> type of argument a
  /// @param <B> type of argument b
  /// @param <C> type of argument c
  /// @param <D> type of argument d
  /// @param <E> type of argument e
  /// @param a future of argument 0
  /// @param b value of argument 1
  /// @param c future of argument 2
  /// @param d value of argument 3
  /// @param e future of argument 4
  /// @return an object that takes the function
  public final <
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          D extends @Nullable Object,
          E extends @Nullable Object>
      With5<A, B, C, D, E> with(
          Future<? extends A> a, B b, Future<? extends C> c, D d, Future<? extends E> e) {
    return new With5<>(self(), a, b, c, d, e);
  }

  /// Fixes five arguments of a task that waits for `b`, `c`, `e`.
  ///
  /// @param <A> type of argument a
  /// @param <B> type of argument b
  /// @param <C> type of argument c
  /// @param <D> type of argument d
  /// @param <E> type of argument e
  /// @param a value of argument 0
  /// @param b future of argument 1
  /// @param c future of argument 2
  /// @param d value of argument 3
  /// @param e future of argument 4
  /// @return an object that takes the function
  public final <
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          D extends @Nullable Object,
          E extends @Nullable Object>
      With5<A, B, C, D, E> with(
          A a, Future<? extends B> b, Future<? extends C> c, D d, Future<? extends E> e) {
    return new With5<>(self(), a, b, c, d, e);
  }

  /// Fixes five arguments of a task that waits for `a`, `b`, `c`, `e`.
  ///
  /// @param <A> type of argument a
  /// @param <B> type of argument b
  /// @param <C> type of argument c
  /// @param <D> type of argument d
  /// @param <E> type of argument e
  /// @param a future of argument 0
  /// @param b future of argument 1
  /// @param c future of argument 2
  /// @param d value of argument 3
  /// @param e future of argument 4
  /// @return an object that takes the function
  public final <
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          D extends @Nullable Object,
          E extends @Nullable Object>
      With5<A, B, C, D, E> with(
          Future<? extends A> a,
          Future<? extends B> b,
          Future<? extends C> c,
          D d,
          Future<? extends E> e) {
    return new With5<>(self(), a, b, c, d, e);
  }

  /// Fixes five arguments of a task that waits for `d`, `e`.
  ///
  /// @param <A> type of argument a
  /// @param <B> type of argument b
  /// @param <C> type of argument c
  /// @param <D> type of argument d
  /// @param <E> type of argument e
  /// @param a value of argument 0
  /// @param b value of argument 1
  /// @param c value of argument 2
  /// @param d future of argument 3
  /// @param e future of argument 4
  /// @return an object that takes the function
  public final <
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          D extends @Nullable Object,
          E extends @Nullable Object>
      With5<A, B, C, D, E> with(A a, B b, C c, Future<? extends D> d, Future<? extends E> e) {
    return new With5<>(self(), a, b, c, d, e);
  }

  /// Fixes five arguments of a task that waits for `a`, `d`, `e`.
  ///
  /// @param <A> type of argument a
  /// @param <B> type of argument b
  /// @param <C> type of argument c
  /// @param <D> type of argument d
  /// @param <E> type of argument e
  /// @param a future of argument 0
  /// @param b value of argument 1
  /// @param c value of argument 2
  /// @param d future of argument 3
  /// @param e future of argument 4
  /// @return an object that takes the function
  public final <
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          D extends @Nullable Object,
          E extends @Nullable Object>
      With5<A, B, C, D, E> with(
          Future<? extends A> a, B b, C c, Future<? extends D> d, Future<? extends E> e) {
    return new With5<>(self(), a, b, c, d, e);
  }

  /// Fixes five arguments of a task that waits for `b`, `d`, `e`.
  ///
  /// @param <A> type of argument a
  /// @param <B> type of argument b
  /// @param <C> type of argument c
  /// @param <D> type of argument d
  /// @param <E> type of argument e
  /// @param a value of argument 0
  /// @param b future of argument 1
  /// @param c value of argument 2
  /// @param d future of argument 3
  /// @param e future of argument 4
  /// @return an object that takes the function
  public final <
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          D extends @Nullable Object,
          E extends @Nullable Object>
      With5<A, B, C, D, E> with(
          A a, Future<? extends B> b, C c, Future<? extends D> d, Future<? extends E> e) {
    return new With5<>(self(), a, b, c, d, e);
  }

  /// Fixes five arguments of a task that waits for `a`, `b`, `d`, `e`.
  ///
  /// @param <A> type of argument a
  /// @param <B> type of argument b
  /// @param <C> type of argument c
  /// @param <D> type of argument d
  /// @param <E> type of argument e
  /// @param a future of argument 0
  /// @param b future of argument 1
  /// @param c value of argument 2
  /// @param d future of argument 3
  /// @param e future of argument 4
  /// @return an object that takes the function
  public final <
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          D extends @Nullable Object,
          E extends @Nullable Object>
      With5<A, B, C, D, E> with(
          Future<? extends A> a,
          Future<? extends B> b,
          C c,
          Future<? extends D> d,
          Future<? extends E> e) {
    return new With5<>(self(), a, b, c, d, e);
  }

  /// Fixes five arguments of a task that waits for `c`, `d`, `e`.
  ///
  /// @param <A> type of argument a
  /// @param <B> type of argument b
  /// @param <C> type of argument c
  /// @param <D> type of argument d
  /// @param <E> type of argument e
  /// @param a value of argument 0
  /// @param b value of argument 1
  /// @param c future of argument 2
  /// @param d future of argument 3
  /// @param e future of argument 4
  /// @return an object that takes the function
  public final <
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          D extends @Nullable Object,
          E extends @Nullable Object>
      With5<A, B, C, D, E> with(
          A a, B b, Future<? extends C> c, Future<? extends D> d, Future<? extends E> e) {
    return new With5<>(self(), a, b, c, d, e);
  }

  /// Fixes five arguments of a task that waits for `a`, `c`, `d`, `e`.
  ///
  /// @param <A> type of argument a
  /// @param <B> type of argument b
  /// @param <C> type of argument c
  /// @param <D> type of argument d
  /// @param <E> type of argument e
  /// @param a future of argument 0
  /// @param b value of argument 1
  /// @param c future of argument 2
  /// @param d future of argument 3
  /// @param e future of argument 4
  /// @return an object that takes the function
  public final <
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          D extends @Nullable Object,
          E extends @Nullable Object>
      With5<A, B, C, D, E> with(
          Future<? extends A> a,
          B b,
          Future<? extends C> c,
          Future<? extends D> d,
          Future<? extends E> e) {
    return new With5<>(self(), a, b, c, d, e);
  }

  /// Fixes five arguments of a task that waits for `b`, `c`, `d`, `e`.
  ///
  /// @param <A> type of argument a
  /// @param <B> type of argument b
  /// @param <C> type of argument c
  /// @param <D> type of argument d
  /// @param <E> type of argument e
  /// @param a value of argument 0
  /// @param b future of argument 1
  /// @param c future of argument 2
  /// @param d future of argument 3
  /// @param e future of argument 4
  /// @return an object that takes the function
  public final <
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          D extends @Nullable Object,
          E extends @Nullable Object>
      With5<A, B, C, D, E> with(
          A a,
          Future<? extends B> b,
          Future<? extends C> c,
          Future<? extends D> d,
          Future<? extends E> e) {
    return new With5<>(self(), a, b, c, d, e);
  }

  /// Fixes five arguments of a task that waits for `a`, `b`, `c`, `d`, `e`.
  ///
  /// @param <A> type of argument a
  /// @param <B> type of argument b
  /// @param <C> type of argument c
  /// @param <D> type of argument d
  /// @param <E> type of argument e
  /// @param a future of argument 0
  /// @param b future of argument 1
  /// @param c future of argument 2
  /// @param d future of argument 3
  /// @param e future of argument 4
  /// @return an object that takes the function
  public final <
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          D extends @Nullable Object,
          E extends @Nullable Object>
      With5<A, B, C, D, E> with(
          Future<? extends A> a,
          Future<? extends B> b,
          Future<? extends C> c,
          Future<? extends D> d,
          Future<? extends E> e) {
    return new With5<>(self(), a, b, c, d, e);
  }
}
