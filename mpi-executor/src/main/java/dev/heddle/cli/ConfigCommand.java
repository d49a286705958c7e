package dev.heddle.cli;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.heddle.HeddleConfig;
import dev.heddle.HeddleConfig.Option;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// `heddle config`: every option, its value in this process and where that comes from.
///
/// The line is read by hand: picocli would take longer to load than all the rest.
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
    Report.write(json(config), file, out);
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

  private byte[] json(HeddleConfig config) throws IOException {
    List<Map<String, Object>> options = new ArrayList<>();
    for (Option option : HeddleConfig.options()) {
      Map<String, Object> one = new LinkedHashMap<>();
      one.put("option", option.name());
      one.put("property", option.property());
      one.put("environment", option.environment());
      one.put("kind", option.kind().name());
      one.put("value", config.text(option.name()));
      one.put("default", option.defaultText());
      one.put("unit", option.unit());
      one.put("source", source(config, option));
      one.put("bounds", option.bounds());
      one.put("choices", option.choices());
      one.put("meaning", option.meaning());
      options.add(one);
    }
    Map<String, Object> whole = new LinkedHashMap<>();
    whole.put("schema", SCHEMA);
    whole.put("options", options);
    return (JsonMapper.builder().build().writeValueAsString(whole) + "\n")
        .getBytes(StandardCharsets.UTF_8);
  }
}
