package dev.heddle.codec;

import dev.heddle.codec.form.Fields;
import dev.heddle.codec.form.Tags;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.lang.reflect.Array;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/// Objects that hold no object with a number: records and objects of plain fields, short arrays of
/// primitives, lists of boxes and strings.
///
/// Shape: an object that is a leaf once is a leaf each time. Threading: stateless.
final class Leaves {
  /*
   * To find an object again takes a hash of its identity, and the first such hash of an object
   * costs about 30 ns by JDK 25, as much as writing a small record. A leaf can be written before it
   * is known whether it was met before, since writing it meets no other object: the hash of the
   * bytes just written then leads to the candidates, of which identity picks the right one.
   */

  /// Longer arrays are not leaves: writing them in vain would cost too much.
  private static final int ARRAY_LENGTH_MAX = 64;

  private static final int LIST_SIZE_MAX = 64;

  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private Leaves() {}

  static boolean isLeaf(Object value, ClassPlan plan) {
    return switch (plan.tag) {
      case Tags.RECORD, Tags.OBJECT -> plan.fields != null && plan.fields.areScalars;
      case Tags.ARRAY -> !(value instanceof Object[]) && Array.getLength(value) <= ARRAY_LENGTH_MAX;
      case Tags.ARRAY_LIST -> value instanceof ArrayList<?> list && isOfScalars(list);
      default -> false;
    };
  }

  /// Whether all elements are scalars of one class: one class makes the check of each element a
  /// comparison.
  private static boolean isOfScalars(List<?> list) {
    int size = list.size();
    if (size == 0 || size > LIST_SIZE_MAX) {
      return size == 0;
    }
    Object first = list.get(0);
    if (first == null || !Fields.isScalar(first.getClass())) {
      return false;
    }
    Class<?> type = first.getClass();
    for (int i = 1; i < size; i++) {
      Object element = list.get(i);
      if (element == null || element.getClass() != type) {
        return false;
      }
    }
    return true;
  }

  /// A hash of the bytes from `start` to `end`, made from their number and the last bytes. All
  /// these bytes must be content; the first mention of a class isn't.
  static int hash(byte[] bytes, int start, int end) {
    int length = end - start;
    long hash = length;
    if (length >= 24) {
      hash = 31 * hash + (long) LONG.get(bytes, end - 24);
    }
    if (length >= 16) {
      hash = 0x9E3779B97F4A7C15L * (hash ^ (long) LONG.get(bytes, end - 16));
    }
    if (length >= 8) {
      hash = 0x9E3779B97F4A7C15L * (hash ^ hash >>> 29 ^ (long) LONG.get(bytes, end - 8));
    } else {
      for (int i = start; i < end; i++) {
        hash = 31 * hash + bytes[i];
      }
      hash *= 0x9E3779B97F4A7C15L;
    }
    return (int) (hash >>> 32);
  }
}
