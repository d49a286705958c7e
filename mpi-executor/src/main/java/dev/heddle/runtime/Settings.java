package dev.heddle.runtime;

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

  /// The bounds of the protocol. A frame may be larger than the largest value by its own fields.
  static Limits limits(HeddleConfig config) {
    Limits defaults = Limits.defaults();
    return new Limits(
        config.livenessNs(),
        Math.min(
            Integer.MAX_VALUE - 16L, config.number("valueBytesMax") + 4096 + Frame.RESULT_BYTES),
        config.number("inFlightBulkBytesMax"),
        config.number("cacheBytesMax"),
        config.count("inlineBytesMax"),
        config.count("prefetchMax"),
        defaults.resultFramesMax(),
        defaults.resultBytesMax(),
        defaults.taskBytesMax(),
        defaults.functionsMax());
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
    texts.put("serializablePackages", mainPackage());
    return HeddleConfig.fromMap(texts);
  }

  /// The package of the class whose `main` is at the bottom of the calling thread's stack.
  private static String mainPackage() {
    StackTraceElement[] stack = Thread.currentThread().getStackTrace();
    String name = stack[stack.length - 1].getClassName();
    for (StackTraceElement element : stack) {
      if (element.getMethodName().equals("main")) {
        name = element.getClassName();
      }
    }
    int dot = name.lastIndexOf('.');
    return dot < 0 ? "" : name.substring(0, dot);
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
