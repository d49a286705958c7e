package dev.heddle.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Classes and rooms stay as small as the house plan says.
class HouseSizeTest {
  private static final int CLASS_LINES_MAX = 500;
  private static final int CLASS_LINES_MEDIAN_MAX = 120;
  private static final int ROOM_CLASSES_MAX = 30;

  private static final List<Path> MODULES =
      List.of(
          Path.of("..", "java-api"),
          Path.of("..", "mpi-executor"),
          Path.of("..", "jmh-benchmarks"));

  /// Written by a generator: a method for each number of arguments.
  private static final Set<String> GENERATED = Set.of("SubmitOverloads.java", "WithOverloads.java");

  /// What users import: the names are a promise.
  private static final String API = Path.of("dev", "heddle").toString();

  private static List<Path> sources(List<Path> modules) throws IOException {
    List<Path> sources = new ArrayList<>();
    for (Path module : modules) {
      Path root = module.resolve(Path.of("src", "main", "java"));
      try (Stream<Path> files = Files.walk(root)) {
        files
            .filter(file -> file.toString().endsWith(".java"))
            .filter(file -> !file.endsWith("package-info.java"))
            .filter(file -> !file.endsWith("module-info.java"))
            .forEach(sources::add);
      }
    }
    return sources;
  }

  private static int lines(Path source) throws IOException {
    try (Stream<String> lines = Files.lines(source)) {
      return (int) lines.count();
    }
  }

  private static List<String> tooLong(List<Path> sources) throws IOException {
    List<String> found = new ArrayList<>();
    for (Path source : sources) {
      String name = source.getFileName().toString();
      if (!GENERATED.contains(name) && lines(source) > CLASS_LINES_MAX) {
        found.add(name + " has " + lines(source) + " lines");
      }
    }
    return found;
  }

  private static int median(List<Path> sources) throws IOException {
    List<Integer> lines = new ArrayList<>();
    for (Path source : sources) {
      lines.add(lines(source));
    }
    Collections.sort(lines);
    return lines.get(lines.size() / 2);
  }

  private static List<String> tooMany(List<Path> sources) {
    Map<String, Integer> classes = new TreeMap<>();
    for (Path source : sources) {
      classes.merge(String.valueOf(source.getParent()), 1, Integer::sum);
    }
    return classes.entrySet().stream()
        .filter(room -> room.getValue() > ROOM_CLASSES_MAX && !room.getKey().endsWith(API))
        .map(room -> room.getKey() + " has " + room.getValue() + " classes")
        .toList();
  }

  @Test
  void shouldHaveNoClassThatIsTooLong() throws IOException {
    assertEquals(List.of(), tooLong(sources(MODULES)), "cut them by what they are about");
  }

  @Test
  void shouldHaveSmallClasses() throws IOException {
    List<Path> sources = sources(MODULES);
    assertTrue(sources.size() > 400, "classes=" + sources.size());
    assertTrue(median(sources) < CLASS_LINES_MEDIAN_MAX, "median=" + median(sources));
  }

  @Test
  void shouldHaveNoRoomThatIsTooLarge() throws IOException {
    assertEquals(List.of(), tooMany(sources(MODULES)), "which rooms are hidden in it?");
  }

  @Test
  void shouldSeeWhatIsTooLarge(@TempDir Path folder) throws IOException {
    Path room = folder.resolve(Path.of("src", "main", "java", "dev", "heddle", "planted"));
    Files.createDirectories(room);
    List<String> right = Collections.nCopies(CLASS_LINES_MAX, "//");
    for (int i = 0; i < ROOM_CLASSES_MAX; i++) {
      Files.write(room.resolve("Planted" + i + ".java"), right);
    }
    Files.writeString(room.resolve("package-info.java"), "package dev.heddle.planted;\n");
    List<Path> sources = sources(List.of(folder));
    assertEquals(List.of(), tooLong(sources));
    assertEquals(List.of(), tooMany(sources));
    assertEquals(CLASS_LINES_MAX, median(sources));
    Files.write(room.resolve("Planted.java"), Collections.nCopies(CLASS_LINES_MAX + 1, "//"));
    sources = sources(List.of(folder));
    assertEquals(List.of("Planted.java has 501 lines"), tooLong(sources));
    assertEquals(1, tooMany(sources).size());
  }
}
