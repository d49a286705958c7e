package dev.heddle;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// Writes the sources that differ only in their number of arguments, 0 to 5: a person would make a
/// mistake in the 57th.
///
/// Run by hand from the module's folder, then format: `java src/test/java/dev/heddle/Overloads.java
/// src/main/java/dev/heddle`. `OverloadsTest` checks that the sources are what this class writes.
public final class Overloads {
  private static final int ARGUMENTS_MAX = 5;
  private static final String[] NUMBERS = {"no", "one", "two", "three", "four", "five"};

  private Overloads() {}

  /// Writes all files into the folder that the first argument names.
  public static void main(String[] args) throws IOException {
    for (Map.Entry<String, String> file : files().entrySet()) {
      Files.writeString(Path.of(args[0], file.getKey()), file.getValue());
    }
  }

  /// The text of each file, not yet formatted.
  static Map<String, String> files() {
    Map<String, String> files = new TreeMap<>();
    for (int n = 0; n <= ARGUMENTS_MAX; n++) {
      files.put("Fn" + n + ".java", function(n));
      files.put("Proc" + n + ".java", procedure(n));
      if (n > 0) {
        files.put("With" + n + ".java", with(n));
      }
    }
    files.put("SubmitOverloads.java", submits());
    files.put("WithOverloads.java", withs());
    return files;
  }

