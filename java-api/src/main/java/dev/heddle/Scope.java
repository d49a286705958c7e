package dev.heddle;

import org.jspecify.annotations.Nullable;

/// A part of the program whose tasks end with it; made by [Heddle#scope].
///
/// The body gets a heddle of its own, and what is submitted to that belongs to the scope. When the
/// body returns, [OnLeave] says what becomes of tasks that are not done. When it throws, nothing is
/// waited for: with [OnLeave#SKIP] tasks go on, else they are cancelled, and the exception comes
/// out. From then on the scope's heddle refuses with [IllegalStateException].
///
/// It takes a body because `close()` of a try-with-resources statement can't tell a return from an
/// exception.
///
/// Threading: immutable; may be used any number of times.
///
/// {@snippet file="dev/heddle/ApiSnippets.java" region="scope"}
public abstract class Scope {

  /// For executors only.
  protected Scope() {}

  /// What happens in a scope.
  ///
  /// @param <X> what it may throw
  @FunctionalInterface
  public interface Body<X extends Throwable> {
    /// Submits and waits as it likes.
    ///
    /// @param heddle the scope's own
    /// @throws X comes out of [Scope#run]
    void run(Heddle heddle) throws X;
  }

  /// What happens in a scope and has a result.
  ///
  /// @param <T> type of the result
  /// @param <X> what it may throw
  @FunctionalInterface
  public interface Call<T extends @Nullable Object, X extends Throwable> {
    /// Submits and waits as it likes.
    ///
    /// @param heddle the scope's own
    /// @return what [Scope#call] returns
    /// @throws X comes out of [Scope#call]
    T call(Heddle heddle) throws X;
  }

  /// Runs `body` on this thread, then leaves the scope.
  ///
  /// @param <X> what the body may throw
  /// @param body gets the scope's heddle
  /// @throws X what the body threw
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
  /// @param <X> what the body may throw
  /// @param body gets the scope's heddle
  /// @return what the body returned
  /// @throws X what the body threw
  /// @throws InterruptedException this thread was interrupted while it waited for the scope's
  ///   tasks, which are cancelled then
  public abstract <T extends @Nullable Object, X extends Throwable> T call(Call<T, X> body)
      throws X, InterruptedException;
}
