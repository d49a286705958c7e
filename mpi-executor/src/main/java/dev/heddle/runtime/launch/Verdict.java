package dev.heddle.runtime.launch;

import dev.heddle.runtime.LastSteps;
import dev.heddle.runtime.output.RunFolder;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/// Writes how the run ended into the file `exit` of the run's folder, since launchers don't deliver
/// exit codes. The first verdict of a process stays.
///
/// Where the disk is full the verdict goes into `exit.room`, whose blocks the `heddle` command has
/// taken at the start. The file then becomes `exit`. Neither step needs space.
final class Verdict {
  private static final String NAME = "exit";
  private static final String ROOM = "exit.room";

  /// Most bytes of the verdict's line in the room, which the command makes 4,096 bytes long.
  private static final int ROOM_BYTES_MAX = 4_000;

  private static final AtomicBoolean WRITTEN = new AtomicBoolean();

  private Verdict() {}

  /// Writes `code<TAB>reason`, and the run's token on a line of its own, if there is a folder and
  /// nothing was written before. Returns false where there is no folder, or where writing failed,
  /// which is told. Throws nothing, whatever the folder.
  static boolean write(int code, String reason) {
    boolean[] isWritten = {false};
    LastSteps.take(
        "to write the verdict", () -> isWritten[0] = write(RunFolder.current(), code, reason));
    return isWritten[0];
  }

  /// As [#write], where no process has written a verdict yet.
  static boolean writeFirst(int code, String reason) {
    RunFolder folder = RunFolder.current();
    return folder != null && !Files.exists(folder.file(NAME)) && write(code, reason);
  }

  private static boolean write(@Nullable RunFolder folder, int code, String reason)
      throws IOException {
    if (folder == null) {
      return false;
    }
    if (!WRITTEN.compareAndSet(false, true)) {
      return true;
    }
    try {
      replace(folder, code, reason);
      return true;
    } catch (Throwable failed) {
      // a later verdict may have more luck
      WRITTEN.set(false);
      throw new IOException(folder.inWords(failed), failed);
    }
  }

  /// Makes this the verdict of `folder`, in one step. Errors: [IOException] where nothing can be
  /// written, not even over the room.
  static void replace(RunFolder folder, int code, String reason) throws IOException {
    String line = code + "\t" + reason.replaceAll("\\R|\t", " ") + "\n";
    Path draft = folder.file(NAME + "." + ProcessHandle.current().pid());
    try {
      // not writeString, which refuses half of a surrogate pair
      Files.write(draft, (line + ownMark()).getBytes(StandardCharsets.UTF_8));
    } catch (IOException full) {
      discard(draft);
      draft = inRoom(folder, line, full);
    }
    Files.move(
        draft,
        folder.file(NAME),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
  }

  private static void discard(Path draft) {
    try {
      boolean _ = Files.deleteIfExists(draft);
    } catch (IOException _) {
      // the draft is empty, and is deleted with the folder
    }
  }

  private static Path inRoom(RunFolder folder, String line, IOException full) throws IOException {
    Path room = folder.file(ROOM);
    if (!Files.isRegularFile(room)) {
      throw full;
    }
    byte[] kept = line.getBytes(StandardCharsets.UTF_8);
    if (kept.length > ROOM_BYTES_MAX) {
      kept = Arrays.copyOf(kept, ROOM_BYTES_MAX);
      kept[ROOM_BYTES_MAX - 1] = '\n';
    }
    try (RandomAccessFile file = new RandomAccessFile(room.toFile(), "rw")) {
      file.write(kept);
      file.write(ownMark().getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      full.addSuppressed(e);
      throw full;
    }
    return room;
  }

  /// The second line names this run, where the `heddle` command has given it a token; else empty.
  private static String ownMark() {
    String token = System.getenv("HEDDLE_RUN_TOKEN");
    return token == null ? "" : "run " + token + "\n";
  }
}
