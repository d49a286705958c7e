package dev.heddle.documents;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Holds all Markdown pages of the repository to their form: links lead somewhere, lines are short.
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class DocumentsTest {
  private static final Path HOME = Path.of("..").toAbsolutePath().normalize();

  /// Longest line of prose, in characters; tables and code may be longer.
  private static final int LINE_LENGTH_MAX = 120;

  /// Folders that hold no page of ours, whatever lies there.
  private static final Set<String> SKIPPED = Set.of("target", "build", "heddle-runs", "shared");

  private static final Pattern LINK = Pattern.compile("]\\(([^)\\s]+)\\)");
  private static final Pattern ELSEWHERE = Pattern.compile("[a-z]+:.*");
  private static final Pattern CODE_SPAN = Pattern.compile("`[^`]*`");
  private static final Pattern CLASS =
      Pattern.compile("`((?:[a-z]+\\.)+)([A-Z]\\w+)(?:[.#][\\w.()]+)?`");
  private static final Pattern HEADING = Pattern.compile("#{1,6} +(.+)");

  /// A source of ours: its folders from the room on, the room, the class.
  private static final Pattern SOURCE =
      Pattern.compile("src/main/java/dev/heddle/(([a-z]+)(?:/[a-z]+)*)/([A-Z]\\w+)\\.java$");

  private static final Pattern NAMED = Pattern.compile("(?<![\\w./-])docs/[\\w/.-]*[\\w/]");

  /// Every file below `folder` with one of these endings.
  private static List<Path> files(Path folder, String... endings) throws IOException {
    List<Path> found = new ArrayList<>();
    try (Stream<Path> entries = Files.list(folder)) {
      for (Path entry : entries.sorted().toList()) {
        String name = entry.getFileName().toString();
        if (name.startsWith(".") || SKIPPED.contains(name)) {
          continue;
        }
        if (Files.isDirectory(entry)) {
          found.addAll(files(entry, endings));
        } else if (Stream.of(endings).anyMatch(name::endsWith)) {
          found.add(entry);
        }
      }
    }
    return found;
  }

  /// The lines of a page, of which those in fenced or indented blocks are empty.
  private static List<String> prose(Path page) throws IOException {
    List<String> lines = new ArrayList<>();
    boolean isFenced = false;
    boolean mayIndent = true; // an indented block begins after a blank line
    for (String line : Files.readAllLines(page)) {
      boolean isFence = line.strip().startsWith("```");
      boolean isIndented = mayIndent && line.startsWith("    ");
      lines.add(isFenced || isFence || isIndented ? "" : line);
      isFenced ^= isFence;
      mayIndent = isIndented || line.isBlank();
    }
    return lines;
  }

  private static List<String> longLines(Path page) throws IOException {
    List<String> found = new ArrayList<>();
    List<String> lines = prose(page);
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i);
      int length = line.codePointCount(0, line.length());
      if (length > LINE_LENGTH_MAX && !line.startsWith("|")) {
        found.add(page + ":" + (i + 1) + " has " + length + " characters");
      }
    }
    return found;
  }

  private static List<String> links(Path page) throws IOException {
    String text = CODE_SPAN.matcher(String.join("\n", prose(page))).replaceAll("``");
    return LINK.matcher(text)
        .results()
        .map(link -> link.group(1))
        .filter(link -> !ELSEWHERE.matcher(link).matches())
        .toList();
  }

  private static List<String> brokenLinks(Path page) throws IOException {
    List<String> broken = new ArrayList<>();
    for (String link : links(page)) {
      int hash = link.indexOf('#');
      String file = hash < 0 ? link : link.substring(0, hash);
      Path target = file.isEmpty() ? page : page.resolveSibling(file);
      if (!Files.exists(target)
          || (hash >= 0 && !anchors(target).contains(link.substring(hash + 1)))) {
        broken.add(page + " links to " + link);
      }
    }
    return broken;
  }

  /// Names of the headings of a page, as GitHub makes them.
  private static Set<String> anchors(Path page) throws IOException {
    Set<String> anchors = new TreeSet<>();
    for (String line : prose(page)) {
      Matcher heading = HEADING.matcher(line);
      if (heading.matches()) {
        anchors.add(
            heading
                .group(1)
                .toLowerCase(Locale.ROOT)
                .replaceAll("[^\\p{L}\\p{N}_ -]", "")
                .replace(' ', '-'));
      }
    }
    return anchors;
  }

  @Test
  void shouldLinkToPlacesThatExist() throws IOException {
    List<String> broken = new ArrayList<>();
    int links = 0;
    for (Path page : files(HOME, ".md")) {
      links += links(page).size();
      broken.addAll(brokenLinks(page));
    }
    assertEquals(List.of(), broken);
    assertTrue(links >= 50, links + " links in all pages");
  }

  @Test
  void shouldNameClassesWithTheirRooms() throws IOException {
    Set<String> classes = new TreeSet<>();
    Set<String> rooms = new TreeSet<>();
    for (Path file : files(HOME, ".java")) {
      Matcher path = SOURCE.matcher(file.toString());
      if (path.find()) {
        classes.add(path.group(1) + "/" + path.group(3));
        rooms.add(path.group(2));
      }
    }
    List<String> unknown = new ArrayList<>();
    int named = 0;
    for (Path page : files(HOME.resolve("docs"), ".md")) {
      Matcher name = CLASS.matcher(String.join("\n", prose(page)));
      while (name.find()) {
        String folder = name.group(1).replace('.', '/');
        if (rooms.contains(folder.substring(0, folder.indexOf('/')))) {
          named++;
          if (!classes.contains(folder + name.group(2))) {
            unknown.add(page + " names " + name.group());
          }
        }
      }
    }
    assertEquals(List.of(), unknown);
    assertTrue(named >= 20, named + " classes are named with their rooms");
  }

  @Test
  void shouldHaveShortLines() throws IOException {
    List<String> found = new ArrayList<>();
    for (Path page : files(HOME, ".md")) {
      found.addAll(longLines(page));
    }
    assertEquals(List.of(), found);
  }

  @Test
  void shouldListEveryPageInTheIndex() throws IOException {
    Path docs = HOME.resolve("docs");
    Path index = docs.resolve("README.md");
    Set<Path> expected = new TreeSet<>(Set.of(docs.resolve("builders/adr")));
    for (Path page : files(docs, ".md")) {
      if (!page.startsWith(docs.resolve("builders/adr")) && !page.equals(index)) {
        expected.add(page);
      }
    }
    Set<Path> listed = new TreeSet<>();
    for (String link : links(index)) {
      listed.add(index.resolveSibling(link.replaceAll("#.*", "")).normalize());
    }
    expected.removeAll(listed);
    assertEquals(Set.of(), expected);
  }

  /// What a source says of a page helps only as long as the page is there.
  @Test
  void shouldBeNamedBySourcesAsTheyAre() throws IOException {
    List<String> wrong = new ArrayList<>();
    Set<String> names = new TreeSet<>();
    for (Path source : files(HOME, ".java", ".sh", ".md", ".tsv", ".template")) {
      Matcher named = NAMED.matcher(Files.readString(source));
      while (named.find()) {
        names.add(named.group());
        if (!isPage(named.group())) {
          wrong.add(source + " names " + named.group());
        }
      }
    }
    assertEquals(List.of(), wrong);
    assertTrue(names.contains("docs/targets.json"), "" + names);
  }

  /// Whether `name` is a file, a folder, or the number of an ADR.
  private static boolean isPage(String name) throws IOException {
    Path path = HOME.resolve(name);
    if (Files.exists(path)) {
      return true;
    }
    if (!name.matches("docs/builders/adr/\\d{4}")) {
      return false;
    }
    try (Stream<Path> records = Files.list(path.resolveSibling(""))) {
      return records.anyMatch(record -> record.toString().startsWith(path + "-"));
    }
  }

  @Test
  void shouldSeeWhatItForbids(@TempDir Path folder) throws IOException {
    Path page = folder.resolve("page.md");
    String wide = "x".repeat(LINE_LENGTH_MAX + 1);
    Files.write(
        page,
        List.of(
            "# A page, and more",
            "[there](page.md#a-page-and-more) [gone](gone.md) [no heading](#no)",
            "`[code](is-no-link.md)` [elsewhere](https://heddle.dev/)",
            wide,
            "| " + wide,
            "",
            "    " + wide,
            "```",
            wide,
            "[code](is-no-link.md)",
            "```",
            "- " + wide,
            "    " + wide));
    assertEquals(List.of(page + " links to gone.md", page + " links to #no"), brokenLinks(page));
    assertEquals(
        List.of(
            page + ":4 has 121 characters",
            page + ":12 has 123 characters",
            page + ":13 has 125 characters"),
        longLines(page));
  }
}
