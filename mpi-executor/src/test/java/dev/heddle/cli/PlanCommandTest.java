package dev.heddle.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What `plan` answers about a program: the class and the class path, or one sentence.
final class PlanCommandTest {
  @TempDir private Path folder = Path.of("");

  @AfterEach
  void clearProperties() {
    System.clearProperty("heddle.fanout");
    System.clearProperty("heddle.fanuot");
  }

  private static List<String> plan(String... args) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    assertEquals(Main.DONE, new Main(out, out).run(concat("plan", args)));
    List<String> words =
        new ArrayList<>(Arrays.asList(bytes.toString(StandardCharsets.UTF_8).split("\0", -1)));
    assertEquals("", words.removeLast(), "each word ends with a zero byte");
    assertEquals("end", words.removeLast());
    return words;
  }

  private static String[] concat(String first, String... others) {
    List<String> all = new ArrayList<>(List.of(first));
    all.addAll(List.of(others));
    return all.toArray(new String[0]);
  }

  private static void expectRefusal(String sentence, String... args) {
    assertEquals(List.of("refuse", sentence), plan(args));
  }

  /// A jar with these entries, and a manifest with these attributes, two words each; without a
  /// manifest where there are none.
  private Path jar(String name, List<String> attributes, String... entries) throws IOException {
    Path file = folder.resolve(name);
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    for (int i = 0; i < attributes.size(); i += 2) {
      manifest.getMainAttributes().putValue(attributes.get(i), attributes.get(i + 1));
    }
    try (JarOutputStream jar =
        attributes.isEmpty()
            ? new JarOutputStream(Files.newOutputStream(file))
            : new JarOutputStream(Files.newOutputStream(file), manifest)) {
      for (String entry : entries) {
        jar.putNextEntry(new JarEntry(entry));
        jar.closeEntry();
      }
    }
    return file;
  }

  private Path mainJar() throws IOException {
    return jar("program.jar", List.of("Main-Class", "org.example.Main"), "org/example/Main.class");
  }

  @Test
  void shouldFindTheClassAndThePathOfAJar() throws IOException {
    Path program = mainJar();
    Path own = jar("own.jar", List.of(), "a");
    Path queues = jar("jctools-core.jar", List.of(), "a");
    Path library = jar("lib.jar", List.of(), "a");
    assertEquals(
        List.of(
            "main", "org.example.Main", "path", own + ":" + queues + ":" + program + ":" + library),
        plan(
            "--main", program.toString(),
            "--first", own.toString(),
            "--queues", queues.toString(),
            "--libraries", library.toString()));
  }

  @Test
  void shouldLeaveAProgramItsOwnQueues() throws IOException {
    Path program = mainJar();
    Path queues = jar("jctools-core-1.jar", List.of(), "a");
    Path users = jar("jctools-core-2.jar", List.of(), "a");
    assertEquals(
        program + ":" + users,
        plan(
                "--main", program.toString(),
                "--class-path", users.toString(),
                "--queues", queues.toString())
            .getLast());
  }

  @Test
  void shouldNameTheJarsOfAWildcardInOrderAndEachOnce() throws IOException {
    Path b = jar("b.jar", List.of(), "org/example/Main.class");
    Path a = jar("A.JAR", List.of(), "a");
    Files.writeString(folder.resolve("notes.txt"), "");
    assertEquals(
        List.of("main", "org.example.Main", "path", b + ":" + a),
        plan("--main", "org.example.Main", "--class-path", b + ":" + folder + "/*"));
    assertEquals(
        a + ":" + b,
        plan("--main", "org.example.Main", "--class-path", folder + "/*:" + b).getLast());
  }

  @Test
  void shouldTakeAnEmptyEntryOfTheUserForTheWorkingDirectoryAndNoOther() throws IOException {
    Path program = mainJar();
    assertEquals(program.toString(), plan("--main", program.toString()).getLast());
    assertEquals(
        program + ":.:" + folder,
        plan("--main", program.toString(), "--class-path", ":" + folder).getLast());
  }

  @Test
  void shouldFindAClassInAFolderAndBehindAManifest() throws IOException {
    Path classes = Files.createDirectories(folder.resolve("classes/org/example"));
    Files.writeString(classes.resolve("Main.class"), "");
    assertEquals(
        "org.example.Main",
        plan("--main", "org.example.Main", "--class-path", folder + "/classes").get(1));
    jar("far.jar", List.of("Class-Path", "path%20ing.jar"), "org/example/Far.class");
    jar("path ing.jar", List.of("Class-Path", "far.jar no-such.jar"), "a");
    Path pathing = jar("pathing.jar", List.of("Class-Path", "path%20ing.jar"), "a");
    assertEquals(
        List.of("main", "org.example.Far", "path", pathing.toString()),
        plan("--main", "org.example.Far", "--class-path", pathing.toString()));
  }

  @Test
  void shouldSayWhereAClassIsNot() throws IOException {
    Path program = mainJar();
    expectRefusal(
        "there is no class org.example.Other in "
            + program
            + ": check its full name, and name its folder or jar with -cp",
        "--main",
        "org.example.Other",
        "--class-path",
        program.toString());
    assertEquals(
        List.of(
            "later",
            "there is no class org.example.Other in "
                + program
                + " or the class path: check its full name, and name its folder or jar with -cp"),
        plan("--main", "org.example.Other", "--program", program.toString()));
  }

  @Test
  void shouldRefuseWhatIsNoJar() throws IOException {
    Path program = mainJar();
    Path cut = folder.resolve("cut.jar");
    Files.write(cut, Arrays.copyOf(Files.readAllBytes(program), 20));
    String none = folder.resolve("none.jar").toString();
    expectRefusal("there is no file " + none + ": build it, or correct the path", "--main", none);
    expectRefusal(cut + " is not a jar (damaged or cut off): build it again", "--main", "" + cut);
    Path plain = jar("plain.jar", List.of(), "a");
    expectRefusal(
        plain
            + " has no Main-Class in its manifest: add it, or say -cp "
            + plain
            + " and the class's name",
        "--main",
        plain.toString());
    expectRefusal(
        "a:b.jar has a colon in its name, which separates the entries of a class path: reach it by"
            + " a link without one",
        "--main",
        "a:b.jar");
    expectRefusal(
        "the class path names " + cut + ", which is not a jar (damaged or cut off)",
        "--main",
        program.toString(),
        "--class-path",
        cut.toString());
    expectRefusal(
        "the class path names " + none + ", which does not exist",
        "--main",
        program.toString(),
        "--class-path",
        none);
    expectRefusal(
        "the class path names the folder " + none + ", which does not exist",
        "--main",
        program.toString(),
        "--class-path",
        none + "/*");
  }

  @Test
  @Timeout(60)
  void shouldNotWaitForAPipe() throws IOException, InterruptedException {
    Path pipe = folder.resolve("pipe.jar");
    assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());
    expectRefusal(pipe + " is not a jar (damaged or cut off): build it again", "--main", "" + pipe);
    expectRefusal(
        "the class path names " + pipe + ", which is not a jar (damaged or cut off)",
        "--main",
        mainJar().toString(),
        "--class-path",
        pipe.toString());
    assertFalse(new Archive(pipe.toFile()).has("a"));
    assertNull(new Archive(pipe.toFile()).mainClass());
  }

  @ParameterizedTest
  @ValueSource(strings = {"9x", "a-b", "a b", ""})
  void shouldRefuseWhatIsNoName(String name) {
    expectRefusal(
        "'" + name + "' is neither a .jar nor an example nor the name of a class", "--main", name);
  }

  @Test
  void shouldFindExamplesAndSayWhichThereAre() throws IOException {
    Path example = Files.createDirectories(folder.resolve("examples/one/target/lib"));
    Files.writeString(folder.resolve("examples/one/pom.xml"), "");
    Files.createDirectories(folder.resolve("examples/two"));
    Files.writeString(folder.resolve("examples/two/pom.xml"), "");
    Files.createDirectories(folder.resolve("examples/none"));
    String home = folder.toString();
    expectRefusal(
        "there is no example 'examples/three': there are examples/one examples/two",
        "--home",
        home,
        "--main",
        "examples/three");
    assertEquals(
        List.of("unbuilt", "examples/one/"), plan("--home", home, "--main", "examples/one/"));
    Path built =
        jar(
            "examples/one/target/heddle-example-one-1.jar",
            List.of("Main-Class", "One"),
            "One.class");
    jar("examples/one/target/heddle-example-one-1-sources.jar", List.of(), "One.java");
    Path library = jar("examples/one/target/lib/other.jar", List.of(), "a");
    jar("examples/one/target/lib/heddle-api-1.jar", List.of(), "a");
    assertTrue(Files.exists(example));
    assertEquals(
        List.of("main", "One", "path", built + ":" + library),
        plan("--home", home, "--main", "examples/one"));
  }

  @Test
  void shouldRefuseOptionsAsTheRunWould() throws IOException {
    Path program = mainJar();
    expectRefusal(
        "-Dheddle.fanout=1 is out of range: 2 to 4096",
        "--main",
        program.toString(),
        "--jvm-arg",
        "-Dheddle.fanout=1");
    System.clearProperty("heddle.fanout");
    expectRefusal(
        "unknown option: -Dheddle.fanuot=4; did you mean heddle.fanout?",
        "--main",
        program.toString(),
        "--jvm-arg",
        "-Dheddle.fanuot=4");
  }

  @Test
  void shouldRefuseALineThatTheCommandDoesNotWrite() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    assertEquals(Main.REFUSED, new Main(out, out).run("plan", "--man", "x"));
    assertEquals(Main.REFUSED, new Main(out, out).run("plan", "--main"));
    assertEquals(
        "heddle: unknown option '--man' of plan\nheddle: --main of plan is unknown, or needs a value\n",
        bytes.toString(StandardCharsets.UTF_8));
    assertEquals(':', File.pathSeparatorChar);
  }
}
