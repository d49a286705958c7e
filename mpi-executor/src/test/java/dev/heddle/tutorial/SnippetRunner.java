package dev.heddle.tutorial;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.spi.ToolProvider;

/// Compiles sources and runs their `main` in this JVM.
final class SnippetRunner {
  private SnippetRunner() {}

  /// Compiles `sources`, text by class, into `folder`, without a warning. Returns what the compiler
  /// says: nothing where they are right.
  static String compile(Path folder, Map<String, String> sources) throws IOException {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "-proc:none",
                "-Xlint:all,-path",
                "-Werror",
                "-cp",
                System.getProperty("java.class.path"),
                "-d",
                folder.toString()));
    for (Map.Entry<String, String> source : sources.entrySet()) {
      Path file = folder.resolve(source.getKey() + ".java");
      Files.writeString(file, source.getValue());
      arguments.add(file.toString());
    }
    StringWriter messages = new StringWriter();
    try (PrintWriter writer = new PrintWriter(messages)) {
      ToolProvider.findFirst("javac")
          .orElseThrow()
          .run(writer, writer, arguments.toArray(String[]::new));
    }
    return messages.toString();
  }

  /// Calls `main` of a class in `folder`, and returns what it printed on standard output.
  static String run(Path folder, String className) throws Exception {
    Thread thread = Thread.currentThread();
    ClassLoader loaderBefore = thread.getContextClassLoader();
    PrintStream outBefore = System.out;
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    URL[] path = {folder.toUri().toURL()};
    try (URLClassLoader loader = new URLClassLoader(path, SnippetRunner.class.getClassLoader())) {
      thread.setContextClassLoader(loader);
      System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
      Method main = loader.loadClass(className).getDeclaredMethod("main", String[].class);
      main.setAccessible(true);
      main.invoke(null, (Object) new String[0]);
    } catch (InvocationTargetException e) {
      throw new AssertionError("the program ends with an exception", e.getCause());
    } finally {
      System.setOut(outBefore);
      thread.setContextClassLoader(loaderBefore);
    }
    return printed.toString(StandardCharsets.UTF_8);
  }
}
