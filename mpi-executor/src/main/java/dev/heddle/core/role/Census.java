package dev.heddle.core.role;

import dev.heddle.core.frames.Statistics;
import dev.heddle.core.link.Counters;
import dev.heddle.core.link.Edge;
import dev.heddle.core.link.Link;
import dev.heddle.core.work.Worker;
import dev.heddle.wire.frame.Frame;
import dev.heddle.wire.frame.StatisticsFields;
import java.lang.foreign.MemorySegment;
import java.util.HashSet;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// A question about all ranks at and below this one: it is passed to every child, and the answers
/// are added up, so that rank 0 gets one message per child however many ranks there are.
///
/// Shape: O(children) while a question is open, else nothing; one question at a time, the newest.
/// Threading: the progress role. Errors: a child that is lost or leaves answers no more, and
/// `ranks` says how many ranks the sums are of.
final class Census {
  /// Gets the sums of this rank and all ranks below it.
  @FunctionalInterface
  interface Answer {
    /// The answer to question `number`.
    void onAnswer(long number, Statistics sums);
  }

  private final Link link;
  private final @Nullable Worker worker;
  private final LongSupplier valueBytes;
  private final Answer answer;
  private final Set<Edge> awaited = new HashSet<>(0);
  private @Nullable Statistics sums;
  private long number;

  /// Of a rank that keeps `valueBytes` of large values.
  Census(Link link, @Nullable Worker worker, LongSupplier valueBytes, Answer answer) {
    this.link = link;
    this.worker = worker;
    this.valueBytes = valueBytes;
    this.answer = answer;
  }

  /// Whether the newest question has no answer yet.
  boolean isOpen() {
    return sums != null;
  }

  /// Asks all ranks from here downwards; what was asked before gets no answer any more. Returns
  /// false for a question that isn't newer than the last one.
  boolean ask(long question) {
    if (question <= number) {
      return false;
    }
    number = question;
    sums = own();
    awaited.clear();
    for (Edge child : link.children()) {
      if (child.isPresent() && !child.isGone()) {
        awaited.add(child);
        link.control(child, Statistics.question(question));
      }
    }
    answerIfComplete();
    return true;
  }

  /// A STATISTICS has arrived: the question of the parent, which `mayAsk` in a run that goes on, or
  /// the answer of a child. Returns false where nobody expects it.
  boolean onFrame(Edge edge, MemorySegment s, long offset, boolean mayAsk) {
    long question = StatisticsFields.question(s, offset);
    boolean isQuestion = Frame.flags(s, offset) == Frame.FLAG_ASK;
    if (edge.isParent()) {
      return isQuestion && mayAsk && ask(question);
    }
    Statistics known = sums;
    if (isQuestion || known == null || question != number || !awaited.remove(edge)) {
      return false;
    }
    sums = known.plus(Statistics.of(s, offset));
    answerIfComplete();
    return true;
  }

  /// A child answers no more.
  void onGone(Edge child) {
    if (awaited.remove(child)) {
      answerIfComplete();
    }
  }

  private void answerIfComplete() {
    Statistics known = sums;
    if (known != null && awaited.isEmpty()) {
      sums = null;
      answer.onAnswer(number, known);
    }
  }

  private Statistics own() {
    Counters counters = link.counters();
    return new Statistics(
        1,
        worker == null ? 0 : worker.slots(),
        worker == null ? 0 : worker.freeSlots(),
        worker == null ? 0 : worker.waitingCount(),
        worker == null ? 0 : worker.endedCount(),
        worker == null ? 0 : worker.endedNs(),
        valueBytes.getAsLong(),
        counters.messagesSent,
        counters.messagesReceived,
        counters.refused());
  }
}
