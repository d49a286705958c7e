package dev.heddle.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Fn0;
import dev.heddle.TaskSerializationException;
import dev.heddle.codec.function.CapturedFunction;
import dev.heddle.codec.function.FunctionDefinition;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.Serializable;
import java.lang.ref.WeakReference;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.DoubleSummaryStatistics;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.WeakHashMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Every refusal names the path and says what to do, and the advice helps.
@SuppressWarnings({
  "serial",
  "IdentityHashMapUsage",
  "BoxingComparator",
  "UnusedVariable",
  "JdkObsolete",
  "UnnecessaryAsync"
}) // users' code has all this
class RemedyTest {
  private static final ClassLoader LOADER =
      Objects.requireNonNull(RemedyTest.class.getClassLoader());
  private static final ValueCodec CODEC = new ValueCodec(LOADER, List.of("dev.heddle.codec"));

  private static String refusal(Object value) {
    return String.valueOf(
        assertThrows(
                TaskSerializationException.class,
                () -> CODEC.encode(value, "argument 0 of Chem.energy"))
            .getMessage());
  }

  /// Checks that `refused` is refused with this path and advice, and that `helped` arrives.
  private static Object helps(Object refused, String way, String advice, Object helped) {
    String message = refusal(refused);
    assertTrue(message.startsWith("argument 0 of Chem.energy: " + way), message);
    assertTrue(message.contains(" can't be sent: "), message);
    assertTrue(message.contains(advice), message);
    assertTrue(!message.contains("\n") && message.length() < 600, message);
    byte[] bytes = CODEC.encode(helped, "argument 0 of Chem.energy");
    return Objects.requireNonNull(CODEC.decode(bytes, 0, bytes.length));
  }

  /// Holds any object in a field.
  static class Box {
    @Nullable Object content;
    transient @Nullable Object here;

    Box(@Nullable Object content) {
      this.content = content;
    }
  }

  private static Box box(Object content) {
    return new Box(content);
  }

  /// A box with the object in a field that isn't sent.
  private static Box here(Object content) {
    Box box = new Box("");
    box.here = content;
    return box;
  }

  @Test
  void shouldHelpWithLambdas() {
    Runnable plain = () -> {};
    helps(
        box(plain),
        "Box.content -> dev.heddle.codec.RemedyTest$$Lambda",
        "\"(Runnable & Serializable)\"",
        box((Runnable & Serializable) () -> {}));
    Function<String, Integer> length = String::length;
    helps(
        box(length),
        "Box.content -> ",
        "\"(Function<T, R> & Serializable)\"",
        box((Function<String, Integer> & Serializable) String::length));
  }

  @Test
  void shouldHelpWithComparators() {
    Map<String, Integer> map = new TreeMap<>(Comparator.comparing(String::length));
    map.put("aa", 1);
    Map<String, Integer> better =
        new TreeMap<>(
            Comparator.comparing((Function<String, Integer> & Serializable) String::length)
                .reversed());
    better.put("a", 1);
    better.put("aaa", 2);
    Object arrived =
        helps(
            box(map),
            "Box.content -> comparator -> capture 0 of a lambda of java.util.Comparator -> ",
            "\"(Function<T, R> & Serializable)\"",
            box(better));
    @SuppressWarnings("unchecked")
    TreeMap<String, Integer> copy =
        (TreeMap<String, Integer>) Objects.requireNonNull(((Box) arrived).content);
    copy.put("aa", 3);
    assertEquals(List.of("aaa", "aa", "a"), List.copyOf(copy.keySet()));
    assertEquals(1, copy.get("b"), "by length");
  }

  @Test
  void shouldHelpWithWhatBelongsToThisProcess() {
    for (Object object :
        List.of(
            new ReentrantLock(),
            Thread.currentThread(),
            ThreadLocal.withInitial(() -> 1),
            new CountDownLatch(1),
            new ByteArrayInputStream(new byte[1]),
            InputStream.nullInputStream(),
            new Random(1),
            LOADER,
            Runtime.getRuntime())) {
      String advice = object instanceof Random ? "send its seed" : "make the field transient";
      helps(box(object), "Box.content -> " + object.getClass().getName(), advice, here(object));
    }
    helps(Stream.of(1), "java.util.stream", "collect it to a list", Stream.of(1).toList());
    helps(new WeakReference<>("a"), "java.lang.ref", "send what it refers to", "a");
    helps(String.class, "java.lang.Class", "send its name", String.class.getName());
    helps(List.of(1).iterator(), "java.util", "send the collection", List.of(1));
    helps(new Random(7), "java.util.Random", "send its seed", 7L);
    String pattern = "yyyy-MM-dd";
    Object sent =
        helps(
            DateTimeFormatter.ofPattern(pattern),
            "java.time.format.DateTimeFormatter",
            "send its pattern",
            pattern);
    assertEquals(
        "2026-01-02",
        DateTimeFormatter.ofPattern(sent.toString()).format(LocalDate.of(2026, 1, 2)));
  }

