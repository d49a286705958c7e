package dev.heddle.runtime.launch;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/// A fingerprint of a class path, by which hosts find out that their class paths differ.
///
/// Shape: an entry per jar or folder, in order. It has the file name without the path, since hosts
/// may mount differently, the length, and a CRC32C. Of a folder only the class files count, by
/// relative path and content: the run may write into the folder, such as the working folder, which
/// Open MPI's launcher adds. Paths that do not exist, folders without classes, and folders with
/// more than [#FILES_MAX] files are no entries. The native part is not on the class path.
///
/// CRC32C and length are used rather than SHA-256: the check is about stale copies, not about
/// forgers, and the JVM has CRC32C as an instruction from its first moment. 9.6 MB in 17 jars take
/// 13 ms of a core in a new JVM, and 50 to 100 ms with SHA-256.
///
/// @param entries jars and folders, in the order of the class path
record ClassPath(List<Entry> entries) {
  private static final int BUFFER_BYTES = 1 << 16;

  /// Listing this many files takes 0.1 s on a local disk, and seconds on a parallel file system.
  private static final int FILES_MAX = 10_000;

  private static final String UNREADABLE = "unreadable";
  private static final String FOLDER_SUFFIX = ".class";

  /// One jar or folder.
  ///
  /// @param name last part of the entry's path
  /// @param bytes length of all that was read
  /// @param crc CRC32C of what was read, 8 hex digits; `unreadable` where reading failed
  record Entry(String name, long bytes, String crc) {
    String shown() {
      return name + " (" + bytes + " bytes, crc " + crc + ")";
    }
  }

  ClassPath {
    entries = List.copyOf(entries);
  }

  /// A task that reads this process's class path and module path, for a thread of its own while MPI
  /// starts.
  static FutureTask<ClassPath> reading() {
    String modules = System.getProperty("jdk.module.path");
    String path =
        System.getProperty("java.class.path", "")
            + (modules == null ? "" : File.pathSeparator + modules);
    return new FutureTask<>(() -> of(path));
  }

  /// Reads all entries of `path`.
  static ClassPath of(String path) {
    List<Entry> entries = new ArrayList<>();
    for (String text : path.split(File.pathSeparator, -1)) {
      Path file;
      try {
        file = Path.of(text).toRealPath();
      } catch (IOException | InvalidPathException _) {
        continue;
      }
      String name = String.valueOf(Path.of(text).toAbsolutePath().normalize().getFileName());
      Entry entry = Files.isDirectory(file) ? folder(name + "/", file) : file(name, file);
      if (entry != null) {
        entries.add(entry);
      }
    }
    return new ClassPath(entries);
  }

  /// One line per entry.
  String toText() {
    StringBuilder text = new StringBuilder();
    for (Entry entry : entries) {
      text.append(entry.bytes).append(' ').append(entry.crc).append(' ').append(entry.name);
      text.append('\n');
    }
    return text.toString();
  }

  static ClassPath fromText(String text) {
    List<Entry> entries = new ArrayList<>();
    text.lines()
        .forEach(
            line -> {
              String[] parts = line.split(" ", 3);
              entries.add(new Entry(parts[2], Long.parseLong(parts[0]), parts[1]));
            });
    return new ClassPath(entries);
  }

  /// What differs between the class paths of two ranks, in one sentence that names both ranks; null
  /// where nothing differs.
  ///
  /// @param us name of the rank of this class path, such as `rank 0 on alpha`
  /// @param them name of the rank of `other`, such as `rank 12 on beta`
  @Nullable String difference(String us, ClassPath other, String them) {
    if (entries.equals(other.entries)) {
      return null;
    }
    for (Entry ours : entries) {
      List<Entry> theirs = other.named(ours.name);
      if (theirs.isEmpty()) {
        return us + " has " + ours.shown() + ", which " + them + " lacks";
      }
      if (!theirs.contains(ours)) {
        return us + " has " + ours.shown() + " and " + them + " has " + theirs.getFirst().shown();
      }
    }
    for (Entry theirs : other.entries) {
      if (!entries.contains(theirs)) {
        return them + " has " + theirs.shown() + ", which " + us + " lacks";
      }
    }
    int at = 0;
    while (at < Math.min(entries.size(), other.entries.size())
        && entries.get(at).equals(other.entries.get(at))) {
      at++;
    }
    return "they have the same jars in another order: entry "
        + (at + 1)
        + " is "
        + nameAt(at)
        + " for "
        + us
        + " and "
        + other.nameAt(at)
        + " for "
        + them
        + " (a wildcard takes them as the folder lists them: name the jars)";
  }

  private List<Entry> named(String name) {
    return entries.stream().filter(entry -> entry.name.equals(name)).toList();
  }

  private String nameAt(int index) {
    return index < entries.size() ? entries.get(index).name : "missing";
  }

  private static Entry file(String name, Path file) {
    CRC32C crc = new CRC32C();
    try {
      long bytes = read(file, crc, new byte[BUFFER_BYTES]);
      return new Entry(name, bytes, HexFormat.of().toHexDigits((int) crc.getValue()));
    } catch (IOException _) {
      return new Entry(name, 0, UNREADABLE);
    }
  }

  private static @Nullable Entry folder(String name, Path folder) {
    CRC32C crc = new CRC32C();
    byte[] buffer = new byte[BUFFER_BYTES];
    long bytes = 0;
    try (Stream<Path> below = Files.walk(folder)) {
      List<Path> files = below.limit(FILES_MAX + 1L).toList();
      List<String> paths =
          files.stream()
              .filter(file -> file.toString().endsWith(FOLDER_SUFFIX))
              .map(file -> folder.relativize(file).toString())
              .sorted()
              .toList();
      if (paths.isEmpty() || files.size() > FILES_MAX) {
        return null;
      }
      for (String path : paths) {
        crc.update(path.getBytes(StandardCharsets.UTF_8));
        bytes += read(folder.resolve(path), crc, buffer);
      }
      return new Entry(name, bytes, HexFormat.of().toHexDigits((int) crc.getValue()));
    } catch (IOException | UncheckedIOException _) {
      return new Entry(name, 0, UNREADABLE);
    }
  }

  private static long read(Path file, CRC32C crc, byte[] buffer) throws IOException {
    long bytes = 0;
    try (InputStream in = Files.newInputStream(file)) {
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        crc.update(buffer, 0, count);
        bytes += count;
      }
    }
    return bytes;
  }
}
