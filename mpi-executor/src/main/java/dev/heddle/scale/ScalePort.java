package dev.heddle.scale;

import dev.heddle.wire.Header;
import dev.heddle.wire.MessageBuffer;
import dev.heddle.wire.Port;
import dev.heddle.wire.Receiver;
import dev.heddle.wire.frame.Frame;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The virtual network, as the rank sees it whose turn it is: one port serves all, so that a rank
/// costs some ints here and no object.
///
/// Shape: two ints and four longs per rank, besides the messages. LogGP: a message leaves when its
/// sender has handled it and its network has room (gap per message, time per byte), and arrives
/// after the latency, times a random factor, behind what left before it on the same edge. What a
/// turn handles holds its rank: a message leaves as late in the turn as the work before it takes.
/// Threading: one thread.
final class ScalePort implements Port {
  /// Messages that a network takes before it has sent them: the transport's send buffers of a pool.
  private static final int BUFFERS = 64;

  private final ScaleConfig config;
  private final ScaleTree tree;
  private final EventHeap events;
  private final ScaleStatistics statistics;
  private final Noise noise;
  private final MessageStore store;
  private final int[] inboxFirst;
  private final int[] inboxLast;

  /// When the last message over the edge between a rank and its parent arrives, either way.
  private final long[] lastUpNs;

  private final long[] lastDownNs;
  private final long[] networkFreeNs;
  private final boolean[] dead;

  private int rank;
  private long nowNs;
  private double spentNs;
  private double wakeNs;
  private double wakeDelayNs;
  private double delayedNs;
  private double factor = 1;
  private long starvedUntilNs;
  private long delayNs;

  private long hash = 0x9E3779B97F4A7C15L;

  ScalePort(ScaleConfig config, ScaleTree tree, EventHeap events, ScaleStatistics statistics) {
    this.config = config;
    this.tree = tree;
    this.events = events;
    this.statistics = statistics;
    this.noise = new Noise(config.seed(), config.machine().noiseSigma());
    this.store = new MessageStore(config.machine().eagerBytesMax());
    int ranks = tree.ranks();
    this.inboxFirst = new int[ranks];
    this.inboxLast = new int[ranks];
    this.lastUpNs = new long[ranks];
    this.lastDownNs = new long[ranks];
    this.networkFreeNs = new long[ranks];
    this.dead = new boolean[ranks];
    Arrays.fill(inboxFirst, -1);
  }

  /// The turn of `rank` begins; its costs are multiplied by `slowness`, and what it sends comes
  /// `laterNs` later than it would.
  void begin(int whose, long atNs, double slowness, long laterNs) {
    rank = whose;
    nowNs = atNs;
    spentNs = 0;
    wakeNs = 0;
    wakeDelayNs = 0;
    delayedNs = 0;
    factor = slowness;
    delayNs = laterNs;
    starvedUntilNs = 0;
  }

  int rank() {
    return rank;
  }

  /// Holds the rank for so long.
  void spend(double ns) {
    spentNs += ns * factor;
  }

  /// The rank has slept: if it finds something, that takes it so long beyond its costs, and
  /// `waitsNs` more without a core.
  void wake(double ns, double waitsNs) {
    wakeNs = ns;
    wakeDelayNs = waitsNs;
  }

  /// How much of the turn so far the rank has waited without a core.
  long delayedNs() {
    return Math.round(delayedNs);
  }

  /// When what the turn has done so far is done.
  long doneNs() {
    return nowNs + Math.round(spentNs);
  }

  double spentNs() {
    return spentNs;
  }

  /// When the rank may try again, having found no buffer in this turn; 0 when it has.
  long starvedUntilNs() {
    return starvedUntilNs;
  }

  /// The rank has stopped for ever.
  void kill(int whom) {
    dead[whom] = true;
    for (int at = inboxFirst[whom]; at >= 0; ) {
      int next = store.next(at);
      store.drop(at);
      at = next;
    }
    inboxFirst[whom] = -1;
  }

  boolean isDead(int whom) {
    return dead[whom];
  }

  boolean hasInput(int whom) {
    return inboxFirst[whom] >= 0;
  }

  /// Messages under way or waiting.
  int underWay() {
    return store.kept();
  }

  String traceHash() {
    return String.format("%016x", hash);
  }

  // ---- sending

  @Override
  public int eagerBytesMax() {
    return config.machine().eagerBytesMax();
  }

  @Override
  public @Nullable MessageBuffer claim(int pool) {
    long ahead = networkFreeNs[rank] - doneNs();
    if (ahead > 0) {
      Machine.Wire wire = config.machine().far();
      long fullNs = BUFFERS * (wire.gapNs() + eagerBytesMax() * wire.bytePs() / 1000);
      if (ahead > fullNs) {
        starvedUntilNs = networkFreeNs[rank] - fullNs / 2;
        return null;
      }
    }
    return store.claim();
  }

  @Override
  public void release(MessageBuffer buffer) {
    store.release(buffer);
  }

