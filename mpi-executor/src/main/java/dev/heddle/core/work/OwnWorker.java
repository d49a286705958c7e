package dev.heddle.core.work;

import dev.heddle.core.link.Child;
import java.lang.foreign.MemorySegment;

/// The worker on the own rank as a receiver of its role's tasks. Threading: the progress role.
final class OwnWorker extends Child {
  private final Worker worker;
  private long framesSent;
  private long bytesSent;

  OwnWorker(int number, Worker worker) {
    super(number);
    this.worker = worker;
  }

  @Override
  public long slots() {
    return worker.slots();
  }

  @Override
  public boolean isLeaf() {
    return true;
  }

  @Override
  public boolean hasCredit() {
    return framesSent < worker.frameGrant() && bytesSent < worker.byteGrant();
  }

  @Override
  public boolean hasCreditBeyondSlots(long bytes) {
    return hasCredit()
        && worker.frameGrant() - framesSent > worker.slots()
        && worker.byteGrant() - bytesSent > bytes;
  }

  /// A rank that looks for work itself needs no second task.
  @Override
  public long idleRanks() {
    return 0;
  }

  /// Those that work on arrays count too: no range was sent for them.
  @Override
  public long freeSlots() {
    return super.freeSlots() - worker.chunks();
  }

  /// Counts a task that is about to be handed over.
  void onSent(int bytes) {
    framesSent++;
    bytesSent += bytes;
  }

  /// Hands a task over, whose frame is all of `s`.
  void take(MemorySegment s, long nowNs) {
    worker.onTask(s, 0, (int) s.byteSize(), nowNs);
  }
}
