package dev.heddle.codec.form;

import org.jspecify.annotations.Nullable;

/// Short names for paths.
public final class Naming {
  private static final int TEXT_CHARS_MAX = 40;

  private Naming() {}

  /// A class without its package: `Sample`, `Map1`, `Main$1`.
  public static String of(Class<?> type) {
    String simple = type.getSimpleName();
    return simple.isEmpty()
        ? type.getName().substring(type.getName().lastIndexOf('.') + 1)
        : simple;
  }

  /// A map's key in a few words, found without running the user's code.
  public static String key(@Nullable Object key) {
    return switch (key) {
      case null -> "null";
      case String s ->
          s.length() <= TEXT_CHARS_MAX
              ? "\"" + s + "\""
              : "\"" + s.substring(0, TEXT_CHARS_MAX) + "...\"";
      case Number n when n.getClass().getPackageName().equals("java.lang") -> n.toString();
      case Enum<?> e -> e.name();
      default -> "a " + of(key.getClass());
    };
  }
}
