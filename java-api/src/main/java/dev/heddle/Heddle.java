package dev.heddle;

import dev.heddle.spi.ExecutorProvider;
import java.io.Serializable;
import java.util.Collection;
import java.util.List;
import java.util.ServiceLoader;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Runs a dynamic graph of tasks on the ranks of an MPI job, or on the threads of this JVM.
///
/// Tasks are submitted with values and with futures; a future passed as an argument, alone or
/// inside a list, set, map or record, is a dependency. Arguments and results are encoded however
/// the program is run, on threads too: a task never shares an object with its caller.
///
/// May be sent: numbers, strings, arrays, records, enums, the JDK's values and collections, classes
/// below `serializablePackages`, and [java.lang.foreign.MemorySegment], whatever its memory, by its
/// bytes. A task reads a segment where it was received: such a segment is read-only, is not on the
/// heap, belongs to the thread that runs the task, and ends with the task. A segment that a task
/// returns is copied when the task ends; the segment that `get` gives is the caller's own, on any
/// thread, as long as it is reachable.
///
/// There are two forms of submitting. `submit(fn, args...)` takes method references that are not
/// overloaded; `with(args...).submit(fn)` infers lambdas and overloaded methods from their
/// arguments.
///
/// Threading: every method may be called from any thread, virtual ones too, but not inside a task.
/// Where `pendingTasksMax` tasks are pending, `submit` waits; on a thread of Heddle's own (inside a
/// join, in a callback) it is refused with [java.util.concurrent.RejectedExecutionException]
/// instead. Errors: a call after the end of the run throws [IllegalStateException], as does a call
/// inside a task.
///
/// {@snippet file="dev/heddle/ApiSnippets.java" region="run"}
public abstract class Heddle extends WithOverloads {

  /// For executors only.
  protected Heddle() {}

  /// The user's program, which gets a [Heddle]; it runs on rank 0 only.
  @FunctionalInterface
  public interface Body {
    /// Submits tasks and uses their results.
    ///
    /// @param heddle runs the tasks; of no use after the body
    /// @throws Throwable any exception: [Heddle#run(String\[\], Body)] rethrows it
    void run(Heddle heddle) throws Throwable;
  }

  /// Runs `body` on rank 0 and serves its tasks on all other ranks, with the configuration of
  /// properties and environment.
  ///
  /// Runs in sequence are allowed. Threading: one run at a time in a process. Errors: an exception
  /// of the body is rethrown after shutdown; a second run at the same time throws
  /// [IllegalStateException]; wrong configuration throws [IllegalArgumentException] that names
  /// option, value and bound.
  ///
  /// @param args handed to the body untouched
  /// @param body runs on rank 0
  /// @return true on rank 0, after the body; false on every other rank, after shutdown
  public static boolean run(String[] args, Body body) {
    return run(HeddleConfig.builder().build(), args, body);
  }

