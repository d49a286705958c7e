package dev.heddle;

import org.jspecify.annotations.Nullable;

/// A part of the program whose tasks end with it; made by [Heddle#scope].
///
/// The body gets a heddle of its own, and tasks that are submitted to that heddle belong to the
/// scope. When the body returns, [OnLeave] says what happens to tasks that are not done. When it
/// throws, the scope waits for no task: with [OnLeave#SKIP] tasks go on, else they are cancelled,
/// and the exception is rethrown. From then on the scope's heddle refuses calls with
/// [IllegalStateException].
///
/// A scope takes a body because `close()` of a try-with-resources statement can't tell a return
/// from an exception.
///
/// Threading: immutable; may be used any number of times.
///
/// {@snippet file="dev/heddle/ApiSnippets.java" region="scope"}
public abstract class Scope {

  /// For executors only.
  protected Scope() {}

  /// The body of a scope.
  ///
  /// @param <X> type of its exception
  @FunctionalInterface
  public interface Body<X extends Throwable> {
    /// Submits tasks and waits for them.
    ///
    /// @param heddle the scope's own
    /// @throws X rethrown by [Scope#run]
    void run(Heddle heddle) throws X;
  }

  /// The body of a scope with a result.
  ///
  /// @param <T> type of the result
  /// @param <X> type of its exception
  @FunctionalInterface
  public interface Call<T extends @Nullable Object, X extends Throwable> {
    /// Submits tasks and waits for them.
    ///
    /// @param heddle the scope's own
    /// @return the value that [Scope#call] returns
    /// @throws X rethrown by [Scope#call]
    T call(Heddle heddle) throws X;
  }

  /// Runs `body` on this thread, then leaves the scope.
  ///
  /// @param <X> type of the body's exception
  /// @param body gets the scope's heddle
  /// @throws X the exception of the body
  /// @throws InterruptedException this thread was interrupted while it waited for the scope's
  ///   tasks, which are cancelled then
  public final <X extends Throwable> void run(Body<X> body) throws X, InterruptedException {
    this.<@Nullable Object, X>call(
        heddle -> {
          body.run(heddle);
          return null;
        });
  }

  /// Runs `body` on this thread, then leaves the scope.
  ///
  /// @param <T> type of the result
  /// @param <X> type of the body's exception
  /// @param body gets the scope's heddle
  /// @return the value that the body returned
  /// @throws X the exception of the body
  /// @throws InterruptedException this thread was interrupted while it waited for the scope's
  ///   tasks, which are cancelled then
  public abstract <T extends @Nullable Object, X extends Throwable> T call(Call<T, X> body)
      throws X, InterruptedException;
}
