package dev.heddle.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.heddle.HeddleConfig;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// `heddle config` and what else is no benchmark.
final class MainTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private final Main main = new Main(print(out), print(err));

  private static PrintStream print(ByteArrayOutputStream to) {
    return new PrintStream(to, true, StandardCharsets.UTF_8);
  }

  private JsonNode json() throws IOException {
    String text = out.toString(StandardCharsets.UTF_8);
    assertTrue(text.endsWith("}\n"), text);
    assertEquals(1, text.lines().count(), text);
    return new ObjectMapper().readTree(text);
  }

  @Test
  void shouldPrintEveryOption() throws IOException {
    assertEquals(Main.DONE, main.run("config"));
    List<String> lines = out.toString(StandardCharsets.UTF_8).lines().toList();
    List<HeddleConfig.Option> options = HeddleConfig.options();
    assertEquals(options.size() + 1, lines.size());
    int meaningAt = lines.getFirst().indexOf("meaning");
    for (int i = 0; i < options.size(); i++) {
      HeddleConfig.Option option = options.get(i);
      String line = lines.get(i + 1);
      String[] words = line.split(" {2,}", -1);
      String shown = option.defaultText().isEmpty() ? "-" : option.defaultText();
      String bounds = option.bounds().isEmpty() ? "-" : option.bounds();
      assertEquals(
          List.of(option.name(), shown, shown, option.unit(), "default", bounds),
          List.of(words).subList(0, 6));
      assertEquals(option.meaning(), line.substring(meaningAt));
    }
    out.reset();

    assertEquals(Main.DONE, main.run("config", "--json", "-"));
    JsonNode json = json();
    assertEquals("heddle.config/1", json.path("schema").asText());
    assertEquals(options.size(), json.path("options").size());
    JsonNode first = json.path("options").path(0);
    assertEquals("fanout", first.path("option").asText());
    assertEquals("128", first.path("value").asText());
    assertEquals("HEDDLE_FANOUT", first.path("environment").asText());
    assertEquals("heddle.fanout", first.path("property").asText());
    assertEquals("2 to 4096", first.path("bounds").asText());
  }

  /// What a library would write, key by key.
  @Test
  void shouldWriteEachFieldOfEachOptionAsJson() throws IOException {
    assertEquals(Main.DONE, main.run("config", "--json", "-", "--given", "fanout,slots"));
    HeddleConfig config = HeddleConfig.builder().build();
    List<JsonNode> options = new ArrayList<>();
    json().path("options").forEach(options::add);
    assertEquals(HeddleConfig.options().size(), options.size());
    for (int i = 0; i < options.size(); i++) {
      HeddleConfig.Option option = HeddleConfig.options().get(i);
      JsonNode node = options.get(i);
      assertEquals(
          List.of(
              "option property environment kind value default unit source bounds choices meaning"
                  .split(" ", -1)),
          node.properties().stream().map(java.util.Map.Entry::getKey).toList());
      assertEquals(option.kind().name(), node.path("kind").asText());
      assertEquals(config.text(option.name()), node.path("value").asText());
      assertEquals(option.meaning(), node.path("meaning").asText());
      List<String> choices = new ArrayList<>();
      node.path("choices").forEach(choice -> choices.add(choice.asText()));
      assertEquals(option.choices(), choices);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "plain",
        "a \"word\"",
        "C:\\x",
        "tab\tline\nbell\u0007",
        "gr\u00fc\u00df \ud83e\uddf5"
      })
  void shouldQuoteAsJsonWantsIt(String text) throws IOException {
    assertEquals(text, new ObjectMapper().readTree(ConfigCommand.quoted(text)).asText());
  }

  @Test
  void shouldWriteToAFileAsAWhole(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("config.json");

    assertEquals(Main.DONE, main.run("config", "--json", file.toString()));

    assertEquals("", out.toString(StandardCharsets.UTF_8));
    assertTrue(Files.readString(file).endsWith("]}\n"));
    try (Stream<Path> left = Files.list(folder)) {
      assertEquals(1, left.count());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "config --json",
        "config --bogus x",
        "config --json no/such/folder/x.json",
        "bench latency",
        "nosuch"
      })
  void shouldRefuseBadInputInOneSentence(String line) {
    assertEquals(Main.REFUSED, main.run(line.split(" ", -1)));
    assertEquals("", out.toString(StandardCharsets.UTF_8));
    String message = err.toString(StandardCharsets.UTF_8);
    assertEquals(1, message.lines().count(), message);
    assertTrue(message.startsWith("heddle: "), message);
  }

  @Test
  void shouldSayItsVersion() {
    assertEquals(Main.DONE, main.run("version"));
    assertTrue(out.toString(StandardCharsets.UTF_8).startsWith("heddle "));
  }
}
