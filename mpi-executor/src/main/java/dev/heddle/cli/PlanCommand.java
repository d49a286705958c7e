package dev.heddle.cli;

import dev.heddle.HeddleConfig;
import java.io.File;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.List;

/// `plan`: checks what a run is given, once, and says which class runs on which class path.
///
/// Shape: the answer is words that each end with a zero byte, in pairs of name and value: `refuse`
/// with a sentence, or `later` with one where a build of Heddle may mend it, or `unbuilt` with an
/// example; else `main` with the class and `path` with the class path. The word `end` stands last.
/// Threading: the calling thread, of a JVM of its own: properties of the run are set as its
/// properties. Errors: [IllegalArgumentException] where the line is none that the `heddle` command
/// writes.
final class PlanCommand {
  private static final String PROPERTY = "-D";

  private String main = "";
  private String home = ".";
  private String userPath = "";
  private String programPath = "";
  private String first = "";
  private String queues = "";
  private String libraries = "";
  private final List<String> given = new ArrayList<>();
  private final List<String> jvmArguments = new ArrayList<>();

  /// Reads pairs of option and value: `--main` as the user wrote it, `--class-path` the user's,
  /// `--home` Heddle's folder, `--program` the jars of one of Heddle's own programs, `--first` what
  /// stands first, `--queues` what follows it unless the user brings it, `--libraries` what stands
  /// last, `--given VARIABLE=--option` where an option of the command is in the environment,
  /// `--jvm-arg` an argument for the JVM of the run.
  PlanCommand(List<String> args) {
    for (int i = 0; i < args.size(); i += 2) {
      String name = args.get(i);
      if (i + 1 == args.size()) {
        throw new IllegalArgumentException(name + " of plan is unknown, or needs a value");
      }
      String value = args.get(i + 1);
      switch (name) {
        case "--main" -> main = value;
        case "--home" -> home = value;
        case "--class-path" -> userPath = value;
        case "--program" -> programPath = value;
        case "--first" -> first = value;
        case "--queues" -> queues = value;
        case "--libraries" -> libraries = value;
        case "--given" -> given.add(value);
        case "--jvm-arg" -> jvmArguments.add(value);
        default -> throw new IllegalArgumentException("unknown option '" + name + "' of plan");
      }
    }
  }

  /// Prints the answer to `out`, in the charset in which this JVM was given its arguments.
  void run(PrintStream out) {
    List<String> answer = new ArrayList<>();
    try {
      checkOptions();
      SearchPath user = SearchPath.of(userPath);
      user.check();
      plan(user, answer);
    } catch (Refusal refusal) {
      answer.add(refusal.isForNow() ? "later" : "refuse");
      answer.add(String.valueOf(refusal.getMessage()));
    }
    answer.add("end");
    Charset charset = Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8"));
    for (String word : answer) {
      byte[] bytes = word.getBytes(charset);
      out.write(bytes, 0, bytes.length);
      out.write(0);
    }
    out.flush();
  }

  // ---- options

  /// The one truth about options is what reads them in the run.
  private void checkOptions() {
    for (String argument : jvmArguments) {
      if (argument.startsWith(PROPERTY + "heddle.")) {
        int equals = argument.indexOf('=');
        String name =
            argument.substring(PROPERTY.length(), equals < 0 ? argument.length() : equals);
        System.setProperty(name, equals < 0 ? "" : argument.substring(equals + 1));
      }
    }
    try {
      HeddleConfig _ = HeddleConfig.builder().build();
    } catch (IllegalArgumentException wrong) {
      throw new Refusal(asGiven(String.valueOf(wrong.getMessage())), false);
    }
  }

  /// The message with the option that the user wrote in place of the variable that carries it.
  private String asGiven(String message) {
    for (String one : given) {
      int equals = one.indexOf('=');
      if (message.startsWith(one.substring(0, equals + 1))) {
        return one.substring(equals + 1) + message.substring(equals);
      }
    }
    return message;
  }

  // ---- the program

