package dev.heddle.bench.start;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.heddle.bench.measure.Conditions;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// What the launched program says, as its reader reads it.
final class FirstTasksTest {
  private static void expectSame(Object value) throws IOException {
    ObjectMapper json = new ObjectMapper();
    JsonNode read = json.readTree(FirstTasks.json(value));
    assertEquals(json.readTree(json.writeValueAsString(value)), read);
  }

  @Test
  void shouldWriteConditionsAsALibraryDoes() throws IOException {
    expectSame(Conditions.alone());
    Map<String, @Nullable Object> all = new LinkedHashMap<>();
    all.put("a \"word\"", "C:\\x\ty\nbell\u0007 grüß 🧵");
    all.put("numbers", List.of(1, -2L, 0.5));
    all.put("truth", true);
    all.put("nothing", null);
    all.put("empty", List.of());
    expectSame(all);
  }
}
