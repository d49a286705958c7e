package dev.heddle.core;

import dev.heddle.wire.Frame;
import java.lang.foreign.MemorySegment;

/// A rank that gave no sign of life, as its parent saw it: the contents of a LOST frame.
///
/// @param rank the lost one
/// @param host its host
/// @param silenceNs how long nothing was heard of it, or [#LEFT]
/// @param ranksBelow further ranks that hang below it
/// @param tasks how many tasks had been handed to it, for itself and those below it
/// @param taskIds the first of them, at most [#LISTED_MAX]
public record LostRank(
    int rank, String host, long silenceNs, int ranksBelow, int tasks, long[] taskIds) {
  /// In place of a silence: the rank has said itself that its process ends.
  public static final long LEFT = -1;

  /// Tasks listed one by one at most.
  public static final int LISTED_MAX = 32;

  static LostRank of(Edge edge, long silenceNs, long[] taskIds) {
    return new LostRank(
        edge.rank,
        edge.host,
        silenceNs,
        edge.ranksBelow - 1,
        taskIds.length,
        java.util.Arrays.copyOf(taskIds, Math.min(LISTED_MAX, taskIds.length)));
  }

  /// A rank that ends its process, with the tasks it takes along.
  static LostRank left(int rank, String host, int ranksBelow, long[] taskIds) {
    return new LostRank(
        rank,
        host,
        LEFT,
        ranksBelow,
        taskIds.length,
        java.util.Arrays.copyOf(taskIds, Math.min(LISTED_MAX, taskIds.length)));
  }

  byte[] toFrame() {
    byte[] hostBytes = Subtree.clip(host);
    int hostAt = 32 + 8 * taskIds.length;
    byte[] frame = new byte[Math.max(40, Frame.padded(hostAt + 4 + hostBytes.length))];
    MemorySegment s = MemorySegment.ofArray(frame);
    Frame.head(s, 0, Frame.LOST, 0, 0, frame.length);
    Frame.putInt(s, 8, rank);
    Frame.putInt(s, 12, tasks);
    Frame.putLong(s, 16, silenceNs);
    Frame.putInt(s, 24, ranksBelow);
    Frame.putInt(s, 28, taskIds.length);
    for (int i = 0; i < taskIds.length; i++) {
      Frame.putLong(s, 32 + 8L * i, taskIds[i]);
    }
    Frame.putInt(s, hostAt, hostBytes.length);
    System.arraycopy(hostBytes, 0, frame, hostAt + 4, hostBytes.length);
    return frame;
  }

  static LostRank of(MemorySegment s, long offset) {
    long[] ids = new long[Math.min(LISTED_MAX, Frame.getInt(s, offset + 28))];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = Frame.getLong(s, offset + 32 + 8L * i);
    }
    long hostAt = offset + 32 + 8L * Frame.getInt(s, offset + 28);
    return new LostRank(
        Frame.getInt(s, offset + 8),
        Frame.getText(s, hostAt + 4, Frame.getInt(s, hostAt)),
        Frame.getLong(s, offset + 16),
        Frame.getInt(s, offset + 24),
        Frame.getInt(s, offset + 12),
        ids);
  }
}
