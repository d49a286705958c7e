package dev.heddle.runtime.output;

import dev.heddle.runtime.LastSteps;
import dev.heddle.runtime.Log;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The folder of a run, which takes the verdict and the tasks' logs.
///
/// The JVM reads its environment in the charset of the locale, and characters that the charset
/// lacks are lost: with `LC_ALL=C` a variable can't name a folder `größe`. So the `heddle` command
/// opens the folder and hands its descriptor down. The descriptor's path under `/proc` is ASCII in
/// every locale.
///
/// @param path path to the folder, which may mean nothing to people
/// @param name name of the folder for people
public record RunFolder(Path path, String name) {
  private static final String VARIABLE = "HEDDLE_RUN_DIR";
  private static final String DESCRIPTOR = "HEDDLE_RUN_FD";

  /// The folder of this process's run; null where there is none, or where its name can't be read in
  /// this locale, which is told once.
  public static @Nullable RunFolder current() {
    return Current.FOLDER;
  }

  private static final class Current {
    static final @Nullable RunFolder FOLDER = of(System.getenv());
  }

  /// The folder that `environment` names.
  public static @Nullable RunFolder of(Map<String, String> environment) {
    String name = environment.get(VARIABLE);
    if (name == null || name.isBlank()) {
      return null;
    }
    Path opened = opened(environment.get(DESCRIPTOR));
    if (opened != null) {
      return new RunFolder(opened, name);
    }
    try {
      return new RunFolder(Path.of(name).toAbsolutePath(), name);
    } catch (InvalidPathException e) {
      Log.tell(
          "heddle: "
              + VARIABLE
              + "="
              + name
              + " can't be named in the charset of this locale, so nothing is written there:"
              + " set LC_ALL=C.UTF-8, or choose another folder");
      return null;
    }
  }

  private static @Nullable Path opened(@Nullable String descriptor) {
    if (descriptor == null || !descriptor.matches("\\d{1,6}")) {
      return null;
    }
    Path path = Path.of("/proc/self/fd", descriptor);
    return Files.isDirectory(path) ? path : null;
  }

  /// The text of `thrown`, with the folder's name for people.
  public String inWords(Throwable thrown) {
    return LastSteps.text(thrown).replace(path.toString(), name);
  }

  /// A file in the folder.
  public Path file(String fileName) {
    return path.resolve(fileName);
  }
}
