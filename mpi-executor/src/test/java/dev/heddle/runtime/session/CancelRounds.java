package dev.heddle.runtime.session;

import dev.heddle.Heddle;
import dev.heddle.ListArrayFuture;
import dev.heddle.LongArrayFuture;
import dev.heddle.OnLeave;
import dev.heddle.Range;
import dev.heddle.SerializableRunnable;
import dev.heddle.TaskExecutorService;
import dev.heddle.TaskFuture;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// Short rounds in which several threads at once give up futures of every kind at random moments,
/// and look at them in every way there is.
///
/// Each future must hold to this for ever: at most one `cancel` returns true. After it no look
/// finds a value. Without it every look finds the right value. Shape: rounds are drawn from a seed,
/// so that the same futures are made again, but the moments depend on the machine. Threading: one
/// thread plays, with helpers of its own.
public final class CancelRounds implements AutoCloseable {
  /// Futures of one round.
  private static final int VICTIMS = 24;

  /// Threads that give up and look, besides the thread that plays.
  private static final int HELPERS = 2;

  private static final long WAIT_S_MAX = 60;
  private static final int TOLD_MAX = 10;

  /// The counts so far.
  ///
  /// @param cancels number of calls of `cancel`
  /// @param saidTrue number of calls that returned true
  /// @param looks number of looks at futures, each of which found a value or found none
  /// @param disagreements number of looks and calls that broke a rule
  public record Totals(long cancels, long saidTrue, long looks, long disagreements) {}

  /// A look at a future, now or later. A wrong value, or a future without an end, is an
  /// [AssertionError].
  private interface Look {
    boolean hasValue() throws Exception;
  }

  private record Named(String name, Look look) {}

  /// A future that is given up, or not.
  private static final class Victim {
    final String kind;
    final Future<Object> future;
    final Object expected;

    /// Whether a scope or a service may give it up as well.
    final boolean isScoped;

    final AtomicInteger saidTrue = new AtomicInteger();
    final ConcurrentLinkedQueue<Named> looks = new ConcurrentLinkedQueue<>();

    /// Equal memoized calls, which have their value whatever becomes of this call.
    final ConcurrentLinkedQueue<TaskFuture<Object>> twins = new ConcurrentLinkedQueue<>();

    @SuppressWarnings("unchecked") // values are compared as objects
    Victim(String kind, Future<?> future, Object expected, boolean isScoped) {
      this.kind = kind;
      this.future = (Future<Object>) future;
      this.expected = expected;
      this.isScoped = isScoped;
    }

    /// Whether the end of the scope may give up a look as well: a task that follows the future
    /// belongs to its scope.
    boolean mayLose(Named look) {
      return isScoped && (look.name().equals("then") || look.name().equals("part"));
    }
  }

  private final Heddle heddle;
  private final Random random;
  private final boolean isPlain;
  private final int spinNsMax;
  private final ExecutorService helpers = Executors.newFixedThreadPool(HELPERS);
  private final ConcurrentLinkedQueue<String> told = new ConcurrentLinkedQueue<>();
  private final AtomicLong cancels = new AtomicLong();
  private final AtomicLong disagreements = new AtomicLong();
  private long saidTrue;
  private long looks;
  private int number;

  /// Rounds of `seed`; moments are up to `spinNsMax` apart. `isPlain`: all futures are of single
  /// tasks, with few looks, so that many more futures fit into the same time.
  public CancelRounds(Heddle heddle, long seed, boolean isPlain, int spinNsMax) {
    this.heddle = heddle;
    this.random = new Random(seed);
    this.isPlain = isPlain;
    this.spinNsMax = spinNsMax;
  }

  /// The counts so far.
  public Totals totals() {
    return new Totals(cancels.get(), saidTrue, looks, disagreements.get());
  }

  /// The first disagreements, in words.
  public List<String> told() {
    return List.copyOf(told);
  }

  @Override
  public void close() {
    helpers.shutdownNow();
  }

  // ---- what tasks do

  public static int next(int value) {
    return value + 1;
  }

  static Object nextObject(int value) {
    return value + 1;
  }

  static Object same(Object value) {
    return value;
  }

  static Object first(List<TaskFuture<Object>> futures) throws Exception {
    return futures.getFirst().get();
  }

  static Object one(Map<String, TaskFuture<Object>> futures) throws Exception {
    return Objects.requireNonNull(futures.get("one")).get();
  }

  static long hash(Object value) {
    return Arrays.deepHashCode(new Object[] {value});
  }

  // ---- a round

