package dev.heddle.wire.frame;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// The byte map in [Frame] and the accessors say the same of every field.
class FieldsTest {
  private static final Path MAP =
      Path.of("src", "main", "java", "dev", "heddle", "wire", "frame", "Frame.java");

  /// What has a class of accessors, by its name in the map.
  private static final Map<String, Class<?>> CLASSES =
      Map.ofEntries(
          Map.entry("TASK", TaskFields.class),
          Map.entry("argument", ArgumentFields.class),
          Map.entry("RESULT", ResultFields.class),
          Map.entry("CANCEL", CancelFields.class),
          Map.entry("RECALL", RecallFields.class),
          Map.entry("FUNCTION", FunctionFields.class),
          Map.entry("VALUE", ValueFields.class),
          Map.entry("MISSING", MissingFields.class),
          Map.entry("FETCH", FetchFields.class),
          Map.entry("HELLO", HelloFields.class),
          Map.entry("LOST", LostFields.class),
          Map.entry("STATISTICS", StatisticsFields.class),
          Map.entry("ATTACH", AttachFields.class),
          Map.entry("ANNOUNCE", AnnounceFields.class),
          Map.entry("GO", GoFields.class),
          Map.entry("OUTPUT", OutputFields.class),
          Map.entry("ARRAY", ArrayFields.class),
          Map.entry("RANGE", RangeFields.class),
          Map.entry("PART", PartFields.class),
          Map.entry("segment", SegmentFields.class),
          Map.entry("range", FailedRangeFields.class),
          Map.entry("failure", FailureFields.class));

  /// Accessors of what has no fixed place.
  private static final Set<String> ELSEWHERE =
      Set.of(
          "LostFields.putListedTask",
          "LostFields.putHost",
          "AttachFields.putListedTask",
          "AttachFields.putListedValue",
          "AttachFields.putHost");

  private static final Pattern OWNER = Pattern.compile("(?:^| )([A-Za-z]+) {2,}(?=\\d)");
  private static final Pattern FIELD = Pattern.compile("(\\d+) ([a-z ]+?) (i64|i32|u16|u8)\\b");

  /// A field as the map has it.
  private record Field(String owner, int offset, String name, int bytes) {
    @Override
    public String toString() {
      return owner + "." + name;
    }
  }

  private static List<Field> fields() throws IOException {
    List<String> lines = Files.readAllLines(MAP);
    int from =
        lines.indexOf(
            "/// Shape, little-endian; `value` stands for the bytes of `dev.heddle.codec`:");
    assertTrue(from > 0, "no map in " + MAP);
    List<Field> fields = new ArrayList<>();
    String owner = "";
    for (String line : lines.subList(from + 1, lines.size())) {
      if (line.startsWith("/// Errors:")) {
        break;
      }
      String text = line.replaceFirst("^///", "").replaceAll("\\[[^]]*]", "");
      Matcher owners = OWNER.matcher(text);
      int at = 0;
      while (owners.find()) {
        add(fields, owner, text.substring(at, owners.start()));
        owner = owners.group(1);
        at = owners.end();
      }
      add(fields, owner, text.substring(at));
    }
    return fields;
  }

  private static void add(List<Field> fields, String owner, String text) {
    Matcher field = FIELD.matcher(text);
    while (field.find()) {
      int bytes =
          switch (field.group(3)) {
            case "i64" -> 8;
            case "i32" -> 4;
            case "u16" -> 2;
            default -> 1;
          };
      fields.add(new Field(owner, Integer.parseInt(field.group(1)), camel(field.group(2)), bytes));
    }
  }

  private static String camel(String words) {
    StringBuilder name = new StringBuilder();
    for (String word : words.split(" ", -1)) {
      name.append(name.isEmpty() ? word : capital(word));
    }
    return name.toString();
  }

  private static String capital(String word) {
    return Character.toUpperCase(word.charAt(0)) + word.substring(1);
  }

  @TestFactory
  Stream<DynamicTest> shouldReadAndWriteEachFieldWhereTheMapHasIt() throws IOException {
    List<Field> fields = fields().stream().filter(field -> !field.owner().equals("head")).toList();
    assertTrue(fields.size() > 70, "fields=" + fields);
    return fields.stream()
        .map(field -> DynamicTest.dynamicTest(field.toString(), () -> check(field)));
  }

  private static void check(Field field) throws ReflectiveOperationException {
    Class<?> accessors = CLASSES.get(field.owner());
    assertTrue(accessors != null, "no accessors of " + field.owner());
    Class<?> type = field.bytes() == 8 ? long.class : int.class;
    Method put =
        accessors.getMethod("put" + capital(field.name()), MemorySegment.class, long.class, type);
    for (int start : new int[] {0, 24}) {
      byte[] bytes = new byte[128];
      MemorySegment s = MemorySegment.ofArray(bytes);
      if (type == long.class) {
        put.invoke(null, s, (long) start, 0xF1F2F3F4F5F6F7F8L);
      } else {
        put.invoke(null, s, (long) start, field.bytes() == 2 ? 0xF1F2 : 0xF1F2F3F4);
      }
      byte[] expected = new byte[128];
      for (int i = 0; i < field.bytes(); i++) {
        expected[start + field.offset() + i] = (byte) (0xF0 + field.bytes() - i);
      }
      assertArrayEquals(expected, bytes, field + " is written elsewhere than the map says");
      Object read =
          accessors
              .getMethod(field.name(), MemorySegment.class, long.class)
              .invoke(null, s, (long) start);
      assertEquals(
          field.bytes() == 8
              ? (Object) 0xF1F2F3F4F5F6F7F8L
              : (Object) (field.bytes() == 2 ? 0xF1F2 : 0xF1F2F3F4),
          read,
          field.toString());
      for (Method method : accessors.getMethods()) {
        if (method.getName().equals(field.name())
            && Arrays.equals(
                method.getParameterTypes(), new Class<?>[] {byte[].class, int.class})) {
          assertEquals(read, method.invoke(null, bytes, start), field + " of an array");
        }
      }
    }
  }

  @Test
  void shouldHaveEveryAccessorInTheMap() throws IOException {
    Set<String> inMap = new TreeSet<>(ELSEWHERE);
    for (Field field : fields()) {
      Class<?> accessors = CLASSES.get(field.owner());
      if (accessors != null) {
        inMap.add(accessors.getSimpleName() + ".put" + capital(field.name()));
      }
    }
    Set<String> accessors = new TreeSet<>();
    for (Class<?> one : CLASSES.values()) {
      for (Method method : one.getMethods()) {
        if (method.getName().startsWith("put")) {
          accessors.add(one.getSimpleName() + "." + method.getName());
        }
      }
    }
    assertEquals(inMap, accessors);
  }

  @Test
  void shouldWriteTheHeadWhereTheMapHasIt() throws IOException {
    byte[] bytes = new byte[16];
    Frame.head(MemorySegment.ofArray(bytes), 0, 0x11, 0x22, 0x4433, 0x88776655);
    for (Field field : fields()) {
      if (field.owner().equals("head")) {
        int value = 0;
        for (int i = 0; i < field.bytes(); i++) {
          value |= Byte.toUnsignedInt(bytes[field.offset() + i]) << (8 * i);
        }
        int expected =
            switch (field.name()) {
              case "kind" -> 0x11;
              case "flags" -> 0x22;
              case "attempt" -> 0x4433;
              case "length" -> 0x88776655;
              default -> throw new AssertionError(field);
            };
        assertEquals(expected, value, field.toString());
      }
    }
    assertEquals(
        4, fields().stream().filter(field -> field.owner().equals("head")).count(), "head fields");
  }
}
