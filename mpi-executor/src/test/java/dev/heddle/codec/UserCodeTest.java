package dev.heddle.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.TaskSerializationException;
import java.io.IOException;
import java.io.InvalidObjectException;
import java.io.ObjectInputStream;
import java.io.ObjectInputValidation;
import java.io.ObjectOutputStream;
import java.io.Serial;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The user's code that runs while a value is written and made again: the methods that its author
/// wrote for that, the constructors of records, hashes of keys, and nothing else.
@SuppressWarnings({"serial", "UnusedVariable"}) // the JDK reads these members
class UserCodeTest {
  private static final ValueCodec CODEC =
      new ValueCodec(
          Objects.requireNonNull(UserCodeTest.class.getClassLoader()), List.of("dev.heddle.codec"));

  private static final List<String> CALLS = new ArrayList<>();

  @BeforeEach
  void forget() {
    CALLS.clear();
  }

  private static Object sent(Object value) {
    CALLS.clear();
    byte[] bytes = CODEC.encode(value, "argument 0 of A.b");
    return Objects.requireNonNull(CODEC.decode(bytes, 0, bytes.length));
  }

  /// A list that records every call.
  static final class Heard extends ArrayList<Object> {
    Heard() {
      CALLS.add("constructor");
    }

    @Override
    public boolean add(Object element) {
      CALLS.add("add");
      return super.add(element);
    }

    @Override
    public boolean addAll(Collection<? extends Object> elements) {
      CALLS.add("addAll");
      return super.addAll(elements);
    }

    @Override
    public Iterator<Object> iterator() {
      CALLS.add("iterator");
      return super.iterator();
    }

    @Override
    public Object[] toArray() {
      CALLS.add("toArray");
      return super.toArray();
    }

    @Override
    public int size() {
      CALLS.add("size");
      return super.size();
    }
  }

  /// A map that records every call.
  static final class HeardMap extends LinkedHashMap<String, Object> {
    HeardMap() {
      super(16, 0.75f, true);
      CALLS.add("constructor");
    }

    @Override
    public @Nullable Object put(String key, Object value) {
      CALLS.add("put");
      return super.put(key, value);
    }

    @Override
    protected boolean removeEldestEntry(Map.Entry<String, Object> eldest) {
      CALLS.add("removeEldestEntry");
      return false;
    }

    @Override
    public Set<Map.Entry<String, Object>> entrySet() {
      CALLS.add("entrySet");
      return super.entrySet();
    }
  }

  @Test
  void shouldRunNothingOfASubclassOfTheJdks() {
    Heard list = new Heard();
    list.add("a");
    list.add(list);
    Heard copy = (Heard) sent(list);
    assertEquals(List.of(), CALLS);
    assertSame(copy, copy.get(1));
    HeardMap map = new HeardMap();
    map.put("a", 1);
    map.put("b", 2);
    map.get("a");
    HeardMap other = (HeardMap) sent(map);
    assertEquals(List.of(), CALLS);
    assertEquals(List.of("b", "a"), List.copyOf(other.keySet()));
    other.get("b");
    assertEquals(List.of("a", "b"), List.copyOf(other.keySet()), "still in order of access");
  }

  /// An order that records each comparison.
  static final class Order implements Comparator<String> {
    @Override
    public int compare(String a, String b) {
      CALLS.add("compare");
      return b.compareTo(a);
    }
  }

  @Test
  void shouldNotAskComparatorsOfWhatIsSorted() {
    TreeSet<String> set = new TreeSet<>(new Order());
    set.addAll(List.of("a", "c", "b"));
    TreeMap<String, Integer> map = new TreeMap<>(new Order());
    map.put("x", 1);
    map.put("y", 2);
    assertEquals(List.of("c", "b", "a"), List.copyOf((Set<?>) sent(set)));
    assertEquals(List.of(), CALLS);
    assertEquals(List.of("y", "x"), List.copyOf(((Map<?, ?>) sent(map)).keySet()));
    assertEquals(List.of(), CALLS);
  }

  /// A class whose constructor and initializers must run only once.
  static class Base {
    final List<String> filled = new ArrayList<>(List.of("base"));
    transient List<String> here = new ArrayList<>();

    Base() {
      CALLS.add("Base()");
    }
  }

  /// A serializable class below [Base].
  static final class Derived extends Base implements Serializable {
    int count = 5;

