package dev.heddle.transport;

import dev.heddle.wire.MessageBuffer;
import dev.heddle.wire.Receiver;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// What every transport promises, as scenarios that all ranks of a run play together; each begins
/// with transports that nobody has used.
public final class TransportContract {
  private static final ValueLayout.OfInt COUNT = ValueLayout.JAVA_INT_UNALIGNED;
  private static final int ORDER_MESSAGES = 600;
  private static final int UP_MESSAGES = 40;

  /// MPI may take eager messages for a receiver that does not poll; so many are tried.
  private static final int UNREAD_MESSAGES_MAX = 3_000;

  private TransportContract() {}

  /// One scenario, played by each rank.
  @FunctionalInterface
  public interface Play {
    /// Errors: [AssertionError] where a promise is broken.
    void play(Member member);
  }

  /// A scenario under its name.
  public record Scenario(String name, Play play) {}

  /// All of them.
  public static List<Scenario> scenarios() {
    return List.of(
        new Scenario("knows its place", TransportContract::place),
        new Scenario(
            "messages of a sender arrive in order, 0 to eagerBytesMax bytes",
            TransportContract::order),
        new Scenario("rank 0 hears its children only", TransportContract::fanIn),
        new Scenario(
            "wrong arguments and strangers are refused", TransportContract::wrongArguments),
        new Scenario("pools are bounded and apart", TransportContract::pools),
        new Scenario("a receiver that does not poll loses nothing", TransportContract::unread),
        new Scenario(
            "two full neighbours still exchange control messages",
            TransportContract::fullNeighbours),
        new Scenario(
            "poll stops at messagesMax and survives a handler's exception",
            TransportContract::handler),
        new Scenario(
            "bulk transfers of 0 B to 5 MiB, many at once, both directions", BulkContract::many),
        new Scenario("bulk transfers of 64 MiB, both directions", BulkContract::large),
        new Scenario("a receive that nobody serves is given up", BulkContract::withdraw),
        new Scenario("an abandoned neighbour costs no buffers", TransportContract::abandon),
        new Scenario("injected faults lose and hold single messages", FaultContract::dropAndDelay),
        new Scenario("close ends everything and may be repeated", TransportContract::close),
        new Scenario("the steady state allocates nothing", SteadyContract::allocation),
        new Scenario("null checks and collections work beside MPI", SteadyContract::signals));
  }

  private static void place(Member member) {
    Transport transport = member.transport();
    member.check(transport.rank() >= 0 && transport.rank() < transport.size(), "rank out of range");
    member.check(!transport.host().isBlank(), "no host");
    member.check(!transport.description().isBlank(), "no description");
    member.checkEquals(rankZero(member) ? 1 : 0, transport.parentRank() < 0 ? 1 : 0, "root");
    member.check(transport.parentRank() < transport.rank(), "a parent comes before its children");
    int[] children = transport.childRanks();
    int[] sorted = children.clone();
    Arrays.sort(sorted);
    member.check(Arrays.equals(children, sorted), "children ascend");
    if (children.length > 0) {
      children[0] = -7;
      member.check(transport.childRanks()[0] != -7, "the array is the caller's own");
    }
    member.check(
        !rankZero(member) || transport.runsTasks() == (transport.size() == 1), "rank 0 runs tasks");
    member.check(transport.eagerBytesMax() >= 512, "eagerBytesMax too small");
    member.checkEquals(0, transport.poll(TransportContract::unexpected, 10), "messages at start");
    member.checkEquals(0, transport.quarantined(), "quarantined at start");
    member.check(transport.isFlushed(), "nothing under way at start");
  }

  private static void order(Member member) {
    Transport transport = member.transport();
    int[] next = new int[transport.size()];
    Receiver handler =
        (source, buffer, bytes) -> {
          int sequence = next[source]++;
          member.checkEquals(
              orderBytes(transport, source, sequence), bytes, "length of message " + sequence);
          checkPattern(member, source, sequence, buffer, bytes);
        };
    int[] neighbours = member.neighbours();
    for (int i = 0; i < ORDER_MESSAGES; i++) {
      for (int neighbour : neighbours) {
        MessageBuffer buffer = member.claim(member.poolTowards(neighbour), handler);
        int bytes = orderBytes(transport, member.rank(), i);
        fill(member.rank(), i, buffer, bytes);
        transport.send(buffer, bytes, neighbour);
        transport.poll(handler, 3);
      }
    }
    member.await(
        "all messages",
        () -> {
          transport.poll(handler, 7);
          return Arrays.stream(neighbours).allMatch(n -> next[n] >= ORDER_MESSAGES);
        });
    finish(member);
    for (int neighbour : neighbours) {
      member.checkEquals(ORDER_MESSAGES, transport.messagesFrom(neighbour), "counted messages");
    }
  }

