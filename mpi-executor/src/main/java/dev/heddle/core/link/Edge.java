package dev.heddle.core.link;

import dev.heddle.core.frames.LostRank;
import dev.heddle.wire.MessageBuffer;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/// One neighbour in the tree, with what is open towards it.
///
/// Shape: O(1), but for `backlog`, which holds control frames that found no buffer: one per pending
/// transfer, fetch or phase. All counts are cumulative since the start of the run. Threading: the
/// progress role.
public final class Edge {
  /// The neighbour's rank.
  final int rank;

  /// What it is as a child, or null for the parent.
  final @Nullable ChildRank child;

  String host = "?";

  /// Ranks below and including it, as it said in its HELLO.
  int ranksBelow = 1;

  /// Slots there, as it said in its HELLO.
  long slotsBelow = 1;

  long sequenceSent;
  long sequenceReceived;

  /// What the neighbour lets us send, and what we have sent: tasks downwards, results upwards.
  long frameLimit;

  long byteLimit;
  long framesSent;
  long bytesSent;

  /// What we let the neighbour send, what it has been told, and what came.
  long frameGrant;

  long byteGrant;
  long frameGrantTold;
  long byteGrantTold;
  long framesReceived;

  long lastHeardNs;
  long lastSentNs;
  boolean lost;
  boolean left;

  /// Something from it was lost on the way: nothing more is taken, so that it falls silent.
  boolean broken;

  /// Its HELLO has arrived.
  boolean isPresent;

  @Nullable MessageBuffer open;
  int openBytes;
  int openFrames;
  long openedNs;

  /// The parent is busy and asks for fewer, fuller messages.
  boolean saysBusy;

  /// The open batch has something else than results.
  boolean isOpenUrgent;

  boolean touched;

  @Nullable ArrayDeque<byte[]> backlog;

  Edge(int rank, @Nullable ChildRank child) {
    this.rank = rank;
    this.child = child;
  }

  /// The neighbour's rank.
  public int rank() {
    return rank;
  }

  /// The neighbour's host, once it has said so.
  public String host() {
    return host;
  }

  /// Tasks (downwards) or results (upwards) that the neighbour lets us send, cumulative.
  public long frameLimit() {
    return frameLimit;
  }

  /// The same in bytes.
  public long byteLimit() {
    return byteLimit;
  }

  /// Tasks or results sent.
  public long framesSent() {
    return framesSent;
  }

  /// The same in bytes.
  public long bytesSent() {
    return bytesSent;
  }

  /// Tasks or results that came.
  public long framesReceived() {
    return framesReceived;
  }

  /// Tasks or results that the neighbour was told it may send, cumulative.
  public long frameGrantTold() {
    return frameGrantTold;
  }

  /// The same in bytes.
  public long byteGrantTold() {
    return byteGrantTold;
  }

  @Override
  public String toString() {
    return "neighbour="
        + rank
        + " sent="
        + framesSent
        + "/"
        + frameLimit
        + " bytesSent="
        + bytesSent
        + "/"
        + byteLimit
        + " received="
        + framesReceived
        + " told="
        + frameGrantTold
        + " bytesTold="
        + byteGrantTold;
  }

  /// True when nobody is below the neighbour: what is sent to it is run by it, in that order.
  public boolean isLeaf() {
    return ranksBelow == 1;
  }

  public boolean isParent() {
    return child == null;
  }

  /// Ranks at and below the neighbour, as it said in its HELLO.
  public int ranksBelow() {
    return ranksBelow;
  }

  /// Slots there, as it said in its HELLO.
  public long slotsBelow() {
    return slotsBelow;
  }

  /// Whether its HELLO has arrived.
  public boolean isPresent() {
    return isPresent;
  }

  /// Whether it has said its last word.
  public boolean hasLeft() {
    return left;
  }

  /// Whether it was lost, or has said its last word.
  public boolean isGone() {
    return lost || left;
  }

  /// Its HELLO has arrived.
  public void greet(String itsHost, int ranks, long slots) {
    isPresent = true;
    host = itsHost;
    ranksBelow = ranks;
    slotsBelow = slots;
  }

  /// What the neighbour may send in all, frames and bytes, cumulative.
  public void grant(long frames, long bytes) {
    frameGrant = frames;
    byteGrant = bytes;
  }

  /// Drops the frames that wait for a buffer.
  public void dropBacklog() {
    backlog = null;
  }

  /// What is told where it fell silent, with the tasks that it had.
  public LostRank lostRank(long silenceNs, long[] tasks) {
    return LostRank.silent(rank, host, silenceNs, ranksBelow - 1, tasks);
  }

  /// What it is as a child. Errors: it is the parent.
  public ChildRank child() {
    ChildRank known = child;
    if (known == null) {
      throw new IllegalStateException("the parent is no child: rank=" + rank);
    }
    return known;
  }

  /// True when one more task or result may be sent. The last frame may pass the limit of bytes, so
  /// that a frame larger than the limit still goes through, alone.
  public boolean hasCredit() {
    return framesSent < frameLimit && bytesSent < byteLimit && !lost;
  }
}
