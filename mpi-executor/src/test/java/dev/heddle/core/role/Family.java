package dev.heddle.core.role;

import dev.heddle.core.frames.ArrayDescriptor;
import dev.heddle.core.frames.LostRank;
import dev.heddle.core.frames.OutputFrame;
import dev.heddle.core.frames.Statistics;
import dev.heddle.core.frames.Subtree;
import dev.heddle.core.link.Limits;
import dev.heddle.core.link.TestPort;
import dev.heddle.core.work.Starter;
import dev.heddle.core.work.Worker;
import dev.heddle.graph.Task;
import dev.heddle.wire.Header;
import dev.heddle.wire.MessageBuffer;
import dev.heddle.wire.frame.Frame;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// A coordinator, a relay with a slot, and two leaves below it, with nothing between them but what
/// the test lets through.
public final class Family {
  public static final long RUN_ID = 4711;
  private static final int[][] CHILDREN = {{1}, {2, 3}, {}, {}};
  private static final int[] PARENTS = {-1, 0, 1, 1};

  /// A task that was started on a rank.
  public record Started(
      int rank, int slot, byte[] frame, @Nullable MemorySegment @Nullable [] values) {}

  /// A chunk of an array that was started on a rank.
  public record Chunk(int rank, int slot, ArrayDescriptor array, long from, long to) {}

  /// Values of an array that a rank was given to combine.
  public record Fold(int rank, long token, byte[][] values) {}

  /// Sees a message before its receiver does.
  public interface Meddler {
    void on(TestPort.Sent sent, Role receiver);
  }

  public final Coordinator root;
  public final Role[] roles;
  public final TestPort[] ports;
  public final ArrayDeque<Started> started = new ArrayDeque<>();

  public final ArrayDeque<Chunk> chunks = new ArrayDeque<>();
  public final ArrayDeque<Fold> folds = new ArrayDeque<>();

  /// What the slots of running tasks were told.
  public final List<String> cancelled = new ArrayList<>();

  public final List<Task> done = new ArrayList<>();

  /// Tasks whose user has given them up, of which the coordinator has still to be told.
  public final List<Task> givenUp = new ArrayList<>();

  public final List<LostRank> lost = new ArrayList<>();
  public final List<String> printed = new ArrayList<>();
  public final List<Statistics> statistics = new ArrayList<>();
  public int definitions;
  public int stops;
  public long nowNs;

  public Family(Limits limits) {
    this(limits, CHILDREN, PARENTS, 0, 1);
  }

  /// A coordinator with so many leaves and nobody else, each with `slots`; itself with `rootSlots`.
  public static Family ofLeaves(Limits limits, int leaves, int rootSlots, int slots) {
    int[][] children = new int[1 + leaves][0];
    int[] parents = new int[1 + leaves];
    parents[0] = -1;
    children[0] = java.util.stream.IntStream.rangeClosed(1, leaves).toArray();
    return new Family(limits, children, parents, rootSlots, slots);
  }

  /// Three levels: a coordinator, two relays, and two leaves below each, all of these with `slots`.
  public static Family ofThreeLevels(Limits limits, int slots) {
    int[][] children = {{1, 4}, {2, 3}, {}, {}, {5, 6}, {}, {}};
    return new Family(limits, children, new int[] {-1, 0, 1, 1, 0, 4, 4}, 0, slots);
  }

  private Family(Limits limits, int[][] children, int[] parents, int rootSlots, int slots) {
    int ranks = parents.length;
    roles = new Role[ranks];
    ports = new TestPort[ranks];
    for (int rank = 0; rank < ranks; rank++) {
      ports[rank] = new TestPort(rank);
    }
    root =
        new Coordinator(
            children[0],
            rootSlots,
            Subtree.alone(rootSlots, 0, "host-0", "test"),
            RUN_ID,
            limits,
            ports[0],
            ports[0].memory,
            starter(0),
            message -> message.getBytes(StandardCharsets.UTF_8),
            events());
    roles[0] = root;
    for (int rank = 1; rank < ranks; rank++) {
      roles[rank] =
          new Relay(
              rank,
              parents[rank],
              children[rank],
              slots,
              Subtree.alone(slots, rank, "host-" + rank, "test"),
              RUN_ID,
              limits,
              ports[rank],
              ports[rank].memory,
              starter(rank),
              events());
    }
    for (Role role : roles) {
      role.start(0);
    }
    EmptyOutboxes.watch(this);
  }

  /// All are there, and function 0 is known.
  public void begin() {
    settle();
    root.define(0, new byte[] {1, 2, 3});
  }

  /// One turn of one rank; what it sends stays in its outbox.
  public void turn(int rank) {
    Turn.run(roles[rank], ++nowNs);
  }

  /// Hands a message to its target.
  public void deliver(TestPort.Sent sent) {
    deliver(sent.target(), sent.source(), sent.buffer(), sent.bytes().length);
  }

  public void deliver(int target, int source, MessageBuffer message, int length) {
    ports[target].deliver(roles[target].link(), source, message, length, nowNs);
  }

  private Starter starter(int rank) {
    return new Starter() {
      @Override
      public void start(int slot, byte[] frame, @Nullable MemorySegment @Nullable [] values) {
        started.add(new Started(rank, slot, frame, values));
      }

      @Override
      public void startChunk(int slot, ArrayDescriptor array, long from, long to) {
        chunks.add(new Chunk(rank, slot, array, from, to));
      }

      @Override
      public void fold(ArrayDescriptor array, long token, byte[][] values) {
        folds.add(new Fold(rank, token, values));
      }

      @Override
      public void cancel(int slot, boolean interrupt) {
        cancelled.add("slot=" + slot + " interrupt=" + interrupt);
      }

      @Override
      public void define(int functionId, byte[] definition) {
        definitions++;
      }
    };
  }

