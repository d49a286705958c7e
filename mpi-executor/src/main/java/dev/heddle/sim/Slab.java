package dev.heddle.sim;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Objects that events refer to by a number. Threading: one thread.
final class Slab<T> {
  private @Nullable Object[] items = new Object[64];
  private int[] free = new int[64];
  private int freeCount;
  private int used;

  int put(T item) {
    int at = freeCount > 0 ? free[--freeCount] : used++;
    if (at == items.length) {
      items = Arrays.copyOf(items, at * 2);
    }
    items[at] = item;
    return at;
  }

  @SuppressWarnings("unchecked")
  T take(int at) {
    Object item = items[at];
    if (item == null) {
      throw new IllegalStateException("nothing is kept under number=" + at);
    }
    items[at] = null;
    if (freeCount == free.length) {
      free = Arrays.copyOf(free, freeCount * 2);
    }
    free[freeCount++] = at;
    return (T) item;
  }
}