  /// As [#run(String\[\], Body)] with a configuration made in code.
  ///
  /// @param config the configuration; that of rank 0 holds for all ranks
  /// @param args handed to the body untouched
  /// @param body runs on rank 0
  /// @return true on rank 0, after the body; false on every other rank, after shutdown
  public static boolean run(HeddleConfig config, String[] args, Body body) {
    return ServiceLoader.load(ExecutorProvider.class)
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalStateException(
                    "no Heddle executor on the class path: add the artifact"
                        + " dev.heddle:heddle-mpi-executor"))
        .run(config, args, body);
  }

  // ---- the run

  /// The arguments given to [#run(String\[\], Body)], untouched.
  ///
  /// @return the same array
  public abstract String[] args();

  /// Tasks that can execute at the same time in the whole run.
  ///
  /// @return number of slots
  public abstract long slots();

  /// Processes of the run, the coordinator included.
  ///
  /// @return number of ranks
  public abstract int ranks();

  /// Ranks on the longest path of the tree, both ends counted.
  ///
  /// @return 1 when rank 0 is alone
  public abstract int levels();

  /// The run's counters now, for progress displays.
  ///
  /// @return a snapshot
  public abstract Progress progress();

  // ---- tasks

  /// Submits a function without arguments.
  ///
  /// @param <R> type of the result
  /// @param function runs on a worker
  /// @return the future of its result
  public final <R extends @Nullable Object> TaskFuture<R> submit(Fn0<R> function) {
    return submitTask(function);
  }

  /// Submits a function that takes nothing and returns nothing. With arguments: `with(a,
  /// b).run(fn)`.
  ///
  /// @param procedure runs on a worker
  /// @return a future whose value is null
  public final TaskFuture<@Nullable Void> submit(Proc0 procedure) {
    return submitTask(procedure);
  }

  /// The same heddle for tasks called `label`, in messages, logs and [TaskContext#label()].
  ///
  /// @param label the task's name for people, up to 200 characters; by default the function's class
  ///   and method
  /// @return a view that is cheap to make and may be kept
  public abstract Heddle label(String label);

  /// The same heddle for tasks of another priority.
  ///
  /// @param priority -128 to 127, by default 0; of ready tasks the task of the highest priority is
  ///   launched first, and tasks of equal priority in the order in which they became ready; joins,
  ///   `all` and `any` go to no worker and have no priority
  /// @return a view that is cheap to make and may be kept
  public abstract Heddle priority(int priority);

  /// The same heddle for tasks that run once per function and arguments.
  ///
  /// Shape: a task with the same function, captures and arguments as an earlier memoized task of
  /// this run gets the outcome of that task, a failure too, and waits for it where it is still
  /// under way. Captures and arguments are compared as they are encoded. Results are kept up to
  /// `memoBytesMax`. Joins, `all` and `any` are not memoized. Errors: an argument of an ordinary
  /// class has no order of fields and no identities that could be compared: the task's future fails
  /// and names the argument; pass a record instead.
  ///
  /// @return a view that is cheap to make and may be kept
  public abstract Heddle memoized();

  /// A part of the program whose tasks end with it.
  ///
  /// @param onLeave what becomes of tasks that are not done when the body has returned
  /// @return a scope, still without a body
  public abstract Scope scope(OnLeave onLeave);

  /// This heddle as an executor service of the JDK.
  ///
  /// @return a service of its own: shutting it down leaves this heddle as it is
  public abstract TaskExecutorService asExecutorService();

  // ---- arrays

  /// Applies `function` to every index of `range`: one task of the graph, whatever the number of
  /// indices.
  ///
  /// Shape: one descriptor goes down the tree; every rank hands on parts of the range, smaller
  /// towards the end, so that uneven indices balance, and slots call the function for each index.
  /// Captures are decoded once per slot and array, and its indices share them. Futures that the
  /// function captures, alone or in a container, are dependencies: the array starts when they are
  /// done, and `get` in the function doesn't wait. A captured array must be declared as a
  /// [TaskFuture]. Counts as one pending task; the results take memory on rank 0, encoded, so for
  /// many indices a reduction or a primitive form is better. Label, priority and scope apply;
  /// [#memoized()] does not. Execution is at least once. Errors: those of single indices, see
  /// [ArrayFuture].
  ///
  /// {@snippet file="dev/heddle/ApiSnippets.java" region="map"}
  ///
  /// @param <R> type of one result
  /// @param function called with each index, on workers
  /// @param range the indices
  /// @return the future of the results, in the order of indices
  public abstract <R extends @Nullable Object> ListArrayFuture<R> map(
      Fn1<? super Long, R> function, Range range);

  /// Applies `function` to every element of `list`.
  ///
  /// Shape: as [#map(Fn1, Range)], where the indices are the places in the list. The list travels
  /// whole, over each edge of the tree once; with few ranks or short elements that is cheap. For a
  /// large list on many ranks map a range, and let the function find its element.
  ///
  /// @param <A> type of the elements
  /// @param <R> type of one result
  /// @param function called with each element, on workers
  /// @param list encoded now, with the futures in it as dependencies
  /// @return the future of the results, in the order of the list
  public abstract <A extends @Nullable Object, R extends @Nullable Object> ListArrayFuture<R> map(
      Fn1<? super A, R> function, List<A> list);

  /// Applies `function` to every element of a list that isn't there yet.
  ///
  /// @param <A> type of the elements
  /// @param <R> type of one result
  /// @param function called with each element, on workers
  /// @param list a dependency
  /// @return the future of the results, in the order of the list
  public abstract <A extends @Nullable Object, R extends @Nullable Object> ListArrayFuture<R> map(
      Fn1<? super A, R> function, Future<? extends List<A>> list);

  /// As [#map(Fn1, Range)] without boxes: the results travel and stay packed, 8 bytes for each.
  ///
  /// Errors: [IllegalArgumentException] for more indices than `valueBytesMax` holds.
  ///
  /// @param function called with each index, on workers
  /// @param range the indices
  /// @return the future of the results, in the order of indices
  public abstract LongArrayFuture mapToLong(LongFn function, Range range);

  /// As [#mapToLong] for `double`.
  ///
  /// @param function called with each index, on workers
  /// @param range the indices
  /// @return the future of the results, in the order of indices
  public abstract DoubleArrayFuture mapToDouble(DoubleFn function, Range range);

  /// Applies `function` to every index of `range` and combines the results on the way up: rank 0
  /// keeps no single result.
  ///
  /// Shape: `combiner` must be associative. It need not be commutative: it only ever gets results
  /// of neighbouring indices, lower indices first, so the result is the same as if the indices were
  /// combined one after another. Where it is only nearly associative, as sums of floating-point
  /// numbers are, results differ from run to run in the last digits, since the ranges differ. Slots
  /// combine results; on the ranks above, a separate thread combines them. Errors: those of single
  /// indices, see [ArrayFuture].
  ///
  /// {@snippet file="dev/heddle/ApiSnippets.java" region="mapReduce"}
  ///
  /// @param <R> type of the results
  /// @param function called with each index, on workers
  /// @param range the indices
  /// @param combiner puts two results together
  /// @param identity the result where there is no index; otherwise not used
  /// @return the future of the combined result
  public abstract <R extends @Nullable Object> ArrayFuture<R> mapReduce(
      Fn1<? super Long, ? extends R> function, Range range, Combiner<R> combiner, R identity);

  /// As [#mapReduce(Fn1, Range, Combiner, Object)] for the elements of a list.
  ///
  /// @param <A> type of the elements
  /// @param <R> type of the results
  /// @param function called with each element, on workers
  /// @param list encoded now, with the futures in it as dependencies
  /// @param combiner puts two results together
  /// @param identity the result where there is no element; otherwise not used
  /// @return the future of the combined result
  public abstract <A extends @Nullable Object, R extends @Nullable Object> ArrayFuture<R> mapReduce(
      Fn1<? super A, ? extends R> function, List<A> list, Combiner<R> combiner, R identity);

  /// As [#mapReduce(Fn1, Range, Combiner, Object)] for a list that isn't there yet.
  ///
  /// @param <A> type of the elements
  /// @param <R> type of the results
  /// @param function called with each element, on workers
  /// @param list a dependency
  /// @param combiner puts two results together
  /// @param identity the result where there is no element; otherwise not used
  /// @return the future of the combined result
  public abstract <A extends @Nullable Object, R extends @Nullable Object> ArrayFuture<R> mapReduce(
      Fn1<? super A, ? extends R> function,
      Future<? extends List<A>> list,
      Combiner<R> combiner,
      R identity);

  /// As [#mapReduce(Fn1, Range, Combiner, Object)] without boxes.
  ///
  /// @param function called with each index, on workers
  /// @param range the indices
  /// @param combiner puts two results together
  /// @param identity the result where there is no index; otherwise not used
  /// @return the future of the combined result
  public abstract ArrayFuture<Long> mapReduceToLong(
      LongFn function, Range range, LongCombiner combiner, long identity);

  /// As [#mapReduceToLong] for `double`; sums differ in the last digits from run to run.
  ///
  /// @param function called with each index, on workers
  /// @param range the indices
  /// @param combiner puts two results together
  /// @param identity the result where there is no index; otherwise not used
  /// @return the future of the combined result
  public abstract ArrayFuture<Double> mapReduceToDouble(
      DoubleFn function, Range range, DoubleCombiner combiner, double identity);

  // ---- several futures

  /// Waits for all of `futures`: a fan-in.
  ///
  /// Shape: occupies no slot. Errors: fails as every dependent does, with a [DependencyException]
  /// that names the root.
  ///
  /// @param <T> type of the values
  /// @param futures of this run, or of anything else
  /// @return the future of the list of their values, in the order of the futures
  public abstract <T extends @Nullable Object> TaskFuture<List<T>> all(
      Collection<? extends Future<? extends T>> futures);

  /// Waits for the first of `futures` that succeeds; all other tasks go on.
  ///
  /// Errors: fails when all have failed, with a [JoinException] that has their failures;
  /// [IllegalArgumentException] for no futures.
  ///
  /// @param <T> type of the values
  /// @param futures of this run, or of anything else; at least one
  /// @return the future of the first value
  public abstract <T extends @Nullable Object> TaskFuture<T> any(
      Collection<? extends Future<? extends T>> futures);

  /// The futures in the order in which they are done, failed and cancelled futures too.
  ///
  /// Shape: lazy; each step of the stream waits until one more future is done. Make one stream for
  /// a set of futures rather than one after each result, since each stream leaves a listener at
  /// every future until that future is done. In a lambda, [Future#resultNow()] gives the value
  /// without a checked exception, and [Future#state()] tells the outcome. Threading: one thread at
  /// a time; an interrupt ends the wait with a [java.util.concurrent.CancellationException] and
  /// stays set.
  ///
  /// @param <T> type of the values
  /// @param futures of this run
  /// @return a sequential stream of all these futures, each of them done
  public abstract <T extends @Nullable Object> Stream<TaskFuture<T>> completed(
      Collection<? extends TaskFuture<T>> futures);

  // ---- joins

  /// Submits a function that itself submits, and returns a future: the function runs on rank 0, on
  /// a thread of its own, and occupies no worker.
  ///
  /// Shape: joins may join, to a depth of `joinDepthMax`. The function isn't sent anywhere and may
  /// capture any object; its arguments are copies as with every task. Errors: the exception of the
  /// function, or the failure of the returned future. With arguments: `with(a, b).join(fn)`.
  ///
  /// @param <R> type of the result
  /// @param function runs on rank 0 and returns a future, never null
  /// @return a future that ends as the returned future does
  public final <R extends @Nullable Object> TaskFuture<R> join(
      Fn0<? extends Future<? extends R>> function) {
    return joinTask(function, false);
  }

  /// As [#join(Fn0)] for a function that returns any number of futures.
  ///
  /// Errors: waits for all returned futures, and fails with a [JoinException] that has the failure
  /// of each failed future.
  ///
  /// @param <R> type of each result
  /// @param function runs on rank 0 and returns futures, never null
  /// @return the future of the list of their values
  public final <R extends @Nullable Object> TaskFuture<List<R>> joinAll(
      Fn0<? extends Collection<? extends Future<? extends R>>> function) {
    return joinTask(function, true);
  }

  /// Runs a function on rank 0 as soon as its arguments are there, and follows the futures that it
  /// returns.
  ///
  /// @param <R> type of the result
  /// @param function an instance of one of the interfaces [Fn0] to [Fn5]
  /// @param isList whether the function returns a collection of futures
  /// @param arguments the arguments of the function, values or futures
  /// @return the future of the result
  protected abstract <R extends @Nullable Object> TaskFuture<R> joinTask(
      Serializable function, boolean isList, @Nullable Object... arguments);

  @Override
  final Heddle self() {
    return this;
  }
}
