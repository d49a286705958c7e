package dev.heddle.transport.mpi;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MpiLibraryTest {
  @TempDir Path folder;

  @AfterEach
  void forget() {
    System.clearProperty("heddle.nativeDir");
    System.clearProperty("heddle.mpi");
  }

  @Test
  void shouldSayWhatTheLoaderSays() throws Exception {
    Path shim = folder.resolve("libheddle-mpich.so");
    Files.writeString(shim, "no library".repeat(100));
    System.setProperty("heddle.nativeDir", folder.toString());
    System.setProperty("heddle.mpi", "mpich");
    IllegalStateException refused =
        assertThrows(IllegalStateException.class, () -> MpiLibrary.load());
    String message = String.valueOf(refused.getMessage());
    assertTrue(message.contains("invalid ELF header"), message);
    assertTrue(message.contains("cannot load " + shim), message);
  }

  @Test
  void shouldNameTheShimThatIsMissing() {
    System.setProperty("heddle.nativeDir", folder.toString());
    System.setProperty("heddle.mpi", "openmpi");
    IllegalStateException refused =
        assertThrows(IllegalStateException.class, () -> MpiLibrary.load());
    String message = String.valueOf(refused.getMessage());
    assertTrue(message.contains("no file " + folder.resolve("libheddle-openmpi.so")), message);
  }
}