  private static void fanIn(Member member) {
    Transport transport = member.transport();
    int[] heard = new int[transport.size()];
    Receiver handler = (source, _, _) -> heard[source]++;
    if (!rankZero(member)) {
      for (int i = 0; i < UP_MESSAGES; i++) {
        transport.send(member.claim(Transport.POOL_UP, handler), 8, transport.parentRank());
      }
    }
    int[] children = transport.childRanks();
    member.await(
        "the children's messages",
        () -> {
          transport.poll(handler, Integer.MAX_VALUE);
          return Arrays.stream(children).allMatch(child -> heard[child] == UP_MESSAGES);
        });
    finish(member);
    member.checkEquals(
        (long) UP_MESSAGES * children.length, Arrays.stream(heard).sum(), "all messages heard");
    member.checkEquals(0, transport.messagesFrom(-1), "messages from strangers");
    for (int rank = 0; rank < transport.size(); rank++) {
      boolean isChild = Arrays.binarySearch(children, rank) >= 0;
      member.checkEquals(
          isChild ? UP_MESSAGES : 0, transport.messagesFrom(rank), "messages from " + rank);
    }
  }

  private static void wrongArguments(Member member) {
    Transport transport = member.transport();
    MessageBuffer buffer = member.claim(Transport.POOL_CONTROL, TransportContract::unexpected);
    Class<IllegalArgumentException> illegal = IllegalArgumentException.class;
    int[] neighbours = member.neighbours();
    Arrays.sort(neighbours);
    for (int rank = -1; rank <= transport.size(); rank++) {
      if (Arrays.binarySearch(neighbours, rank) < 0) {
        int stranger = rank;
        member.checkThrows(illegal, "send", () -> transport.send(buffer, 8, stranger));
        member.checkThrows(illegal, "abandon", () -> transport.abandon(stranger));
      }
    }
    for (int neighbour : neighbours) {
      member.checkThrows(illegal, "bytes=-1", () -> transport.send(buffer, -1, neighbour));
      int tooMany = transport.eagerBytesMax() + 1;
      member.checkThrows(illegal, "too long", () -> transport.send(buffer, tooMany, neighbour));
      MemorySegment readOnly = MemorySegment.ofArray(new byte[8]).asReadOnly();
      member.checkThrows(illegal, "read-only", () -> transport.bulkReceive(neighbour, 1, readOnly));
      member.checkThrows(illegal, "id", () -> transport.bulkSend(neighbour, -1, readOnly));
    }
    member.checkThrows(illegal, "pool", () -> transport.claim(-1));
    member.checkThrows(illegal, "pool", () -> transport.claim(Transport.POOLS));
    member.checkThrows(illegal, "max", () -> transport.poll(TransportContract::unexpected, -1));
    MemorySegment some = MemorySegment.ofArray(new byte[8]);
    for (int rank : new int[] {-1, member.rank(), transport.size()}) {
      member.checkThrows(illegal, "bulk rank", () -> transport.bulkReceive(rank, 1, some));
      member.checkThrows(illegal, "bulk rank", () -> transport.bulkSend(rank, 1, some));
    }
    transport.release(buffer);
    member.checkThrows(illegal, "released twice", () -> transport.release(buffer));
    if (neighbours.length > 0) {
      member.checkThrows(illegal, "not held", () -> transport.send(buffer, 8, neighbours[0]));
    }
    MessageBuffer foreign = new MessageBuffer(0, some);
    member.checkThrows(illegal, "foreign", () -> transport.release(foreign));
    finish(member);
  }

  private static void pools(Member member) {
    Transport transport = member.transport();
    List<MessageBuffer> all = new ArrayList<>();
    for (int pool = 0; pool < Transport.POOLS; pool++) {
      int claimed = claimAll(member, pool, all);
      member.check(claimed > 0 && claimed <= 100_000, "pool " + pool + " holds " + claimed);
    }
    for (int i = 0; i < all.size(); i++) {
      member.check(all.get(i).capacity() >= transport.eagerBytesMax(), "capacity");
      all.get(i).segment().fill((byte) i);
    }
    for (int i = 0; i < all.size(); i++) {
      MessageBuffer buffer = all.get(i);
      member.checkEquals((byte) i, buffer.bytes().get(buffer.capacity() - 1), "shared memory");
      transport.release(buffer);
    }
    MessageBuffer again = transport.claim(Transport.POOL_UP);
    member.check(again != null, "a released buffer is free");
    if (again != null) {
      member.checkEquals(0, again.bytes().position(), "position of a claimed buffer");
      member.checkEquals(again.capacity(), again.bytes().limit(), "limit of a claimed buffer");
      transport.release(again);
    }
    finish(member);
  }

