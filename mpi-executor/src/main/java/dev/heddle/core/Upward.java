package dev.heddle.core;

import dev.heddle.wire.Frame;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;

/// What goes up from a relay, in order: outcomes, parts of arrays, and what tasks print. It waits
/// here while the parent grants no credit, at most a window per child.
///
/// Shape: two numbers per child besides what waits. Threading: the progress role.
final class Upward {
  /// In place of a child: this rank's worker, whose outcomes nobody here counts.
  static final int OWN = -1;

  /// In place of a child: this rank's tasks have printed it.
  static final int OWN_OUTPUT = -2;

  /// In place of a child: this rank's part of an array.
  static final int OWN_PART = -3;

  /// Own parts that wait to leave, for each slot: one to send and one to go on with.
  private static final int OWN_PARTS_PER_SLOT = 2;

  /// A frame, and the child that may send another one when it has left.
  private record Waiting(byte[] frame, int child) {}

  private final Link link;
  private final Edge parent;
  private final ArrayDeque<Waiting> waiting = new ArrayDeque<>(1);
  private final long[] framesForwarded;
  private final long[] bytesForwarded;
  private long outputBytesSent;
  private int ownPartsWaiting;

  Upward(Link link, Edge parent) {
    this.link = link;
    this.parent = parent;
    this.framesForwarded = new long[link.children().length];
    this.bytesForwarded = new long[link.children().length];
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

  /// Passes the frame at `offset` on, which `child` has sent, or one of this rank's own.
  void pass(int child, MemorySegment s, long offset, int length) {
    if (child == OWN_PART) {
      ownPartsWaiting++;
    }
    if (waiting.isEmpty() && forward(s, offset, length)) {
      forwarded(child, length);
      return;
    }
    waiting.add(new Waiting(ValueFrame.array(s, offset, length), child));
  }

  /// A frame that leaves behind all that waits.
  void add(byte[] frame) {
    waiting.add(new Waiting(frame, OWN));
  }

  /// Sends an outcome of this rank; false where it has to be offered again. Nothing waits.
  boolean send(Outcome outcome) {
    int bytes = outcome.frameBytes();
    if (!link.fits(bytes)) {
      byte[] frame = new byte[bytes];
      outcome.write(MemorySegment.ofArray(frame), 0);
      return parent.hasCredit() && link.send(parent, frame);
    }
    int at = link.claim(parent, Frame.RESULT, bytes);
    if (at < 0) {
      return false;
    }
    outcome.write(link.segment(), at);
    link.commit();
    return true;
  }

  private boolean forward(MemorySegment s, long offset, int length) {
    if (!link.fits(length)) {
      return link.send(parent, ValueFrame.array(s, offset, length));
    }
    int at = link.claim(parent, Frame.kind(s, offset), length);
    if (at < 0) {
      return false;
    }
    MemorySegment.copy(s, offset, link.segment(), at, length);
    link.commit();
    return true;
  }

  /// A frame of `child` waits here no more.
  void forwarded(int child, int bytes) {
    if (child >= 0) {
      framesForwarded[child]++;
      bytesForwarded[child] += bytes;
      link.touch(link.children()[child]);
    } else if (child == OWN_OUTPUT) {
      outputBytesSent += bytes;
    } else if (child == OWN_PART) {
      ownPartsWaiting--;
    }
  }

  /// Writes what a child may send in all into `edge`.
  void grant(Edge edge) {
    edge.frameGrant = framesForwarded[edge.child] + link.limits().resultFramesMax();
    edge.byteGrant = bytesForwarded[edge.child] + link.limits().resultBytesMax();
  }

  /// Sends what the parent has credit for. Returns how many.
  int pump() {
    int work = 0;
    for (Waiting next = waiting.peek(); next != null; next = waiting.peek()) {
      if (!forward(MemorySegment.ofArray(next.frame()), 0, next.frame().length)) {
        break;
      }
      waiting.poll();
      forwarded(next.child(), next.frame().length);
      work++;
    }
    return work;
  }

  /// Drops everything but what tasks have printed, in which whoever looks for the reason of an
  /// early end may find it.
  void keepOutputAlone() {
    waiting.removeIf(next -> Frame.kind(MemorySegment.ofArray(next.frame()), 0) != Frame.OUTPUT);
  }
}