  @Test
  void shouldHelpWithCollectionsThatItDoesNotKnow() {
    Map<String, Integer> weak = new WeakHashMap<>(Map.of("a", 1));
    assertEquals(
        box(weak).content,
        ((Box)
                helps(
                    box(weak),
                    "Box.content -> java.util.WeakHashMap",
                    "copy it to a LinkedHashMap",
                    box(new LinkedHashMap<>(weak))))
            .content);
    List<Integer> list = List.of(1, 2);
    helps(
        new LinkedBlockingQueue<>(list),
        "java.util.concurrent.LinkedBlockingQueue",
        "copy it to an ArrayList",
        new ArrayList<>(list));
    Map<Object, Integer> byIdentity = new IdentityHashMap<>();
    byIdentity.put(new String("a"), 1);
    byIdentity.put(new String("a"), 2);
    helps(
        byIdentity.keySet(),
        "java.util.IdentityHashMap$KeySet",
        "copy it to an ArrayList",
        new ArrayList<>(byIdentity.keySet()));
    ConcurrentHashMap<String, Integer> concurrent = new ConcurrentHashMap<>(Map.of("a", 1));
    helps(
        concurrent.keySet(5),
        "java.util.concurrent.ConcurrentHashMap$KeySetView",
        "send the map",
        concurrent);
  }

  @Test
  void shouldHelpWithViewsOfEqualElements() {
    // a comparator that tells equal keys apart, so that two entries equal each other
    Map<String, Integer> map = new TreeMap<>((a, b) -> a.isEmpty() && b.isEmpty() ? 0 : 1);
    map.put("x", 1);
    map.put("x", 1);
    Object arrived =
        helps(
            box(map.entrySet()),
            "Box.content -> java.util.TreeMap$EntrySet",
            "send the map or a list of the elements",
            box(new ArrayList<>(map.entrySet())));
    assertEquals(new ArrayList<>(map.entrySet()), Objects.requireNonNull(((Box) arrived).content));
  }

  @Test
  void shouldHelpWithClassesThatStandBelowStrangers() {
    class Dice extends Random {}
    record Die(long seed, int sides) {}
    helps(
        box(new Dice()),
        "Box.content -> dev.heddle.codec.RemedyTest$1Dice",
        "it extends java.util.Random, which is not a value that Heddle knows",
        new Die(1, 6));
    class Beat extends java.util.TimerTask {
      int count;

      @Override
      public void run() {
        count++;
      }
    }
    class Count {
      int count = 3;
    }
    helps(
        new Beat(),
        "dev.heddle.codec.RemedyTest$1Beat",
        "it extends java.util.TimerTask, which is not a value that Heddle knows; let it hold in"
            + " fields what must arrive",
        new Count());
  }

  @Test
  void shouldHelpWithFutures() {
    Future<String> future = new CompletableFuture<>();
    FunctionDefinition function =
        CapturedFunction.of((Fn0<Integer> & Serializable) () -> 1).definition();
    String message =
        String.valueOf(
            assertThrows(
                    TaskSerializationException.class,
                    () -> CODEC.encode(box(future), "argument", 0, function, _ -> 0))
                .getMessage());
    assertTrue(message.contains("Box.content -> java.util.concurrent.CompletableFuture"), message);
    assertTrue(message.contains("the JDK's lists, sets and maps, in records, arrays"), message);
    for (Object place :
        List.of(
            List.of(future),
            Set.of(future),
            Map.of("k", future),
            new Samples.Nested(future),
            new Object[] {future},
            java.util.Optional.of(future),
            new java.util.Vector<>(List.of(future)))) {
      byte[] bytes = CODEC.encode(place, "argument", 0, function, _ -> 0);
      assertEquals(1, ValueCodec.futureCount(bytes, 0, bytes.length));
    }
  }

  // ---- objects that lead back

  /// Keeps what it is given.
  record Kept(List<Object> parts) {}

  /// Looks into what it is given.
  record Looked(List<Object> parts) {
    Looked {
      if (parts.isEmpty()) {
        throw new IllegalArgumentException("no parts");
      }
    }
  }

  /// Copies what it is given if that is empty.
  record Copied(List<Object> parts) {
    Copied {
      parts = parts.isEmpty() ? new ArrayList<>() : parts;
    }
  }

