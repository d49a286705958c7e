package dev.heddle.bench;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// The rooms of what measures have one-way doors, to each other and into the engine.
final class BenchArchitectureTest {
  /// Which packages below `dev.heddle` a room may use, itself aside; the empty name is the API.
  private static final Map<String, List<String>> DOORS = new LinkedHashMap<>();

  static {
    door("bench.measure", "", "runtime.launch");
    door("bench.start", "bench.measure", "", "runtime.launch");
    door("bench.metg", "bench.measure", "");
    door(
        "bench.run",
        "bench.metg",
        "bench.start",
        "bench.measure",
        "",
        "runtime.launch",
        "runtime.measure");
    door("bench.against", "bench.run", "bench.measure");
    door("bench.peers", "bench.measure", "runtime");
    door("bench.costs", "bench.measure", "", "scale", "runtime.measure");
    door("bench.simulate", "bench.measure", "scale");
    door("bench.study", "bench.start", "bench.measure", "", "scale");
    door("bench.all", "bench.run", "bench.measure");
    door(
        "bench",
        "bench.all",
        "bench.study",
        "bench.simulate",
        "bench.costs",
        "bench.peers",
        "bench.against",
        "bench.run",
        "bench.measure",
        "runtime.launch");
  }

  private static final int CLASSES_MAX = 30;

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("dev.heddle.bench");

  private static void door(String room, String... others) {
    DOORS.put(room, List.of(others));
  }

  private static String packageName(String room) {
    return room.isEmpty() ? "dev.heddle" : "dev.heddle." + room;
  }

  private static ArchRule doors(String room, List<String> others) {
    Set<String> open = new TreeSet<>();
    open.add(packageName(room));
    others.forEach(other -> open.add(packageName(other)));
    return noClasses()
        .that()
        .resideInAPackage(packageName(room))
        .should()
        .dependOnClassesThat(
            com.tngtech.archunit.base.DescribedPredicate.describe(
                "are Heddle's and outside of " + open,
                (JavaClass type) ->
                    (type.getPackageName() + ".").startsWith("dev.heddle.")
                        && !open.contains(type.getPackageName())));
  }

  @TestFactory
  Stream<DynamicTest> shouldKeepOneWayDoors() {
    return DOORS.entrySet().stream()
        .map(
            room ->
                DynamicTest.dynamicTest(
                    room.getKey() + " -> " + room.getValue(),
                    () -> doors(room.getKey(), room.getValue()).check(CLASSES)));
  }

  /// Each rule can fail: with a door closed that is used, it does.
  @TestFactory
  Stream<DynamicTest> shouldSeeEachDoorThatIsUsed() {
    return DOORS.entrySet().stream()
        .flatMap(
            room ->
                room.getValue().stream()
                    .map(
                        door ->
                            DynamicTest.dynamicTest(
                                room.getKey() + " without " + packageName(door),
                                () -> shouldMiss(room.getKey(), door))));
  }

  private static void shouldMiss(String room, String door) {
    List<String> others = new ArrayList<>(DOORS.getOrDefault(room, List.of()));
    others.remove(door);
    assertThrows(
        AssertionError.class,
        () -> doors(room, others).check(CLASSES),
        () -> "nothing in " + room + " uses " + packageName(door) + ": close that door");
  }

  /// A room that imports another one against the arrows is seen: this test's own class does.
  @Test
  void shouldSeeAPlantedImport() {
    JavaClasses planted =
        new ClassFileImporter().importClasses(dev.heddle.bench.measure.PlantedImport.class);
    AssertionError error =
        assertThrows(
            AssertionError.class,
            () ->
                doors("bench.measure", DOORS.getOrDefault("bench.measure", List.of()))
                    .check(planted));
    String said = String.valueOf(error.getMessage());
    assertTrue(said.contains("dev.heddle.bench.run.Benchmarks"), said);
  }

  @Test
  void shouldHaveNoArrowBack() {
    List<String> below = new ArrayList<>();
    for (Map.Entry<String, List<String>> room : DOORS.entrySet()) {
      for (String other : room.getValue()) {
        assertTrue(
            !other.startsWith("bench") || below.contains(other),
            () -> room.getKey() + " stands below " + other + " in the table");
      }
      below.add(room.getKey());
    }
  }

  @Test
  void shouldKnowEveryRoomAndKeepItSmall() {
    Map<String, Set<String>> files =
        CLASSES.stream()
            .filter(type -> !type.getSimpleName().equals("package-info"))
            .collect(
                Collectors.groupingBy(
                    JavaClass::getPackageName,
                    Collectors.mapping(
                        type -> type.getName().replaceAll("\\$.*", ""),
                        Collectors.toCollection(TreeSet::new))));
    assertEquals(
        DOORS.keySet().stream()
            .map(BenchArchitectureTest::packageName)
            .collect(Collectors.toCollection(TreeSet::new)),
        new TreeSet<>(files.keySet()),
        "rooms without a rule: add them to DOORS");
    files.forEach(
        (room, types) ->
            assertTrue(types.size() <= CLASSES_MAX, () -> room + " has " + types.size()));
  }
}
