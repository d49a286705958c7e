package dev.heddle.codec;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The objects of one value, by identity, in the order in which they were met.
///
/// Shape: numbers from 0. Most values have few objects, for which a look at each is cheaper than a
/// hash, and much cheaper than the first identity hash of a new object (about 30 ns by JDK 25).
/// Threading: one encode's.
final class Seen {
  /// Objects up to here are looked at one by one.
  private static final int FEW = 8;

  private @Nullable Object[] objects = new @Nullable Object[FEW];
  private int count;

  /// Numbers plus one by identity hash, open addressing; empty while objects are few.
  private int[] table = {};

  /// The number of `object`, which it gets now if it is new: then `-1 - number`.
  int number(Object object) {
    int known = find(object);
    return known >= 0 ? known : append(object);
  }

  /// The number of `object`, or -1.
  @SuppressWarnings("ReferenceEquality") // identity is what is asked for
  int find(Object object) {
    if (table.length == 0) {
      for (int i = 0; i < count; i++) {
        if (objects[i] == object) {
          return i;
        }
      }
      return -1;
    }
    int mask = table.length - 1;
    for (int at = slot(object, mask); table[at] != 0; at = (at + 1) & mask) {
      int number = table[at] - 1;
      if (objects[number] == object) {
        return number;
      }
    }
    return -1;
  }

  private int append(Object object) {
    if (count == objects.length) {
      objects = Arrays.copyOf(objects, 2 * count);
      hash(4 * count);
    }
    objects[count] = object;
    if (table.length > 0) {
      insert(object, count);
    }
    return -1 - count++;
  }

  /// Hashes what is there into a table of `length`, a power of two, which fills up to a half.
  private void hash(int length) {
    table = new int[length];
    for (int i = 0; i < count; i++) {
      insert(get(i), i);
    }
  }

  private void insert(Object object, int number) {
    int mask = table.length - 1;
    int at = slot(object, mask);
    while (table[at] != 0) {
      at = (at + 1) & mask;
    }
    table[at] = number + 1;
  }

  private static int slot(Object object, int mask) {
    int hash = System.identityHashCode(object);
    return (hash ^ hash >>> 15) & mask;
  }

  Object get(int number) {
    Object object = objects[number];
    if (object == null) {
      throw new IllegalArgumentException("number=" + number + " of " + count);
    }
    return object;
  }

  int count() {
    return count;
  }
}
