package dev.heddle.core.frames;

import dev.heddle.wire.frame.Frame;
import dev.heddle.wire.frame.StatisticsFields;
import java.lang.foreign.MemorySegment;

/// What ranks do: sums over a rank and all ranks below it, the contents of a STATISTICS.
///
/// Shape: counts are cumulative since the start of the run; slots, free slots, waiting tasks and
/// value bytes are of the moment at which each rank was asked. A sum that is larger than a `long`
/// stays at `Long.MAX_VALUE`.
///
/// @param ranks that are summed up
/// @param slots of these ranks
/// @param freeSlots slots without a task
/// @param tasksWaiting tasks at workers that have not begun
/// @param tasksEnded outcomes that workers have sent
/// @param taskTimeNs time that ended tasks were in slots, in nanoseconds
/// @param valueBytes bytes of large values that are kept
/// @param messagesSent over edges of the tree
/// @param messagesReceived over edges of the tree
/// @param messagesRefused over edges of the tree
public record Statistics(
    long ranks,
    long slots,
    long freeSlots,
    long tasksWaiting,
    long tasksEnded,
    long taskTimeNs,
    long valueBytes,
    long messagesSent,
    long messagesReceived,
    long messagesRefused) {

  /// These ranks and `others` together.
  public Statistics plus(Statistics others) {
    return new Statistics(
        sum(ranks, others.ranks),
        sum(slots, others.slots),
        sum(freeSlots, others.freeSlots),
        sum(tasksWaiting, others.tasksWaiting),
        sum(tasksEnded, others.tasksEnded),
        sum(taskTimeNs, others.taskTimeNs),
        sum(valueBytes, others.valueBytes),
        sum(messagesSent, others.messagesSent),
        sum(messagesReceived, others.messagesReceived),
        sum(messagesRefused, others.messagesRefused));
  }

  /// The sum of two numbers that are not below 0; a forged frame must not make it negative.
  private static long sum(long a, long b) {
    long sum = a + b;
    return sum < 0 ? Long.MAX_VALUE : sum;
  }

  /// A frame that asks for these sums.
  public static byte[] question(long number) {
    byte[] frame = new byte[Frame.QUESTION_BYTES];
    MemorySegment s = MemorySegment.ofArray(frame);
    Frame.head(s, 0, Frame.STATISTICS, Frame.FLAG_ASK, 0, frame.length);
    StatisticsFields.putQuestion(s, 0, number);
    return frame;
  }

  /// A frame that answers question `number`.
  public byte[] answer(long number) {
    byte[] frame = new byte[Frame.STATISTICS_BYTES];
    MemorySegment s = MemorySegment.ofArray(frame);
    Frame.head(s, 0, Frame.STATISTICS, 0, 0, frame.length);
    StatisticsFields.putQuestion(s, 0, number);
    StatisticsFields.putRanks(s, 0, ranks);
    StatisticsFields.putSlots(s, 0, slots);
    StatisticsFields.putFreeSlots(s, 0, freeSlots);
    StatisticsFields.putTasksWaiting(s, 0, tasksWaiting);
    StatisticsFields.putTasksEnded(s, 0, tasksEnded);
    StatisticsFields.putTaskTimeNs(s, 0, taskTimeNs);
    StatisticsFields.putValueBytes(s, 0, valueBytes);
    StatisticsFields.putMessagesSent(s, 0, messagesSent);
    StatisticsFields.putMessagesReceived(s, 0, messagesReceived);
    StatisticsFields.putMessagesRefused(s, 0, messagesRefused);
    return frame;
  }

  /// What the answer at `offset` says.
  public static Statistics of(MemorySegment s, long offset) {
    return new Statistics(
        StatisticsFields.ranks(s, offset),
        StatisticsFields.slots(s, offset),
        StatisticsFields.freeSlots(s, offset),
        StatisticsFields.tasksWaiting(s, offset),
        StatisticsFields.tasksEnded(s, offset),
        StatisticsFields.taskTimeNs(s, offset),
        StatisticsFields.valueBytes(s, offset),
        StatisticsFields.messagesSent(s, offset),
        StatisticsFields.messagesReceived(s, offset),
        StatisticsFields.messagesRefused(s, offset));
  }
}
