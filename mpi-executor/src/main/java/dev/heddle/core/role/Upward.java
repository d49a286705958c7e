package dev.heddle.core.role;

import dev.heddle.core.frames.Outcome;
import dev.heddle.core.frames.ValueFrame;
import dev.heddle.core.link.Link;
import dev.heddle.core.link.Sender;
import dev.heddle.wire.frame.Frame;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;

/// What goes up from a relay, in order: outcomes, parts of arrays, and what tasks print. It waits
/// here while the parent grants no credit, at most a window per child.
///
/// Shape: what waits, and two numbers. Threading: the progress role.
final class Upward {
  /// This rank's worker, whose outcomes nobody here counts.
  private static final Sender OWN_WORKER = _ -> {};

  /// Own parts that wait to leave, for each slot: one to send and one to go on with.
  private static final int OWN_PARTS_PER_SLOT = 2;

  /// A frame, and the sender that may send another one when it has left.
  private record Waiting(byte[] frame, Sender sender) {}

  private final Link link;
  private final ArrayDeque<Waiting> waiting = new ArrayDeque<>(1);

  /// This rank's tasks, which have printed.
  private final Sender ownOutput = bytes -> dropOutput(bytes);

  /// This rank's slots, which have made parts of arrays.
  private final Sender ownParts = _ -> onOwnPartSent();

  private long outputBytesSent;
  private int ownPartsWaiting;

  Upward(Link link) {
    this.link = link;
  }

  /// Nothing waits.
  boolean isEmpty() {
    return waiting.isEmpty();
  }

  /// Bytes of output that wait here no more, cumulative.
  long outputBytesSent() {
    return outputBytesSent;
  }

  /// Output that goes no further counts as sent.
  void dropOutput(int bytes) {
    outputBytesSent += bytes;
  }

  /// Whether a rank with this many slots may make another part of an array.
  boolean hasRoomForPart(int slots) {
    return ownPartsWaiting < OWN_PARTS_PER_SLOT * slots;
  }

  private void onOwnPartSent() {
    ownPartsWaiting--;
  }

  /// Passes the frame at `offset` on, which `sender` has sent.
  void pass(Sender sender, MemorySegment s, long offset, int length) {
    if (waiting.isEmpty() && forward(s, offset, length)) {
      sender.onForwarded(length);
      return;
    }
    waiting.add(new Waiting(ValueFrame.array(s, offset, length), sender));
  }

  /// Passes on what this rank's tasks have printed.
  void passOutput(byte[] frame) {
    pass(ownOutput, MemorySegment.ofArray(frame), 0, frame.length);
  }

  /// Passes on a part of an array that this rank's slots have made.
  void passPart(MemorySegment s, long offset, int length) {
    ownPartsWaiting++;
    pass(ownParts, s, offset, length);
  }

  /// A frame that leaves behind all that waits.
  void add(byte[] frame) {
    waiting.add(new Waiting(frame, OWN_WORKER));
  }

  /// Sends an outcome of this rank; false where it has to be offered again. Nothing waits.
  boolean send(Outcome outcome) {
    int bytes = outcome.frameBytes();
    if (!link.fits(bytes)) {
      byte[] frame = new byte[bytes];
      outcome.write(MemorySegment.ofArray(frame), 0);
      return link.up().hasCredit() && link.send(link.up(), frame);
    }
    int at = link.claim(link.up(), Frame.RESULT, bytes);
    if (at < 0) {
      return false;
    }
    outcome.write(link.segment(), at);
    link.commit();
    return true;
  }

  private boolean forward(MemorySegment s, long offset, int length) {
    if (!link.fits(length)) {
      return link.send(link.up(), ValueFrame.array(s, offset, length));
    }
    int at = link.claim(link.up(), Frame.kind(s, offset), length);
    if (at < 0) {
      return false;
    }
    MemorySegment.copy(s, offset, link.segment(), at, length);
    link.commit();
    return true;
  }

  /// Sends what the parent has credit for. Returns how many.
  int pump() {
    int work = 0;
    for (Waiting next = waiting.peek(); next != null; next = waiting.peek()) {
      if (!forward(MemorySegment.ofArray(next.frame()), 0, next.frame().length)) {
        break;
      }
      waiting.poll();
      next.sender().onForwarded(next.frame().length);
      work++;
    }
    return work;
  }

  /// Drops everything but what tasks have printed, which may hold the reason of an early end.
  void keepOutputAlone() {
    waiting.removeIf(next -> Frame.kind(MemorySegment.ofArray(next.frame()), 0) != Frame.OUTPUT);
  }
}
