package dev.heddle.codec;

import dev.heddle.codec.form.Tags;
import java.io.Serial;
import org.jspecify.annotations.Nullable;

/// An object in a value can't be sent: the object, the reason, and the path to it.
///
/// Shape: without a stack; thrown and caught inside the room only. The path to the object is built
/// as the writer's calls return, innermost step first, so that a value that can be sent pays
/// nothing for it. Both ends of a long path are kept. Threading: one encode, one thread.
final class Refusal extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  /// Steps kept at each end of the path.
  private static final int STEPS_MAX = 8;

  /// The object that can't be sent; null where the value as a whole can't.
  private final transient @Nullable Object object;

  /// Half a sentence, after `can't be sent: `; null where the class of the object tells the reason
  /// ([dev.heddle.codec.form.RemedySentences]).
  private final @Nullable String advice;

  private final transient String[] inner = new String[STEPS_MAX];
  private final transient String[] outer = new String[STEPS_MAX];
  private int steps;

  private Refusal(@Nullable Object object, @Nullable String advice) {
    super(advice, null, false, false);
    this.object = object;
    this.advice = advice;
  }

  /// `object` can't be sent because of its class.
  static Refusal of(Object object) {
    return new Refusal(object, null);
  }

  /// `object` can't be sent; `advice` says why, and what to do.
  static Refusal of(Object object, String advice) {
    return new Refusal(object, advice);
  }

  /// The value as a whole is too large.
  static Refusal tooLarge(long bytesMax) {
    return new Refusal(
        null,
        "it has more than "
            + bytesMax
            + " bytes when encoded; at most "
            + bytesMax
            + " can be sent: "
            + (bytesMax == ByteOutput.ARRAY_BYTES_MAX
                ? "split it, or send a file's name"
                : "raise valueBytesMax, or split it"));
  }

  /// The value as a whole is too deep.
  static Refusal tooDeep() {
    return new Refusal(
        null,
        "it is nested deeper than "
            + Tags.DEEP_MAX
            + " levels: hold the parts in one list, and let them name each other by number");
  }

  /// Adds the next step outwards, such as `Sample.reader` or `ArrayList[3]`.
  Refusal at(String step) {
    if (steps < STEPS_MAX) {
      inner[steps] = step;
    } else {
      outer[steps % STEPS_MAX] = step;
    }
    steps++;
    return this;
  }

  @Nullable Object object() {
    return object;
  }

  @Nullable String advice() {
    return advice;
  }

  /// The path from the value to the object, such as `ArrayList[3] -> Sample.reader -> `; empty for
  /// the value itself.
  String way() {
    StringBuilder way = new StringBuilder();
    if (object == null) {
      return "";
    }
    int left = steps - 1;
    for (; left >= STEPS_MAX && steps - left <= STEPS_MAX; left--) {
      way.append(outer[left % STEPS_MAX]).append(" -> ");
    }
    if (left >= STEPS_MAX) {
      way.append("... ").append(left - STEPS_MAX + 1).append(" more ... -> ");
      left = STEPS_MAX - 1;
    }
    for (; left >= 0; left--) {
      way.append(inner[left]).append(" -> ");
    }
    return way.toString();
  }
}