  private Events events() {
    return new Events() {
      @Override
      public void onStarted(Subtree all) {}

      @Override
      public void onStopping(int flags) {
        stops++;
      }

      @Override
      public void onRankLost(LostRank rank) {
        lost.add(rank);
      }

      @Override
      public boolean onDone(Task task) {
        done.add(task);
        printed.add("done " + task.id());
        return !givenUp.contains(task);
      }

      @Override
      public void onStatistics(Statistics sums) {
        statistics.add(sums);
      }

      @Override
      public void onOutput(int rank, int kind, long dropped, byte[] text) {
        printed.add(rank + " " + kind + " " + new String(text, StandardCharsets.UTF_8));
      }
    };
  }

  public Worker worker(int rank) {
    Worker worker = roles[rank].worker();
    if (worker == null) {
      throw new AssertionError("no worker: rank=" + rank);
    }
    return worker;
  }

  /// Ends the task that was started first with `payload`.
  public void finish(int flags, byte[] payload) {
    finish(started.remove(), flags, payload, 1_000);
  }

  private void finish(Started task, int flags, byte[] payload, long durationNs) {
    worker(task.rank()).onFinished(task.slot(), flags, payload, durationNs, nowNs);
  }

  /// Ends the task that was started first on `rank`, which took this long.
  public void finishOn(int rank, long durationNs) {
    Started task = started.stream().filter(one -> one.rank() == rank).findFirst().orElseThrow();
    started.remove(task);
    finish(task, Frame.SUCCEEDED, new byte[] {1}, durationNs);
  }

  /// How many tasks that have not ended were started, by rank.
  public Map<Integer, Integer> runningByRank() {
    Map<Integer, Integer> byRank = new TreeMap<>();
    started.forEach(task -> byRank.merge(task.rank(), 1, Integer::sum));
    return byRank;
  }

  /// Everybody looks once a millisecond, and settles, for so long.
  public void pass(int milliseconds) {
    for (int i = 0; i < milliseconds; i++) {
      nowNs += 1_000_000;
      settle();
    }
  }

  /// A task on `rank` prints.
  public void print(int rank, String line, int kind) {
    ((Relay) roles[rank])
        .offerOutput(OutputFrame.of(rank, kind, 0, line.getBytes(StandardCharsets.UTF_8)));
  }

  /// One turn of everybody, and everything that was sent to its receiver. Returns the work done.
  public int turn(Meddler meddler) {
    nowNs += 1_000;
    int work = 0;
    for (Role role : roles) {
      work += Turn.run(role, nowNs);
    }
    for (TestPort port : ports) {
      for (TestPort.Sent sent = port.outbox.poll(); sent != null; sent = port.outbox.poll()) {
        work++;
        Role receiver = roles[sent.target()];
        meddler.on(sent, receiver);
        deliver(sent);
      }
    }
    for (TestPort port : ports) {
      work += transfers(port);
    }
    return work;
  }

  private int transfers(TestPort sender) {
    int work = 0;
    for (TestPort.Transfer out : List.copyOf(sender.bulkSends)) {
      TestPort receiver = ports[out.target()];
      for (TestPort.Transfer in : List.copyOf(receiver.bulkReceives)) {
        if (in.source() == out.source()
            && in.transferId() == out.transferId()
            && in.memory().byteSize() == out.memory().byteSize()) {
          work++;
          sender.bulkSends.remove(out);
          receiver.bulkReceives.remove(in);
          in.memory().copyFrom(out.memory());
          roles[out.target()].link().onBulkReceived(out.source(), out.transferId());
          roles[out.source()].link().onBulkSent(out.target(), out.transferId());
          break;
        }
      }
    }
    return work;
  }

  /// Turns until nobody has anything to do.
  public void settle() {
    for (int turns = 0; turn((_, _) -> {}) > 0; turns++) {
      if (turns > 10_000) {
        throw new AssertionError("no end");
      }
    }
  }

  /// Settles, and ends tasks with `payload`, until none is left.
  public void runAll(byte[] payload) {
    settle();
    while (!started.isEmpty()) {
      finish(Frame.SUCCEEDED, payload);
      settle();
    }
  }

  public void checkInvariants() {
    for (Role role : roles) {
      role.checkInvariants();
    }
  }

  public static Task task(long id, @Nullable Object... arguments) {
    return taskOf(0, id, arguments);
  }

  /// A task of another function than the first.
  public static Task taskOf(int functionId, long id, @Nullable Object... arguments) {
    return new Task(id, functionId, 0, "task" + id, 0, arguments);
  }

  /// A sealed message with one frame, as `source` would send it.
  public static MessageBuffer message(int source, long sequence, byte[] frame) {
    byte[] bytes = new byte[Header.BYTES + frame.length];
    MemorySegment s = MemorySegment.ofArray(bytes);
    System.arraycopy(frame, 0, bytes, Header.BYTES, frame.length);
    Header.write(
        s, 1, bytes.length, RUN_ID, source, Header.FIRST_EPOCH, Header.FIRST_INCARNATION, sequence);
    MessageBuffer buffer = new MessageBuffer(0, s);
    Header.seal(buffer, bytes.length, new java.util.zip.CRC32C());
    return buffer;
  }
}
