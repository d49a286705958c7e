package dev.heddle.runtime.engine;

import dev.heddle.wire.Header;
import dev.heddle.wire.MessageBuffer;
import dev.heddle.wire.Port;
import dev.heddle.wire.Receiver;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// The port of a rank that is alone: there is no rank to send to.
final class NoPort implements Port {
  @Override
  public int eagerBytesMax() {
    return Header.BYTES + 4096;
  }

  @Override
  public @Nullable MessageBuffer claim(int pool) {
    return null;
  }

  @Override
  public void release(MessageBuffer buffer) {
    throw new IllegalStateException("a buffer of a rank that is alone");
  }

  @Override
  public void send(MessageBuffer buffer, int bytes, int targetRank) {
    throw new IllegalStateException(
        "a message from a rank that is alone: targetRank=" + targetRank);
  }

  @Override
  public boolean bulkReceive(int sourceRank, int transferId, MemorySegment target) {
    return false;
  }

  @Override
  public boolean bulkWithdraw(int sourceRank, int transferId) {
    throw new IllegalStateException("a transfer of a rank that is alone: id=" + transferId);
  }

  @Override
  public boolean bulkSend(int targetRank, int transferId, MemorySegment source) {
    return false;
  }

  @Override
  public int poll(Receiver receiver, int messagesMax) {
    return 0;
  }

  @Override
  public int pollBulk(Receiver receiver) {
    return 0;
  }

  @Override
  public void abandon(int rank) {
    throw new IllegalStateException("a loss on a rank that is alone: rank=" + rank);
  }
}