  private static List<Integer> upTo(int n) {
    List<Integer> indices = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      indices.add(i);
    }
    return indices;
  }

  private static String type(int i) {
    return String.valueOf((char) ('A' + i));
  }

  private static String name(int i) {
    return String.valueOf((char) ('a' + i));
  }

  private static String join(int n, String pattern) {
    return upTo(n).stream()
        .map(i -> pattern.replace("$T", type(i)).replace("$n", name(i)))
        .collect(Collectors.joining(", "));
  }

  /// `<A extends @Nullable Object, ...>` followed by `last`, or nothing.
  private static String variables(int n, String... last) {
    List<String> all = new ArrayList<>();
    upTo(n).forEach(i -> all.add(type(i) + " extends @Nullable Object"));
    for (String one : last) {
      all.add(one + " extends @Nullable Object");
    }
    return all.isEmpty() ? "" : "<" + String.join(", ", all) + ">";
  }

  private static String arguments(int n) {
    return NUMBERS[n] + (n == 1 ? " argument" : " arguments");
  }

  private static String typeDocs(int n, String... last) {
    StringBuilder docs = new StringBuilder();
    for (int i = 0; i < n; i++) {
      docs.append("/// @param <").append(type(i)).append("> type of argument ").append(name(i));
      docs.append("\n");
    }
    for (String one : last) {
      docs.append("/// @param <").append(one).append("> type of the result\n");
    }
    return docs.toString();
  }

  private static String argumentDocs(int n, int futures) {
    StringBuilder docs = new StringBuilder();
    for (int i = 0; i < n; i++) {
      docs.append("/// @param ")
          .append(name(i))
          .append(isFuture(futures, i) ? " future of argument " : " value of argument ")
          .append(i)
          .append("\n");
    }
    return docs.toString();
  }

  private static boolean isFuture(int futures, int argument) {
    return (futures >> argument & 1) != 0;
  }

  private static String function(int n) {
    return """
        package dev.heddle;

        import java.io.Serializable;
        import org.jspecify.annotations.Nullable;

        /// A task's function of %s.
        ///
        /// Shape: a static or instance method reference or a lambda. Its captures are encoded with every task, so they
        /// must be serializable. Threading: called on a slot's thread of any rank. Errors: any exception of it fails the
        /// task.
        ///
        %s@FunctionalInterface
        public interface Fn%d%s extends Serializable {
          /// Computes the task's result.
          ///
        %s  /// @return the result
          /// @throws Exception any exception: it fails the task
          R call(%s) throws Exception;
        }
        """
        .formatted(
            arguments(n),
            typeDocs(n, "R"),
            n,
            variables(n, "R"),
            argumentDocs(n, 0),
            join(n, "$T $n"));
  }

  private static String procedure(int n) {
    return """
        package dev.heddle;

        import java.io.Serializable;
        %s
        /// A task's function of %s that returns nothing.
        ///
        /// As [Fn%d] in everything else.
        ///
        %s@FunctionalInterface
        public interface Proc%d%s extends Serializable {
          /// Does the task's work.
          ///
        %s  /// @throws Exception any exception: it fails the task
          void run(%s) throws Exception;
        }
        """
        .formatted(
            n == 0 ? "" : "import org.jspecify.annotations.Nullable;\n",
            arguments(n),
            n,
            typeDocs(n),
            n,
            variables(n),
            argumentDocs(n, 0),
            join(n, "$T $n"));
  }

  private static String with(int n) {
    String fields =
        upTo(n).stream()
            .map(i -> "private final @Nullable Object " + name(i) + ";\n")
            .collect(Collectors.joining());
    String assignments =
        upTo(n).stream()
            .map(i -> "this." + name(i) + " = " + name(i) + ";\n")
            .collect(Collectors.joining());
    String in = join(n, "? super $T");
    String names = join(n, "$n");
    return """
        package dev.heddle;

        import java.util.Collection;
        import java.util.List;
        import java.util.concurrent.Future;
        import org.jspecify.annotations.Nullable;

        /// %s of a task not yet submitted, %s; made by [Heddle#with].
        ///
        /// Threading: immutable; may be submitted any number of times.
        ///
        %spublic final class With%d%s {
          private final Heddle heddle;
          %s
          With%d(Heddle heddle, %s) {
            this.heddle = heddle;
            %s}

          /// Submits `function` with %s.
          ///
          /// @param <R> type of the result
          /// @param function runs on a worker
          /// @return the future of its result
          public <R extends @Nullable Object> TaskFuture<R> submit(Fn%d<%s, R> function) {
            return heddle.submitTask(function, %s);
          }

          /// Submits a function that returns nothing.
          ///
          /// @param procedure runs on a worker
          /// @return a future whose value is null
          public TaskFuture<@Nullable Void> run(Proc%d<%s> procedure) {
            return heddle.submitTask(procedure, %s);
          }

          /// As [Heddle#join(Fn0)] with %s.
          ///
          /// @param <R> type of the result
          /// @param function runs on rank 0 and returns a future
          /// @return a future that ends as the returned future does
          public <R extends @Nullable Object> TaskFuture<R> join(
              Fn%d<%s, ? extends Future<? extends R>> function) {
            return heddle.joinTask(function, false, %s);
          }

          /// As [Heddle#joinAll(Fn0)] with %s.
          ///
          /// @param <R> type of each result
          /// @param function runs on rank 0 and returns futures
          /// @return the future of the list of their values
          public <R extends @Nullable Object> TaskFuture<List<R>> joinAll(
              Fn%d<%s, ? extends Collection<? extends Future<? extends R>>> function) {
            return heddle.joinTask(function, true, %s);
          }
        }
        """
        .formatted(
            n == 1 ? "The argument" : "The " + arguments(n),
            n == 1 ? "a value or a future" : "values or futures",
            typeDocs(n),
            n,
            variables(n),
            fields,
            n,
            join(n, "@Nullable Object $n"),
            assignments,
            n == 1 ? "this argument" : "these arguments",
            n,
            in,
            names,
            n,
            in,
            names,
            n == 1 ? "this argument" : "these arguments",
            n,
            in,
            names,
            n == 1 ? "this argument" : "these arguments",
            n,
            in,
            names);
  }

  private static String parameters(int n, int futures) {
    return upTo(n).stream()
        .map(
            i ->
                isFuture(futures, i)
                    ? "Future<? extends " + type(i) + "> " + name(i)
                    : type(i) + " " + name(i))
        .collect(Collectors.joining(", "));
  }

  private static String waiting(int n, int futures) {
    return upTo(n).stream()
        .filter(i -> isFuture(futures, i))
        .map(i -> "`" + name(i) + "`")
        .collect(Collectors.joining(", "));
  }

  private static String submits() {
    StringBuilder text =
        new StringBuilder(
            """
            package dev.heddle;

            import java.io.Serializable;
            import java.util.concurrent.Future;
            import org.jspecify.annotations.Nullable;

            /// The forms of `submit` that take function and arguments at once: 1 to 5 arguments, each a value or a future.
            ///
            /// Written by `Overloads`.
            abstract class SubmitOverloads {
              SubmitOverloads() {}

              /// Submits a function with arguments that are values or futures; the callers match their types.
              ///
              /// @param <R> type of the result
              /// @param function one of the interfaces [Fn0] to [Fn5] and [Proc0] to [Proc5]
              /// @param arguments as many as it takes
              /// @return the future of its result
              protected abstract <R extends @Nullable Object> TaskFuture<R> submitTask(
                  Serializable function, @Nullable Object... arguments);
            """);
    for (int n = 1; n <= ARGUMENTS_MAX; n++) {
      for (int futures = 0; futures < 1 << n; futures++) {
        String head =
            futures == 0
                ? """

                  /// Submits a function of %s, given by value.
                  ///
                  /// Shape: arguments are encoded now; a later change of an object is not seen by the task.
                  ///
                  """
                    .formatted(arguments(n))
                : "\n/// Submits a function of %s that waits for %s.\n///\n"
                    .formatted(arguments(n), waiting(n, futures));
        text.append(head)
            .append(typeDocs(n, "R"))
            .append("/// @param function runs on a worker\n")
            .append(argumentDocs(n, futures))
            .append("/// @return the future of its result\n")
            .append("public final %s TaskFuture<R> submit(".formatted(variables(n, "R")))
            .append("Fn%d<%s, R> function, ".formatted(n, join(n, "$T")))
            .append(parameters(n, futures))
            .append(") { return submitTask(function, %s); }\n".formatted(join(n, "$n")));
      }
    }
    return text.append("}\n").toString();
  }

  private static String withs() {
    StringBuilder text =
        new StringBuilder(
            """
            package dev.heddle;

            import java.util.concurrent.Future;
            import org.jspecify.annotations.Nullable;

            /// The forms of `with`: 1 to 5 arguments, each a value or a future, given before the function.
            ///
            /// Written by `Overloads`.
            abstract class WithOverloads extends SubmitOverloads {
              WithOverloads() {}

              /// The heddle that arguments are for.
              abstract Heddle self();
            """);
    for (int n = 1; n <= ARGUMENTS_MAX; n++) {
      for (int futures = 0; futures < 1 << n; futures++) {
        String head =
            futures == 0
                ? """

                  /// Fixes %s of a task, so that a lambda or an overloaded method can be inferred from %s.
                  ///
                  """
                    .formatted(arguments(n), n == 1 ? "it" : "them")
                : "\n/// Fixes %s of a task that waits for %s.\n///\n"
                    .formatted(arguments(n), waiting(n, futures));
        String types = join(n, "$T");
        text.append(head)
            .append(typeDocs(n))
            .append(argumentDocs(n, futures))
            .append("/// @return an object that takes the function\n")
            .append("public final %s With%d<%s> with(".formatted(variables(n), n, types))
            .append(parameters(n, futures))
            .append(") { return new With%d<>(self(), %s); }\n".formatted(n, join(n, "$n")));
      }
    }
    return text.append("}\n").toString();
  }
}
