package dev.heddle.architecture;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import dev.heddle.Heddle;
import java.util.ArrayList;
import java.util.Arrays;
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

/// The rooms of the house have one-way doors, and the core knows no clock, thread or I/O.
class ArchitectureTest {
  /// Which rooms a room may use, itself and what is no room of ours aside.
  private static final Map<String, List<String>> DOORS = new LinkedHashMap<>();

  static {
    DOORS.put("wire", List.of());
    DOORS.put("wire.frame", List.of());
    DOORS.put("wire.fault", List.of("wire.frame", "wire"));
    DOORS.put("graph", List.of());
    // `core` from the floor up
    DOORS.put("core.frames", List.of("graph", "wire.frame"));
    DOORS.put("core.link", List.of("core.frames", "wire.frame", "wire"));
    DOORS.put("core.work", List.of("core.link", "core.frames", "wire.frame", "wire"));
    DOORS.put(
        "core.array", List.of("core.work", "core.link", "core.frames", "graph", "wire.frame"));
    DOORS.put(
        "core.role",
        List.of(
            "core.array", "core.work", "core.link", "core.frames", "graph", "wire.frame", "wire"));
    DOORS.put("transport", List.of("wire"));
    // `codec` from the floor up
    DOORS.put("codec.form", List.of("api"));
    DOORS.put("codec.function", List.of("codec.form", "api"));
    DOORS.put("codec.failure", List.of("codec.form", "api"));
    DOORS.put("codec", List.of("codec.function", "codec.failure", "codec.form", "api"));
    // what the rooms of `runtime` share, and they themselves from the floor up
    DOORS.put("runtime", List.of());
    runtime("output", "core.role", "core.frames", "runtime", "api");
    runtime("progress", "core.link", "transport");
    runtime(
        "slot",
        "core.role",
        "core.frames",
        "codec",
        "codec.function",
        "codec.failure",
        "wire.frame",
        "runtime.progress",
        "runtime.output",
        "runtime",
        "api");
    runtime(
        "engine",
        "core.role",
        "core.work",
        "core.link",
        "core.frames",
        "transport",
        "codec",
        "codec.failure",
        "graph",
        "wire.fault",
        "wire",
        "runtime.slot",
        "runtime.progress",
        "runtime.output",
        "runtime",
        "api");
    runtime(
        "session",
        "core.role",
        "core.frames",
        "codec",
        "codec.function",
        "graph",
        "wire.frame",
        "wire",
        "runtime.engine",
        "runtime.slot",
        "runtime.progress",
        "runtime",
        "api");
    runtime(
        "launch",
        "core.frames",
        "transport",
        "codec",
        "runtime.session",
        "runtime.engine",
        "runtime.slot",
        "runtime.progress",
        "runtime.output",
        "runtime",
        "api");
    runtime(
        "measure",
        "core.role",
        "core.link",
        "transport",
        "codec",
        "codec.function",
        "runtime.session",
        "runtime.engine",
        "api");
    // siblings, which know nothing of each other
    DOORS.put(
        "sim",
        List.of(
            "core.role", "core.work", "core.link", "core.frames", "graph", "wire.frame", "wire"));
    DOORS.put(
        "scale",
        List.of(
            "core.role",
            "core.work",
            "core.link",
            "core.frames",
            "transport",
            "graph",
            "wire.frame",
            "wire"));
    DOORS.put("cli", List.of("runtime", "runtime.launch", "api"));
  }

  private static void runtime(String room, String... others) {
    DOORS.put("runtime." + room, List.of(others));
  }

  /// Rooms whose sub-packages are rooms of their own.
  private static final Set<String> DIVIDED = Set.of("runtime", "core", "codec", "wire");

  /// Rooms whose doors lead to the benchmarks and the command.
  private static final Set<String> FOR_OTHERS =
      Set.of("sim", "scale", "cli", "runtime.measure", "runtime.launch");

  /// Whatever differs from one execution to the next, or reaches out of the process.
  private static final Set<String> RESTLESS_CLASSES =
      Set.of(
          "java.lang.Thread",
          "java.lang.ThreadLocal",
          "java.lang.Process",
          "java.lang.ProcessBuilder",
          "java.lang.ProcessHandle",
          "java.lang.Runtime",
          "java.util.Random",
          "java.util.SplittableRandom",
          "java.util.UUID",
          "java.util.Timer",
          "java.util.IdentityHashMap",
          "java.util.WeakHashMap",
          "java.util.Scanner");

