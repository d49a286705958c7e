package dev.heddle.core;

import dev.heddle.wire.Frame;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;

/// What is below and including a rank: the contents of a HELLO.
///
/// @param ranks processes
/// @param workers ranks with slots
/// @param relays ranks with children, the coordinator aside
/// @param levels ranks on the longest path, this one included
/// @param slots tasks that can run at the same time
/// @param processId of this rank
/// @param host of this rank
/// @param version of Heddle on this rank
public record Subtree(
    int ranks,
    int workers,
    int relays,
    int levels,
    long slots,
    long processId,
    String host,
    String version) {

  /// A rank by itself.
  public static Subtree alone(int slots, long processId, String host, String version) {
    return new Subtree(1, slots > 0 ? 1 : 0, 0, 1, slots, processId, host, version);
  }

  /// This rank with one more child.
  Subtree with(Subtree child) {
    return new Subtree(
        ranks + child.ranks,
        workers + child.workers,
        relays + child.relays,
        Math.max(levels, child.levels + 1),
        slots + child.slots,
        processId,
        host,
        version);
  }

  /// This rank counted as a relay.
  Subtree asRelay() {
    return new Subtree(ranks, workers, relays + 1, levels, slots, processId, host, version);
  }

  byte[] toFrame() {
    byte[] hostBytes = clip(host);
    byte[] versionBytes = clip(version);
    byte[] frame =
        new byte[Math.max(48, Frame.padded(44 + hostBytes.length + versionBytes.length))];
    MemorySegment s = MemorySegment.ofArray(frame);
    Frame.head(s, 0, Frame.HELLO, 0, 0, frame.length);
    Frame.putInt(s, 8, ranks);
    Frame.putInt(s, 12, workers);
    Frame.putInt(s, 16, relays);
    Frame.putInt(s, 20, levels);
    Frame.putLong(s, 24, slots);
    Frame.putLong(s, 32, processId);
    Frame.putShort(s, 40, hostBytes.length);
    Frame.putShort(s, 42, versionBytes.length);
    MemorySegment.copy(MemorySegment.ofArray(hostBytes), 0, s, 44, hostBytes.length);
    MemorySegment.copy(
        MemorySegment.ofArray(versionBytes), 0, s, 44 + hostBytes.length, versionBytes.length);
    return frame;
  }

  static Subtree of(MemorySegment s, long offset) {
    int hostLength = Frame.getShort(s, offset + 40);
    return new Subtree(
        Math.max(1, Frame.getInt(s, offset + 8)),
        Math.max(0, Frame.getInt(s, offset + 12)),
        Math.max(0, Frame.getInt(s, offset + 16)),
        Math.max(1, Frame.getInt(s, offset + 20)),
        Math.max(0, Frame.getLong(s, offset + 24)),
        Frame.getLong(s, offset + 32),
        Frame.getText(s, offset + 44, hostLength),
        Frame.getText(s, offset + 44 + hostLength, Frame.getShort(s, offset + 42)));
  }

  /// UTF-8, at most 256 bytes: names must fit into any message.
  static byte[] clip(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return bytes.length <= 256 ? bytes : java.util.Arrays.copyOf(bytes, 256);
  }
}
