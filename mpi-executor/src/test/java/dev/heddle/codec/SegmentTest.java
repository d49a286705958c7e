package dev.heddle.codec;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Fn1;
import dev.heddle.TaskSerializationException;
import dev.heddle.codec.function.CapturedFunction;
import dev.heddle.codec.function.FunctionDefinition;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Memory segments as values, and large values outside of arrays.
@Timeout(60)
class SegmentTest {
  private static final ValueCodec CODEC =
      new ValueCodec(SegmentTest.class.getClassLoader(), List.of("dev.heddle.codec"));
  private static final FunctionDefinition FUNCTION = definition();

  record Part(String name, MemorySegment bytes) {}

  private static FunctionDefinition definition() {
    return CapturedFunction.of((Fn1<Integer, Integer>) x -> x).definition();
  }

  private static byte[] random(int length) {
    byte[] bytes = new byte[length];
    new SplittableRandom(length).nextBytes(bytes);
    return bytes;
  }

  private static MemorySegment flat(Object value) {
    long bytes = FlatValues.bytes(value);
    MemorySegment target = Arena.ofAuto().allocate(24 + bytes, 64);
    CODEC.encodeFlat(value, "argument", 0, FUNCTION, target, 24);
    return target.asSlice(24);
  }

  @Test
  void shouldSendASegmentByItsBytes() {
    for (int length : new int[] {0, 1, 127, 128, 16_383, 16_384, 100_000}) {
      byte[] bytes = random(length);
      MemorySegment copy =
          assertInstanceOf(
              MemorySegment.class,
              CODEC.decode(
                  MemorySegment.ofArray(flat(MemorySegment.ofArray(bytes)).toArray(JAVA_BYTE)),
                  null,
                  SegmentMemory.AUTOMATIC));
      assertArrayEquals(bytes, copy.toArray(JAVA_BYTE));
      byte[] compact = CODEC.encode(MemorySegment.ofArray(bytes), "argument 0");
      assertTrue(compact.length <= length + 7, "bytes=" + compact.length);
      MemorySegment again =
          assertInstanceOf(MemorySegment.class, CODEC.decode(compact, 0, compact.length));
      assertArrayEquals(bytes, again.toArray(JAVA_BYTE));
      assertTrue(again.isNative());
      assertEquals(0, again.address() % SegmentMemory.ALIGNMENT_BYTES);
    }
  }

  @Test
  void shouldReadALargeSegmentWhereItLies() {
    byte[] bytes = random(100_000);
    MemorySegment encoded = flat(MemorySegment.ofArray(bytes));
    SegmentMemory views =
        new SegmentMemory() {
          @Override
          public MemorySegment copy(MemorySegment from) {
            throw new AssertionError("copied");
          }

          @Override
          public MemorySegment view(MemorySegment from) {
            return from;
          }
        };
    MemorySegment view = assertInstanceOf(MemorySegment.class, CODEC.decode(encoded, null, views));
    assertArrayEquals(bytes, view.toArray(JAVA_BYTE));
    assertEquals(encoded.address() - 24 + 64, view.address());
  }

  @Test
  void shouldWriteArraysAsTheEncoderDoes() {
    double[] doubles = {1.5, Double.NaN, -0.0};
    long[] longs = {Long.MIN_VALUE, 7};
    Object[] arrays = {
      random(300),
      new short[] {-1, 2},
      "chars".toCharArray(),
      new int[] {5, Integer.MIN_VALUE},
      new float[] {1, Float.NaN},
      longs,
      doubles,
      new byte[0],
      new double[20_000]
    };
    for (Object array : arrays) {
      byte[] expected = CODEC.encode(array, "argument 0");
      MemorySegment encoded = flat(array);
      assertArrayEquals(expected, encoded.toArray(JAVA_BYTE));
      Object copy = CODEC.decode(encoded, null, SegmentMemory.AUTOMATIC);
      assertTrue(Arrays.deepEquals(new Object[] {array}, new Object[] {copy}));
      Object fromBytes = CODEC.decode(expected, 0, expected.length);
      assertTrue(Arrays.deepEquals(new Object[] {array}, new Object[] {fromBytes}));
    }
    assertEquals(-1, FlatValues.bytes(new boolean[5]));
    assertEquals(-1, FlatValues.bytes("text"));
    byte[] booleans = CODEC.encode(new boolean[] {true, false}, "argument 0");
    assertArrayEquals(
        new boolean[] {true, false},
        (boolean[]) CODEC.decode(MemorySegment.ofArray(booleans), null, SegmentMemory.AUTOMATIC));
  }

