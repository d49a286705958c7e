package dev.heddle.cli;

import dev.heddle.HeddleConfig;
import dev.heddle.HeddleConfig.Option;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/// `heddle config`: every option, its value in this process and where that comes from.
///
/// The line is read and the JSON is written by hand: a library for either would take longer to load
/// than all the rest, and would be on the class path of every rank.
final class ConfigCommand {
  private static final String SCHEMA = "heddle.config/1";
  private static final String[] HEAD = {
    "option", "value", "default", "unit", "source", "bounds", "meaning"
  };

  private @Nullable Path json;
  private List<String> given = List.of();

  /// Reads `[--json FILE|-] [--given NAME,NAME]`; given are the options that the `heddle` command
  /// has put into the environment for its user. Errors: [IllegalArgumentException].
  ConfigCommand(List<String> args) {
    for (int i = 0; i < args.size(); i += 2) {
      String name = args.get(i);
      if (i + 1 == args.size()) {
        throw new IllegalArgumentException(name + " of config is unknown, or needs a value");
      }
      switch (name) {
        case "--json" -> json = Path.of(args.get(i + 1));
        case "--given" -> given = List.of(args.get(i + 1).split(",", -1));
        default -> throw new IllegalArgumentException("unknown option '" + name + "' of config");
      }
    }
  }

  /// Prints the table, or writes the JSON. Errors: [IllegalArgumentException] where an option has a
  /// wrong value.
  void run(PrintStream out) throws IOException {
    HeddleConfig config = HeddleConfig.builder().build();
    Path file = json;
    if (file == null) {
      out.print(table(config));
      out.flush();
      return;
    }
    write(json(config).getBytes(StandardCharsets.UTF_8), file, out);
  }

  /// Writes to `file`, whole or not at all; `-` is `out`.
  private static void write(byte[] bytes, Path file, PrintStream out) throws IOException {
    if (file.toString().equals("-")) {
      out.write(bytes);
      out.flush();
      return;
    }
    Path whole = file.toAbsolutePath();
    Path part = whole.resolveSibling(whole.getFileName() + ".part");
    Files.write(part, bytes);
    Files.move(part, whole, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
  }

  private String source(HeddleConfig config, Option option) {
    String source = config.source(option.name());
    return source.equals("environment") && given.contains(option.name()) ? "command" : source;
  }

  private String table(HeddleConfig config) {
    List<String[]> rows = new ArrayList<>(List.<String[]>of(HEAD));
    for (Option option : HeddleConfig.options()) {
      rows.add(
          new String[] {
            option.name(),
            config.text(option.name()),
            option.defaultText(),
            option.unit(),
            source(config, option),
            option.bounds(),
            option.meaning()
          });
    }
    int[] widths = new int[HEAD.length - 1];
    for (String[] row : rows) {
      for (int i = 0; i < widths.length; i++) {
        row[i] = row[i].isEmpty() ? "-" : row[i];
        widths[i] = Math.max(widths[i], row[i].length());
      }
    }
    StringBuilder text = new StringBuilder();
    for (String[] row : rows) {
      for (int i = 0; i < widths.length; i++) {
        text.append(row[i]).repeat(" ", widths[i] - row[i].length() + 2);
      }
      text.append(row[widths.length]).append('\n');
    }
    return text.toString();
  }

  private String json(HeddleConfig config) {
    StringJoiner options = new StringJoiner(",", "[", "]");
    for (Option option : HeddleConfig.options()) {
      StringJoiner one = new StringJoiner(",", "{", "}");
      one.add(field("option", option.name()));
      one.add(field("property", option.property()));
      one.add(field("environment", option.environment()));
      one.add(field("kind", option.kind().name()));
      one.add(field("value", config.text(option.name())));
      one.add(field("default", option.defaultText()));
      one.add(field("unit", option.unit()));
      one.add(field("source", source(config, option)));
      one.add(field("bounds", option.bounds()));
      StringJoiner choices = new StringJoiner(",", "[", "]");
      option.choices().forEach(choice -> choices.add(quoted(choice)));
      one.add(quoted("choices") + ":" + choices);
      one.add(field("meaning", option.meaning()));
      options.add(one.toString());
    }
    return "{" + field("schema", SCHEMA) + "," + quoted("options") + ":" + options + "}\n";
  }

  private static String field(String name, String value) {
    return quoted(name) + ":" + quoted(value);
  }

  /// A string of JSON (RFC 8259, section 7).
  static String quoted(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"' -> quoted.append("\\\"");
        case '\\' -> quoted.append("\\\\");
        default -> {
          if (c < ' ') {
            quoted.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
          } else {
            quoted.append(c);
          }
        }
      }
    }
    return quoted.append('"').toString();
  }
}
