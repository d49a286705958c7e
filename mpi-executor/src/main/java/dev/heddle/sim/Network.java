package dev.heddle.sim;

import dev.heddle.wire.MessageBuffer;
import dev.heddle.wire.Port;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/// Carries messages and bulk transfers between virtual ranks.
///
/// Shape: memory is O(messages under way); buffers are shared by all ranks, of which each has only
/// counts. Messages of one sender to one receiver arrive in the order of their sends, as MPI keeps
/// it; bulk transfers arrive in any order. Threading: one thread.
///
/// A buffer's memory is overwritten when its message has been handled, so that whoever keeps a
/// reference into it reads nonsense.
final class Network {
  private record Transfer(
      int source, int target, int transferId, MemorySegment from, MemorySegment to) {}

  private static final byte NONSENSE = 0x5a;

  private final NetworkPlan plan;
  private final TreePlan tree;
  private final EventQueue events;
  private final SplittableRandom random;
  private final SimPort[] ports;
  private final boolean[] dead;
  private final boolean[] gone;
  private final Watch watch;

  /// When the last message over the edge between a rank and its parent arrives, either way.
  private final long[] lastUpNs;

  private final long[] lastDownNs;

  // By number of the buffer.
  private @Nullable MessageBuffer[] buffers = new MessageBuffer[64];
  private int[] free = new int[64];
  private int[] sources = new int[64];
  private int[] targets = new int[64];
  private int[] lengths = new int[64];
  private int[] pools = new int[64];

  /// Next in an inbox.
  private int[] next = new int[64];

  private int used;
  private int freeCount;

  private final Slab<Transfer> transfers = new Slab<>();
  private final Map<Long, Map<Integer, MemorySegment>> posted = new HashMap<>();

  private long nowNs;
  private int underWay;
  private long messages;
  private long bytes;
  private long bulks;
  private long late;
  private long hash = 0x9E3779B97F4A7C15L;

  Network(
      NetworkPlan plan, TreePlan tree, EventQueue events, SplittableRandom random, Watch watch) {
    this.plan = plan;
    this.tree = tree;
    this.events = events;
    this.random = random;
    this.watch = watch;
    this.ports = new SimPort[tree.ranks()];
    for (int rank = 0; rank < ports.length; rank++) {
      ports[rank] = new SimPort(this, rank);
    }
    this.dead = new boolean[tree.ranks()];
    this.gone = new boolean[tree.ranks()];
    this.lastUpNs = new long[tree.ranks()];
    this.lastDownNs = new long[tree.ranks()];
  }

  SimPort port(int rank) {
    return ports[rank];
  }

  NetworkPlan plan() {
    return plan;
  }

  void setNow(long ns) {
    nowNs = ns;
  }

  /// Messages and bulk transfers that have left and not arrived, or not been handled.
  int underWay() {
    return underWay;
  }

  long messages() {
    return messages;
  }

  long bytes() {
    return bytes;
  }

  long bulks() {
    return bulks;
  }

  /// Messages that arrived where nobody was any more.
  long late() {
    return late;
  }

  String traceHash() {
    return String.format("%016x", hash);
  }

  /// `rank` has stopped for ever.
  void kill(int rank) {
    dead[rank] = true;
    ports[rank].drop();
  }

  /// `rank` has ended as it should.
  void leave(int rank) {
    gone[rank] = true;
    ports[rank].drop();
  }

  // ---- buffers

  MessageBuffer take(int rank, int pool) {
    int at;
    if (freeCount > 0) {
      at = free[--freeCount];
    } else {
      at = used++;
      if (at == buffers.length) {
        int size = at * 2;
        buffers = Arrays.copyOf(buffers, size);
        free = Arrays.copyOf(free, size);
        sources = Arrays.copyOf(sources, size);
        targets = Arrays.copyOf(targets, size);
        lengths = Arrays.copyOf(lengths, size);
        pools = Arrays.copyOf(pools, size);
        next = Arrays.copyOf(next, size);
      }
      buffers[at] = new MessageBuffer(at, MemorySegment.ofArray(new byte[plan.eagerBytesMax()]));
    }
    sources[at] = rank;
    pools[at] = pool;
    return buffer(at);
  }

  int pool(int buffer) {
    return pools[buffer];
  }

  private MessageBuffer buffer(int at) {
    MessageBuffer buffer = buffers[at];
    if (buffer == null) {
      throw new IllegalStateException("no such buffer: index=" + at);
    }
    return buffer;
  }

  void recycle(int at) {
    buffer(at).segment().fill(NONSENSE);
    free[freeCount++] = at;
  }

  // ---- messages

