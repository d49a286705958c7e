package dev.heddle.tutorial;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.StringWriter;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/// Compiles sources in memory and runs their `main` in this JVM.
final class SnippetRunner extends ClassLoader {
  private final Map<String, byte[]> classes = new ConcurrentHashMap<>();

  /// Errors: [AssertionError] with what the compiler says.
  SnippetRunner(Map<String, String> sources) {
    super(SnippetRunner.class.getClassLoader());
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    StringWriter messages = new StringWriter();
    List<Source> files =
        sources.entrySet().stream().map(one -> new Source(one.getKey(), one.getValue())).toList();
    JavaFileManager manager =
        new Memory(compiler.getStandardFileManager(null, null, StandardCharsets.UTF_8));
    List<String> options =
        List.of("-proc:none", "-Xlint:all", "-Werror", "-cp", System.getProperty("java.class.path"));
    if (!compiler.getTask(messages, manager, null, options, null, files).call()) {
      throw new AssertionError(messages.toString());
    }
  }

  @Override
  protected Class<?> findClass(String name) throws ClassNotFoundException {
    byte[] bytes = classes.get(name);
    if (bytes == null) {
      throw new ClassNotFoundException(name);
    }
    return defineClass(name, bytes, 0, bytes.length);
  }

  /// Calls `main` of the class, and returns what it printed on standard output.
  String run(String className) throws Throwable {
    Method main = loadClass(className).getDeclaredMethod("main", String[].class);
    main.setAccessible(true);
    Thread thread = Thread.currentThread();
    ClassLoader loaderBefore = thread.getContextClassLoader();
    PrintStream outBefore = System.out;
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    thread.setContextClassLoader(this);
    System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
    try {
      main.invoke(null, (Object) new String[0]);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    } finally {
      System.setOut(outBefore);
      thread.setContextClassLoader(loaderBefore);
    }
    return printed.toString(StandardCharsets.UTF_8);
  }

  /// A source that is not on disk.
  private static final class Source extends SimpleJavaFileObject {
    private final String text;

    Source(String className, String text) {
      super(URI.create("memory:///" + className + ".java"), Kind.SOURCE);
      this.text = text;
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
      return text;
    }
  }

  /// Keeps what the compiler writes.
  private final class Memory extends ForwardingJavaFileManager<JavaFileManager> {
    Memory(JavaFileManager manager) {
      super(manager);
    }

    @Override
    public JavaFileObject getJavaFileForOutput(
        Location location, String className, JavaFileObject.Kind kind, FileObject sibling) {
      return new SimpleJavaFileObject(URI.create("memory:///" + className + ".class"), kind) {
        @Override
        public OutputStream openOutputStream() {
          return new ByteArrayOutputStream() {
            @Override
            public void close() {
              classes.put(className, toByteArray());
            }
          };
        }
      };
    }
  }
}