  @Test
  void shouldKeepSegmentsInsideOfContainers() {
    List<Part> parts =
        List.of(
            new Part("a", MemorySegment.ofArray(new long[] {1, 2})),
            new Part("b", MemorySegment.ofArray(random(70_000)).asReadOnly()));
    byte[] encoded = CODEC.encode(parts, "argument 0");
    List<?> copy =
        assertInstanceOf(
            List.class,
            CODEC.decode(MemorySegment.ofArray(encoded), null, SegmentMemory.AUTOMATIC));
    for (int i = 0; i < 2; i++) {
      Part part = assertInstanceOf(Part.class, copy.get(i));
      assertEquals(-1, part.bytes().mismatch(parts.get(i).bytes()));
      assertTrue(part.bytes().isNative());
    }
    MemorySegment[] array = {parts.get(0).bytes(), parts.get(1).bytes()};
    byte[] ofArray = CODEC.encode(array, "argument 0");
    MemorySegment[] arrayCopy =
        assertInstanceOf(MemorySegment[].class, CODEC.decode(ofArray, 0, ofArray.length));
    assertEquals(-1, array[1].mismatch(arrayCopy[1]));
  }

  @Test
  void shouldCompareSegmentsByTheirBytes() {
    MemorySegment segment = MemorySegment.ofArray(random(50_000));
    byte[] compact = CODEC.encode(segment, "argument 0");
    byte[] padded = flat(segment).toArray(JAVA_BYTE);
    assertNotEquals(compact.length, padded.length);
    byte[] key = ValueCodec.canonical(compact, 0, compact.length);
    assertNotNull(key);
    assertArrayEquals(key, ValueCodec.canonical(padded, 0, padded.length));
    byte[] array = CODEC.encode(random(50_000), "argument 0");
    assertTrue(
        !Arrays.equals(key, ValueCodec.canonical(array, 0, array.length)),
        "an array is another value");
  }

  @Test
  void shouldRefuseASegmentThatCannotBeRead() {
    MemorySegment gone;
    try (Arena arena = Arena.ofConfined()) {
      gone = arena.allocate(100);
    }
    for (org.junit.jupiter.api.function.Executable encode :
        List.<org.junit.jupiter.api.function.Executable>of(
            () -> CODEC.encode(gone, "argument 0 of f"), () -> flat(gone))) {
      TaskSerializationException refused = assertThrows(TaskSerializationException.class, encode);
      assertTrue(
          Objects.toString(refused.getMessage()).startsWith("argument 0 of "),
          refused.getMessage());
    }
  }

  @Test
  void shouldRefuseDamagedBytes() {
    byte[] good = flat(MemorySegment.ofArray(random(50))).toArray(JAVA_BYTE);
    SplittableRandom random = new SplittableRandom(11);
    for (int i = 0; i < 20_000; i++) {
      byte[] bad = Arrays.copyOf(good, random.nextInt(1, good.length + 3));
      bad[random.nextInt(Math.min(bad.length, 42))] = (byte) random.nextInt();
      try {
        Object value = CODEC.decode(MemorySegment.ofArray(bad), null, SegmentMemory.AUTOMATIC);
        if (value instanceof MemorySegment segment) {
          assertTrue(segment.byteSize() <= bad.length);
        }
      } catch (TaskSerializationException e) {
        assertNotNull(e.getMessage());
      }
    }
  }
}
