package dev.heddle.runtime;

import dev.heddle.core.Link;
import dev.heddle.core.Port;
import dev.heddle.core.ValueMemory;
import dev.heddle.transport.Transport;
import dev.heddle.wire.MessageBuffer;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// Lets the protocol speak through a transport. Threading: the progress role.
final class TransportPort implements Port, Transport.MessageHandler, Transport.BulkHandler {
  private final Transport transport;
  private final ValueMemory memory;
  private @Nullable Link link;
  private long nowNs;

  TransportPort(Transport transport, ValueMemory memory) {
    this.transport = transport;
    this.memory = memory;
  }

  @Override
  public int eagerBytesMax() {
    return transport.eagerBytesMax();
  }

  @Override
  public @Nullable MessageBuffer claim(int pool) {
    return transport.claim(pool);
  }

  @Override
  public void release(MessageBuffer buffer) {
    transport.release(buffer);
  }

  @Override
  public void send(MessageBuffer buffer, int bytes, int targetRank) {
    transport.send(buffer, bytes, targetRank);
  }

  @Override
  public boolean bulkReceive(int sourceRank, int transferId, MemorySegment target) {
    return transport.bulkReceive(sourceRank, transferId, target);
  }

  @Override
  public boolean bulkWithdraw(int sourceRank, int transferId) {
    return transport.bulkWithdraw(sourceRank, transferId);
  }

  @Override
  public ValueMemory valueMemory() {
    return memory;
  }

  @Override
  public boolean bulkSend(int targetRank, int transferId, MemorySegment source) {
    return transport.bulkSend(targetRank, transferId, source);
  }

  @Override
  public int poll(Link to, long now, int messagesMax) {
    link = to;
    nowNs = now;
    return transport.poll(this, messagesMax) + transport.pollBulk(this);
  }

  @Override
  public void abandon(int rank) {
    transport.abandon(rank);
  }

  @Override
  public long processSilenceNs(int rank) {
    return transport.processSilenceNs(rank);
  }

  @Override
  public void onMessage(int sourceRank, MessageBuffer buffer, int bytes) {
    link().onMessage(sourceRank, buffer, bytes, nowNs);
  }

  @Override
  public void onBulkReceived(int sourceRank, int transferId) {
    link().onBulkReceived(sourceRank, transferId, nowNs);
  }

  @Override
  public void onBulkSent(int targetRank, int transferId) {
    link().onBulkSent(targetRank, transferId);
  }

  private Link link() {
    Link known = link;
    if (known == null) {
      throw new IllegalStateException("a message outside of a poll");
    }
    return known;
  }
}
