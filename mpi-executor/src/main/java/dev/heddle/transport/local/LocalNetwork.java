package dev.heddle.transport.local;

import dev.heddle.transport.Transport;
import dev.heddle.transport.TreeShape;
import dev.heddle.transport.TreeTotals;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/// The ranks of one process and the memory between them.
///
/// Shape: a buffer is made when it is first needed, so 1,000 idle ranks cost little. Memory is
/// native, as MPI's is, and goes when the network is no longer reachable. Threads: any; each
/// [LocalTransport] has its own rules.
public final class LocalNetwork {
  private static final Path HOSTNAME = Path.of("/proc/sys/kernel/hostname");
  private static final long LINE_BYTES = 64;

  /// Credit, heartbeat and a spare buffer.
  private static final int CONTROL_PER_NEIGHBOUR = 3;

  private final TreeShape shape;
  private final TreeTotals totals;
  private final int eagerBytesMax;
  private final int buffersPerPool;
  private final String host;
  private final Arena arena = Arena.ofAuto();
  private final AtomicReferenceArray<@Nullable LocalTransport> transports;
  private final ConcurrentMap<BulkKey, LocalBulk> receives = new ConcurrentHashMap<>();

  /// A network of `shape.size()` ranks, with `buffersPerPool` send buffers of `eagerBytesMax` bytes
  /// in each of a rank's three pools, more for control where a rank has many children.
  public LocalNetwork(TreeShape shape, int eagerBytesMax, int buffersPerPool) {
    if (eagerBytesMax < 1 || buffersPerPool < 1) {
      throw new IllegalArgumentException(
          "eagerBytesMax=%d buffersPerPool=%d: both at least 1"
              .formatted(eagerBytesMax, buffersPerPool));
    }
    this.shape = shape;
    this.totals = shape.totals();
    this.eagerBytesMax = eagerBytesMax;
    this.buffersPerPool = buffersPerPool;
    this.host = hostName();
    this.transports = new AtomicReferenceArray<>(shape.size());
  }

  /// The rank's end; the same object at every call.
  public LocalTransport transport(int rank) {
    if (rank < 0 || rank >= shape.size()) {
      throw new IllegalArgumentException("rank=" + rank + " size=" + shape.size());
    }
    LocalTransport transport = transports.get(rank);
    if (transport == null) {
      LocalTransport made = new LocalTransport(this, rank);
      LocalTransport witness = transports.compareAndExchange(rank, null, made);
      transport = witness == null ? made : witness;
    }
    return transport;
  }

  /// The tree.
  public TreeShape shape() {
    return shape;
  }

  /// Levels, relays and workers of the tree.
  public TreeTotals totals() {
    return totals;
  }

  int eagerBytesMax() {
    return eagerBytesMax;
  }

  /// Send buffers of a rank's pool: enough for a message from a parent to each of its children.
  int buffers(int rank, int pool) {
    return pool == Transport.POOL_CONTROL
        ? Math.max(buffersPerPool, CONTROL_PER_NEIGHBOUR * (shape.childCount(rank) + 1))
        : buffersPerPool;
  }

  /// Send buffers of all pools of a rank.
  int buffers(int rank) {
    return 2 * buffersPerPool + buffers(rank, Transport.POOL_CONTROL);
  }

  String host() {
    return host;
  }

  MemorySegment allocate() {
    return arena.allocate(eagerBytesMax, LINE_BYTES);
  }

  /// False when the same transfer is open already.
  boolean post(BulkKey key, LocalBulk receive) {
    return receives.putIfAbsent(key, receive) == null;
  }

  @Nullable LocalBulk take(BulkKey key) {
    return receives.remove(key);
  }

  /// False when a sender has taken it.
  boolean withdraw(LocalBulk receive) {
    return receives.remove(receive.key, receive);
  }

  private static String hostName() {
    try {
      return Files.readString(HOSTNAME).strip();
    } catch (IOException _) {
      return "localhost";
    }
  }

  /// Names a bulk transfer among all open transfers.
  record BulkKey(int sourceRank, int targetRank, int transferId) {}
}
