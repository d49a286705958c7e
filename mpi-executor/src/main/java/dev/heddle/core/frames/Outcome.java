package dev.heddle.core.frames;

import dev.heddle.wire.frame.Frame;
import dev.heddle.wire.frame.ResultFields;
import dev.heddle.wire.frame.TaskFields;
import java.lang.foreign.MemorySegment;

/// What came out of one attempt of a task, on its way up.
///
/// Shape: a worker fills one and the same for each task that ends, so that an end allocates
/// nothing; what has to wait is a copy. Ownership: the receiver of an offer may look at it until it
/// returns. Threading: the progress role.
public final class Outcome {
  private static final byte[] NOTHING = {};

  private final int rank;
  private long taskId;
  private int ticket;
  private int attempt;
  private int flags;
  private int prefetch;
  private long durationNs;
  private byte[] payload = NOTHING;

  /// One that is empty yet, of a task on `rank`.
  public Outcome(int rank) {
    this.rank = rank;
  }

  /// Sets all of it.
  ///
  /// @param taskId of the task
  /// @param ticket the coordinator's number for the task, echoed
  /// @param attempt the execution, from 0
  /// @param flags [Frame#SUCCEEDED], [Frame#FAILED], [Frame#CANCELLED], [Frame#NOT_RUN] or
  ///   [Frame#RETURNED]
  /// @param prefetch as its TASK had it
  /// @param durationNs time on the worker's slot, decoding and encoding included
  /// @param payload the encoded value, or host and failure, or nothing; not copied
  public Outcome of(
      long taskId,
      int ticket,
      int attempt,
      int flags,
      int prefetch,
      long durationNs,
      byte[] payload) {
    this.taskId = taskId;
    this.ticket = ticket;
    this.attempt = attempt;
    this.flags = flags;
    this.prefetch = prefetch;
    this.durationNs = durationNs;
    this.payload = payload;
    return this;
  }

  /// The outcome of a task that has not run, by the TASK frame at `offset`.
  public Outcome ofUnrun(MemorySegment task, long offset, int flags) {
    return of(
        TaskFields.taskId(task, offset),
        TaskFields.ticket(task, offset),
        Frame.attempt(task, offset),
        flags,
        Frame.prefetch(Frame.flags(task, offset)),
        0,
        NOTHING);
  }

  /// Lets go of the payload.
  public void clear() {
    payload = NOTHING;
  }

  /// One that stays as this one is now.
  public Outcome copy() {
    return new Outcome(rank).of(taskId, ticket, attempt, flags, prefetch, durationNs, payload);
  }

  public long taskId() {
    return taskId;
  }

  public int ticket() {
    return ticket;
  }

  public int attempt() {
    return attempt;
  }

  public int rank() {
    return rank;
  }

  public int flags() {
    return flags;
  }

  public int prefetch() {
    return prefetch;
  }

  public long durationNs() {
    return durationNs;
  }

  public byte[] payload() {
    return payload;
  }

  /// Bytes of its RESULT frame.
  public int frameBytes() {
    return Frame.RESULT_BYTES + Frame.padded(payload.length);
  }

  /// Writes its RESULT frame.
  public void write(MemorySegment s, long offset) {
    Frame.head(s, offset, Frame.RESULT, flags, attempt, frameBytes());
    ResultFields.putTaskId(s, offset, taskId);
    ResultFields.putTicket(s, offset, ticket);
    ResultFields.putRank(s, offset, rank);
    ResultFields.putDurationNs(s, offset, durationNs);
    ResultFields.putPayloadLength(s, offset, payload.length);
    ResultFields.putPrefetch(s, offset, prefetch);
    Frame.putBytes(s, offset + Frame.RESULT_BYTES, payload);
  }
}