  @Override
  public void send(MessageBuffer buffer, int length, int target) {
    boolean isUp = tree.parent(rank) == target;
    if (!isUp && tree.parent(target) != rank) {
      throw new IllegalStateException("no neighbours: source=" + rank + " target=" + target);
    }
    Machine.Wire wire = wire(rank, target);
    MemorySegment s = buffer.segment();
    int frames = Header.frames(s);
    int tasks = isUp ? 0 : countTasks(s, length, frames);
    Costs costs = config.costs();
    spend(costs.messageOutNs() + length * costs.bytePs() / 1000 + costs.mpiNs());
    if (rank == 0) {
      spend(tasks * costs.coordinatorTaskNs());
    }
    if (config.isArray() && !isUp) {
      spend(count(s, length, Frame.RANGE) * costs.arrays().rangeNs());
    }
    count(isUp, frames, length);

    long leavesNs = Math.max(doneNs(), networkFreeNs[rank]);
    long byteNs = length * wire.bytePs() / 1000;
    networkFreeNs[rank] = leavesNs + wire.gapNs() + byteNs;
    double slowness = Math.max(tree.slowness(rank), tree.slowness(target));
    long latencyNs = (long) (wire.latencyNs() * noise.factor() * slowness);
    long[] last = isUp ? lastUpNs : lastDownNs;
    int edge = isUp ? rank : target;
    long arrivesNs = Math.max(leavesNs + byteNs + latencyNs + delayNs, last[edge] + 1);
    last[edge] = arrivesNs;
    events.add(arrivesNs, Event.of(Event.ARRIVED, store.send(buffer, length, rank, target)));
  }

  private Machine.Wire wire(int a, int b) {
    return tree.host(a) == tree.host(b) ? config.machine().near() : config.machine().far();
  }

  private void count(boolean isUp, int frames, int length) {
    int level = tree.level(rank);
    if (isUp) {
      statistics.messagesUp[level]++;
      statistics.framesUp[level] += frames;
    } else {
      statistics.messagesDown[level]++;
      statistics.framesDown[level] += frames;
    }
    statistics.messages++;
    statistics.bytes += length;
  }

  /// TASK frames of a message; only its first frames can be something else.
  private static int countTasks(MemorySegment s, int length, int frames) {
    int others = 0;
    for (long at = Header.BYTES;
        at < length && Frame.kind(s, at) != Frame.TASK;
        at += Frame.length(s, at)) {
      others++;
    }
    return frames - others;
  }

  /// Frames of a kind.
  private static int count(MemorySegment s, int length, int kind) {
    int found = 0;
    for (long at = Header.BYTES; at < length; at += Frame.length(s, at)) {
      found += Frame.kind(s, at) == kind ? 1 : 0;
    }
    return found;
  }

  // ---- receiving

  /// A message has arrived; returns the rank that has it in its inbox, or -1.
  int onArrived(int message, long atNs) {
    int target = store.target(message);
    if (dead[target]) {
      store.drop(message);
      return -1;
    }
    note(atNs, store.source(message), target, store.length(message));
    if (inboxFirst[target] < 0) {
      inboxFirst[target] = message;
    } else {
      store.setNext(inboxLast[target], message);
    }
    inboxLast[target] = message;
    return target;
  }

  private void note(long atNs, int source, int target, long length) {
    hash = Noise.mix(hash ^ atNs);
    hash = Noise.mix(hash ^ ((long) source << 32 | target));
    // the tag of protocol messages is 0, and nothing else travels here
    hash = Noise.mix(hash ^ length);
  }

  @Override
  public int poll(Receiver receiver, int messagesMax) {
    int work = 0;
    int at = inboxFirst[rank];
    while (work < messagesMax && at >= 0) {
      int next = store.next(at);
      int source = store.source(at);
      int length = store.length(at);
      MessageBuffer message = store.deliver(at);
      charge(message.segment(), source, length);
      receiver.onMessage(source, message, length);
      work++;
      at = next;
    }
    inboxFirst[rank] = at;
    if (work > 0) {
      int waiting = work;
      for (int more = at; more >= 0; more = store.next(more)) {
        waiting++;
      }
      int level = tree.level(rank);
      statistics.waitingMax[level] = Math.max(statistics.waitingMax[level], waiting);
    }
    return work;
  }

  private void charge(MemorySegment s, int source, int length) {
    Costs costs = config.costs();
    spend(wakeNs + wakeDelayNs);
    delayedNs += wakeDelayNs * factor;
    wakeNs = 0;
    wakeDelayNs = 0;
    boolean isFromAbove = tree.parent(rank) == source;
    int frames = Header.frames(s);
    spend(costs.messageInNs() + length * costs.bytePs() / 1000 + costs.mpiNs());
    if (config.isArray()) {
      spend(
          isFromAbove
              ? count(s, length, Frame.RANGE) * costs.arrays().rangeNs()
              : count(s, length, Frame.PART) * costs.arrays().partNs());
    } else if (isFromAbove) {
      int tasks = countTasks(s, length, frames);
      if (tree.isParent(rank)) {
        spend(tasks * costs.relayTaskNs());
      }
    } else {
      spend(frames * (rank == 0 ? costs.coordinatorResultNs() : costs.relayResultNs()));
    }
  }

  // ---- bulk

  @Override
  public int pollBulk(Receiver receiver) {
    return 0;
  }

  @Override
  public boolean bulkReceive(int sourceRank, int transferId, MemorySegment target) {
    throw new IllegalStateException("values of simulated tasks fit into messages: rank=" + rank);
  }

  @Override
  public boolean bulkSend(int targetRank, int transferId, MemorySegment source) {
    throw new IllegalStateException("values of simulated tasks fit into messages: rank=" + rank);
  }

  @Override
  public boolean bulkWithdraw(int sourceRank, int transferId) {
    return true;
  }

  @Override
  public void abandon(int lost) {}
}
