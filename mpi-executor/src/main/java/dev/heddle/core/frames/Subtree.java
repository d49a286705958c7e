package dev.heddle.core.frames;

import dev.heddle.wire.frame.Frame;
import dev.heddle.wire.frame.HelloFields;
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
  public Subtree with(Subtree child) {
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
  public Subtree asRelay() {
    return new Subtree(ranks, workers, relays + 1, levels, slots, processId, host, version);
  }

  public byte[] toFrame() {
    byte[] hostBytes = clip(host);
    byte[] versionBytes = clip(version);
    byte[] frame =
        new byte
            [Math.max(
                48, Frame.padded(Frame.HELLO_BYTES + hostBytes.length + versionBytes.length))];
    MemorySegment s = MemorySegment.ofArray(frame);
    Frame.head(s, 0, Frame.HELLO, 0, 0, frame.length);
    HelloFields.putRanks(s, 0, ranks);
    HelloFields.putWorkers(s, 0, workers);
    HelloFields.putRelays(s, 0, relays);
    HelloFields.putLevels(s, 0, levels);
    HelloFields.putSlots(s, 0, slots);
    HelloFields.putProcessId(s, 0, processId);
    HelloFields.putHostLength(s, 0, hostBytes.length);
    HelloFields.putVersionLength(s, 0, versionBytes.length);
    MemorySegment.copy(MemorySegment.ofArray(hostBytes), 0, s, Frame.HELLO_BYTES, hostBytes.length);
    MemorySegment.copy(
        MemorySegment.ofArray(versionBytes),
        0,
        s,
        Frame.HELLO_BYTES + hostBytes.length,
        versionBytes.length);
    return frame;
  }

  public static Subtree of(MemorySegment s, long offset) {
    int hostLength = HelloFields.hostLength(s, offset);
    return new Subtree(
        Math.max(1, HelloFields.ranks(s, offset)),
        Math.max(0, HelloFields.workers(s, offset)),
        Math.max(0, HelloFields.relays(s, offset)),
        Math.max(1, HelloFields.levels(s, offset)),
        Math.max(0, HelloFields.slots(s, offset)),
        HelloFields.processId(s, offset),
        Frame.getText(s, offset + Frame.HELLO_BYTES, hostLength),
        Frame.getText(
            s, offset + Frame.HELLO_BYTES + hostLength, HelloFields.versionLength(s, offset)));
  }

  /// UTF-8, at most 256 bytes: names must fit into any message.
  static byte[] clip(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return bytes.length <= 256 ? bytes : java.util.Arrays.copyOf(bytes, 256);
  }
}
