package dev.heddle.examples.readmap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.heddle.Heddle;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ReadMapTest {
  private static Summary summary(String... args) throws Exception {
    Options options = Options.parse(args);
    AtomicReference<Summary> summary = new AtomicReference<>();
    Heddle.run(args, heddle -> summary.set(ReadMap.submit(heddle, options).get()));
    return summary.get();
  }

  @ParameterizedTest
  @ValueSource(strings = {"333", "5000", "20000"})
  void shouldGiveTheSameResultForAnyBatch(String batch) throws Exception {
    Summary expected = summary("--reads", "20000", "--batch", "100");
    Summary actual = summary("--reads", "20000", "--batch", batch);
    assertEquals(expected.sha256(), actual.sha256());
    assertEquals(expected.counts(), actual.counts());
  }

  @Test
  void shouldGiveAnotherResultForAnotherSeed() throws Exception {
    assertNotEquals(
        summary("--reads", "1000").sha256(), summary("--reads", "1000", "--seed", "2").sha256());
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 7, 8, 9, 63, 64, 65, 200, 511, 513, 5_000})
  void shouldMergeEachBatchOnceWithAsManyTasksAsForetold(long batches) throws Exception {
    Heddle.run(new String[0], heddle -> mergeOnce(heddle, batches));
  }

  private static void mergeOnce(Heddle heddle, long batches) throws Exception {
    MergeTree merges = new MergeTree(heddle);
    Coverage none = new Coverage(new int[0], new int[0]);
    for (long i = 0; i < batches; i++) {
      merges.add(heddle.submit(reads -> new Tally(reads, 0, 0, 0, 0, none), i));
    }
    Tally sum = merges.sum().get();
    assertEquals(batches * (batches - 1) / 2, sum.reads());
    assertEquals(MergeTree.taskCount(batches), merges.taskCount());
  }

  @Test
  void shouldWriteOneJsonObjectByRename(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("r.json");
    Options options = Options.parse("--reads", "5000", "--json", file.toString());
    Heddle.run(new String[0], heddle -> ReadMap.run(heddle, options));
    String text = Files.readString(file, StandardCharsets.UTF_8);
    assertTrue(text.endsWith("}\n"), text);
    assertEquals(1, text.lines().count());
    JsonNode json = new ObjectMapper().readTree(text);
    assertEquals(
        List.of(
            "schema",
            "reads",
            "mapped",
            "correct",
            "randomReads",
            "randomMapped",
            "tasks",
            "ranks",
            "workers",
            "levels",
            "correctFraction",
            "coverageMean",
            "elapsedS",
            "resultSha256"),
        json.propertyStream().map(java.util.Map.Entry::getKey).toList());
    assertEquals(5_000, json.get("reads").longValue());
    // an index, 10 batches, two merges of eight and two with one of both, a summary
    assertEquals(1 + 10 + MergeTree.taskCount(10) + 1, json.get("tasks").longValue());
    assertTrue(json.get("correctFraction").doubleValue() >= 0.99, text);
    // Mapped reads of 100 bases over 48,502 places.
    assertEquals(10.2, json.get("coverageMean").doubleValue(), 0.3);
    try (var files = Files.list(folder)) {
      assertEquals(List.of(file), files.toList());
    }
  }

  @Test
  void shouldWriteNullForAFractionOfNothing() throws Exception {
    Summary.Counts counts = new Summary.Counts(3, 0, 0, 3, 0);
    Summary summary = new Summary(counts, new int[] {0}, 0, 0, 0, "00");
    String json = new Report(summary, 1, 1, 1, 1, 0.5).json();
    assertTrue(json.contains("\"correctFraction\":null"), json);
  }
}
