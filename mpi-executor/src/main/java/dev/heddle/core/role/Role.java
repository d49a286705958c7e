package dev.heddle.core.role;

import dev.heddle.core.link.Link;
import dev.heddle.core.link.Phase;
import dev.heddle.core.work.Worker;
import org.jspecify.annotations.Nullable;

/// What a rank is in the tree, as its driver sees it. Threading: the progress role.
public sealed interface Role permits Coordinator, Relay {
  /// The edges of this rank.
  Link link();

  /// The slots of this rank, if it runs tasks.
  @Nullable Worker worker();

  /// Where this role is in its life.
  Phase phase();

  /// Says hello, or waits for it; called once, before the first turn.
  void start(long nowNs);

  /// Moves on what can be moved: outcomes first, since they make room, then tasks. Returns the work
  /// done.
  int pump(long nowNs);

  /// A turn ends, and its messages are sent: listeners are told what it did.
  default void endTurn(long nowNs) {}

  /// When a turn has to be taken although nothing comes, or `Long.MAX_VALUE`.
  long dueNs();

  /// Whether as far as this rank knows nothing is out below it; for tests and the simulator.
  boolean isEmptyBelow();

  /// What was given to [Starter#fold] under `token` is combined: `flags` are those of a RESULT, and
  /// `payload` is what a RESULT would carry.
  void onFolded(long token, int flags, byte[] payload, long nowNs);

  /// Walks over all state; for tests and the simulator.
  void checkInvariants();
}