  @Test
  void shouldHelpWithRecordsInCycles() {
    List<Object> looked = new ArrayList<>(List.of("first"));
    looked.add(new Looked(looked));
    List<Object> copied = new ArrayList<>(List.of("first"));
    copied.add(new Copied(copied));
    List<Object> kept = new ArrayList<>(List.of("first"));
    kept.add(new Kept(kept));
    String way = "ArrayList[1] -> dev.heddle.codec.RemedyTest$";
    helps(looked, way + "Looked", "its constructor looks into it", kept);
    List<?> arrived = (List<?>) helps(copied, way + "Copied", "its constructor copies it", kept);
    assertSame(arrived, ((Kept) arrived.get(1)).parts());
    // the other way round: the record is met first, and again inside itself
    byte[] bytes = CODEC.encode(kept.get(1), "x");
    Kept record = (Kept) Objects.requireNonNull(CODEC.decode(bytes, 0, bytes.length));
    assertSame(record, record.parts().get(1));
  }

  @Test
  void shouldHelpWithSetsInCycles() {
    class Cell {
      @Nullable Set<Cell> neighbours;
      final int id = 1;

      @Override
      public boolean equals(@Nullable Object other) {
        return other instanceof Cell cell && cell.id == id;
      }

      @Override
      public int hashCode() {
        return Integer.hashCode(id) * 31;
      }
    }
    Cell cell = new Cell();
    cell.neighbours = Set.of(cell);
    Cell better = new Cell();
    better.neighbours = new HashSet<>(Set.of(better));
    Cell arrived =
        (Cell)
            helps(
                cell,
                "Cell.neighbours -> java.util.ImmutableCollections$",
                "use a HashSet or HashMap",
                better);
    assertTrue(Objects.requireNonNull(arrived.neighbours).contains(arrived));
  }

  /// Is replaced by `readResolve`, so nothing in it can lead back.
  static final class Resolved implements Serializable {
    @Nullable Object content;
    int owner;

    private Object readResolve() {
      return this;
    }
  }

  @Test
  void shouldHelpWithResolvedObjectsInCycles() {
    Resolved resolved = new Resolved();
    resolved.content = box(resolved);
    Resolved better = new Resolved();
    better.content = box("owner 7");
    better.owner = 7;
    helps(
        resolved,
        "Resolved.content -> Box.content -> dev.heddle.codec.RemedyTest$Resolved",
        "let it hold a number or name",
        better);
  }

  // ---- bounds and single values

  @Test
  void shouldHelpWithWhatIsTooLarge() {
    ValueCodec small = new ValueCodec(LOADER, List.of("dev.heddle.codec"), 1000);
    List<Object> value = List.of(new int[50], new double[200]);
    String message =
        String.valueOf(
            assertThrows(
                    TaskSerializationException.class, () -> small.encode(value, "result of A.b"))
                .getMessage());
    assertEquals(
        "result of A.b: java.util.ImmutableCollections$List12 can't be sent: it has more than 1000"
            + " bytes when encoded; at most 1000 can be sent: raise valueBytesMax, or split it",
        message);
    assertTrue(new ValueCodec(LOADER, List.of(), 2000).encode(value, "x").length > 1000);
    for (Object part : value) {
      assertTrue(new ValueCodec(LOADER, List.of(), 1700).encode(part, "x").length < 1700);
    }
  }