    Derived() {
      CALLS.add("Derived()");
    }
  }

  @Test
  void shouldRunNoConstructorOfAnOrdinaryClass() {
    Derived derived = new Derived();
    derived.count = 7;
    derived.filled.add("more");
    Derived copy = (Derived) sent(derived);
    assertEquals(List.of(), CALLS);
    assertEquals(List.of("base", "more"), copy.filled);
    assertEquals(7, copy.count);
    assertNull(copy.here, "transient: no constructor has made it");
  }

  /// Its author chose other names for its fields.
  static final class Chosen implements Serializable {
    @Serial
    private static final java.io.ObjectStreamField[] serialPersistentFields = {
      new java.io.ObjectStreamField("total", long.class),
      new java.io.ObjectStreamField("label", String.class)
    };

    private transient int a;
    private transient int b;

    Chosen(int a, int b) {
      this.a = a;
      this.b = b;
    }

    @Serial
    private void writeObject(ObjectOutputStream out) throws IOException {
      CALLS.add("writeObject");
      ObjectOutputStream.PutField fields = out.putFields();
      fields.put("total", 1000L * a + b);
      fields.put("label", "ab");
      out.writeFields();
    }

    @Serial
    private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
      CALLS.add("readObject");
      ObjectInputStream.GetField fields = in.readFields();
      long total = fields.get("total", 0L);
      a = (int) (total / 1000);
      b = (int) (total % 1000);
      if (!"ab".equals(fields.get("label", null))) {
        throw new InvalidObjectException("label");
      }
    }
  }

  @Test
  void shouldCallWhatAnAuthorWroteForIt() {
    Chosen copy = (Chosen) sent(new Chosen(3, 4));
    assertEquals(List.of("writeObject", "readObject"), CALLS);
    assertEquals(3, copy.a);
    assertEquals(4, copy.b);
  }

  /// Reads less than it wrote, and validates at the end.
  static final class Skipping implements Serializable, ObjectInputValidation {
    private final @Nullable Object content;
    private transient boolean isValid;

    Skipping(@Nullable Object content) {
      this.content = content;
    }

    @Serial
    private void writeObject(ObjectOutputStream out) throws IOException {
      out.defaultWriteObject();
      out.writeInt(1);
      out.writeObject(new int[] {1, 2, 3});
      out.writeDouble(2.5);
    }

    @Serial
    private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
      in.registerValidation(this, 0);
      in.defaultReadObject();
    }

    @Override
    public void validateObject() throws InvalidObjectException {
      if ("bad".equals(content)) {
        throw new InvalidObjectException("bad content");
      }
      isValid = true;
    }
  }

  @Test
  void shouldSkipWhatIsNotReadAndValidateAtTheEnd() {
    List<?> copy = (List<?>) sent(List.of(new Skipping("a"), "behind"));
    assertTrue(((Skipping) copy.getFirst()).isValid);
    assertEquals("behind", copy.get(1));
    String message =
        String.valueOf(
            assertThrows(TaskSerializationException.class, () -> sent(new Skipping("bad")))
                .getMessage());
    assertEquals("a value is not valid here: java.io.InvalidObjectException: bad content", message);
  }

  /// Its serialization methods fail.
  static final class Failing implements Serializable {
    @Serial
    private void writeObject(ObjectOutputStream out) throws IOException {
      throw new IOException("no disk");
    }
  }

  /// A key whose hash fails.
  static final class NoHash {
    private boolean isReady = true;

    @Override
    public boolean equals(@Nullable Object other) {
      return this == other;
    }

    @Override
    public int hashCode() {
      if (!isReady) {
        throw new IllegalStateException("not ready");
      }
      return 1;
    }
  }

  @Test
  void shouldSayWhoseMethodFailed() {
    String message =
        String.valueOf(
            assertThrows(TaskSerializationException.class, () -> sent(List.of(1, new Failing())))
                .getMessage());
    assertEquals(
        "argument 0 of A.b: List12[1] -> dev.heddle.codec.UserCodeTest$Failing can't be sent: its"
            + " Failing.writeObject threw java.io.IOException: no disk",
        message);
    NoHash key = new NoHash();
    Map<Object, Integer> map = new java.util.HashMap<>();
    map.put(key, 1);
    key.isReady = false;
    message =
        String.valueOf(
            assertThrows(TaskSerializationException.class, () -> sent(map)).getMessage());
    assertTrue(message.contains("its hashCode() threw java.lang.IllegalStateException"), message);
  }

  /// Catches the exception that the writing of its content throws.
  static final class Catching implements Serializable {
    private final transient @Nullable Object content;
    private final boolean isWrapping;
    private transient @Nullable Object read;

    Catching(@Nullable Object content, boolean isWrapping) {
      this.content = content;
      this.isWrapping = isWrapping;
    }

    @Serial
    private void writeObject(ObjectOutputStream out) throws IOException {
      out.defaultWriteObject();
      try {
        out.writeObject(content);
      } catch (RuntimeException e) {
        if (isWrapping) {
          throw new IOException("wrapped", e);
        }
      }
    }

    @Serial
    private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
      in.defaultReadObject();
      read = in.readObject();
    }
  }

  @Test
  void shouldNotLetAWriteObjectHideWhatCannotBeSent() {
    for (boolean isWrapping : new boolean[] {false, true}) {
      Object refused = List.of(new Catching(new ArrayList<>(List.of(new Thread())), isWrapping));
      String message =
          String.valueOf(
              assertThrows(TaskSerializationException.class, () -> sent(refused)).getMessage());
      assertTrue(
          message.startsWith(
              "argument 0 of A.b: List12[0] -> Catching[0] -> ArrayList[0] -> java.lang.Thread"),
          message);
      Object chain = "end";
      for (int i = 0; i < 70; i++) {
        chain = new Catching(chain, isWrapping);
      }
      Object copy = sent(chain);
      for (int i = 0; i < 70; i++) {
        copy = Objects.requireNonNull(((Catching) copy).read);
      }
      assertEquals("end", copy);
    }
  }

  /// A leaf that changes while it is written.
  static final class Leaf {
    String text = "short";
  }

  /// Runs something when it is written.
  static final class Acting implements Serializable {
    private final transient @Nullable Runnable action;

    Acting(Runnable action) {
      this.action = action;
    }

    @Serial
    private void writeObject(ObjectOutputStream out) throws IOException {
      Objects.requireNonNull(action).run();
      out.defaultWriteObject();
    }
  }

  private static void assertChanged(Object value) {
    String message =
        String.valueOf(
            assertThrows(TaskSerializationException.class, () -> sent(value)).getMessage());
    assertTrue(message.contains("it was changed while it was encoded"), message);
  }

  @Test
  void shouldRefuseALeafThatChangesBetweenTwoLooks() {
    String text = "t".repeat(600);
    Leaf leaf = new Leaf();
    List<Object> value = new ArrayList<>(List.of(leaf));
    for (int i = 0; i < 10; i++) {
      value.add(new int[] {i});
    }
    value.add(new Acting(() -> leaf.text = text));
    value.add(leaf);
    value.add(text);
    assertChanged(value);
  }

  @Test
  void shouldRefuseAnEnumMapThatGrowsMeanwhile() {
    Map<Samples.Color, Object> map = new EnumMap<>(Samples.Color.class);
    map.put(Samples.Color.RED, new Acting(() -> map.put(Samples.Color.GREEN, "more")));
    assertChanged(map);
  }

  /// A key that may change.
  static final class Key {
    int number;

    Key(int number) {
      this.number = number;
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Key key && key.number == number;
    }

    @Override
    public int hashCode() {
      return number;
    }
  }

  @Test
  void shouldNotLoseElementsThatHaveBecomeEqual() {
    Key one = new Key(1);
    Key two = new Key(2);
    List<Object> containers =
        List.of(
            new HashSet<>(List.of(one, two)),
            new LinkedHashSet<>(List.of(one, two)),
            Set.of(one, two),
            new HashMap<>(Map.of(one, 1, two, 2)),
            new LinkedHashMap<>(Map.of(one, 1, two, 2)),
            new ConcurrentHashMap<>(Map.of(one, 1, two, 2)),
            Map.of(one, 1, two, 2));
    containers.forEach(UserCodeTest::sent);
    two.number = 1;
    for (Object container : containers) {
      String message =
          String.valueOf(
              assertThrows(TaskSerializationException.class, () -> sent(container)).getMessage());
      assertTrue(message.contains("elements or keys that equal each other"), message);
    }
  }
}
