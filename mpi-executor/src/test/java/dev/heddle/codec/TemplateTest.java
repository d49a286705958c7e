package dev.heddle.codec;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Fn0;
import dev.heddle.TaskSerializationException;
import dev.heddle.codec.Samples.Color;
import dev.heddle.codec.Samples.Nested;
import dev.heddle.codec.Samples.Node;
import dev.heddle.codec.function.CapturedFunction;
import dev.heddle.codec.function.FunctionDefinition;
import java.util.AbstractMap;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.LinkedList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.Vector;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Values that hold futures.
@SuppressWarnings("JdkObsolete") // users may have such types
class TemplateTest {
  private static final ValueCodec CODEC =
      new ValueCodec(TemplateTest.class.getClassLoader(), List.of("dev.heddle.codec"));
  private static final FunctionDefinition FUNCTION =
      CapturedFunction.of((Fn0<Integer> & java.io.Serializable) () -> 1).definition();

  /// A future of a class that isn't the JDK's.
  private static final class Pending implements Future<Object> {
    @Override
    public boolean cancel(boolean mayInterrupt) {
      return false;
    }

    @Override
    public boolean isCancelled() {
      return false;
    }

    @Override
    public boolean isDone() {
      return false;
    }

    @Override
    public Object get() {
      throw new AssertionError("nobody waits while a value is encoded");
    }

    @Override
    public Object get(long timeout, TimeUnit unit) {
      return get();
    }
  }

  /// The future that the runtime puts in the place of future `number`.
  private record Done(int number) implements Future<Object> {
    @Override
    public boolean cancel(boolean mayInterrupt) {
      return false;
    }

    @Override
    public boolean isCancelled() {
      return false;
    }

    @Override
    public boolean isDone() {
      return true;
    }

    @Override
    public Object get() {
      return number;
    }

    @Override
    public Object get(long timeout, TimeUnit unit) {
      return number;
    }
  }

  /// A sink that numbers futures in the order in which it meets them.
  private static final class Numbered implements FutureSink {
    final IdentityHashMap<Future<?>, Integer> futures = new IdentityHashMap<>();

    @Override
    public int add(Future<?> future) {
      Integer known = futures.putIfAbsent(future, futures.size());
      return known == null ? futures.size() - 1 : known;
    }
  }

  private static byte[] encode(@Nullable Object value, Numbered sink) {
    return CODEC.encode(value, "argument", 1, FUNCTION, sink);
  }

  /// Encodes and decodes a value; every future arrives as the [Done] of its number.
  private static Object sent(Object value, int futures) {
    Numbered sink = new Numbered();
    byte[] bytes = encode(value, sink);
    assertEquals(futures, sink.futures.size());
    assertEquals(futures, ValueCodec.futureCount(bytes, 0, bytes.length));
    byte[] padded = new byte[bytes.length + 7];
    Arrays.fill(padded, (byte) 0x55);
    System.arraycopy(bytes, 0, padded, 3, bytes.length);
    return Objects.requireNonNull(CODEC.decode(padded, 3, bytes.length, Done::new));
  }

  private static Pending future() {
    return new Pending();
  }

  private static String refusal(Object value, String role) {
    return String.valueOf(
        assertThrows(
                TaskSerializationException.class,
                () -> CODEC.encode(value, role, -1, FUNCTION, new Numbered()))
            .getMessage());
  }

  @Test
  void shouldRebuildEachKindOfContainer() {
    Pending a = future();
    Pending b = future();
    Done first = new Done(0);
    Done second = new Done(1);
    assertEquals(List.of(first, 2, second), sent(new ArrayList<>(List.of(a, 2, b)), 2));
    for (List<Future<?>> list :
        List.of(
            List.<Future<?>>of(a, b, a),
            Arrays.<Future<?>>asList(a, b, a),
            new LinkedList<Future<?>>(List.of(a, b, a)),
            new CopyOnWriteArrayList<Future<?>>(List.of(a, b, a)),
            Collections.synchronizedList(new ArrayList<Future<?>>(List.of(a, b, a))),
            Collections.unmodifiableList(new ArrayList<Future<?>>(List.of(a, b, a))))) {
      List<?> copy = (List<?>) sent(list, 2);
      assertEquals(List.of(first, second, first), copy);
      assertSame(list.getClass(), copy.getClass());
      assertSame(copy.get(0), copy.get(2));
    }
    for (Collection<Future<?>> queue :
        List.of(
            new ArrayDeque<Future<?>>(List.of(a, b)),
            new ConcurrentLinkedQueue<Future<?>>(List.of(a, b)))) {
      Collection<?> copy = (Collection<?>) sent(queue, 2);
      assertSame(queue.getClass(), copy.getClass());
      assertEquals(List.of(first, second), new ArrayList<>(copy));
    }
    for (Set<Future<?>> set :
        List.<Set<Future<?>>>of(
            new HashSet<>(List.of(a, b)),
            new LinkedHashSet<>(List.of(a, b)),
            Set.of(a, b),
            Collections.unmodifiableSet(new HashSet<>(List.of(a, b))))) {
      Set<?> copy = (Set<?>) sent(set, 2);
      assertEquals(Set.of(first, second), copy);
      assertTrue(copy.contains(second), "rehashed");
    }
    assertArrayEquals(new Object[] {first, 1}, (Object[]) sent(new Object[] {a, 1}, 1));
    assertEquals(Optional.of(first), sent(Optional.of(a), 1));
    assertEquals(
        new AbstractMap.SimpleImmutableEntry<>("k", first),
        sent(new AbstractMap.SimpleImmutableEntry<>("k", a), 1));
    assertEquals(new Nested(first), sent(new Nested(a), 1));
    assertEquals(first, sent(a, 1));
    Future<?>[] typed = (Future<?>[]) sent(new Future<?>[] {a, b}, 2);
    assertArrayEquals(new Future<?>[] {first, second}, typed);
  }

