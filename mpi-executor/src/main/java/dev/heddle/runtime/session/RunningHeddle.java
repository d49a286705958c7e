package dev.heddle.runtime.session;

import dev.heddle.ArrayFuture;
import dev.heddle.Combiner;
import dev.heddle.DoubleArrayFuture;
import dev.heddle.DoubleCombiner;
import dev.heddle.DoubleFn;
import dev.heddle.Fn1;
import dev.heddle.Heddle;
import dev.heddle.ListArrayFuture;
import dev.heddle.LongArrayFuture;
import dev.heddle.LongCombiner;
import dev.heddle.LongFn;
import dev.heddle.OnLeave;
import dev.heddle.Progress;
import dev.heddle.Range;
import dev.heddle.Scope;
import dev.heddle.TaskExecutorService;
import dev.heddle.TaskFuture;
import dev.heddle.codec.ShortEncoding;
import dev.heddle.codec.function.CapturedFunction;
import dev.heddle.codec.function.FunctionDefinition;
import dev.heddle.core.frames.Subtree;
import dev.heddle.graph.ArrayJob;
import dev.heddle.graph.Task;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The user's view of a run on rank 0: the [Session] with the label, priority and scope of the
/// tasks that are submitted through this view.
///
/// Threading: any; immutable.
public final class RunningHeddle extends Heddle {
  private static final int LABEL_CHARS_MAX = 200;

  private final Session session;
  private final @Nullable String label;
  private final int priority;
  private final boolean isMemoized;
  private final @Nullable OpenTasks scope;

  public RunningHeddle(Session session) {
    this(session, null, 0, false, null);
  }

  private RunningHeddle(
      Session session,
      @Nullable String label,
      int priority,
      boolean isMemoized,
      @Nullable OpenTasks scope) {
    this.session = session;
    this.label = label;
    this.priority = priority;
    this.isMemoized = isMemoized;
    this.scope = scope;
  }

  public Session session() {
    return session;
  }

  /// The open tasks of this view's scope; null where the view is of the whole run.
  @Nullable OpenTasks scope() {
    return scope;
  }

  @Override
  public String[] args() {
    return session.args();
  }

  @Override
  public long slots() {
    return everybody().slots();
  }

  @Override
  public int ranks() {
    return everybody().ranks();
  }

  @Override
  public int levels() {
    return everybody().levels();
  }

  private Subtree everybody() {
    return Objects.requireNonNull(session.engine().all(), "the run has not started");
  }

  @Override
  public Progress progress() {
    return session.progress();
  }

  // ---- views

  @Override
  public Heddle label(String text) {
    if (text.isBlank() || text.length() > LABEL_CHARS_MAX) {
      throw new IllegalArgumentException(
          "a label has 1 to "
              + LABEL_CHARS_MAX
              + " characters, not only blanks; given="
              + text.length());
    }
    return new RunningHeddle(session, text, priority, isMemoized, scope);
  }

  @Override
  public Heddle priority(int value) {
    if (value != (byte) value) {
      throw new IllegalArgumentException("priority=" + value + " is out of range: -128 to 127");
    }
    return new RunningHeddle(session, label, value, isMemoized, scope);
  }

  @Override
  public Heddle memoized() {
    return new RunningHeddle(session, label, priority, true, scope);
  }

  @Override
  public Scope scope(OnLeave onLeave) {
    checkOpen();
    return new RunningScope(this, Objects.requireNonNull(onLeave, "onLeave"));
  }

  RunningHeddle inScope(OpenTasks open) {
    return new RunningHeddle(session, label, priority, isMemoized, open);
  }

  /// The view for a task that follows another task: with the same scope and priority, but without
  /// the label.
  private RunningHeddle plain() {
    return label == null && !isMemoized
        ? this
        : new RunningHeddle(session, null, priority, false, scope);
  }

  @Override
  public TaskExecutorService asExecutorService() {
    checkOpen();
    return new HeddleExecutorService(this);
  }

  // ---- tasks

  void checkOpen() {
    session.checkOpen();
    if (scope != null) {
      scope.checkOpen();
    }
  }

  @Override
  protected <R extends @Nullable Object> TaskFuture<R> submitTask(
      Serializable function, @Nullable Object... arguments) {
    return submitTask(new EngineFuture<>(this), function, arguments);
  }

  /// As above, with the future that will have the result.
  <R extends @Nullable Object> TaskFuture<R> submitTask(
      EngineFuture<R> future, Serializable function, @Nullable Object... arguments) {
    checkOpen();
    Objects.requireNonNull(function, "function");
    CapturedFunction captured = CapturedFunction.of(function);
    FunctionDefinition definition = captured.definition();
    @Nullable Object[] captures = captured.captures();
    @Nullable Object[] encoded;
    if (captures.length == 0 && arguments.length == 1 && ShortEncoding.length(arguments[0]) > 0) {
      encoded = Task.NONE;
      future.keepShortArgument(arguments[0]);
    } else {
      encoded = session.encoder().encode(definition, captures, arguments);
    }
    int functionId = session.functions().number(function.getClass(), captured).functionId();
    int flags = (label == null ? 0 : Task.LABELLED) | (isMemoized ? Task.MEMOIZED : 0);
    return session.submit(
        future, functionId, priority, flags, labelOr(definition.label()), captures.length, encoded);
  }

  /// For [TaskFuture#then].
  <R extends @Nullable Object> TaskFuture<R> submitThen(
      Serializable function, TaskFuture<?> argument) {
    return plain().submitTask(function, argument);
  }

