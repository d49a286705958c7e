package dev.heddle.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;

/// A hash table arrives in the order that it showed before, whatever its history: sums over it are
/// the same on every rank. (Eight or more keys in one place form a tree with an order of its own.)
class HashOrderTest {
  private static final ValueCodec CODEC =
      new ValueCodec(
          Objects.requireNonNull(HashOrderTest.class.getClassLoader()),
          List.of("dev.heddle.codec"));

  /// A key with a hash of the test's choice.
  private record Key(int hash, int id) {
    @Override
    public int hashCode() {
      return hash;
    }
  }

  private static Set<Object> keys(SplittableRandom random) {
    Set<Object> keys = new LinkedHashSet<>();
    for (int i = random.nextInt(1 << random.nextInt(7)); i > 0; i--) {
      keys.add(
          switch (random.nextInt(4)) {
            case 0 -> new Key(random.nextInt(), i);
            case 1 -> new Key(random.nextInt(16), i);
            case 2 -> random.nextInt(100);
            default -> "k" + random.nextInt(1_000_000);
          });
    }
    return keys;
  }

  private static Object table(SplittableRandom random) {
    Set<Object> keys = keys(random);
    Set<Object> sized = new HashSet<>(random.nextInt(100));
    sized.addAll(keys);
    Map<Object, Integer> grown = new HashMap<>();
    for (Object key : keys) {
      grown.put(key, grown.size());
    }
    return switch (random.nextInt(6)) {
      case 0 -> new HashSet<>(keys);
      case 1 -> sized;
      case 2 -> grown;
      case 3 -> {
        grown.keySet().removeIf(_ -> random.nextInt(3) == 0);
        yield grown;
      }
      case 4 -> new HashMap<>(grown);
      default -> {
        Set<Object> set = ConcurrentHashMap.newKeySet();
        set.addAll(keys);
        yield set;
      }
    };
  }

  private static List<?> shown(Object table) {
    return new ArrayList<>(table instanceof Map<?, ?> map ? map.entrySet() : (Set<?>) table);
  }

  @Test
  void shouldKeepTheOrderOfHashTables() {
    for (long seed = 0; seed < 30_000; seed++) {
      Object table = table(new SplittableRandom(seed));
      byte[] bytes = CODEC.encode(table, "x");
      Object copy = Objects.requireNonNull(CODEC.decode(bytes, 0, bytes.length));
      assertEquals(shown(table), shown(copy), "seed=" + seed);
    }
  }
}