  @Test
  void shouldStopAtTheBoundBeforeItHasTakenTheMemory() {
    // 2 GiB when encoded, from an array of 1 MiB: the same content, not the same object
    List<byte[]> list = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      list.add(new byte[1 << 20]);
    }
    List<List<byte[]>> lists = Collections.nCopies(50, list);
    ValueCodec bounded = new ValueCodec(LOADER, List.of(), 8 << 20);
    assertThrows(TaskSerializationException.class, () -> bounded.encode(list, "x"));
    assertThrows(TaskSerializationException.class, () -> bounded.encode(lists, "x"));
    // a single object is sent once
    byte[] one = new byte[1 << 20];
    assertTrue(bounded.encode(Collections.nCopies(1, list(one, 5000)), "x").length < 2 << 20);
  }

  private static List<Object> list(Object element, int count) {
    List<Object> list = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      list.add(element);
    }
    return list;
  }

  @Test
  void shouldHelpWithSingleValues(@TempDir Path folder) throws Exception {
    DoubleSummaryStatistics statistics = new DoubleSummaryStatistics();
    statistics.accept(Double.NEGATIVE_INFINITY);
    statistics.accept(Double.POSITIVE_INFINITY);
    helps(
        statistics,
        "java.util.DoubleSummaryStatistics",
        "send count, min, max and sum",
        new double[] {2, statistics.getMin(), statistics.getMax(), statistics.getSum()});
    try (FileSystem zip =
        FileSystems.newFileSystem(
            URI.create("jar:" + folder.resolve("a.zip").toUri()), Map.of("create", "true"))) {
      Path inside = zip.getPath("/a/b");
      helps(inside, inside.getClass().getName(), "send its text", inside.toString());
    }
    helps(EnumSet.noneOf(Nothing.class), "java.util.RegularEnumSet", "use Set.of()", Set.of());
  }

  private enum Nothing {}

  @Test
  void shouldSayWhichPackageToAdd() {
    ValueCodec strict = new ValueCodec(LOADER, List.of("other"));
    for (Object value :
        List.of(box(1), new Samples.Nested(1), Samples.Color.RED, EnumSet.of(Samples.Color.RED))) {
      String message =
          String.valueOf(
              assertThrows(
                      TaskSerializationException.class,
                      () -> strict.encode(new HashMap<>(Map.of("k", value)), "result of A.b"))
                  .getMessage());
      assertTrue(message.contains("HashMap[\"k\"] -> "), message);
      assertTrue(message.contains("add dev.heddle.codec to heddle.serializablePackages"), message);
    }
    assertTrue(CODEC.encode(box(1), "x").length > 0);
  }

  /// The object that its group leads back to.
  static final class Member {
    @Nullable Object group;
    final String name = String.valueOf(1);
  }

  /// Looks into what its list holds.
  record Group(List<Member> members) {
    Group {
      for (Member member : members) {
        Objects.requireNonNull(member.name);
      }
    }
  }

  /// Keeps what its list holds.
  record Team(List<Member> members) {
    Team {
      members = List.copyOf(members);
    }
  }

  @Test
  void shouldHelpWithRecordsThatLookDeeper() {
    Member grouped = new Member();
    grouped.group = new Group(List.of(grouped));
    Member teamed = new Member();
    teamed.group = new Team(List.of(teamed));
    Member copy = (Member) helps(grouped, "Member.group", "its constructor looks into it", teamed);
    assertSame(copy, ((Team) Objects.requireNonNull(copy.group)).members().getFirst());
    assertEquals("1", copy.name);
    // a list that also holds itself is looked at once
    List<Object> outer = new ArrayList<>();
    List<Object> inner = new ArrayList<>();
    inner.add(inner);
    inner.add(outer);
    outer.add(new Kept(inner));
    assertTrue(CODEC.encode(outer, "argument 0 of Chem.energy").length > 0);
  }

  /// Holds an object that Java serialization can't write.
  @SuppressWarnings("serial") // the test needs such a field
  static final class Held extends RuntimeException {
    final Object box = new Box(1);
  }

  @Test
  void shouldHelpWithExceptionsInsideOfValues() {
    List<?> copy =
        (List<?>)
            helps(
                List.of(new Held()),
                "List12[0]",
                "an exception inside a value goes by Java serialization",
                List.of(new IllegalStateException("why")));
    assertEquals("why", ((IllegalStateException) copy.getFirst()).getMessage());
  }

  /// Holds a sorted container whose order looks into this object.
  static final class Index {
    final List<String> ranks = new ArrayList<>(List.of("b", "a"));
    final TreeMap<String, Integer> byName =
        new TreeMap<>(
            new Comparator<>() {
              @Override
              public int compare(String a, String b) {
                return Integer.compare(ranks.indexOf(a), ranks.indexOf(b));
              }
            });

    Index() {
      byName.put("a", 1);
      byName.put("b", 2);
    }
  }

  @Test
  void shouldRefuseWhatItsOwnComparatorHolds() {
    Index index = new Index();
    Index copy =
        (Index)
            helps(
                index.byName,
                "comparator -> RemedyTest$Index$1.this$0 -> Index.byName -> ",
                "its comparator leads back to it",
                index);
    assertEquals(List.of("b", "a"), List.copyOf(copy.byName.keySet()));
    assertTrue(
        refusal(List.of("x", index.byName)).contains("make that a static class, or a lambda"));
  }

  /// Knows all other peers.
  static final class Peer {
    @Nullable Set<Peer> all;
    final String name;

    Peer(String name) {
      this.name = name;
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Peer peer && peer.name.equals(name);
    }

    @Override
    public int hashCode() {
      return name.hashCode();
    }
  }

  @Test
  void shouldRefuseTheKeysOfAConcurrentMapThatLeadBack() {
    Map<Peer, Integer> map = new ConcurrentHashMap<>();
    Peer peer = new Peer("p");
    map.put(peer, 1);
    peer.all = map.keySet();
    assertTrue(refusal(peer).contains("use a HashSet"), refusal(peer));
    assertTrue(refusal(map.keySet()).contains("leads back to itself"), refusal(map.keySet()));
    Peer other = new Peer("q");
    other.all = new HashSet<>(Set.of(other));
    byte[] bytes = CODEC.encode(other, "x");
    Peer copy = (Peer) Objects.requireNonNull(CODEC.decode(bytes, 0, bytes.length));
    assertTrue(Objects.requireNonNull(copy.all).contains(copy));
    peer.all = null;
    bytes = CODEC.encode(map.keySet(), "x");
    assertEquals(map.keySet(), CODEC.decode(bytes, 0, bytes.length));
  }
}
