package dev.heddle.wire.frame;

import java.lang.foreign.MemorySegment;

/// The host of a failed task and its encoded failure: the payload of a failed [Frame#RESULT], and
/// of a failure in a [Frame#PART].
///
/// Shape: host length u16, host (UTF-8), failure. Errors: nothing is checked here; [Frame#check]
/// does.
public final class HostedFailure {
  private static final int HOST = 2;

  private HostedFailure() {}

  /// The payload for a failure on `host`, whose name has at most 65,535 bytes.
  public static byte[] of(byte[] host, byte[] failure) {
    byte[] payload = new byte[HOST + host.length + failure.length];
    Frame.putShort(MemorySegment.ofArray(payload), 0, host.length);
    System.arraycopy(host, 0, payload, HOST, host.length);
    System.arraycopy(failure, 0, payload, HOST + host.length, failure.length);
    return payload;
  }

  /// The name of the host.
  public static String host(byte[] payload) {
    return Frame.getText(MemorySegment.ofArray(payload), HOST, hostLength(payload));
  }

  /// The encoded failure, a copy.
  public static byte[] failure(byte[] payload) {
    int from = HOST + hostLength(payload);
    return Frame.getBytes(MemorySegment.ofArray(payload), from, payload.length - from);
  }

  private static int hostLength(byte[] payload) {
    return Frame.getShort(MemorySegment.ofArray(payload), 0);
  }
}
