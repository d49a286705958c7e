package dev.heddle.runtime.engine;

import dev.heddle.Heddle;
import dev.heddle.HeddleConfig;
import dev.heddle.codec.ValueCodec;
import dev.heddle.core.link.Limits;
import dev.heddle.wire.frame.Frame;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Turns a configuration into what the rooms below understand.
public final class Settings {
  /// Callbacks and joins can't wait for room, since room may only appear once they go on. They may
  /// have this many tasks beyond `pendingTasksMax`, or a quarter of it where that is more.
  static final int RESERVE_TASKS_MIN = 1_000;

  private Settings() {}

  /// Tasks that callbacks may submit beyond `pendingTasksMax`.
  public static long reserveTasks(long pendingTasksMax) {
    return Math.max(RESERVE_TASKS_MIN, pendingTasksMax / 4);
  }

  /// The bounds of the protocol on this rank. A frame may be larger than the largest value by its
  /// own fields. A share of the heap also bounds what a rank keeps, since the configuration is rank
  /// 0's and heaps differ.
  public static Limits limits(HeddleConfig config) {
    Limits defaults = Limits.defaults();
    long share = Runtime.getRuntime().maxMemory() / 8 / Math.max(1, config.count("localRanks"));
    return new Limits(
        config.livenessNs(),
        Math.min(
            Integer.MAX_VALUE - 16L, config.number("valueBytesMax") + 4096 + Frame.RESULT_BYTES),
        Math.min(share, config.number("inFlightBulkBytesMax")),
        Math.min(share, config.number("cacheBytesMax")),
        config.count("inlineBytesMax"),
        config.count("prefetchMax"),
        defaults.resultFramesMax(),
        defaults.resultBytesMax(),
        defaults.taskBytesMax(),
        defaults.functionsMax(),
        Math.min(share, config.number("memoBytesMax")));
  }

  /// A codec for the JDK's values and the packages of the configuration.
  public static ValueCodec codec(HeddleConfig config, ClassLoader loader) {
    List<String> packages = new ArrayList<>();
    for (String name : config.text("serializablePackages").split(",", -1)) {
      packages.add(name.strip());
    }
    return new ValueCodec(loader, packages, config.number("valueBytesMax"));
  }

  /// The configuration that rank 0 sends, with the packages of the program where the user named
  /// none.
  public static HeddleConfig completed(HeddleConfig config) {
    if (!config.text("serializablePackages").isEmpty()) {
      return config;
    }
    Map<String, String> texts = new LinkedHashMap<>(config.toMap());
    texts.put("serializablePackages", ownPackages());
    return HeddleConfig.fromMap(texts);
  }

  /// The packages of the main class and of the class that calls [Heddle#run]. They differ where a
  /// test or a server started the program.
  private static String ownPackages() {
    StackTraceElement[] stack = Thread.currentThread().getStackTrace();
    String main = stack[stack.length - 1].getClassName();
    String caller = main;
    for (int i = stack.length - 1; i >= 0; i--) {
      if (stack[i].getMethodName().equals("main")) {
        main = stack[i].getClassName();
        break;
      }
    }
    for (int i = 0; i + 1 < stack.length; i++) {
      if (stack[i].getClassName().equals(Heddle.class.getName())) {
        caller = stack[i + 1].getClassName();
      }
    }
    return packageOf(main).equals(packageOf(caller))
        ? packageOf(main)
        : packageOf(main) + "," + packageOf(caller);
  }

  private static String packageOf(String className) {
    int dot = className.lastIndexOf('.');
    return dot < 0 ? "" : className.substring(0, dot);
  }

  /// Names and values, each with its length before it. [java.util.Properties] would write the time
  /// of day as well, for which the JDK loads two hundred classes.
  public static byte[] toBytes(Map<String, String> texts) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeInt(texts.size());
      for (Map.Entry<String, String> entry : texts.entrySet()) {
        writeText(out, entry.getKey());
        writeText(out, entry.getValue());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private static void writeText(DataOutputStream out, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  /// The names and values of [#toBytes]. Errors: [UncheckedIOException] where the bytes end before
  /// what they announce.
  public static Map<String, String> fromBytes(byte[] bytes) {
    Map<String, String> texts = new LinkedHashMap<>();
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      for (int left = in.readInt(); left > 0; left--) {
        texts.put(readText(in), readText(in));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return texts;
  }

  private static String readText(DataInputStream in) throws IOException {
    int length = in.readInt();
    if (length < 0 || length > in.available()) {
      throw new EOFException(
          "a text of " + length + " bytes, of which " + in.available() + " came");
    }
    return new String(in.readNBytes(length), StandardCharsets.UTF_8);
  }

  /// The most commands that may wait: each pending task is a command, and there is room for others.
  static int commandsMax(long pendingTasksMax) {
    return (int)
        Math.min(1 << 30, Math.max(2048, pendingTasksMax + reserveTasks(pendingTasksMax) + 1024));
  }
}
