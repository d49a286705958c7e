package dev.heddle.codec.form;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.codec.ValueCodec;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Checks the tables of the JDK's values against the running JDK: a class with another name there
/// would be refused without notice.
class JdkTypesTest {
  @Test
  void shouldNameClassesThatThereAre() throws Exception {
    for (String name : JdkTypes.names()) {
      Class<?> type = Class.forName(name, false, null);
      assertTrue(JdkTypes.isOfTheJdk(type), name);
    }
  }

  @Test
  void shouldSendPartsOfSkipLists() {
    ConcurrentSkipListSet<Integer> set = new ConcurrentSkipListSet<>(List.of(1, 2, 3, 4));
    for (NavigableSet<Integer> part :
        List.of(
            set.descendingSet(),
            set.headSet(3),
            set.tailSet(2),
            set.subSet(2, 4),
            set.subSet(3, 3),
            set.descendingSet().headSet(2, false))) {
      NavigableSet<?> copy = (NavigableSet<?>) sent(part);
      assertEquals(ConcurrentSkipListSet.class, copy.getClass());
      assertEquals(List.copyOf(part), List.copyOf(copy));
    }
    ConcurrentSkipListMap<String, Integer> map =
        new ConcurrentSkipListMap<>(String.CASE_INSENSITIVE_ORDER);
    map.putAll(Map.of("a", 1, "B", 2, "c", 3));
    List<?> pair = (List<?>) sent(List.of(map.headMap("C"), map.descendingMap()));
    assertEquals(Map.of("a", 1, "B", 2), pair.getFirst());
    assertEquals(List.of("c", "B", "a"), List.copyOf(((Map<?, ?>) pair.getLast()).keySet()));
    assertEquals(2, ((Map<?, ?>) pair.getFirst()).get("b"), "its order");
  }

  private static Object sent(Object value) {
    ValueCodec codec =
        new ValueCodec(
            Objects.requireNonNull(JdkTypesTest.class.getClassLoader()),
            List.of("dev.heddle.codec"));
    byte[] bytes = codec.encode(value, "x");
    return Objects.requireNonNull(codec.decode(bytes, 0, bytes.length));
  }

  @Test
  void shouldTellListsThatMayBeAskedForNull() {
    for (List<?> list :
        List.<List<?>>of(
            Stream.of(1).toList(),
            Stream.of(1, 2, 3).toList(),
            Stream.of(1, 2, 3, null).toList(),
            Stream.of(1, 2, 3, null).toList().subList(0, 2))) {
      assertEquals(list.contains(null), ((List<?>) sent(list)).contains(null), list.toString());
      assertEquals(list, sent(list));
    }
    for (List<?> list :
        List.<List<?>>of(List.of(), List.of(1), List.of(1, 2, 3), List.of(1, 2, 3).subList(0, 2))) {
      List<?> copy = (List<?>) sent(list);
      assertThrows(NullPointerException.class, () -> copy.contains(null));
      assertEquals(list, copy);
    }
  }
}
