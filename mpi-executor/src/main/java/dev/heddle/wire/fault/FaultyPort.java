package dev.heddle.wire.fault;

import dev.heddle.wire.MessageBuffer;
import dev.heddle.wire.Port;
import dev.heddle.wire.Receiver;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// A port whose messages meet faults. A run without faults has the port inside alone, and pays
/// nothing for this.
///
/// Shape: messages that are held, each with the send buffer that it was written into, so at most as
/// many as the port inside has. A message is held until the first [#poll] behind its time, and
/// those for the same rank that follow it wait behind it: a port keeps the order of messages. Bulk
/// transfers meet no faults. Threading, ownership, errors: those of [Port].
public final class FaultyPort implements Port {
  private record Held(MessageBuffer buffer, int bytes, int targetRank, long dueNs) {}

  private final Port port;
  private final Faults faults;
  private final LongSupplier nowNs;
  private final Runnable end;
  private final ArrayDeque<Held> held = new ArrayDeque<>(1);
  private final Receiver taking = new Taking();
  private @Nullable Receiver receiver;
  private boolean hasEnded;

  /// Around `port`. `end` ends the process of its rank; where it returns, nothing leaves and
  /// nothing is taken in from there on. `nowNs` is a clock of any origin.
  public FaultyPort(Port port, Faults faults, LongSupplier nowNs, Runnable end) {
    this.port = port;
    this.faults = faults;
    this.nowNs = nowNs;
    this.end = end;
  }

  @Override
  public void send(MessageBuffer buffer, int bytes, int targetRank) {
    long verdict = hasEnded ? Faults.DROP : faults.onSend(buffer.segment(), bytes);
    if (verdict == Faults.END) {
      endNow();
    }
    if (verdict < 0) {
      port.release(buffer);
    } else if (verdict > 0) {
      held.add(new Held(buffer, bytes, targetRank, nowNs.getAsLong() + verdict));
    } else if (waits(targetRank)) {
      held.add(new Held(buffer, bytes, targetRank, nowNs.getAsLong()));
    } else {
      port.send(buffer, bytes, targetRank);
    }
  }

  private void endNow() {
    hasEnded = true;
    end.run();
  }

  /// Whether messages are held. They are lost where their rank ends before they leave.
  public boolean isHolding() {
    return !held.isEmpty();
  }

  /// Whether messages for `targetRank` are held.
  private boolean waits(int targetRank) {
    for (Held one : held) {
      if (one.targetRank == targetRank) {
        return true;
      }
    }
    return false;
  }

  private void sendDue() {
    long now = nowNs.getAsLong();
    for (Iterator<Held> i = held.iterator(); i.hasNext(); ) {
      Held next = i.next();
      if (hasEnded) {
        i.remove();
        port.release(next.buffer);
      } else if (next.dueNs - now <= 0 && isFirst(next)) {
        i.remove();
        port.send(next.buffer, next.bytes, next.targetRank);
      }
    }
  }

  @SuppressWarnings("ReferenceEquality") // the very message
  private boolean isFirst(Held message) {
    for (Held one : held) {
      if (one.targetRank == message.targetRank) {
        return one == message;
      }
    }
    return false;
  }

  @Override
  public int poll(Receiver itsReceiver, int messagesMax) {
    if (!held.isEmpty()) {
      sendDue();
    }
    receiver = itsReceiver;
    return port.poll(taking, messagesMax);
  }

  @Override
  public int pollBulk(Receiver itsReceiver) {
    return port.pollBulk(itsReceiver);
  }

  /// Hands messages on that no fault has met.
  private final class Taking implements Receiver {
    @Override
    public void onMessage(int sourceRank, MessageBuffer message, int length) {
      long verdict = hasEnded ? Faults.DROP : faults.onReceive(message.segment(), length);
      if (verdict == Faults.END) {
        endNow();
      }
      Receiver to = receiver;
      if (verdict == Faults.PASS && to != null) {
        to.onMessage(sourceRank, message, length);
      }
    }
  }

  @Override
  public int eagerBytesMax() {
    return port.eagerBytesMax();
  }

  @Override
  public @Nullable MessageBuffer claim(int pool) {
    return port.claim(pool);
  }

  @Override
  public void release(MessageBuffer buffer) {
    port.release(buffer);
  }

  @Override
  public boolean bulkReceive(int sourceRank, int transferId, MemorySegment target) {
    return port.bulkReceive(sourceRank, transferId, target);
  }

  @Override
  public boolean bulkWithdraw(int sourceRank, int transferId) {
    return port.bulkWithdraw(sourceRank, transferId);
  }

  @Override
  public boolean bulkSend(int targetRank, int transferId, MemorySegment source) {
    return port.bulkSend(targetRank, transferId, source);
  }

  @Override
  public void abandon(int rank) {
    for (Iterator<Held> i = held.iterator(); i.hasNext(); ) {
      Held next = i.next();
      if (next.targetRank == rank) {
        i.remove();
        port.release(next.buffer);
      }
    }
    port.abandon(rank);
  }

  @Override
  public long processSilenceNs(int rank) {
    return port.processSilenceNs(rank);
  }
}
