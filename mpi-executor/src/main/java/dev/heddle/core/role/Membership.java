package dev.heddle.core.role;

import dev.heddle.core.frames.LostRank;
import dev.heddle.core.frames.Subtree;
import dev.heddle.core.link.Edge;
import dev.heddle.core.link.Link;
import dev.heddle.core.link.Phase;
import dev.heddle.core.work.Worker;
import dev.heddle.wire.frame.Frame;
import java.lang.foreign.MemorySegment;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// Which children of a role have said hello and bye, and so in which phase the role is. Threading:
/// the progress role.
final class Membership {
  private final Link link;
  private Subtree subtree;
  private int hellosMissing;
  private int byesMissing;
  private int shutdownFlags;
  private Phase phase = Phase.STARTING;
  private @Nullable Census census;

  Membership(Link link, Subtree self) {
    this.link = link;
    this.subtree = self;
    this.hellosMissing = link.children().length;
    this.byesMissing = hellosMissing;
  }

  Phase phase() {
    return phase;
  }

  void enter(Phase next) {
    if (next.compareTo(phase) > 0) {
      phase = next;
    }
  }

  Subtree subtree() {
    return subtree;
  }

  boolean isComplete() {
    return hellosMissing == 0;
  }

  boolean haveAllLeft() {
    return byesMissing == 0;
  }

  /// A child is there, with all below it; false when it has said so before. It may come after the
  /// end of a run that was ended early; its name is of use even then.
  boolean onHello(Edge edge, MemorySegment s, long offset) {
    if (edge.isPresent()) {
      link.counters().strayFrames++;
      return false;
    }
    Subtree child = Subtree.of(s, offset);
    edge.greet(child.host(), child.ranks(), child.slots());
    subtree = subtree.with(child);
    hellosMissing--;
    return true;
  }

  /// A child has said that all below it have left; false where it can't have.
  boolean onBye(Edge edge) {
    if (phase.compareTo(Phase.STOPPING) < 0 || edge.hasLeft()) {
      link.counters().strayFrames++;
      return false;
    }
    gone(edge, shutdownFlags == 0);
    return true;
  }

  /// A child was lost.
  void onGone(Edge edge) {
    gone(edge, false);
  }

  private void gone(Edge edge, boolean inOrder) {
    if (!edge.hasLeft()) {
      if (inOrder) {
        link.leaveInOrder(edge);
      } else {
        link.leave(edge);
      }
      edge.dropBacklog();
      byesMissing--;
      if (census != null) {
        census.onGone(edge);
      }
    }
  }

  /// The questions about all ranks below, made with the first one.
  Census census(@Nullable Worker worker, LongSupplier valueBytes, Census.Answer answer) {
    Census known = census;
    if (known == null) {
      known = new Census(link, worker, valueBytes, answer);
      census = known;
    }
    return known;
  }

  /// This process, in whose slots are `tasks`, ends in the middle of the run: the ranks above
  /// needn't wait for its silence.
  void depart(long[] tasks) {
    if (phase == Phase.RUNNING) {
      LostRank self = LostRank.left(link.rank(), subtree.host(), subtree.ranks() - 1, tasks);
      link.control(link.up(), self.toFrame());
    }
  }

  /// Tells all children that the run ends.
  void shutdown(int flags) {
    link.watchAnyway();
    shutdownFlags |= flags;
    for (Edge child : link.children()) {
      if (!child.hasLeft()) {
        link.control(child, Frame.SHUTDOWN, flags);
        if ((flags & Frame.FLAG_HALT) != 0) {
          // no BYE will come
          link.leave(child);
        }
      }
    }
  }
}
