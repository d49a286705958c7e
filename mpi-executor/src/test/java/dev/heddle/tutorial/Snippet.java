package dev.heddle.tutorial;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A block of the tutorial between two fences.
///
/// Java blocks come in three kinds. One with a `main` is a program. One that begins with a class or
/// a record belongs to every block after it. Any other is a fragment, and stands where a reader
/// would put it: in the body of `Heddle.run` of a class `Main`. The last two are given the imports
/// that the tutorial names. A fragment after "java wrong" does not compile, and what follows it is
/// what the compiler says.
///
/// @param language what stands behind the opening fence
/// @param line of the opening fence, counted from 1
/// @param text what stands between the fences
/// @param output what the next block says is printed, if that is a `text`; null otherwise
record Snippet(String language, int line, String text, @Nullable String output) {
  private static final Pattern MAIN = Pattern.compile("\\bstatic void main\\(");
  private static final Pattern TYPE =
      Pattern.compile(
          "^(?:public |final |abstract )*(?:class|record|interface|enum) (\\w+)",
          Pattern.MULTILINE);
  private static final String IMPORTS =
      """
      import dev.heddle.*;
      import java.time.Duration;
      import java.util.*;
      import java.util.concurrent.*;
      import java.util.stream.*;

      """;

  /// All blocks of a page, in their order.
  static List<Snippet> of(String page) {
    List<Snippet> blocks = new ArrayList<>();
    StringBuilder text = new StringBuilder();
    String language = null;
    int start = 0;
    int line = 0;
    for (String one : page.lines().toList()) {
      line++;
      if (language == null && one.startsWith("```")) {
        language = one.substring(3).strip();
        start = line;
        text.setLength(0);
      } else if (language != null && one.equals("```")) {
        blocks.add(new Snippet(language, start, text.toString(), null));
        language = null;
      } else if (language != null) {
        text.append(one).append('\n');
      }
    }
    if (language != null) {
      throw new IllegalArgumentException("line " + start + ": the block has no end");
    }
    return withOutputs(blocks);
  }

  private static List<Snippet> withOutputs(List<Snippet> blocks) {
    List<Snippet> all = new ArrayList<>();
    for (int i = 0; i < blocks.size(); i++) {
      Snippet one = blocks.get(i);
      boolean hasOutput =
          one.isJava() && i + 1 < blocks.size() && blocks.get(i + 1).language().equals("text");
      String output = hasOutput ? blocks.get(i + 1).text() : null;
      all.add(new Snippet(one.language(), one.line(), one.text(), output));
    }
    return all;
  }

  boolean isJava() {
    return language.equals("java") || isWrong();
  }

  /// True for what the compiler refuses.
  boolean isWrong() {
    return language.equals("java wrong");
  }

  boolean isProgram() {
    return isJava() && MAIN.matcher(text).find();
  }

  /// True for classes that later blocks use.
  boolean isShared() {
    return isJava() && !isProgram() && TYPE.matcher(text).lookingAt();
  }

  /// Name of the class to compile: the program's own, or one for the fragment.
  String className() {
    if (!isProgram() && !isShared()) {
      return "Main";
    }
    Matcher type = TYPE.matcher(text);
    if (!type.find()) {
      throw new IllegalStateException("line " + line + ": there is no class");
    }
    return type.group(1);
  }

  /// What the compiler gets.
  String source() {
    if (isProgram()) {
      return text;
    }
    if (isShared()) {
      return IMPORTS + text;
    }
    return IMPORTS
        + "final class "
        + className()
        + " {\n  public static void main(String[] args) {\n    Heddle.run(args, heddle -> {\n"
        + text
        + "    });\n  }\n}\n";
  }
}