  /// Plays one round.
  public void play() throws Exception {
    long seed = random.nextLong();
    List<Victim> victims = new ArrayList<>();
    List<Future<?>> busy = new ArrayList<>();
    switch (isPlain ? 0 : random.nextInt(4)) {
      case 0, 1 -> {
        for (int i = 0; i < VICTIMS; i++) {
          victims.add(isPlain ? plain(heddle) : victim(heddle, false));
        }
        busy.addAll(start(victims, seed));
        meddle(victims, new Random(seed - 1), false);
      }
      case 2 ->
          heddle
              .scope(OnLeave.CANCEL)
              .run(
                  scope -> {
                    for (int i = 0; i < VICTIMS; i++) {
                      victims.add(victim(scope, true));
                    }
                    busy.addAll(start(victims, seed));
                    spin(random, 20 * spinNsMax);
                  });
      default -> {
        TaskExecutorService service = heddle.asExecutorService();
        for (int i = 0; i < VICTIMS; i++) {
          victims.add(served(service));
        }
        busy.addAll(start(victims, seed));
        spin(random, 20 * spinNsMax);
        List<Runnable> _ = service.shutdownNow();
      }
    }
    for (Future<?> helper : busy) {
      Object _ = helper.get(WAIT_S_MAX, TimeUnit.SECONDS);
    }
    victims.forEach(this::check);
  }

  private List<Future<?>> start(List<Victim> victims, long seed) {
    List<Future<?>> busy = new ArrayList<>();
    for (int i = 0; i < HELPERS; i++) {
      boolean isFirst = i == 0;
      Random own = new Random(seed + i);
      List<Victim> shuffled = new ArrayList<>(victims);
      busy.add(
          helpers.submit(
              () -> {
                meddle(shuffled, own, isFirst);
                return null;
              }));
    }
    return busy;
  }

  /// Goes over all futures in an order of its own, gives up and looks. The first thread that does
  /// so gives all futures up, and completes those that are not tasks.
  private void meddle(List<Victim> victims, Random own, boolean isFirst) {
    List<Victim> shuffled = new ArrayList<>(victims);
    Collections.shuffle(shuffled, own);
    for (Victim victim : shuffled) {
      spin(own, spinNsMax);
      if (own.nextInt(isPlain ? 3 : 2) == 0) {
        look(victim, own);
      }
      if (isFirst && victim.future instanceof CompletableFuture<Object> foreign) {
        if (own.nextBoolean()) {
          cancel(victim, own);
        }
        boolean _ = foreign.complete(victim.expected);
      }
      if (isFirst || own.nextInt(4) == 0) {
        spin(own, spinNsMax);
        cancel(victim, own);
      }
      if (own.nextInt(isPlain ? 3 : 2) == 0) {
        look(victim, own);
      }
      peek(victim);
    }
  }

  private void cancel(Victim victim, Random own) {
    cancels.incrementAndGet();
    if (!victim.future.cancel(own.nextBoolean())) {
      return;
    }
    if (victim.future instanceof CompletableFuture) {
      victim.saidTrue.set(1); // its cancel returns true as often as it is called
    } else {
      victim.saidTrue.incrementAndGet();
    }
    if (!victim.future.isCancelled()) {
      tell(victim, "cancel said true, isCancelled says false");
    }
  }

  private static void spin(Random own, int nsMax) {
    long untilNs = System.nanoTime() + own.nextInt(nsMax + 1);
    while (System.nanoTime() - untilNs < 0) {
      Thread.onSpinWait();
    }
  }

  // ---- futures

  private Victim plain(Heddle h) {
    int n = number++;
    return new Victim("task", h.submit(CancelRounds::next, n), n + 1, false);
  }

