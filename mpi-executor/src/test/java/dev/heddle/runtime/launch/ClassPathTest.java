package dev.heddle.runtime.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.HeddleConfig;
import dev.heddle.runtime.Versions;
import dev.heddle.runtime.engine.Settings;
import dev.heddle.runtime.launch.ClassPath.Entry;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Which class paths count as the same, and how a difference is told.
class ClassPathTest {
  @TempDir private Path folder = Path.of("");

  private Path write(String path, String content) throws IOException {
    Path file = folder.resolve(path);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, content);
  }

  private static ClassPath read(Path... files) {
    return ClassPath.of(
        Arrays.stream(files).map(Path::toString).collect(Collectors.joining(File.pathSeparator)));
  }

  private static @Nullable String difference(ClassPath a, ClassPath b) {
    return a.difference("rank 0 on a", b, "rank 7 on b");
  }

  @Test
  void shouldNameJarsByContentAndNotByPlace() throws IOException {
    ClassPath one = read(write("x/app.jar", "123456789"), write("x/lib.jar", "lib"));
    ClassPath other = read(write("y/app.jar", "123456789"), write("z/lib.jar", "lib"));
    // the check value of CRC-32C, from its definition
    assertEquals(new Entry("app.jar", 9, "e3069283"), one.entries().getFirst());
    assertNull(difference(one, other));
    assertEquals(one, ClassPath.fromText(one.toText()));
  }

  @Test
  void shouldTellWhatDiffers() throws IOException {
    Path app = write("x/app.jar", "123456789");
    Path lib = write("x/lib.jar", "lib");
    ClassPath ours = read(app, lib);
    assertEquals(
        "rank 0 on a has app.jar (9 bytes, crc e3069283) and rank 7 on b has app.jar (9 bytes, crc "
            + read(write("y/app.jar", "123456788")).entries().getFirst().crc()
            + ")",
        difference(ours, read(folder.resolve("y/app.jar"), lib)));
    assertEquals(
        "rank 0 on a has app.jar (9 bytes, crc e3069283), which rank 7 on b lacks",
        difference(ours, read(lib)));
    assertEquals(
        "rank 7 on b has app.jar (9 bytes, crc e3069283), which rank 0 on a lacks",
        difference(read(lib), ours));
    String order = difference(ours, read(lib, app));
    assertTrue(
        order != null
            && order.contains("another order: entry 1 is app.jar for rank 0 on a and lib.jar for"),
        order);
    String twice = difference(ours, read(app, lib, app));
    assertTrue(
        twice != null && twice.contains("entry 3 is missing for rank 0 on a and app.jar"), twice);
  }

  @Test
  void shouldReadTheClassesOfFoldersAlone() throws IOException {
    write("x/classes/a/B.class", "b");
    write("x/classes/a/A.class", "a");
    Path classes = folder.resolve("x/classes");
    ClassPath before = read(classes);
    assertEquals("classes/", before.entries().getFirst().name());
    write("x/classes/run.log", "the run writes here");
    assertEquals(before, read(classes));
    write("x/classes/a/A.class", "c");
    assertNotEquals(before, read(classes));
    write("x/classes/a/A.class", "a");
    Files.move(folder.resolve("x/classes/a/B.class"), folder.resolve("x/classes/a/C.class"));
    assertNotEquals(before, read(classes));
    Files.delete(folder.resolve("x/classes/a/C.class"));
    Files.delete(folder.resolve("x/classes/a/A.class"));
    assertEquals(List.of(), read(classes, folder.resolve("missing.jar")).entries());
  }

  @Test
  void shouldFollowALinkToAFolder() throws IOException {
    write("x/classes/A.class", "a");
    Path classes = folder.resolve("x/classes");
    Path link = Files.createSymbolicLink(folder.resolve("current"), classes);
    Entry entry = read(link).entries().getFirst();
    assertEquals("current/", entry.name());
    assertEquals(read(classes).entries().getFirst().crc(), entry.crc());
  }

  @Test
  void shouldAskTheFirstRankOfEachHost() {
    assertTrue(StartCheck.leadsHost(Map.of("OMPI_COMM_WORLD_LOCAL_RANK", "0")));
    assertFalse(StartCheck.leadsHost(Map.of("OMPI_COMM_WORLD_LOCAL_RANK", "3")));
    assertFalse(StartCheck.leadsHost(Map.of("MPI_LOCALRANKID", "1", "SLURM_LOCALID", "0")));
    assertFalse(StartCheck.leadsHost(Map.of("SLURM_LOCALID", "1")));
    assertTrue(StartCheck.leadsHost(Map.of("SLURM_LOCALID", "0")));
    assertTrue(StartCheck.leadsHost(Map.of("PMI_RANK", "5")), "nobody says: compare");
  }

  @Test
  void shouldCompareWhatRankZeroSays() {
    HeddleConfig config = HeddleConfig.builder().build();
    Map<String, String> sent = new LinkedHashMap<>(config.toMap());
    sent.putAll(StartCheck.describe(config, "alpha"));
    Map<String, String> received = Settings.fromBytes(Settings.toBytes(sent));
    assertNull(StartCheck.difference(received, 7, "beta"));
    assertEquals(config.toMap(), HeddleConfig.fromMap(received).toMap());

    received = new LinkedHashMap<>(sent);
    received.put("heddle.classPath", "5 01234567 their.jar\n");
    assertEquals(
        "the class paths differ: rank 0 on alpha has their.jar (5 bytes, crc 01234567), which rank 7"
            + " on beta lacks. Give all hosts the same jars in the same order, or set"
            + " classCheck=off",
        StartCheck.difference(received, 7, "beta"));

    received = new LinkedHashMap<>(sent);
    received.put("heddle.version", "0.0.9");
    assertEquals(
        "the versions of Heddle differ: rank 0 on alpha runs 0.0.9 and rank 7 on beta runs "
            + Versions.heddle()
            + ". Give all ranks the same jars",
        StartCheck.difference(received, 7, "beta"));
  }

  @Test
  void shouldSayNothingOfTheClassPathWhenTheCheckIsOff() {
    HeddleConfig off = HeddleConfig.builder().classCheck(false).build();
    assertFalse(StartCheck.describe(off, "alpha").containsKey("heddle.classPath"));
  }
}
