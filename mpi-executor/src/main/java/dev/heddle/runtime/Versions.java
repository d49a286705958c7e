package dev.heddle.runtime;

/// The version of what is running.
public final class Versions {
  private Versions() {}

  /// The version of Heddle on this rank's class path, from its jar; `dev` for a folder of classes.
  public static String heddle() {
    String version = Versions.class.getPackage().getImplementationVersion();
    return version == null ? "dev" : version;
  }
}
