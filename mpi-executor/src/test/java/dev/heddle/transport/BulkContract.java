package dev.heddle.transport;

import dev.heddle.wire.MessageBuffer;
import dev.heddle.wire.Receiver;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;

/// Scenarios of bulk transfers: both sides agree on ids and lengths, the receiver posts, then says
/// go ahead by a message.
final class BulkContract {
  private static final int MIB = 1 << 20;
  private static final int[] SIZES = {0, 1, 4_095, MIB - 1, MIB, MIB + 1, 5 * MIB + 3, 40_000};

  /// Enough small transfers that every transport runs out of open ones.
  private static final int SMALL_TRANSFERS = 40;

  private static final int SMALL_BYTES = 33_000;

  /// No power of two, so that no transport's chunks end where these pieces do.
  private static final int CHECK_BYTES = 300_007;

  private static final ValueLayout.OfInt ID = ValueLayout.JAVA_INT_UNALIGNED;

  static final Receiver NOTHING =
      new Receiver() {
        @Override
        public void onMessage(int sourceRank, MessageBuffer buffer, int bytes) {
          throw new AssertionError("unexpected message from " + sourceRank);
        }

        @Override
        public void onBulkReceived(int sourceRank, int transferId) {
          throw new AssertionError("unexpected bulk from " + sourceRank + " id=" + transferId);
        }

        @Override
        public void onBulkSent(int targetRank, int transferId) {
          throw new AssertionError("unexpected bulk to " + targetRank + " id=" + transferId);
        }
      };

  private BulkContract() {}

  static void many(Member member) {
    try (Arena arena = Arena.ofShared()) {
      Exchange exchange = new Exchange(member, arena);
      for (int neighbour : member.neighbours()) {
        // Rank 0 and its first child exchange everything, all others the small ones: 16 ranks on a
        // small machine share its memory.
        boolean isFirst = isFirstPair(member, neighbour);
        for (int id = 0; isFirst && id < SIZES.length; id++) {
          exchange.add(neighbour, id, SIZES[id]);
        }
        for (int i = 0; i < (isFirst ? SMALL_TRANSFERS : 3); i++) {
          exchange.add(neighbour, 1_000 + i, SMALL_BYTES + i);
        }
      }
      exchange.run();
    }
    TransportContract.finish(member);
    member.checkEquals(0, member.transport().pollBulk(NOTHING), "bulk work when all is done");
  }

  static void large(Member member) {
    try (Arena arena = Arena.ofShared()) {
      Exchange exchange = new Exchange(member, arena);
      for (int neighbour : member.neighbours()) {
        if (isFirstPair(member, neighbour)) {
          exchange.add(neighbour, 7, 64 * MIB);
        }
      }
      exchange.run();
    }
    TransportContract.finish(member);
  }

  /// Posted, given up, and posted again under the same id: only the second one is served.
  static void withdraw(Member member) {
    Transport transport = member.transport();
    int first = member.rank() < 2 ? 1 - member.rank() : -1;
    try (Arena arena = Arena.ofShared()) {
      if (IntStream.of(member.neighbours()).anyMatch(rank -> rank == first)) {
        for (int bytes : new int[] {SMALL_BYTES, 3 * MIB}) {
          for (MemorySegment target :
              new MemorySegment[] {arena.allocate(bytes), MemorySegment.ofArray(new byte[bytes])}) {
            member.check(transport.bulkReceive(first, 9, target), "bulk receive refused");
            member.checkEquals(0, transport.pollBulk(NOTHING), "work for a receive");
            member.check(transport.bulkWithdraw(first, 9), "MPI keeps a receive nobody serves");
            member.checkThrows(
                IllegalArgumentException.class,
                "bulkWithdraw",
                () -> transport.bulkWithdraw(first, 9));
          }
        }
      }
      member.meet();
      Exchange exchange = new Exchange(member, arena);
      for (int neighbour : member.neighbours()) {
        if (isFirstPair(member, neighbour)) {
          exchange.add(neighbour, 9, SMALL_BYTES);
          exchange.add(neighbour, 10, 3 * MIB);
        }
      }
      exchange.run();
    }
    TransportContract.finish(member);
  }

  private static boolean isFirstPair(Member member, int neighbour) {
    // In every shape rank 1 is a child of rank 0, or the lowest other rank of its host is.
    return member.rank() + neighbour == 1;
  }

  /// Every neighbour sends us what we send to it, under the same ids.
  private static final class Exchange implements Receiver {
    private record Key(int rank, int transferId) {}

    private record Open(Key key, MemorySegment memory) {}