  private static void unread(Member member) {
    Transport transport = member.transport();
    int sent = 0;
    if (!rankZero(member)) {
      MessageBuffer buffer = transport.claim(Transport.POOL_UP);
      while (buffer != null) {
        fill(member.rank(), sent, buffer, 64);
        transport.send(buffer, 64, transport.parentRank());
        sent++;
        buffer = sent < UNREAD_MESSAGES_MAX ? transport.claim(Transport.POOL_UP) : null;
      }
      member.check(sent > 0, "nothing sent");
      member.check(!member.isLocal() || sent < UNREAD_MESSAGES_MAX, "no back-pressure");
      // Full or not, the last message still says so: control has a pool of its own.
      MessageBuffer last = transport.claim(Transport.POOL_CONTROL);
      member.check(last != null, "no buffer for control");
      if (last != null) {
        last.segment().set(COUNT, 0, sent);
        transport.send(last, 4, transport.parentRank());
      }
    }
    member.meet();
    int[] next = new int[transport.size()];
    int[] announced = new int[transport.size()];
    Arrays.fill(announced, -1);
    Receiver handler =
        (source, buffer, bytes) -> {
          if (bytes == 4) {
            announced[source] = buffer.segment().get(COUNT, 0);
          } else {
            checkPattern(member, source, next[source]++, buffer, bytes);
          }
        };
    member.await(
        "the unread messages",
        () -> {
          transport.poll(handler, 5);
          return Arrays.stream(transport.childRanks())
              .allMatch(child -> announced[child] == next[child]);
        });
    finish(member);
  }

  private static void fullNeighbours(Member member) {
    Transport transport = member.transport();
    List<MessageBuffer> held = new ArrayList<>();
    for (int pool : new int[] {Transport.POOL_DOWN, Transport.POOL_UP}) {
      claimAll(member, pool, held);
    }
    int[] control = new int[transport.size()];
    int[] payload = new int[transport.size()];
    int[] expected = new int[transport.size()];
    Arrays.fill(expected, Integer.MAX_VALUE);
    Receiver handler =
        (source, buffer, bytes) -> {
          if (bytes == 2) {
            control[source]++;
          } else if (bytes == 4) {
            expected[source] = buffer.segment().get(COUNT, 0);
          } else {
            payload[source]++;
          }
        };
    int[] neighbours = member.neighbours();
    for (int neighbour : neighbours) {
      MessageBuffer buffer = transport.claim(Transport.POOL_CONTROL);
      member.check(buffer != null, "no buffer for control");
      if (buffer != null) {
        transport.send(buffer, 2, neighbour);
      }
    }
    member.await(
        "control messages past full pools",
        () -> {
          transport.poll(handler, 3);
          return Arrays.stream(neighbours).allMatch(n -> control[n] == 1);
        });
    // Now everything leaves at once, whoever polls when.
    int[] sent = new int[transport.size()];
    for (int i = 0; i < held.size(); i++) {
      if (neighbours.length == 0) {
        transport.release(held.get(i));
      } else {
        int neighbour = neighbours[i % neighbours.length];
        transport.send(held.get(i), transport.eagerBytesMax(), neighbour);
        sent[neighbour]++;
      }
    }
    for (int neighbour : neighbours) {
      MessageBuffer buffer = member.claim(Transport.POOL_CONTROL, handler);
      buffer.segment().set(COUNT, 0, sent[neighbour]);
      transport.send(buffer, 4, neighbour);
    }
    member.await(
        "the held messages",
        () -> {
          transport.poll(handler, 3);
          return Arrays.stream(neighbours).allMatch(n -> payload[n] == expected[n]);
        });
    finish(member);
  }

  private static void handler(Member member) {
    Transport transport = member.transport();
    int messages = 5;
    if (!rankZero(member)) {
      for (int i = 0; i < messages; i++) {
        MessageBuffer buffer = member.claim(Transport.POOL_UP, TransportContract::unexpected);
        fill(member.rank(), i, buffer, 32);
        transport.send(buffer, 32, transport.parentRank());
      }
    }
    int[] next = new int[transport.size()];
    int[] heard = new int[1];
    Receiver throwing =
        (source, buffer, bytes) -> {
          heard[0]++;
          checkPattern(member, source, next[source]++, buffer, bytes);
          throw new UnsupportedOperationException("from the handler");
        };
    int expected = messages * transport.childRanks().length;
    member.checkEquals(0, transport.poll(throwing, 0), "messages where none were wanted");
    member.await(
        "messages one by one",
        () -> {
          int before = heard[0];
          try {
            int handled = transport.poll(throwing, 1);
            member.checkEquals(0, handled, "handled without the handler");
          } catch (UnsupportedOperationException e) {
            member.checkEquals(before + 1, heard[0], "messages past messagesMax");
          }
          return heard[0] == expected;
        });
    finish(member);
    for (int child : transport.childRanks()) {
      member.checkEquals(messages, transport.messagesFrom(child), "counted messages");
    }
  }

