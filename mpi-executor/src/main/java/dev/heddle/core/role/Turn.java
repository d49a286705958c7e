package dev.heddle.core.role;

import dev.heddle.core.link.Link;

/// One pass over a rank's work, the same under every driver: take messages in, act, send batches.
///
/// Shape: at most [#MESSAGES_MAX] messages, so that commands and ticks get their share; frames that
/// are caused by one turn leave at its end, together.
public final class Turn {
  /// Messages handled in one turn; a few hundred microseconds of work where this many wait. A rank
  /// with a hundred children that are served one task each per turn would send a message per task
  /// if it took in less (docs/measured/scaling.md).
  public static final int MESSAGES_MAX = 512;

  private Turn() {}

  /// Runs one turn and returns the work done, 0 for none.
  public static int run(Role role, long nowNs) {
    Link link = role.link();
    int work = link.poll(nowNs, MESSAGES_MAX);
    work += link.onTick(nowNs);
    work += role.pump(nowNs);
    work += link.flush();
    role.endTurn(nowNs);
    // a batch that waits must not be left to a driver that sleeps
    return link.isHolding() ? work + 1 : work;
  }
}