  private Victim victim(Heddle h, boolean isScoped) {
    int n = number++;
    return switch (random.nextInt(13)) {
      case 0 -> new Victim("task", h.submit(CancelRounds::next, n), n + 1, isScoped);
      case 1 ->
          new Victim(
              "task behind another",
              h.submit(CancelRounds::next, h.submit(CancelRounds::next, n)),
              n + 2,
              isScoped);
      case 2 -> new Victim("join", h.join(() -> h.submit(CancelRounds::next, n)), n + 1, isScoped);
      case 3 ->
          new Victim(
              "joinAll",
              h.joinAll(
                  () -> List.of(h.submit(CancelRounds::next, n), h.submit(CancelRounds::next, n))),
              List.of(n + 1, n + 1),
              isScoped);
      case 4 ->
          new Victim("part", h.submit(CancelRounds::next, n).part(x -> x + 1), n + 2, isScoped);
      case 5 ->
          new Victim(
              "all",
              h.all(List.of(h.submit(CancelRounds::next, n), h.submit(CancelRounds::next, n))),
              List.of(n + 1, n + 1),
              isScoped);
      case 6 ->
          new Victim(
              "any",
              h.any(List.of(h.submit(CancelRounds::next, n), h.submit(CancelRounds::next, n))),
              n + 1,
              isScoped);
      case 7 -> {
        Victim first =
            new Victim(
                "memoized", h.memoized().submit(CancelRounds::nextObject, n), n + 1, isScoped);
        first.twins.add(heddle.memoized().submit(CancelRounds::nextObject, n));
        yield first;
      }
      case 8 ->
          new Victim(
              "mapToLong",
              h.mapToLong(i -> i + n, Range.of(3)),
              new long[] {n, n + 1, n + 2},
              isScoped);
      case 9 ->
          new Victim("map", h.map(i -> i + n, Range.of(2)), List.of((long) n, n + 1L), isScoped);
      case 10 ->
          new Victim(
              "mapReduce",
              h.mapReduceToLong(i -> i + n, Range.of(4), Long::sum, 0),
              4L * n + 6,
              isScoped);
      case 11 -> new Victim("foreign", new CompletableFuture<Object>(), n, false);
      default -> {
        CompletableFuture<Object> foreign = new CompletableFuture<>();
        Victim behind =
            new Victim(
                "task behind a foreign", h.with(foreign).submit(CancelRounds::same), n, isScoped);
        Future<?> _ = helpers.submit(() -> foreign.complete(n));
        yield behind;
      }
    };
  }

  private Victim served(TaskExecutorService service) {
    int n = number++;
    return n % 2 == 0
        ? new Victim("callable", service.submit(() -> next(n)), n + 1, true)
        : new Victim(
            "runnable with a result",
            service.submit((SerializableRunnable) () -> next(n), (Object) n),
            n,
            true);
  }

  // ---- looks

  /// Begins a look, in one of many ways.
  private void look(Victim victim, Random own) {
    int way = isPlain ? own.nextInt(3) : own.nextInt(16);
    try {
      look(victim, way);
    } catch (IllegalStateException | RejectedExecutionException e) {
      // a task that follows a future belongs to its scope, which is closed by now
      if (!victim.isScoped) {
        tell(victim, "look " + way + ": " + e);
      }
    }
  }

  private void look(Victim victim, int way) {
    Future<Object> future = victim.future;
    TaskFuture<Object> ours = future instanceof TaskFuture<Object> task ? task : null;
    switch (way) {
      case 0 -> look(victim, "a dependent", copied(future));
      case 1 ->
          look(
              victim,
              "a dependent's dependent",
              heddle.with(copied(future)).submit(CancelRounds::same));
      case 2 -> add(victim, "get", () -> isRight(victim, future));
      case 3 ->
          add(
              victim,
              "all",
              heddle.all(List.of(future, future)),
              List.of(victim.expected, victim.expected));
      case 4 -> look(victim, "any", heddle.any(List.of(future)));
      case 5 -> look(victim, "a join that returns it", heddle.join(() -> future));
      case 6 ->
          add(
              victim,
              "a join over it",
              heddle.joinAll(() -> List.of(future)),
              List.of(victim.expected));
      case 7 ->
          look(
              victim,
              "a join of its value",
              heddle.with(future).join(CompletableFuture::completedFuture));
      case 8 ->
          add(
              victim,
              "an array that captures it",
              ours == null
                  ? heddle.with(future).submit(CancelRounds::hash)
                  : heddle.mapReduceToLong(i -> i * hash(ours.get()), Range.of(2), Long::sum, 0),
              hash(victim.expected));
      default -> {
        if (ours != null) {
          lookAtTask(victim, ours, way);
        }
      }
    }
  }

  private TaskFuture<Object> copied(Future<Object> future) {
    return heddle.with(future).submit(CancelRounds::same);
  }

  private void lookAtTask(Victim victim, TaskFuture<Object> ours, int way) {
    switch (way) {
      case 9 -> look(victim, "then", ours.then(CancelRounds::same));
      case 10 -> look(victim, "part", ours.part(x -> x));
      case 11 ->
          look(victim, "a list with it", heddle.with(List.of(ours)).submit(CancelRounds::first));
      case 12 ->
          look(victim, "a map with it", heddle.with(Map.of("one", ours)).submit(CancelRounds::one));
      case 13 -> {
        CompletableFuture<Object> copy = ours.toCompletableFuture();
        look(victim, "a copy", copy);
      }
      case 14 ->
          add(
              victim,
              "completed",
              () -> isRight(victim, heddle.completed(List.of(ours)).findFirst().orElseThrow()));
      default -> lookAtStream(victim, ours);
    }
  }

  private void lookAtStream(Victim victim, TaskFuture<Object> ours) {
    Future<?> array = ours;
    switch (array) {
      case LongArrayFuture longs ->
          add(victim, "a stream", () -> isRight(victim, streamed(() -> longs.stream().toArray())));
      case ListArrayFuture<?> list -> {
        add(victim, "a stream", () -> isRight(victim, streamed(() -> list.stream().toList())));
        add(victim, "a map over it", heddle.map(CancelRounds::same, cast(list)), victim.expected);
      }
      default -> {}
    }
  }

