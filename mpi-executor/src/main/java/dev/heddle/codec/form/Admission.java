package dev.heddle.codec.form;

import java.util.List;
import java.util.Set;

/// Says by name which classes may travel: JDK values, and classes of the configured packages.
///
/// Shape: a package admits itself and its sub-packages; the entry `""` admits the unnamed package
/// alone. Threading: immutable.
public final class Admission {
  private static final Set<String> JDK_NAMES = JdkTypes.names();

  /// Heddle's own values.
  private static final Set<String> OWN_VALUES = Set.of("dev.heddle.WorkerLocal");

  private final List<String> packages;

  public Admission(List<String> packages) {
    this.packages = packages.stream().map(String::strip).distinct().toList();
  }

  /// Whether instances of `className` may travel; array names, as `Class.getName()` gives them, are
  /// judged by their component.
  public boolean admits(String className) {
    String name = className;
    if (name.startsWith("[")) {
      name = name.substring(name.lastIndexOf('[') + 1);
      if (!name.startsWith("L")) {
        return name.length() == 1;
      }
      name = name.substring(1, name.endsWith(";") ? name.length() - 1 : name.length());
    }
    return JDK_NAMES.contains(name)
        || OWN_VALUES.contains(name)
        || name.startsWith("java.time.")
        || admitsPackageOf(name);
  }

  /// Whether the class lies in a configured package.
  public boolean admitsPackageOf(String className) {
    int dot = className.lastIndexOf('.');
    String packageName = dot < 0 ? "" : className.substring(0, dot);
    for (String admitted : packages) {
      if (packageName.equals(admitted)
          || (!admitted.isEmpty()
              && packageName.length() > admitted.length()
              && packageName.charAt(admitted.length()) == '.'
              && packageName.startsWith(admitted))) {
        return true;
      }
    }
    return false;
  }

  /// The remedy for a class that is not below the configured packages, as the end of a sentence.
  public String notAdmitted(String className) {
    int dot = className.lastIndexOf('.');
    return " is not below serializablePackages="
        + this
        + "; add "
        + (dot < 0 ? "the unnamed package (\"\")" : className.substring(0, dot))
        + " to heddle.serializablePackages";
  }

  /// The configured packages, for messages.
  @Override
  public String toString() {
    return packages.isEmpty()
        ? "none"
        : packages.stream().map(p -> p.isEmpty() ? "(unnamed)" : p).toList().toString();
  }
}
