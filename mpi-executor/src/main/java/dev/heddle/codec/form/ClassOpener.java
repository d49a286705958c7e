package dev.heddle.codec.form;

import dev.heddle.TaskSerializationException;
import java.lang.invoke.MethodHandles;

/// Opens user classes: full-power lookups, and the sentence for a module that refuses them.
public final class ClassOpener {
  private static final MethodHandles.Lookup OWN = MethodHandles.lookup();

  private ClassOpener() {}

  /// A lookup with the rights of `type` itself.
  ///
  /// Errors: a [TaskSerializationException] names the `opens` to write.
  public static MethodHandles.Lookup into(Class<?> type, String what) {
    try {
      // A lookup into a module needs a read edge from Heddle to it; that module need not read
      // Heddle.
      ClassOpener.class.getModule().addReads(type.getModule());
      return MethodHandles.privateLookupIn(type, OWN);
    } catch (IllegalAccessException e) {
      throw new TaskSerializationException(what + ": " + remedy(type), e);
    }
  }

  /// Whether Heddle may reach into `type`.
  public static boolean isOpen(Class<?> type) {
    return type.getModule().isOpen(type.getPackageName(), ClassOpener.class.getModule());
  }

  /// The declaration by which Heddle may reach into `type`.
  public static String remedy(Class<?> type) {
    String module = type.getModule().getName();
    String packageName = type.getPackageName();
    String own = ClassOpener.class.getModule().getName();
    return "module "
        + module
        + " doesn't open package "
        + packageName
        + " to Heddle: write \"opens "
        + packageName
        + (own == null ? "" : " to " + own)
        + ";\" in its module-info.java, or start the JVM with --add-opens="
        + module
        + "/"
        + packageName
        + "="
        + (own == null ? "ALL-UNNAMED" : own);
  }
}
