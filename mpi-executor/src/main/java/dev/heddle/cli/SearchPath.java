package dev.heddle.cli;

import java.io.File;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// A class path as `java` takes it: entries between colons, of which one that ends in `*` stands
/// for the jars of a folder.
///
/// Shape: entries keep the form in which they were written, so that they can be shown and handed
/// on. Threading: any.
final class SearchPath {
  private static final String WILDCARD = "*";

  private final List<String> entries;

  private SearchPath(List<String> entries) {
    this.entries = entries;
  }

  /// The entries of `text`; none where it is empty. An empty entry among others is the working
  /// directory, as `java` has it, and is written as a dot.
  static SearchPath of(String text) {
    List<String> entries = new ArrayList<>();
    if (!text.isEmpty()) {
      for (String entry : text.split(File.pathSeparator, -1)) {
        entries.add(entry.isEmpty() ? "." : entry);
      }
    }
    return new SearchPath(entries);
  }

  /// These entries and those of `others` behind them.
  SearchPath and(SearchPath others) {
    List<String> all = new ArrayList<>(entries);
    all.addAll(others.entries);
    return new SearchPath(all);
  }

  boolean isEmpty() {
    return entries.isEmpty();
  }

  /// Errors: [Refusal] for the first entry that doesn't exist, can't be read, or is no jar.
  void check() {
    for (String entry : entries) {
      if (entry.equals(WILDCARD) || entry.endsWith(File.separator + WILDCARD)) {
        String folder = entry.substring(0, entry.length() - WILDCARD.length());
        Refusal.when(
            !new File(folder.isEmpty() ? "." : folder).isDirectory(),
            "the class path names the folder "
                + (folder.isEmpty() ? "." : folder.substring(0, folder.length() - 1))
                + ", which does not exist");
        continue;
      }
      File file = new File(entry);
      Refusal.when(!file.exists(), "the class path names " + entry + ", which does not exist");
      Refusal.when(
          !file.canRead(),
          "the class path names " + entry + ", which cannot be read: check its permissions");
      Refusal.when(
          !file.isDirectory() && !new Archive(file).isWhole(),
          "the class path names " + entry + ", which is not a jar (damaged or cut off)");
    }
  }

  /// The same with the jars of wildcards by name, in the order of their names: `java` takes them as
  /// the folder lists them, which differs from host to host. What stands there twice stays where it
  /// is first.
  SearchPath expanded() {
    Set<String> seen = new HashSet<>();
    List<String> expanded = new ArrayList<>();
    for (String entry : entries) {
      if (entry.equals(WILDCARD) || entry.endsWith(File.separator + WILDCARD)) {
        String folder = entry.substring(0, entry.length() - WILDCARD.length());
        for (String jar : jars(folder)) {
          if (seen.add(folder + jar)) {
            expanded.add(folder + jar);
          }
        }
      } else if (seen.add(entry)) {
        expanded.add(entry);
      }
    }
    return new SearchPath(expanded);
  }

  private static String[] jars(String folder) {
    String[] names = new File(folder.isEmpty() ? "." : folder).list();
    if (names == null) {
      return new String[0];
    }
    List<String> jars = new ArrayList<>();
    for (String name : names) {
      if (name.length() > 4
          && name.charAt(0) != '.'
          && name.regionMatches(true, name.length() - 4, ".jar", 0, 4)) {
        jars.add(name);
      }
    }
    String[] sorted = jars.toArray(new String[0]);
    Arrays.sort(sorted);
    return sorted;
  }

  /// Whether a class is in one of the folders and jars, or in what the manifests of these jars add;
  /// the entries have no wildcards.
  boolean holds(String className) {
    String name = className.replace('.', '/') + ".class";
    Set<File> seen = new HashSet<>();
    ArrayDeque<File> open = new ArrayDeque<>();
    for (String entry : entries) {
      open.add(new File(entry));
    }
    for (File next = open.poll(); next != null; next = open.poll()) {
      if (!seen.add(next.getAbsoluteFile())) {
        continue;
      }
      if (next.isDirectory()) {
        if (new File(next, name).isFile()) {
          return true;
        }
        continue;
      }
      Archive archive = new Archive(next);
      if (archive.has(name)) {
        return true;
      }
      open.addAll(Arrays.asList(archive.classPath()));
    }
    return false;
  }

  /// With colons in between.
  @Override
  public String toString() {
    return String.join(File.pathSeparator, entries);
  }
}