  private static final List<String> RESTLESS_PACKAGES =
      List.of(
          "java.io",
          "java.net",
          "java.nio.file",
          "java.nio.channels",
          "java.time",
          "java.util.random",
          "java.util.concurrent",
          "java.security");

  private static final Set<String> RESTLESS_METHODS =
      Set.of(
          "java.lang.System.nanoTime",
          "java.lang.System.currentTimeMillis",
          "java.lang.System.identityHashCode",
          "java.lang.System.getenv",
          "java.lang.System.getProperty",
          "java.lang.Math.random",
          "java.util.Set.of",
          "java.util.Set.copyOf",
          "java.util.Map.of",
          "java.util.Map.copyOf",
          "java.util.Map.ofEntries",
          "java.util.Collections.shuffle");

  /// Ours and the API's, from folders or jars.
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("dev.heddle");

  private static String[] packages(String room) {
    return room.equals("api")
        ? new String[] {"dev.heddle", "dev.heddle.spi"}
        : new String[] {"dev.heddle." + room + (DIVIDED.contains(room) ? "" : "..")};
  }

  private static ArchRule doors(String room) {
    return doors(room, DOORS.getOrDefault(room, List.of()));
  }

  private static ArchRule doors(String room, List<String> others) {
    List<String> allowed = new ArrayList<>(others);
    allowed.add(room);
    String[] open =
        allowed.stream().flatMap(one -> Arrays.stream(packages(one))).toArray(String[]::new);
    return noClasses()
        .that()
        .resideInAnyPackage(packages(room))
        .should()
        .dependOnClassesThat(resideInAnyPackage("dev.heddle..").and(resideOutsideOfPackages(open)));
  }

  @TestFactory
  Stream<DynamicTest> shouldKeepOneWayDoors() {
    return DOORS.keySet().stream()
        .map(
            room ->
                DynamicTest.dynamicTest(
                    room + " -> " + DOORS.get(room), () -> doors(room).check(CLASSES)));
  }

  @Test
  void shouldKnowEveryRoom() {
    Set<String> rooms =
        CLASSES.stream()
            .map(JavaClass::getPackageName)
            .filter(
                name -> name.matches("dev\\.heddle\\.[a-z]+.*") && !name.equals("dev.heddle.spi"))
            .map(ArchitectureTest::roomOf)
            .collect(Collectors.toCollection(TreeSet::new));
    rooms.removeAll(DOORS.keySet());
    assertEquals(Set.of(), rooms, "rooms without a rule: add them to DOORS and to the design");
  }

  /// Where a field is, only its accessors know ([dev.heddle.wire.frame.Frame] has the map).
  private static final DescribedPredicate<JavaAccess<?>> BARE_OFFSETS =
      new DescribedPredicate<>("read or write a field by its offset") {
        @Override
        public boolean test(JavaAccess<?> access) {
          return access.getTargetOwner().getName().equals("dev.heddle.wire.frame.Frame")
              && access.getTarget().getName().matches("(get|put)(Int|Long|Short|Byte)");
        }
      };

  private static ArchRule namedFields(String... from) {
    return noClasses().that().resideInAnyPackage(from).should().accessTargetWhere(BARE_OFFSETS);
  }

  @Test
  void shouldReadFramesByTheNamesOfTheirFields() {
    for (String room : DOORS.keySet()) {
      if (!room.equals("wire.frame")) {
        namedFields(packages(room)).check(CLASSES);
      }
    }
    // the accessors themselves do
    assertThrows(AssertionError.class, () -> namedFields("dev.heddle.wire.frame").check(CLASSES));
  }