    private final Member member;
    private final Transport transport;
    private final Arena arena;
    private final ArrayDeque<Key> toReceive = new ArrayDeque<>();
    private final ArrayDeque<Key> toSend = new ArrayDeque<>();
    private final Set<Key> sending = new HashSet<>();
    private final Map<Key, Integer> sizes = new HashMap<>();
    private final Map<Key, Open> receiving = new HashMap<>();
    private int received;
    private int sent;

    Exchange(Member member, Arena arena) {
      this.member = member;
      this.transport = member.transport();
      this.arena = arena;
    }

    void add(int neighbour, int transferId, int bytes) {
      Key key = new Key(neighbour, transferId);
      sizes.put(key, bytes);
      toReceive.add(key);
    }

    void run() {
      member.await(
          "bulk transfers",
          () -> {
            transport.poll(this, Integer.MAX_VALUE);
            startReceives();
            startSends();
            transport.pollBulk(this);
            return received == sizes.size() && sent == sizes.size();
          });
    }

    private void startReceives() {
      while (!toReceive.isEmpty()) {
        Key key = toReceive.element();
        MessageBuffer goAhead = transport.claim(Transport.POOL_CONTROL);
        if (goAhead == null) {
          return;
        }
        MemorySegment target = memory(key, bytesOf(key));
        if (!transport.bulkReceive(key.rank(), key.transferId(), target)) {
          transport.release(goAhead);
          return;
        }
        toReceive.remove();
        receiving.put(key, new Open(key, target));
        goAhead.segment().set(ID, 0, key.transferId());
        transport.send(goAhead, 4, key.rank());
      }
    }

    private void startSends() {
      while (!toSend.isEmpty()) {
        Key key = toSend.element();
        MemorySegment source = memory(key, bytesOf(key));
        fill(source, transport.rank(), key.transferId());
        if (!transport.bulkSend(key.rank(), key.transferId(), source)) {
          return;
        }
        toSend.remove();
        sending.add(key);
      }
    }

    /// A go-ahead.
    @Override
    public void onMessage(int source, MessageBuffer buffer, int bytes) {
      member.checkEquals(4, bytes, "length of a go-ahead");
      toSend.add(new Key(source, buffer.segment().get(ID, 0)));
    }

    @Override
    public void onBulkReceived(int sourceRank, int transferId) {
      Open open = receiving.remove(new Key(sourceRank, transferId));
      if (open == null) {
        throw new AssertionError("received twice: source=" + sourceRank + " id=" + transferId);
      }
      received++;
      checkFilled(member, open.memory(), sourceRank, transferId);
    }

    @Override
    public void onBulkSent(int targetRank, int transferId) {
      member.check(sending.remove(new Key(targetRank, transferId)), "sent twice");
      sent++;
    }

    private int bytesOf(Key key) {
      return Objects.requireNonNull(sizes.get(key), "a go-ahead for a transfer that nobody agreed");
    }

    /// Heap and native memory by turns.
    private MemorySegment memory(Key key, int bytes) {
      return key.transferId() % 2 == 0 && bytes <= 8 * MIB
          ? MemorySegment.ofArray(new byte[bytes])
          : arena.allocate(bytes);
    }
  }

  /// What every piece of a transfer holds, but for its first byte: that is the piece's number, so
  /// that pieces in the wrong place are told apart.
  private static byte[] piece(int source, int transferId) {
    byte[] bytes = new byte[CHECK_BYTES];
    for (int at = 0; at < bytes.length; at++) {
      bytes[at] = (byte) (source * 37 + transferId * 11 + at * 7 + (at >> 8) * 13);
    }
    return bytes;
  }

  private static void fill(MemorySegment memory, int source, int transferId) {
    byte[] bytes = piece(source, transferId);
    for (long at = 0; at < memory.byteSize(); at += CHECK_BYTES) {
      bytes[0] = (byte) (at / CHECK_BYTES);
      int length = (int) Math.min(CHECK_BYTES, memory.byteSize() - at);
      MemorySegment.copy(bytes, 0, memory, ValueLayout.JAVA_BYTE, at, length);
    }
  }

  private static void checkFilled(Member member, MemorySegment memory, int source, int transferId) {
    byte[] bytes = piece(source, transferId);
    MemorySegment expected = MemorySegment.ofArray(bytes);
    for (long at = 0; at < memory.byteSize(); at += CHECK_BYTES) {
      bytes[0] = (byte) (at / CHECK_BYTES);
      long length = Math.min(CHECK_BYTES, memory.byteSize() - at);
      long differs = MemorySegment.mismatch(expected, 0, length, memory, at, at + length);
      member.checkEquals(
          -1,
          differs,
          "offset in the piece at " + at + " of transfer " + transferId + " from " + source);
    }
  }
}
