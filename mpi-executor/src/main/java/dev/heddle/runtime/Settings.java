package dev.heddle.runtime;

import dev.heddle.Heddle;
import dev.heddle.HeddleConfig;
import dev.heddle.codec.ValueCodec;
import dev.heddle.core.Limits;
import dev.heddle.wire.Frame;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/// From a configuration to what the rooms below understand.
final class Settings {
  private Settings() {}

  /// The bounds of the protocol on this rank. A frame may be larger than the largest value by its
  /// own fields; what a rank keeps is bounded by its share of the heap too, since the configuration
  /// is rank 0's and heaps differ.
  static Limits limits(HeddleConfig config) {
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
  static ValueCodec codec(HeddleConfig config, ClassLoader loader) {
    List<String> packages = new ArrayList<>();
    for (String name : config.text("serializablePackages").split(",", -1)) {
      packages.add(name.strip());
    }
    return new ValueCodec(loader, packages);
  }

  /// The configuration that rank 0 sends, with the package of its main class where the user named
  /// none.
  static HeddleConfig completed(HeddleConfig config) {
    if (!config.text("serializablePackages").isEmpty()) {
      return config;
    }
    Map<String, String> texts = new LinkedHashMap<>(config.toMap());
    texts.put("serializablePackages", ownPackages());
    return HeddleConfig.fromMap(texts);
  }

  /// The packages of the main class and of the class that calls [Heddle#run]: they differ where
  /// something else started the program, a test or a server.
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

  static byte[] toBytes(Map<String, String> texts) {
    Properties properties = new Properties();
    properties.putAll(texts);
    try (StringWriter out = new StringWriter()) {
      properties.store(out, null);
      return out.toString().getBytes(StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Map<String, String> fromBytes(byte[] bytes) {
    Properties properties = new Properties();
    try {
      properties.load(new StringReader(new String(bytes, StandardCharsets.UTF_8)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Map<String, String> texts = new LinkedHashMap<>();
    for (String name : properties.stringPropertyNames()) {
      texts.put(name, properties.getProperty(name));
    }
    return texts;
  }
}