  private static String roomOf(String packageName) {
    String[] parts = packageName.split("\\.", -1);
    return DIVIDED.contains(parts[2]) && parts.length > 3 ? parts[2] + "." + parts[3] : parts[2];
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
                                room.getKey() + " without " + door,
                                () -> shouldMiss(room.getKey(), door))));
  }

  private static void shouldMiss(String room, String door) {
    List<String> others = new ArrayList<>(DOORS.getOrDefault(room, List.of()));
    others.remove(door);
    assertThrows(
        AssertionError.class,
        () -> doors(room, others).check(CLASSES),
        () -> "nothing in " + room + " uses " + door + ": close that door");
  }

  /// Public are the doors only: a class that no other room names is its own room's.
  @Test
  void shouldBePublicForAnotherRoom() {
    List<String> closed =
        CLASSES.stream()
            .filter(type -> type.getPackageName().matches("dev\\.heddle\\.[a-z]+.*"))
            .filter(type -> DOORS.containsKey(roomOf(type.getPackageName())))
            .filter(type -> !FOR_OTHERS.contains(roomOf(type.getPackageName())))
            .filter(
                type -> type.isTopLevelClass() && type.getModifiers().contains(JavaModifier.PUBLIC))
            .filter(
                type ->
                    Stream.concat(Stream.of(type), withNested(type))
                        .flatMap(one -> one.getDirectDependenciesToSelf().stream())
                        .allMatch(
                            use ->
                                use.getOriginClass()
                                    .getPackageName()
                                    .equals(type.getPackageName())))
            .map(JavaClass::getName)
            .sorted()
            .toList();
    assertEquals(
        List.of(
            // constants, which the compiler copies to those who name them
            "dev.heddle.codec.form.Tags",
            // a journal and a monitor will listen
            "dev.heddle.core.role.Fact",
            "dev.heddle.core.role.FactListener",
            // a test of the run makes its own
            "dev.heddle.transport.mpi.MpiTransport",
            // the simulator's tests have faults of their own
            "dev.heddle.wire.fault.Faults"),
        closed);
  }

  private static Stream<JavaClass> withNested(JavaClass type) {
    return CLASSES.stream().filter(one -> one.getName().startsWith(type.getName() + "$"));
  }

  @Test
  void shouldDependOnTheJdkAndSlf4jOnlyInTheApi() {
    assertTrue(CLASSES.contain(Heddle.class));
    classes()
        .that()
        .resideInAnyPackage("dev.heddle", "dev.heddle.spi")
        .should()
        .onlyDependOnClassesThat(
            resideInAnyPackage(
                "dev.heddle", "dev.heddle.spi", "java..", "org.slf4j..", "org.jspecify.."))
        .check(CLASSES);
  }

  @Test
  void shouldCallNoClockThreadOrChanceInCoreAndGraph() {
    restful("dev.heddle.core..", "dev.heddle.graph..").check(CLASSES);
  }

  private static ArchRule restful(String... packages) {
    return noClasses()
        .that()
        .resideInAnyPackage(packages)
        .should()
        .dependOnClassesThat(
            DescribedPredicate.describe(
                "have a clock, a thread, chance or I/O", ArchitectureTest::isRestless))
        .orShould()
        .accessTargetWhere(
            DescribedPredicate.describe(
                "a method that gives something else each time",
                (JavaAccess<?> access) ->
                    RESTLESS_METHODS.contains(
                        access.getTargetOwner().getName() + "." + access.getTarget().getName())));
  }

  private static boolean isRestless(JavaClass type) {
    String inPackage = type.getPackageName();
    return RESTLESS_CLASSES.contains(type.getName())
        || RESTLESS_PACKAGES.stream()
            .anyMatch(one -> inPackage.equals(one) || inPackage.startsWith(one + "."));
  }

  /// The rules can fail: the runtime is full of clocks and threads, and uses the core.
  @Test
  void shouldSeeWhatItForbids() {
    AssertionError error =
        assertThrows(AssertionError.class, () -> restful("dev.heddle.runtime..").check(CLASSES));
    String text = String.valueOf(error.getMessage());
    assertTrue(text.contains("nanoTime") && text.contains("java.lang.Thread"), text);
    assertThrows(
        AssertionError.class,
        () ->
            noClasses()
                .that()
                .resideInAPackage("dev.heddle.runtime..")
                .should()
                .dependOnClassesThat(resideInAnyPackage("dev.heddle.core.."))
                .check(CLASSES));
    assertFalse(
        CLASSES.contain("dev.heddle.architecture.ArchitectureTest"), "tests are not judged");
  }
}
