package dev.heddle.runtime.session;

import dev.heddle.DependencyException;
import dev.heddle.Fn1;
import dev.heddle.TaskFuture;
import dev.heddle.TaskOrigin;
import dev.heddle.codec.ShortEncoding;
import dev.heddle.graph.ArrayResult;
import dev.heddle.graph.Failure;
import dev.heddle.graph.Task;
import dev.heddle.graph.TaskState;
import dev.heddle.runtime.progress.Pollers;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayDeque;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A task's future on rank 0, and the task itself: one object for each pending task.
///
/// Threading: the node of the graph is the coordinator's, as [Task] says. `state` goes once from
/// waiting (null, or a stack of sleeping threads) to `DONE` or `CANCELLED`; that write publishes
/// the task's outcome. Decoding is the caller's work, done once in the usual case and harmless when
/// done twice.
///
/// Cancel or completion: this compare-and-set decides, and the graph asks for its result.
/// [#complete] tries it before the outcome is told to dependents, followers, the memo or a waiting
/// thread. Where [#markCancelled] was first, the graph has a cancelled task, as if it had no
/// outcome. So after a `cancel` that returned true no reader sees a value, and after a `cancel`
/// that returned false every reader does. The command that follows a cancel only stops work that is
/// not wanted any more.
@SuppressWarnings("ReferenceEquality") // states are told apart by identity
class EngineFuture<T extends @Nullable Object> extends Task implements TaskFuture<T> {
  private static final Object DONE = new Object();
  private static final Object CANCELLED = new Object();

  /// Something to do when the task is done, besides waking threads.
  private sealed interface Node permits Waiter, Listener {
    @Nullable Object next();
  }

  private record Waiter(Thread thread, @Nullable Object next) implements Node {}

  private record Listener(Runnable action, @Nullable Object next) implements Node {}

  private static final VarHandle STATE;
  private static final VarHandle DECODED;