  @SuppressWarnings("unchecked") // a list of objects
  private static Future<List<Object>> cast(Future<?> list) {
    return (Future<List<Object>>) list;
  }

  /// The results of a stream, as a future gives them.
  private static CompletableFuture<Object> streamed(java.util.concurrent.Callable<Object> stream) {
    CompletableFuture<Object> all = new CompletableFuture<>();
    try {
      all.complete(stream.call());
    } catch (Exception e) {
      all.completeExceptionally(e);
    }
    return all;
  }

  private static void look(Victim victim, String name, Future<Object> dependent) {
    add(victim, name, () -> isRight(victim, dependent));
  }

  private static void add(Victim victim, String name, Future<?> dependent, Object expected) {
    add(
        victim,
        name,
        () -> {
          Object value = value(dependent);
          return isThere(value, expected);
        });
  }

  private static void add(Victim victim, String name, Look look) {
    victim.looks.add(new Named(name, look));
  }

  private static boolean isRight(Victim victim, Future<Object> future) throws Exception {
    return isThere(value(future), victim.expected);
  }

  private static boolean isThere(@Nullable Object value, Object expected) {
    if (value != null && !isEqual(value, expected)) {
      throw new AssertionError("has " + value);
    }
    return value != null;
  }

  /// Compares content, that of arrays in lists too.
  private static boolean isEqual(Object value, Object expected) {
    if (value instanceof List<?> list && expected instanceof List<?> other) {
      return Arrays.deepEquals(list.toArray(), other.toArray());
    }
    return Objects.deepEquals(value, expected);
  }

  /// The value, or null where there is none.
  private static @Nullable Object value(Future<?> future) throws Exception {
    try {
      return future.get(WAIT_S_MAX, TimeUnit.SECONDS);
    } catch (ExecutionException | CancellationException e) {
      return null;
    } catch (TimeoutException e) {
      throw new AssertionError("never done", e);
    }
  }

  /// Asks a future that may not be done, and checks that it keeps to its answer.
  private static void peek(Victim victim) {
    switch (victim.future.state()) {
      case RUNNING -> {}
      case SUCCESS -> add(victim, "a state that said success", () -> true);
      case FAILED -> add(victim, "a state that said failed", () -> false);
      case CANCELLED -> add(victim, "a state that said cancelled", () -> false);
    }
  }

  // ---- what must hold

  private void check(Victim victim) {
    Future.State end = end(victim);
    int times = victim.saidTrue.get();
    saidTrue += times;
    boolean isCancelled = end == Future.State.CANCELLED;
    // the end of a scope also gives up the tasks that a join has submitted: then that join fails
    boolean isExplained = isCancelled ? (times == 1 || victim.isScoped) : times == 0;
    if (times > 1 || !isExplained || (end == Future.State.FAILED && !victim.isScoped)) {
      tell(victim, "ended as " + end);
    }
    if (victim.future.isCancelled() != isCancelled) {
      tell(victim, "ended as " + end + " but isCancelled() is " + !isCancelled);
    }
    boolean hasValue = end == Future.State.SUCCESS;
    for (Named named : victim.looks) {
      looks++;
      try {
        boolean isSame = named.look().hasValue() == hasValue;
        if (!isSame && !(hasValue && victim.mayLose(named))) {
          tell(victim, "ended as " + end + " but not for: " + named.name());
        }
      } catch (Exception | AssertionError e) {
        tell(victim, named.name() + ": " + e);
      }
    }
    for (TaskFuture<Object> twin : victim.twins) {
      try {
        if (!isRight(victim, twin)) {
          tell(victim, "an equal call has no value");
        }
      } catch (Exception | AssertionError e) {
        tell(victim, "an equal call: " + e);
      }
    }
  }

  /// How the future ends, by its value and by its state.
  private Future.State end(Victim victim) {
    boolean hasValue = false;
    try {
      hasValue = isRight(victim, victim.future);
    } catch (Exception | AssertionError e) {
      tell(victim, e.toString());
    }
    Future.State end = victim.future.state();
    if (hasValue != (end == Future.State.SUCCESS)) {
      tell(victim, "ended as " + end + " but get has " + (hasValue ? "a value" : "none"));
    }
    return end;
  }

  private void tell(Victim victim, String what) {
    if (disagreements.incrementAndGet() <= TOLD_MAX) {
      told.add(
          victim.kind + ": " + what + "; cancel said true " + victim.saidTrue.get() + " times");
    }
  }
}
