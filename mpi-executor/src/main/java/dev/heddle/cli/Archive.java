package dev.heddle.cli;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;

/// A jar, or a zip without a manifest, as far as a plan looks into it.
///
/// Shape: the file is opened for each question, and closed again. Threading: any. Errors: a file
/// that is no archive has nothing in it; only a regular file is opened, since a pipe would never
/// end.
final class Archive {
  private final File file;

  Archive(File file) {
    this.file = file;
  }

  /// Whether the file is a whole archive.
  boolean isWhole() {
    if (!file.isFile()) {
      return false;
    }
    try (ZipFile _ = new ZipFile(file)) {
      return true;
    } catch (IOException _) {
      return false;
    }
  }

  /// Whether the archive has an entry of this name.
  boolean has(String entry) {
    if (!file.isFile()) {
      return false;
    }
    try (ZipFile zip = new ZipFile(file)) {
      return zip.getEntry(entry) != null;
    } catch (IOException _) {
      return false;
    }
  }

  /// The class that `java -jar` would run, or null where the manifest names none.
  @Nullable String mainClass() {
    return attribute(Attributes.Name.MAIN_CLASS);
  }

  /// The files that the manifest adds to the class path, each relative to the jar; in its order
  /// (JAR File Specification, *Main Attributes*, Class-Path).
  File[] classPath() {
    String words = attribute(Attributes.Name.CLASS_PATH);
    if (words == null || words.isBlank()) {
      return new File[0];
    }
    String[] urls = words.strip().split(" +", -1);
    File[] files = new File[urls.length];
    for (int i = 0; i < urls.length; i++) {
      files[i] = resolve(urls[i]);
    }
    return files;
  }

  private File resolve(String url) {
    try {
      URI found = file.getAbsoluteFile().toURI().resolve(url);
      return "file".equals(found.getScheme()) ? new File(found) : new File(url);
    } catch (IllegalArgumentException _) {
      return new File(file.getAbsoluteFile().getParentFile(), url);
    }
  }

  private @Nullable String attribute(Attributes.Name name) {
    if (!file.isFile()) {
      return null;
    }
    try (JarFile jar = new JarFile(file, false)) {
      Manifest manifest = jar.getManifest();
      return manifest == null ? null : manifest.getMainAttributes().getValue(name);
    } catch (IOException _) {
      return null;
    }
  }
}
