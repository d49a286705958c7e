package dev.heddle.bench.measure;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/// The tasks of `bench payload`, and what they are sent.
///
/// Shape: a payload begins with its message's number and ends with its complement, 8 bytes each;
/// what is between depends on the place.
///
/// Threading: called on slots of any rank; nothing is shared.
public final class PayloadWork {
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private static final ValueLayout.OfLong NUMBER =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /// Bytes looked at between both ends.
  private static final int SAMPLES = 4;

  private PayloadWork() {}

  /// A payload without a number.
  public static byte[] payload(int bytes) {
    byte[] payload = new byte[bytes];
    for (int i = 0; i < bytes; i++) {
      payload[i] = (byte) (i * 31 + (i >>> 8) * 7);
    }
    return payload;
  }

  public static void stamp(byte[] payload, long number) {
    LONG.set(payload, 0, number);
    LONG.set(payload, payload.length - Long.BYTES, ~number);
  }

  /// Length, both ends, and a few bytes at places that depend on the number.
  public static long sampled(byte[] payload) {
    long first = (long) LONG.get(payload, 0);
    long sum = Work.mix64(first ^ payload.length);
    sum = Work.mix64(sum ^ (long) LONG.get(payload, payload.length - Long.BYTES));
    for (int i = 0; i < SAMPLES; i++) {
      sum = Work.mix64(sum ^ payload[(int) Long.remainderUnsigned(sum, payload.length)]);
    }
    return sum;
  }

  /// Every byte.
  public static long whole(byte[] payload) {
    return sampled(payload) + Arrays.hashCode(payload);
  }

  /// As [#sampled], of the same bytes.
  public static long sampledSegment(MemorySegment payload) {
    long length = payload.byteSize();
    long sum = Work.mix64(payload.get(NUMBER, 0) ^ length);
    sum = Work.mix64(sum ^ payload.get(NUMBER, length - Long.BYTES));
    for (int i = 0; i < SAMPLES; i++) {
      sum = Work.mix64(sum ^ payload.get(JAVA_BYTE, Long.remainderUnsigned(sum, length)));
    }
    return sum;
  }

  /// As [#whole], of the same bytes.
  public static long wholeSegment(MemorySegment payload) {
    return sampledSegment(payload) + Arrays.hashCode(payload.toArray(JAVA_BYTE));
  }

  public static void stamp(MemorySegment payload, long number) {
    payload.set(NUMBER, 0, number);
    payload.set(NUMBER, payload.byteSize() - Long.BYTES, ~number);
  }
}