  static {
    try {
      STATE = MethodHandles.lookup().findVarHandle(EngineFuture.class, "state", Object.class);
      DECODED = MethodHandles.lookup().findVarHandle(EngineFuture.class, "decoded", Object.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final RunningHeddle heddle;
  private volatile @Nullable Object state;

  /// The decoded value ([#NULL] for null), or [NoValue]; null before it was decoded.
  private volatile @Nullable Object decoded;

  private record NoValue(Throwable cause) {}

  private static final Object NULL = new Object();

  public EngineFuture(RunningHeddle heddle) {
    this.heddle = heddle;
  }

  /// Defines the task. Call before publishing the future.
  public final void defineTask(
      long taskId,
      int functionId,
      int priority,
      int flags,
      String label,
      int captureCount,
      @Nullable Object[] arguments) {
    define(taskId, functionId, priority, flags, label, captureCount, arguments);
  }

  /// Sets the task's only argument, which has a short encoding. Call before publishing the future.
  final void keepShortArgument(@Nullable Object argument) {
    keepShort(
        ShortEncoding.length(argument), ShortEncoding.head(argument), ShortEncoding.tail(argument));
  }

  /// The task that has this future's value, for tasks that depend on it.
  Task valueTask() {
    return this;
  }

  public RunningHeddle heddle() {
    return heddle;
  }

  /// The task's outcome has arrived. Returns false where the user has given the task up first: then
  /// the outcome does not count. Called in the progress role: wakes threads, decodes nothing.
  public boolean complete() {
    Object before = state;
    while (before != CANCELLED && before != DONE && !STATE.compareAndSet(this, before, DONE)) {
      before = state;
    }
    wake(before);
    OpenTasks scope = heddle.scope();
    if (scope != null) {
      scope.remove(this);
    }
    return before != CANCELLED;
  }

  private static void wake(@Nullable Object nodes) {
    Object at = nodes;
    while (at instanceof Node node) {
      if (node instanceof Waiter waiter) {
        LockSupport.unpark(waiter.thread());
      } else {
        ((Listener) node).action().run();
      }
      at = node.next();
    }
  }

  /// Runs `action` once when this future is done, or at once where it is done. Threading: mostly
  /// the progress role, so `action` must be quick, and not users' code.
  public void onDone(Runnable action) {
    Object before = state;
    while (before != DONE && before != CANCELLED) {
      if (STATE.compareAndSet(this, before, new Listener(action, before))) {
        return;
      }
      before = state;
    }
    action.run();
  }

  /// Begins the task's part on rank 0; here a memoized task is looked up among those that ran
  /// before. Called in the progress role.
  void begin() {
    MemoWork.begin(this);
  }

  /// Asks the task's part on rank 0 to end.
  void interruptLocal() {}

  @Override
  public long taskId() {
    return id();
  }

  @Override
  public boolean isDone() {
    Object now = state;
    return now == DONE || now == CANCELLED;
  }

  @Override
  public boolean isCancelled() {
    if (state == CANCELLED) {
      return true;
    }
    return state == DONE && taskState() == TaskState.CANCELLED;
  }

  @Override
  public boolean cancel(boolean mayInterruptIfRunning) {
    if (!markCancelled()) {
      return false;
    }
    heddle.session().cancel(this, mayInterruptIfRunning);
    if (mayInterruptIfRunning) {
      // last: interrupted work tells at once how it ended, and the coordinator must hear of the
      // cancel before that
      interruptLocal();
    }
    return true;
  }

  /// Cancels the future, for good. The coordinator has still to be told, so that work for it stops.
  /// Returns false where the future was done.
  boolean markCancelled() {
    Object before = state;
    while (before != CANCELLED && before != DONE) {
      if (STATE.compareAndSet(this, before, CANCELLED)) {
        wake(before);
        return true;
      }
      before = state;
    }
    return false;
  }

  @Override
  public T get() throws InterruptedException, ExecutionException {
    if (!isDone()) {
      Sleep sleep = new Sleep(this, false);
      heddle.session().await(sleep, Long.MAX_VALUE, sleep);
    }
    return report();
  }

  @Override
  public T get(long timeout, TimeUnit unit)
      throws InterruptedException, ExecutionException, TimeoutException {
    long timeoutNs = unit.toNanos(timeout);
    if (!isDone()) {
      Sleep sleep = new Sleep(this, true);
      heddle.session().await(sleep, timeoutNs, sleep);
    }
    if (!isDone()) {
      throw new TimeoutException(
          "not done after " + timeout + " " + unit + ": task=" + taskId() + " label=" + label());
    }
    return report();
  }

  @Override
  public <R extends @Nullable Object> TaskFuture<R> then(Fn1<? super T, R> function) {
    return heddle.submitThen(function, this);
  }

  @Override
  public <P extends @Nullable Object> TaskFuture<P> part(Fn1<? super T, P> accessor) {
    return heddle.submitPart(accessor, this);
  }

  @Override
  public CompletableFuture<T> toCompletableFuture() {
    CompletableFuture<T> copy = new CompletableFuture<>();
    if (isDone()) {
      copyTo(copy);
    } else {
      // functions chained to the copy are users' code, and as deep in joins as the calling thread
      int depth = Callbacks.depth();
      onDone(
          () -> {
            Thread _ = heddle.session().callbacks().start(depth, () -> copyTo(copy));
          });
    }
    return copy;
  }

  private void copyTo(CompletableFuture<T> copy) {
    try {
      copy.complete(report());
    } catch (ExecutionException e) {
      copy.completeExceptionally(java.util.Objects.requireNonNull(e.getCause()));
    } catch (RuntimeException | Error e) {
      copy.completeExceptionally(e);
    }
  }

  /// One wait of one thread: it takes its place in the stack of waiters once, however often it
  /// sleeps.
  ///
  /// A wait with a time-out first looks for the place that an earlier wait has left, since a thread
  /// may wait like this again and again. A wait without a time-out does not look, since a hundred
  /// thousand threads may wait for one future.
  private static final class Sleep implements BooleanSupplier, Pollers.Parker {
    private final EngineFuture<?> future;
    private final boolean mayHaveWaited;
    private boolean isPlaced;

    Sleep(EngineFuture<?> future, boolean mayHaveWaited) {
      this.future = future;
      this.mayHaveWaited = mayHaveWaited;
    }

    @Override
    public boolean getAsBoolean() {
      return future.isDone();
    }

    /// Sleeps until woken or `ns` have passed; may wake early.
    @Override
    public void park(long ns) {
      if (!isPlaced) {
        Object before = future.state;
        Thread self = Thread.currentThread();
        if (!mayHaveWaited || !isWaiting(self, before)) {
          if (before == DONE
              || before == CANCELLED
              || !STATE.compareAndSet(future, before, new Waiter(self, before))) {
            return;
          }
        }
        isPlaced = true;
      }
      if (!future.isDone()) {
        LockSupport.parkNanos(future, ns);
      }
    }
  }

  private static boolean isWaiting(Thread thread, @Nullable Object waiters) {
    for (Object at = waiters; at instanceof Node node; at = node.next()) {
      if (node instanceof Waiter waiter && waiter.thread() == thread) {
        return true;
      }
    }
    return false;
  }

  @SuppressWarnings({
    "unchecked",
    "NullAway"
  }) // the function's result type is T, null where T allows it
  T report() throws ExecutionException {
    if (state == CANCELLED) {
      throw new CancellationException("cancelled: task=" + taskId() + " label=" + label());
    }
    Object known = decode();
    if (known instanceof NoValue(Throwable cause)) {
      if (cause instanceof CancellationException && taskState() == TaskState.CANCELLED) {
        throw new CancellationException(cause.getMessage());
      }
      throw new ExecutionException(cause);
    }
    return known == NULL ? null : (T) known;
  }

  /// The value or the cause of failure, decoded once: all callers get the same object.
  private Object decode() {
    Object known = decoded;
    if (known == null) {
      if (taskState() != TaskState.SUCCEEDED) {
        decodeSources();
      }
      Object mine = decode(this);
      known = DECODED.compareAndExchange(this, null, mine);
      if (known == null) {
        known = mine;
        if (isOwnFailure(this)) {
          heddle.session().failed().onAsked();
        }
      }
    }
    return known;
  }

  /// Whether the outcome was asked for.
  boolean wasAsked() {
    return decoded != null;
  }

  /// Called where the task has failed and was not given up, in the progress role.
  void onFailure() {
    if (isOwnFailure(this)) {
      heddle.session().failed().add(this);
    }
  }

  /// Whether the task failed by itself, not because of another task.
  private static boolean isOwnFailure(Task task) {
    if (task.taskState() != TaskState.FAILED) {
      return false;
    }
    Object outcome = task.outcome();
    return outcome instanceof Failure
        || outcome instanceof Throwable
        || outcome instanceof ArrayResult;
  }

  /// Decodes the failures that this failure is made of, the deepest first: joins in joins may be
  /// deeper than a stack.
  private void decodeSources() {
    ArrayDeque<EngineFuture<?>> open = new ArrayDeque<>(0);
    pushSources(open);
    while (!open.isEmpty()) {
      EngineFuture<?> next = open.element();
      if (next.decoded != null || !next.pushSources(open)) {
        open.pop();
        Object _ = next.decode();
      }
    }
  }

  /// Adds the futures whose failures this future shares and that are not decoded. Returns false
  /// where there are none.
  private boolean pushSources(ArrayDeque<EngineFuture<?>> open) {
    int before = open.size();
    if (taskState() != TaskState.SUCCEEDED) { // else its outcome is the tasks of a list
      switch (outcome()) {
        case Task source -> pushOpen(source, open);
        case Task[] sources -> {
          for (Task source : sources) {
            pushOpen(source, open);
          }
        }
        case null, default -> {}
      }
    }
    return open.size() > before;
  }

  private static void pushOpen(Task source, ArrayDeque<EngineFuture<?>> open) {
    if (source instanceof EngineFuture<?> future && future.decoded == null) {
      open.push(future);
    }
  }

  private Object decode(Task done) {
    return switch (done.taskState()) {
      case SUCCEEDED -> {
        try {
          Object value = GraphValues.valueOf(heddle.session().codec(), done);
          yield value == null ? NULL : value;
        } catch (RuntimeException | StackOverflowError | LinkageError e) {
          // the value arrived, but can't be decoded here
          yield new NoValue(e);
        }
      }
      case FAILED, DEPENDENCY_FAILED, CANCELLED -> new NoValue(cause(done));
      case PENDING, READY, LAUNCHED, JOINING ->
          throw new IllegalStateException(
              "not done: task=" + done.id() + " state=" + done.taskState());
    };
  }

  /// The failure of `task`, the same object for all futures that share it.
  private static Throwable causeOf(Task task) {
    if (task instanceof EngineFuture<?> future) {
      if (future.decode() instanceof NoValue(Throwable cause)) {
        return cause;
      }
    }
    throw new IllegalStateException("no failure: task=" + task.id() + " state=" + task.taskState());
  }

  private Throwable cause(Task done) {
    if (done.taskState() == TaskState.DEPENDENCY_FAILED && done.outcome() instanceof Task root) {
      return new DependencyException(root.id(), root.label(), causeOf(root));
    }
    return switch (done.outcome()) {
      case Failure failure -> {
        Throwable original = heddle.session().codec().decodeFailure(failure.bytes());
        original.addSuppressed(
            new TaskOrigin(
                done.id(), done.label(), failure.attempt(), failure.rank(), failure.host()));
        yield original;
      }
      case Throwable here -> {
        // it is the user's object: other futures may share it, and it may pass here again
        if (!Causes.hasOrigin(here)) {
          here.addSuppressed(
              new TaskOrigin(done.id(), done.label(), 0, 0, heddle.session().engine().host()));
        }
        yield here;
      }
      case Task shared -> causeOf(shared);
      case ArrayResult result -> arrayFailure(result);
      case Task[] failed ->
          Causes.several(done, failed, Stream.of(failed).map(EngineFuture::causeOf).toList());
      case null, default ->
          new CancellationException("cancelled: task=" + done.id() + " label=" + done.label());
    };
  }

  /// The exception of an array that has failed.
  Throwable arrayFailure(ArrayResult result) {
    throw new IllegalStateException("no array: task=" + taskId());
  }
}
