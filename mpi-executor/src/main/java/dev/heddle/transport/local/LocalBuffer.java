package dev.heddle.transport.local;

import dev.heddle.wire.MessageBuffer;

/// A send buffer and what travels with it, so that a message needs no object of its own.
///
/// Ownership: the fields belong to the owner until the buffer stands in the target's inbox, to the
/// target until it stands in the owner's return queue; the queues publish them.
final class LocalBuffer {
  static final byte FREE = 0;
  static final byte CLAIMED = 1;
  static final byte SENT = 2;

  final LocalTransport owner;
  final MessageBuffer buffer;
  final int pool;

  /// Owner only.
  byte state = FREE;

  /// Owner only: the target was given up, so the buffer never comes back to its pool.
  boolean isQuarantined;

  int targetRank;
  int bytes;

  LocalBuffer(LocalTransport owner, MessageBuffer buffer, int pool) {
    this.owner = owner;
    this.buffer = buffer;
    this.pool = pool;
  }
}