  @Test
  void shouldRebuildMapsByKeyAndValue() {
    Pending a = future();
    Done first = new Done(0);
    for (Map<Object, Object> map :
        List.<Map<Object, Object>>of(
            new HashMap<>(Map.of("k", a)),
            new LinkedHashMap<>(Map.of("k", a)),
            new TreeMap<>(Map.of("k", a)),
            new ConcurrentHashMap<>(Map.of("k", a)),
            Collections.synchronizedMap(new HashMap<>(Map.of("k", a))),
            Collections.unmodifiableMap(new HashMap<>(Map.of("k", a))),
            Collections.singletonMap("k", a),
            Map.of("k", a))) {
      Map<?, ?> copy = (Map<?, ?>) sent(map, 1);
      assertEquals(Map.of("k", first), copy);
      assertSame(map.getClass(), copy.getClass());
    }
    assertEquals(new HashMap<>(Map.of(first, "v")), sent(new HashMap<>(Map.of(a, "v")), 1));
    assertEquals(Map.of(first, "v"), sent(Map.of(a, "v"), 1));
    assertEquals(Map.of(new Nested(first), 1), sent(Map.of(new Nested(a), 1), 1));
    EnumMap<Color, Object> byColor = new EnumMap<>(Map.of(Color.GREEN, a));
    Object copy = sent(byColor, 1);
    assertInstanceOf(EnumMap.class, copy);
    assertEquals(Map.of(Color.GREEN, first), copy);
  }

  @Test
  void shouldKeepCompletableFuturesWhatTheyAre() throws Exception {
    CompletableFuture<Integer> pending = new CompletableFuture<>();
    Pending other = future();
    List<?> copy = (List<?>) sent(List.of(pending, other, pending, new CompletableFuture<>()), 3);
    CompletableFuture<?> done = assertInstanceOf(CompletableFuture.class, copy.get(0));
    assertEquals(0, done.get());
    assertSame(done, copy.get(2));
    assertEquals(new Done(1), copy.get(1));
    assertEquals(2, ((CompletableFuture<?>) copy.get(3)).get());
    Object[] typed = (Object[]) sent(new CompletableFuture<?>[] {pending}, 1);
    assertSame(CompletableFuture[].class, typed.getClass());
    // A `CompletableFuture` that the source made is taken as it is.
    CompletableFuture<String> own = CompletableFuture.completedFuture("own");
    byte[] bytes = encode(List.of(pending), new Numbered());
    assertSame(
        own,
        ((List<?>) Objects.requireNonNull(CODEC.decode(bytes, 0, bytes.length, _ -> own))).get(0));
    // Failed and cancelled futures arrive as failed and cancelled.
    FutureTask<String> failed =
        new FutureTask<>(
            () -> {
              throw new IllegalStateException("no heat");
            });
    failed.run();
    List<?> list =
        (List<?>) Objects.requireNonNull(CODEC.decode(bytes, 0, bytes.length, _ -> failed));
    assertEquals("no heat", ((CompletableFuture<?>) list.get(0)).exceptionNow().getMessage());
    FutureTask<String> cancelled = new FutureTask<>(() -> "late");
    cancelled.cancel(true);
    list = (List<?>) Objects.requireNonNull(CODEC.decode(bytes, 0, bytes.length, _ -> cancelled));
    assertTrue(((Future<?>) list.get(0)).isCancelled());
    assertThrows(
        TaskSerializationException.class,
        () -> CODEC.decode(bytes, 0, bytes.length, _ -> new FutureTask<>(() -> 1)));
  }