  @Override
  protected <R extends @Nullable Object> TaskFuture<R> joinTask(
      Serializable function, boolean isList, @Nullable Object... arguments) {
    checkOpen();
    Objects.requireNonNull(function, "function");
    FunctionDefinition definition = CapturedFunction.of(function).definition();
    int depth = Callbacks.depth() + 1;
    session.checkJoinDepth(depth, definition.label());
    return submitLocal(
        new JoinWork(function, isList),
        depth,
        labelOr(definition.label()),
        session.encoder().encode(definition, NOTHING, arguments));
  }

  private String labelOr(String usual) {
    return label == null ? usual : label;
  }

  private static final @Nullable Object[] NOTHING = {};

  /// For [TaskFuture#part].
  <P extends @Nullable Object> TaskFuture<P> submitPart(Serializable accessor, Task whole) {
    checkOpen();
    FunctionDefinition definition = CapturedFunction.of(accessor).definition();
    return submitLocal(
        new PartWork(accessor, definition),
        Callbacks.depth(),
        definition.label(),
        new @Nullable Object[] {whole});
  }

  private <R extends @Nullable Object> TaskFuture<R> submitLocal(
      LocalWork work, int depth, String localLabel, @Nullable Object[] encoded) {
    return session.submit(
        new LocalFuture<>(this, work, depth), Task.LOCAL, 0, 0, localLabel, 0, encoded);
  }

  // ---- arrays

  private ArraySubmit arrays() {
    return new ArraySubmit(this, session, label, priority);
  }

  @Override
  public <R extends @Nullable Object> ListArrayFuture<R> map(
      Fn1<? super Long, R> function, Range range) {
    return arrays().map(function, Objects.requireNonNull(range, "range"));
  }

  @Override
  public <A extends @Nullable Object, R extends @Nullable Object> ListArrayFuture<R> map(
      Fn1<? super A, R> function, List<A> list) {
    return arrays().map(function, new ArrayList<>(Objects.requireNonNull(list, "list")));
  }

  @Override
  public <A extends @Nullable Object, R extends @Nullable Object> ListArrayFuture<R> map(
      Fn1<? super A, R> function, Future<? extends List<A>> list) {
    return arrays().map(function, Objects.requireNonNull(list, "list"));
  }

  @Override
  public LongArrayFuture mapToLong(LongFn function, Range range) {
    return arrays().mapToLong(function, range);
  }

  @Override
  public DoubleArrayFuture mapToDouble(DoubleFn function, Range range) {
    return arrays().mapToDouble(function, range);
  }

  @Override
  public <R extends @Nullable Object> ArrayFuture<R> mapReduce(
      Fn1<? super Long, ? extends R> function, Range range, Combiner<R> combiner, R identity) {
    return arrays()
        .reduce(
            ArrayJob.REDUCE_OBJECTS,
            function,
            Objects.requireNonNull(range, "range"),
            combiner,
            identity);
  }

  @Override
  public <A extends @Nullable Object, R extends @Nullable Object> ArrayFuture<R> mapReduce(
      Fn1<? super A, ? extends R> function, List<A> list, Combiner<R> combiner, R identity) {
    return arrays()
        .reduce(
            ArrayJob.REDUCE_OBJECTS,
            function,
            new ArrayList<>(Objects.requireNonNull(list, "list")),
            combiner,
            identity);
  }

  @Override
  public <A extends @Nullable Object, R extends @Nullable Object> ArrayFuture<R> mapReduce(
      Fn1<? super A, ? extends R> function,
      Future<? extends List<A>> list,
      Combiner<R> combiner,
      R identity) {
    return arrays()
        .reduce(
            ArrayJob.REDUCE_OBJECTS,
            function,
            Objects.requireNonNull(list, "list"),
            combiner,
            identity);
  }

  @Override
  public ArrayFuture<Long> mapReduceToLong(
      LongFn function, Range range, LongCombiner combiner, long identity) {
    return arrays()
        .reduce(
            ArrayJob.REDUCE_LONGS,
            function,
            Objects.requireNonNull(range, "range"),
            combiner,
            identity);
  }

  @Override
  public ArrayFuture<Double> mapReduceToDouble(
      DoubleFn function, Range range, DoubleCombiner combiner, double identity) {
    return arrays()
        .reduce(
            ArrayJob.REDUCE_DOUBLES,
            function,
            Objects.requireNonNull(range, "range"),
            combiner,
            identity);
  }

  // ---- several futures

  @Override
  public <T extends @Nullable Object> TaskFuture<List<T>> all(
      Collection<? extends Future<? extends T>> futures) {
    checkOpen();
    return session.submit(
        new EngineFuture<>(this), Task.LIST, 0, 0, labelOr("all"), 0, tasks(futures, "all"));
  }

  @Override
  public <T extends @Nullable Object> TaskFuture<T> any(
      Collection<? extends Future<? extends T>> futures) {
    checkOpen();
    if (futures.isEmpty()) {
      throw new IllegalArgumentException("any of no futures: it could never be done");
    }
    return session.submit(
        new EngineFuture<>(this), Task.ANY, 0, 0, labelOr("any"), 0, tasks(futures, "any"));
  }

  private @Nullable Object[] tasks(Collection<? extends Future<?>> futures, String what) {
    // at once: another thread may change the collection and its size later
    Future<?>[] each = futures.toArray(new Future<?>[0]);
    @Nullable Object[] tasks = new @Nullable Object[each.length];
    for (int i = 0; i < each.length; i++) {
      tasks[i] =
          session.dependency(
              Objects.requireNonNull(each[i], "a future given to " + what + " is null"), what);
    }
    return tasks;
  }

  @Override
  public <T extends @Nullable Object> Stream<TaskFuture<T>> completed(
      Collection<? extends TaskFuture<T>> futures) {
    checkOpen();
    return CompletedOrder.stream(session, futures);
  }
}