  private static void abandon(Member member) {
    Transport transport = member.transport();
    int[] children = transport.childRanks();
    member.meet();
    if (rankZero(member) && children.length > 0) {
      int lost = children[0];
      List<MessageBuffer> all = new ArrayList<>();
      int size = claimAll(member, Transport.POOL_DOWN, all);
      all.forEach(buffer -> transport.send(buffer, 16, lost));
      MemorySegment target = MemorySegment.ofArray(new byte[1000]);
      member.check(transport.bulkReceive(lost, 3, target), "bulk receive refused");
      transport.abandon(lost);
      member.check(transport.isFlushed(), "sends to an abandoned rank count as under way");
      member.check(!member.isLocal() || transport.quarantined() == size, "quarantine");
      member.check(transport.quarantined() <= size, "quarantine above what was sent");
      List<MessageBuffer> again = new ArrayList<>();
      member.checkEquals(
          size, claimAll(member, Transport.POOL_DOWN, again), "buffers after the loss");
      // Sending to it is silence, as before.
      again.forEach(buffer -> transport.send(buffer, 16, lost));
      member.checkEquals(size, claimAll(member, Transport.POOL_DOWN, again), "dropped messages");
      member.checkEquals(0, transport.pollBulk(BulkContract.NOTHING), "bulk after the loss");
    }
    member.meet();
    Receiver anything = (_, _, _) -> {};
    member.meetPolling(anything);
  }

  private static void close(Member member) {
    Transport transport = member.transport();
    MessageBuffer buffer = member.claim(Transport.POOL_UP, TransportContract::unexpected);
    int[] neighbours = member.neighbours();
    if (neighbours.length > 0) {
      member.check(
          transport.bulkReceive(neighbours[0], 9, MemorySegment.ofArray(new byte[100])),
          "bulk receive refused");
    }
    member.meet();
    transport.close();
    transport.close();
    Class<IllegalStateException> closed = IllegalStateException.class;
    member.checkThrows(closed, "claim", () -> transport.claim(Transport.POOL_UP));
    member.checkThrows(closed, "release", () -> transport.release(buffer));
    member.checkThrows(closed, "send", () -> transport.send(buffer, 1, transport.parentRank()));
    member.checkThrows(closed, "poll", () -> transport.poll(TransportContract::unexpected, 1));
    member.checkThrows(closed, "pollBulk", () -> transport.pollBulk(BulkContract.NOTHING));
    member.checkThrows(closed, "isFlushed", transport::isFlushed);
    member.meet();
  }

  /// All sends complete, all ranks agree that they are done, and nothing is left to hear.
  static void finish(Member member) {
    Transport transport = member.transport();
    member.await(
        "all sends to complete",
        () -> {
          transport.poll(TransportContract::unexpected, Integer.MAX_VALUE);
          return transport.isFlushed();
        });
    member.meetPolling(TransportContract::unexpected);
    member.checkEquals(0, transport.messagesFrom(-1), "messages from strangers");
    member.checkEquals(0, transport.quarantined(), "quarantined buffers");
  }

  @SuppressWarnings("DoNotCallSuggester") // A handler for the times when nothing may come.
  static void unexpected(int source, MessageBuffer buffer, int bytes) {
    throw new AssertionError("unexpected message: source=" + source + " bytes=" + bytes);
  }

  private static boolean rankZero(Member member) {
    return member.rank() == 0;
  }

  private static int claimAll(Member member, int pool, List<MessageBuffer> into) {
    int count = 0;
    MessageBuffer buffer = member.transport().claim(pool);
    while (buffer != null) {
      into.add(buffer);
      count++;
      buffer = member.transport().claim(pool);
    }
    return count;
  }

  private static int orderBytes(Transport transport, int source, int sequence) {
    return switch (sequence % 5) {
      case 0 -> 0;
      case 1 -> 1;
      case 2 -> transport.eagerBytesMax();
      case 3 -> 64;
      default -> (source * 31 + sequence * 17) % transport.eagerBytesMax();
    };
  }

  private static byte pattern(int source, int sequence, int at) {
    return (byte) (source * 131 + sequence * 31 + at);
  }

  private static void fill(int source, int sequence, MessageBuffer buffer, int bytes) {
    for (int i = 0; i < bytes; i++) {
      buffer.bytes().put(i, pattern(source, sequence, i));
    }
  }

  private static void checkPattern(
      Member member, int source, int sequence, MessageBuffer buffer, int bytes) {
    for (int i = 0; i < bytes; i++) {
      if (buffer.bytes().get(i) != pattern(source, sequence, i)) {
        throw new AssertionError(
            "rank=%d source=%d sequence=%d byte=%d differs"
                .formatted(member.rank(), source, sequence, i));
      }
    }
  }
}
