package dev.heddle.runtime.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.runtime.output.RunFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
class VerdictTest {
  @TempDir Path folder;

  private String write(String reason) throws IOException {
    Verdict.replace(new RunFolder(folder, "the run"), 1, reason);
    return Files.readString(folder.resolve("exit"));
  }

  /// Stands for a full disk: the draft can't be written where a folder has the draft's name.
  private void blockDraft() throws IOException {
    Files.createDirectory(folder.resolve("exit." + ProcessHandle.current().pid()));
    Files.createFile(folder.resolve("exit." + ProcessHandle.current().pid()).resolve("file"));
  }

  @Test
  void shouldBeOneLineWhateverTheReason() throws IOException {
    assertEquals("1\tplanned größe\n", write("planned größe"));
    assertEquals("1\ttwo lines and a tab\n", write("two\r\nlines and\ta tab"));
    // half of a surrogate pair has no bytes in UTF-8
    assertEquals("1\thalf ?\n", write("half \ud83d"));
  }

  @Test
  void shouldBeWrittenOverTheRoomWhereTheDiskIsFull() throws IOException {
    Files.writeString(folder.resolve("exit.room"), " ".repeat(4_095) + "\n");
    blockDraft();
    String text = write("planned");
    assertTrue(text.startsWith("1\tplanned\n"), text);
    assertEquals(4_096, text.length(), "no byte more than was kept");
    assertFalse(Files.exists(folder.resolve("exit.room")));
  }

  @Test
  void shouldBeCutToTheRoom() throws IOException {
    Files.writeString(folder.resolve("exit.room"), " ".repeat(4_095) + "\n");
    blockDraft();
    String text = write("x".repeat(10_000));
    assertEquals(4_096, text.length());
    assertEquals(3_999, text.indexOf('\n'));
  }

  @Test
  void shouldFailWhereThereIsNoRoomEither() throws IOException {
    blockDraft();
    assertThrows(IOException.class, () -> write("planned"));
    assertFalse(Files.exists(folder.resolve("exit")));
  }

  @Test
  void shouldNameTheFolderByWhatWasOpened() throws IOException {
    RunFolder named = RunFolder.of(Map.of("HEDDLE_RUN_DIR", folder.toString()));
    assertNotNull(named);
    assertEquals(folder.toAbsolutePath(), named.path());
    // a descriptor of this process that does not lead to a folder
    RunFolder file =
        RunFolder.of(Map.of("HEDDLE_RUN_DIR", folder.toString(), "HEDDLE_RUN_FD", "0"));
    assertNotNull(file);
    assertEquals(folder.toAbsolutePath(), file.path());
    assertNull(RunFolder.of(Map.of("HEDDLE_RUN_DIR", " ")));
    assertNull(RunFolder.of(Map.of()));
  }

  @Test
  void shouldGiveUpAFolderThatCannotBeNamed() {
    assertNull(RunFolder.of(Map.of("HEDDLE_RUN_DIR", "no\0name")));
  }
}