  private void plan(SearchPath user, List<String> answer) {
    SearchPath program = SearchPath.of(programPath);
    String mainClass = main;
    if (main.endsWith(".jar")) {
      mainClass = mainOf(main);
      program = SearchPath.of(main);
    } else if (main.startsWith("examples/")) {
      String jar = exampleJar();
      if (jar.isEmpty()) {
        answer.add("unbuilt");
        answer.add(main);
        return;
      }
      mainClass = mainOfExample(jar);
      program = SearchPath.of(jar).and(SearchPath.of(exampleLibraries()));
    } else {
      Refusal.when(
          !isClassName(main),
          "'" + main + "' is neither a .jar nor an example nor the name of a class");
    }
    SearchPath own = SearchPath.of(first);
    SearchPath middle = program.and(user).expanded();
    if (!middle.toString().contains("jctools")) {
      // The queues are in the archive for a faster start, for which they stand before the program.
      // A program that brings its own keeps them, and starts without the archive.
      own = own.and(SearchPath.of(queues));
    }
    SearchPath path = own.and(middle).and(SearchPath.of(libraries)).expanded();
    if (!path.holds(mainClass)) {
      throw new Refusal(
          "there is no class "
              + mainClass
              + " in "
              + (program.isEmpty() ? "" : program + " or ")
              + (userPath.isEmpty() ? "the class path" : userPath)
              + ": check its full name, and name its folder or jar with -cp",
          !programPath.isEmpty() || main.startsWith("examples/"));
    }
    answer.add("main");
    answer.add(mainClass);
    answer.add("path");
    answer.add(path.toString());
  }

  private static String mainOf(String jar) {
    Refusal.when(
        jar.indexOf(File.pathSeparatorChar) >= 0,
        jar
            + " has a colon in its name, which separates the entries of a class path: reach it by a"
            + " link without one");
    File file = new File(jar);
    Refusal.when(
        !file.exists() || file.isDirectory(),
        "there is no file " + jar + ": build it, or correct the path");
    Refusal.when(!file.canRead(), jar + " cannot be read: check its permissions");
    Archive archive = new Archive(file);
    Refusal.when(!archive.isWhole(), jar + " is not a jar (damaged or cut off): build it again");
    String mainClass = archive.mainClass();
    if (mainClass == null) {
      throw new Refusal(
          jar
              + " has no Main-Class in its manifest: add it, or say -cp "
              + jar
              + " and the class's name",
          false);
    }
    return mainClass;
  }

  // ---- examples

  private String exampleName() {
    String name = main.substring("examples/".length());
    return name.endsWith("/") ? name.substring(0, name.length() - 1) : name;
  }

  private String exampleJar() {
    String name = exampleName();
    File folder = new File(home, "examples/" + name);
    if (name.isEmpty() || !new File(folder, "pom.xml").exists()) {
      throw new Refusal("there is no example '" + main + "': there are " + examples(), false);
    }
    String found = "";
    String[] jars = sorted(new File(folder, "target").list());
    for (String jar : jars) {
      if (jar.startsWith("heddle-example-" + name + "-")
          && jar.endsWith(".jar")
          && !jar.endsWith("-sources.jar")
          && !jar.endsWith("-javadoc.jar")) {
        found = folder + "/target/" + jar;
      }
    }
    return found;
  }

  private static String mainOfExample(String jar) {
    String mainClass = new Archive(new File(jar)).mainClass();
    if (mainClass == null) {
      throw new Refusal(jar + " has no Main-Class in its manifest", true);
    }
    return mainClass;
  }

  private String exampleLibraries() {
    List<String> libraries = new ArrayList<>();
    String folder = home + "/examples/" + exampleName() + "/target/lib";
    for (String jar : sorted(new File(folder).list())) {
      if (jar.endsWith(".jar")
          && !jar.startsWith("heddle-api-")
          && !jar.startsWith("heddle-mpi-executor-")) {
        libraries.add(folder + "/" + jar);
      }
    }
    return String.join(File.pathSeparator, libraries);
  }

  private String examples() {
    List<String> found = new ArrayList<>();
    for (String name : sorted(new File(home, "examples").list())) {
      if (new File(home, "examples/" + name + "/pom.xml").exists()) {
        found.add("examples/" + name);
      }
    }
    return String.join(" ", found);
  }

  private static String[] sorted(String[] names) {
    String[] sorted = names == null ? new String[0] : names.clone();
    java.util.Arrays.sort(sorted);
    return sorted;
  }

  /// The full name of a class: letters, digits, `_`, `$` and dots, and no digit first.
  private static boolean isClassName(String name) {
    if (name.isEmpty() || !Character.isJavaIdentifierStart(name.charAt(0))) {
      return false;
    }
    for (int i = 1; i < name.length(); i++) {
      char c = name.charAt(i);
      if (c != '.' && !Character.isJavaIdentifierPart(c)) {
        return false;
      }
    }
    return true;
  }
}