  @Test
  void shouldEncodeAsEverWithoutFutures() {
    for (Object value :
        List.of(1, "a", List.of(1, Map.of("k", new Nested(2))), new double[] {1}, Color.RED)) {
      Numbered sink = new Numbered();
      byte[] bytes = encode(value, sink);
      assertArrayEquals(CODEC.encode(value, "x"), bytes);
      assertEquals(0, ValueCodec.futureCount(bytes, 0, bytes.length));
      assertTrue(sink.futures.isEmpty());
      Object copy = CODEC.decode(bytes, 0, bytes.length, Done::new);
      assertArrayEquals(bytes, CODEC.encode(copy, "x"));
    }
    // Objects without futures may be shared.
    Node node = new Node("n");
    List<?> copy = (List<?>) sent(List.of(node, node), 0);
    assertSame(copy.get(0), copy.get(1));
  }

  @Test
  void shouldEmbedOrdinaryObjectsBesideFutures() {
    Node node = new Node("n");
    node.next.add(node);
    Pending a = future();
    // The shared object stands before the future, after it, and inside an object after both.
    List<?> copy = (List<?>) sent(List.of(node, a, new Nested(node)), 1);
    Node there = assertInstanceOf(Node.class, copy.get(0));
    assertEquals("n", there.name);
    assertSame(there, there.next.get(0), "a cycle within one object");
    assertEquals(new Done(0), copy.get(1));
    assertSame(there, ((Nested) copy.get(2)).value());
    copy = (List<?>) sent(List.of(a, node), 1);
    assertEquals("n", ((Node) copy.get(1)).name);
    Vector<Integer> vector = new Vector<>(List.of(1, 2));
    assertEquals(List.of(new Done(0), vector), sent(List.of(a, vector), 1));
    assertEquals(new Vector<>(List.of(new Done(0))), sent(new Vector<>(List.of(a)), 1));
  }

  @Test
  void shouldSayWhereFuturesMayBe() {
    Node holder = new Node("n");
    Samples.Sample sample = new Samples.Sample();
    sample.extra = future();
    String message = refusal(List.of(holder, sample), "argument");
    assertTrue(
        message.startsWith(
            "argument of "
                + FUNCTION.label()
                + ": List12[1] -> Sample.extra -> "
                + Pending.class.getName()
                + " can't be sent: futures may be in the JDK's lists, sets and maps"),
        message);
    // The same list is fine on its own, but not in an ordinary object's field.
    List<Object> shared = new ArrayList<>(List.of(future()));
    sample.extra = shared;
    message = refusal(List.of(shared, sample), "argument");
    assertTrue(message.contains("List12[1] -> Sample.extra -> java.util.ArrayList can't"), message);
    message = refusal(List.of(sample, shared), "argument");
    assertTrue(message.contains("List12[0] -> Sample.extra -> ArrayList[0] -> "), message);
    message = refusal(new Object[] {future(), new Nested(new Object() {}.getClass())}, "argument");
    assertTrue(message.contains("Object[1] -> Nested.value -> java.lang.Class"), message);
  }

  @Test
  void shouldRefuseFuturesInResultsAndCaptures() {
    for (Object value : List.of(future(), new CompletableFuture<>(), Map.of("k", future()))) {
      String message =
          String.valueOf(
              assertThrows(
                      TaskSerializationException.class,
                      () -> CODEC.encode(value, "result", -1, FUNCTION))
                  .getMessage());
      assertTrue(message.contains("a result can't hold a future; return the value"), message);
      assertTrue(message.contains("heddle.join or heddle.joinAll"), message);
      message =
          String.valueOf(
              assertThrows(
                      TaskSerializationException.class,
                      () -> CODEC.encode(value, "capture", 0, FUNCTION))
                  .getMessage());
      assertTrue(message.contains("pass it as an argument of its own"), message);
    }
  }

  @Test
  void shouldRefuseATemplateWithoutFutures() {
    byte[] bytes = encode(List.of(future(), future()), new Numbered());
    String message =
        String.valueOf(
            assertThrows(
                    TaskSerializationException.class, () -> CODEC.decode(bytes, 0, bytes.length))
                .getMessage());
    assertEquals("a value holds futures where none may be: futures=2", message);
  }