  void send(MessageBuffer buffer, int length, int target) {
    int at = buffer.index();
    int source = sources[at];
    if (tree.parents()[source] != target && tree.parents()[target] != source) {
      throw new IllegalStateException("no neighbours: source=" + source + " target=" + target);
    }
    targets[at] = target;
    lengths[at] = length;
    long sentNs = nowNs + delayNs(length);
    long arrivedNs;
    if (target < source) {
      arrivedNs = Math.max(sentNs, lastUpNs[source]);
      lastUpNs[source] = arrivedNs;
    } else {
      arrivedNs = Math.max(sentNs, lastDownNs[target]);
      lastDownNs[target] = arrivedNs;
    }
    underWay++;
    events.add(arrivedNs, Simulation.ARRIVED, at);
    // The sender may have its buffer back before the message arrives, since the network has it.
    events.add(
        nowNs + 1 + random.nextLong(arrivedNs - nowNs), Simulation.SENT, source * 4 + pools[at]);
  }

  private long delayNs(long length) {
    return plan.latencyNsMin()
        + random.nextLong(plan.latencyNsMax() - plan.latencyNsMin() + 1)
        + length * plan.kibNs() / 1024
        + 1;
  }

  /// A message has arrived. Returns the rank that has it in its inbox, or -1.
  int onArrived(int at) {
    int target = targets[at];
    if (dead[target] || gone[target]) {
      late++;
      underWay--;
      if (gone[target]) {
        watch.onLate(sources[at], target, buffer(at), lengths[at]);
      }
      recycle(at);
      return -1;
    }
    note(sources[at], target, 0, lengths[at]);
    messages++;
    bytes += lengths[at];
    next[at] = -1;
    SimPort port = ports[target];
    if (port.inboxLast < 0) {
      port.inboxFirst = at;
    } else {
      next[port.inboxLast] = at;
    }
    port.inboxLast = at;
    return target;
  }

  /// Takes the first message out of an inbox; the caller recycles it.
  int takeFirst(SimPort port) {
    int at = port.inboxFirst;
    if (at >= 0) {
      port.inboxFirst = next[at];
      if (port.inboxFirst < 0) {
        port.inboxLast = -1;
      }
      underWay--;
    }
    return at;
  }

  MessageBuffer message(int at) {
    return buffer(at);
  }

  int source(int at) {
    return sources[at];
  }

  int length(int at) {
    return lengths[at];
  }

  Watch watch() {
    return watch;
  }

  private void note(int source, int target, int tag, long length) {
    hash = Hashes.mix(hash ^ nowNs);
    hash = Hashes.mix(hash ^ ((long) source << 32 | target));
    hash = Hashes.mix(hash ^ ((long) tag << 32 | length));
  }

  // ---- bulk transfers

  void post(int source, int target, int transferId, MemorySegment to) {
    MemorySegment before =
        posted
            .computeIfAbsent((long) source << 32 | target, _ -> new HashMap<>())
            .put(transferId, to);
    if (before != null) {
      throw new IllegalStateException(
          "posted twice: source=" + source + " target=" + target + " transferId=" + transferId);
    }
  }

  void withdraw(int source, int target, int transferId) {
    Map<Integer, MemorySegment> of = posted.get((long) source << 32 | target);
    if (of == null || of.remove(transferId) == null) {
      throw new IllegalStateException(
          "withdrawn and not posted: source="
              + source
              + " target="
              + target
              + " transferId="
              + transferId);
    }
  }

  void bulk(int source, int target, int transferId, MemorySegment from) {
    Map<Integer, MemorySegment> of = posted.get((long) source << 32 | target);
    MemorySegment to = of == null ? null : of.remove(transferId);
    if (dead[target] || gone[target]) {
      // never completes, as in MPI
      return;
    }
    if (to == null) {
      throw new IllegalStateException(
          "no receive posted: source="
              + source
              + " target="
              + target
              + " transferId="
              + transferId);
    }
    int at = transfers.put(new Transfer(source, target, transferId, from, to));
    underWay++;
    events.add(nowNs + delayNs(from.byteSize()), Simulation.BULK_ARRIVED, at);
  }

  /// A bulk transfer has arrived: both sides hear of it in their next turns. Returns the receiver.
  int onBulkArrived(int at, int[] sender) {
    Transfer transfer = transfers.take(at);
    underWay--;
    sender[0] = transfer.source();
    SimPort source = ports[transfer.source()];
    SimPort target = ports[transfer.target()];
    if (transfer.from().byteSize() != transfer.to().byteSize()) {
      throw new IllegalStateException("sizes differ: " + transfer);
    }
    if (!dead[transfer.target()] && !gone[transfer.target()]) {
      transfer.to().copyFrom(transfer.from());
      note(
          transfer.source(),
          transfer.target(),
          1 + transfer.transferId(),
          transfer.to().byteSize());
      bulks++;
      target.onReceived(transfer.source(), transfer.transferId());
    }
    if (!dead[transfer.source()] && !gone[transfer.source()]) {
      source.onSent(transfer.target(), transfer.transferId());
    }
    return transfer.target();
  }

  int pools() {
    return Port.POOL_CONTROL + 1;
  }
}
