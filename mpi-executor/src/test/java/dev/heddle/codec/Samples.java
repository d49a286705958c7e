package dev.heddle.codec;

import java.io.FileReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Types that several tests send.
public final class Samples {
  private Samples() {}

  public record Point(int x, double y, @Nullable String name) {}

  record Wide(
      boolean a, byte b, short c, char d, int e, long f, float g, double h, List<Point> points) {}

  record Nested(Object value) {}

  record Strict(int positive) {
    Strict {
      if (positive <= 0) {
        throw new IllegalArgumentException("positive=" + positive);
      }
    }
  }

  public enum Color {
    RED,
    GREEN {
      @Override
      public String wave() {
        return "520";
      }
    };

    public String wave() {
      return "700";
    }
  }

  /// An ordinary class.
  static final class Node {
    final String name;
    final List<Node> next = new ArrayList<>();
    @Nullable Node parent;
    transient @Nullable Thread owner;

    Node(String name) {
      this.name = name;
    }
  }

  /// Holds an object that can't be sent.
  static final class Sample {
    final String name = "s";
    @Nullable FileReader reader;
    @Nullable Object extra;
    @Nullable Map<String, Object> table;
  }
}
