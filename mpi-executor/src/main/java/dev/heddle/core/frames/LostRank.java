package dev.heddle.core.frames;

import dev.heddle.wire.frame.Frame;
import dev.heddle.wire.frame.LostFields;
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

  /// A rank that fell silent, with the tasks that it had.
  public static LostRank silent(
      int rank, String host, long silenceNs, int ranksBelow, long[] taskIds) {
    return new LostRank(
        rank,
        host,
        silenceNs,
        ranksBelow,
        taskIds.length,
        java.util.Arrays.copyOf(taskIds, Math.min(LISTED_MAX, taskIds.length)));
  }

  /// A rank that ends its process, with the tasks it takes along.
  public static LostRank left(int rank, String host, int ranksBelow, long[] taskIds) {
    return new LostRank(
        rank,
        host,
        LEFT,
        ranksBelow,
        taskIds.length,
        java.util.Arrays.copyOf(taskIds, Math.min(LISTED_MAX, taskIds.length)));
  }

  public byte[] toFrame() {
    byte[] hostBytes = Subtree.clip(host);
    int bytes = LostFields.hostOffset(taskIds.length) + hostBytes.length;
    byte[] frame = new byte[Math.max(40, Frame.padded(bytes))];
    MemorySegment s = MemorySegment.ofArray(frame);
    Frame.head(s, 0, Frame.LOST, 0, 0, frame.length);
    LostFields.putRank(s, 0, rank);
    LostFields.putTasksLost(s, 0, tasks);
    LostFields.putSilenceNs(s, 0, silenceNs);
    LostFields.putRanksBelow(s, 0, ranksBelow);
    LostFields.putListedTasks(s, 0, taskIds.length);
    for (int i = 0; i < taskIds.length; i++) {
      LostFields.putListedTask(s, 0, i, taskIds[i]);
    }
    LostFields.putHost(s, 0, hostBytes);
    return frame;
  }

  public static LostRank of(MemorySegment s, long offset) {
    long[] ids = new long[Math.min(LISTED_MAX, LostFields.listedTasks(s, offset))];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = LostFields.listedTask(s, offset, i);
    }
    return new LostRank(
        LostFields.rank(s, offset),
        LostFields.host(s, offset),
        LostFields.silenceNs(s, offset),
        LostFields.ranksBelow(s, offset),
        LostFields.tasksLost(s, offset),
        ids);
  }
}
