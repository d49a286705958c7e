package dev.heddle.codec;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The objects of one value, by identity, in the order in which they were met.
///
/// Shape: numbers from 0. Most values have few objects, for which a look at each is cheaper than a
/// hash. Later objects are found by identity hash, or, if they are leaves ([Leaves]), by a hash of
/// their bytes. A new number is returned as `-1 - number`. Threading: one encode, one thread.
final class Seen {
  /// This many first objects are always compared one by one.
  private static final int FEW = 8;

  /// This many leaves of one hash are compared; further leaves of that hash are found by identity.
  private static final int PROBES_MAX = 8;

  private @Nullable Object[] objects = new @Nullable Object[FEW];
  private int count;

  /// Numbers plus one by identity hash, open addressing; empty while objects are few.
  private int[] byIdentity = {};

  private int identityCount;

  /// Numbers plus one of leaves, by the hash of their bytes. `leafHashes` holds these hashes by
  /// number.
  private int[] byBytes = {};

  private int[] leafHashes = {};
  private int leafCount;

  /// Whether some hash had more than [#PROBES_MAX] leaves.
  private boolean hasLeavesByIdentity;

  /// Whether no hash is needed yet.
  boolean isFew() {
    return count < FEW;
  }

  int count() {
    return count;
  }

  /// The number of `object`; a new object gets its number now.
  int number(Object object) {
    int known = find(object);
    if (known >= 0) {
      return known;
    }
    if (count >= FEW) {
      insert(object, count + 1);
    }
    return append(object);
  }

  /// The number of `object`, or -1.
  int find(Object object) {
    int few = among(object);
    return few >= 0 || byIdentity.length == 0 ? few : findByIdentity(object);
  }

  @SuppressWarnings("ReferenceEquality") // identity is what is asked for
  private int among(Object object) {
    for (int i = 0; i < Math.min(count, FEW); i++) {
      if (objects[i] == object) {
        return i;
      }
    }
    return -1;
  }

  @SuppressWarnings("ReferenceEquality") // identity is what is asked for
  private int findByIdentity(Object object) {
    int mask = byIdentity.length - 1;
    for (int at = slot(object, mask); byIdentity[at] != 0; at = (at + 1) & mask) {
      int number = byIdentity[at] - 1;
      if (objects[number] == object) {
        return number;
      }
    }
    return -1;
  }

  /// Gives an object that has a number a second number. No look-up finds the second number.
  int again(Object object) {
    return -1 - append(object);
  }

  private int append(Object object) {
    if (count == objects.length) {
      objects = Arrays.copyOf(objects, 2 * count);
    }
    objects[count] = object;
    return -1 - count++;
  }

  /// Adds an object to the table by identity; `entry` is its number plus one.
  private void insert(Object object, int entry) {
    if (2 * identityCount >= byIdentity.length) {
      int[] old = byIdentity;
      byIdentity = new int[Math.max(2 * FEW, 2 * old.length)];
      for (int known : old) {
        if (known != 0) {
          put(get(known - 1), known);
        }
      }
    }
    put(object, entry);
    identityCount++;
  }

  private void put(Object object, int entry) {
    int mask = byIdentity.length - 1;
    int at = slot(object, mask);
    while (byIdentity[at] != 0) {
      at = (at + 1) & mask;
    }
    byIdentity[at] = entry;
  }

  private static int slot(Object object, int mask) {
    int hash = System.identityHashCode(object);
    return (hash ^ hash >>> 15) & mask;
  }

  /// The number of a leaf whose bytes have this hash; a new leaf gets its number now. Call only
  /// when [#isFew] is false.
  @SuppressWarnings("ReferenceEquality") // identity is what is asked for
  int leaf(Object object, int hash) {
    int known = among(object);
    if (known >= 0) {
      return known;
    }
    if (2 * leafCount >= byBytes.length) {
      growByBytes();
    }
    int mask = byBytes.length - 1;
    int at = hash & mask;
    for (int probe = 0; probe < PROBES_MAX; probe++, at = (at + 1) & mask) {
      if (byBytes[at] == 0) {
        int byHand = hasLeavesByIdentity ? find(object) : -1;
        if (byHand >= 0) {
          return byHand;
        }
        byBytes[at] = count + 1;
        leafCount++;
        if (count >= leafHashes.length) {
          leafHashes = Arrays.copyOf(leafHashes, Math.max(4 * FEW, 2 * count));
        }
        leafHashes[count] = hash;
        return append(object);
      }
      int number = byBytes[at] - 1;
      if (objects[number] == object) {
        return number;
      }
    }
    hasLeavesByIdentity = true;
    return number(object);
  }

  /// Makes the table of leaves longer. Leaves that are no longer among the first of their hash move
  /// to the table by identity.
  private void growByBytes() {
    int[] old = byBytes;
    byBytes = new int[Math.max(8 * FEW, 4 * old.length)];
    int mask = byBytes.length - 1;
    for (int entry : old) {
      if (entry == 0) {
        continue;
      }
      int at = leafHashes[entry - 1] & mask;
      int probe = 0;
      while (probe < PROBES_MAX && byBytes[at] != 0) {
        at = (at + 1) & mask;
        probe++;
      }
      if (probe < PROBES_MAX) {
        byBytes[at] = entry;
      } else {
        hasLeavesByIdentity = true;
        leafCount--;
        insert(get(entry - 1), entry);
      }
    }
  }

  Object get(int number) {
    Object object = objects[number];
    if (object == null) {
      throw new IllegalArgumentException("number=" + number + " of " + count);
    }
    return object;
  }
}
