package dev.heddle.codec;

import dev.heddle.codec.form.Tags;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Plans of classes by the bytes of their first mention in a value, so that a reader needs no name
/// and no look-up for a class that it has read before.
///
/// Shape: one plan per place, the latest. Threading: any number of threads, without a lock: a plan
/// is immutable, and a class that has lost its place is found again by name.
final class ClassMentions {
  /// Places; a power of two.
  private static final int PLACES = 256;

  private final @Nullable ClassPlan[] plans = new @Nullable ClassPlan[PLACES];

  /// The plan of the class that is first mentioned at `position`, if that plan is remembered and
  /// its bytes stand there.
  @Nullable ClassPlan find(byte[] bytes, int position, int end) {
    int slot = slot(bytes, position, end);
    ClassPlan plan = slot < 0 ? null : plans[slot];
    if (plan == null) {
      return null;
    }
    int length = plan.reference.length;
    return length <= end - position
            && Arrays.equals(plan.reference, 0, length, bytes, position, position + length)
        ? plan
        : null;
  }

  /// Remembers a plan by the bytes of its class from `start` to `end`.
  void remember(ClassPlan plan, byte[] bytes, int start, int end) {
    int slot = slot(bytes, start, end);
    if (slot >= 0 && Arrays.equals(plan.reference, 0, plan.reference.length, bytes, start, end)) {
      // several threads may store the same plan, or the plan of another class, in this place
      plans[slot] = plan;
    }
  }

  /// A place by the length of the name and its last two letters; -1 for long or unusual names.
  private static int slot(byte[] bytes, int position, int end) {
    if (end - position < 4 || bytes[position] != Tags.STRING_LATIN1 || bytes[position + 1] < 2) {
      return -1;
    }
    int last = position + 1 + bytes[position + 1];
    return last >= end
        ? -1
        : (31 * (31 * bytes[last] + bytes[last - 1]) + last - position) & (PLACES - 1);
  }
}
