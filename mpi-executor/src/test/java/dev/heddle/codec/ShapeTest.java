package dev.heddle.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.TaskSerializationException;
import dev.heddle.behaviour.SameShape;
import dev.heddle.behaviour.Shapes;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/// Values of any shape, there and back. `-Dshapes.count=1000000` tries more values,
/// `-Dshapes.first=N` begins with another seed.
class ShapeTest {
  private static final ValueCodec CODEC =
      new ValueCodec(
          Objects.requireNonNull(ShapeTest.class.getClassLoader()),
          List.of("dev.heddle.behaviour"));

  /// Seeds that once failed.
  private static final long[] FOUND = {
    4, 128, 144, 1134, 4896, 72344, 156299, 211993, 446183, 536011
  };

  private static void check(long seed) {
    Object value = new Shapes(seed).any();
    int made = Shapes.constructed();
    byte[] bytes;
    try {
      bytes = CODEC.encode(value, "argument 0 of Chem.energy");
    } catch (TaskSerializationException refusal) {
      throw new AssertionError("seed=" + seed + " refused", refusal);
    }
    Object copy = CODEC.decode(bytes, 0, bytes.length);
    try {
      SameShape.check(value, copy);
      // A value that has arrived can be sent on, and stays the same.
      byte[] again = CODEC.encode(copy, "result of Chem.energy");
      SameShape.check(copy, CODEC.decode(again, 0, again.length));
    } catch (AssertionError | TaskSerializationException e) {
      throw new AssertionError("seed=" + seed + ": repeat with -Dshapes.first=" + seed, e);
    }
    assertEquals(made, Shapes.constructed(), "constructors ran: seed=" + seed);
  }

  @Test
  void shouldBringEveryShapeAsItWas() {
    long first = Long.getLong("shapes.first", 1);
    long count = Long.getLong("shapes.count", 2_000);
    for (long seed = first; seed < first + count; seed++) {
      check(seed);
    }
    for (long seed : FOUND) {
      check(seed);
    }
    assertTrue(count > 0);
  }
}