  @Test
  void shouldRefuseForgedCountsAndIndexes() {
    byte[] bytes = encode(new Object[] {future(), future()}, new Numbered());
    // tag, count, array tag and length, then tag and index twice
    assertEquals(11, bytes.length);
    for (int count : new int[] {0, -1, 4, Integer.MAX_VALUE}) {
      byte[] forged = bytes.clone();
      for (int i = 0; i < 4; i++) {
        forged[1 + i] = (byte) (count >>> (8 * i));
      }
      assertThrows(
          TaskSerializationException.class,
          () -> ValueCodec.futureCount(forged, 0, forged.length),
          () -> "count=" + count);
      assertThrows(
          TaskSerializationException.class,
          () -> CODEC.decode(forged, 0, forged.length, Done::new));
    }
    byte[] beyond = bytes.clone();
    beyond[10] = 2;
    assertThrows(
        TaskSerializationException.class, () -> CODEC.decode(beyond, 0, beyond.length, Done::new));
    byte[] loose = Arrays.copyOfRange(bytes, 5, bytes.length);
    assertThrows(
        TaskSerializationException.class, () -> CODEC.decode(loose, 0, loose.length, Done::new));
    byte[] cut = Arrays.copyOf(bytes, 3);
    assertThrows(
        TaskSerializationException.class, () -> ValueCodec.futureCount(cut, 0, cut.length));
    assertEquals(0, ValueCodec.futureCount(new byte[0], 0, 0));
  }

  /// Random containers in containers, some of them with futures and ordinary objects.
  private static final class Shapes {
    private final SplittableRandom random;
    private final List<Pending> futures = new ArrayList<>();
    private final boolean withNodes;

    Shapes(long seed) {
      random = new SplittableRandom(seed);
      withNodes = random.nextInt(4) == 0;
    }

    Object any(int depth) {
      int kind = random.nextInt(depth == 0 ? 4 : 14);
      return switch (kind) {
        case 0 -> random.nextInt();
        case 1 -> "s" + random.nextInt(1000);
        case 2 -> withNodes ? new Node("node") : random.nextLong();
        case 3, 4 -> aFuture();
        case 5 -> new ArrayList<>(some(depth));
        case 6 -> List.copyOf(some(depth));
        case 7 -> new HashSet<>(some(depth));
        case 8 -> Set.copyOf(some(depth));
        case 9 -> some(depth).toArray();
        case 10 -> Optional.of(any(depth - 1));
        case 11 -> new Nested(any(depth - 1));
        case 12 -> mapInto(new HashMap<>(), depth);
        default -> Map.copyOf(mapInto(new LinkedHashMap<>(), depth));
      };
    }

    private Pending aFuture() {
      if (futures.isEmpty() || random.nextInt(3) > 0) {
        futures.add(future());
      }
      return futures.get(random.nextInt(futures.size()));
    }

    private List<Object> some(int depth) {
      List<Object> list = new ArrayList<>();
      for (int i = random.nextInt(4); i > 0; i--) {
        list.add(any(depth - 1));
      }
      return list;
    }

    private Map<Object, Object> mapInto(Map<Object, Object> map, int depth) {
      for (int i = random.nextInt(4); i > 0; i--) {
        map.put(any(depth - 1), any(depth - 1));
      }
      return map;
    }
  }

  /// A text that must be equal for both values: the shape, with each future as its number, and with
  /// sets and maps sorted.
  private static String shown(@Nullable Object value, ToIntFunction<Future<?>> numbers) {
    return switch (value) {
      case null -> "null";
      case Done d -> "future" + d.number();
      case Future<?> f -> "future" + numbers.applyAsInt(f);
      case Node n -> "node " + n.name;
      case Nested n -> "Nested(" + shown(n.value(), numbers) + ")";
      case Optional<?> o -> "Optional(" + shown(o.orElseThrow(), numbers) + ")";
      case Object[] a -> "array" + Arrays.stream(a).map(e -> shown(e, numbers)).toList();
      case Map<?, ?> m ->
          m.getClass()
              + m.entrySet().stream()
                  .map(e -> shown(e.getKey(), numbers) + "=" + shown(e.getValue(), numbers))
                  .sorted(Comparator.naturalOrder())
                  .toList()
                  .toString();
      case Set<?> s ->
          s.getClass() + s.stream().map(e -> shown(e, numbers)).sorted().toList().toString();
      case List<?> l -> l.getClass() + l.stream().map(e -> shown(e, numbers)).toList().toString();
      default -> value.toString();
    };
  }

  @Test
  void shouldRoundTripRandomShapes() {
    int templates = 0;
    for (long seed = 0; seed < 3000; seed++) {
      Object value = new Shapes(seed).any(4);
      Numbered sink = new Numbered();
      byte[] bytes = encode(value, sink);
      assertEquals(
          sink.futures.size(), ValueCodec.futureCount(bytes, 0, bytes.length), "seed=" + seed);
      templates += sink.futures.isEmpty() ? 0 : 1;
      Object copy = CODEC.decode(bytes, 0, bytes.length, Done::new);
      assertEquals(shown(value, sink::add), shown(copy, _ -> -1), "seed=" + seed);
    }
    assertTrue(templates > 1000, "templates=" + templates);
  }
}
