package dev.heddle.sim;

import dev.heddle.core.link.Limits;
import dev.heddle.sim.LoadPlan.Shape;
import java.util.List;
import java.util.SplittableRandom;

/// Everything that decides a run.
///
/// @param seed of delays, durations, values and the graph
/// @param tree of ranks
/// @param limits of the protocol
/// @param network between the ranks
/// @param load to be worked off
/// @param faults in any order
/// @param checkEvery turns of a rank from one walk over its state to the next, 0 for never
/// @param settles whether rank 0 waits for quiet before it ends the run, so that credit can be
///   compared on both sides
public record SimConfig(
    long seed,
    TreePlan tree,
    Limits limits,
    NetworkPlan network,
    LoadPlan load,
    List<Fault> faults,
    int checkEvery,
    boolean settles) {

  /// A run without faults.
  public static SimConfig of(long seed, TreePlan tree, LoadPlan load) {
    return new SimConfig(
        seed, tree, Limits.defaults(), NetworkPlan.sharedMemory(), load, List.of(), 1, true);
  }

  /// The same with faults.
  public SimConfig with(Fault... more) {
    return new SimConfig(seed, tree, limits, network, load, List.of(more), checkEvery, settles);
  }

  /// The same with other bounds.
  public SimConfig with(Limits other) {
    return new SimConfig(seed, tree, other, network, load, faults, checkEvery, settles);
  }

  /// The same with arrays beside the tasks.
  public SimConfig withArrays(int count) {
    return new SimConfig(
        seed, tree, limits, network, load.withArrays(count), faults, checkEvery, settles);
  }

  /// The same over another network.
  public SimConfig with(NetworkPlan other) {
    return new SimConfig(seed, tree, limits, other, load, faults, checkEvery, settles);
  }

  /// A run without faults in which everything is drawn from `seed`, with a liking for extremes.
  public static SimConfig random(long seed) {
    SplittableRandom random = new SplittableRandom(Hashes.mix(seed));
    int ranks = pick(random, 1, 2, 3, 4, 5 + random.nextInt(12), 17 + random.nextInt(30));
    TreePlan tree =
        TreePlan.random(random, ranks, pick(random, 1, 2, 3, 4, 16), pick(random, 1, 2, 4));
    int eager = pick(random, 1024, 1024, 2048, 3900);
    int inline = pick(random, 64, 500, 3000, 8000);
    Limits limits =
        new Limits(
            pick(random, 100_000_000L, 1_000_000_000L, 15_000_000_000L),
            1L << 30,
            pick(random, 1, 5_000, 50_000, 256 << 20),
            pick(random, 0, inline + 100, 40_000, 256 << 20),
            inline,
            pick(random, 0, 1, 7, 1024),
            pick(random, 1, 2, 3, 16, 8192),
            pick(random, 1, 100, 4_000, 256 << 10),
            pick(random, 1, 100, 4_000, 256 << 10),
            1 << 16,
            0);
    long latency = pick(random, 1, 500, 10_000, 200_000);
    NetworkPlan network =
        new NetworkPlan(
            eager,
            pick(random, 1, 1, 2, 64),
            pick(random, 1, 1, 2, 64),
            pick(random, 1, 1, 2, 64),
            pick(random, 1, 2, 8),
            latency,
            latency * pick(random, 1, 2, 20),
            pick(random, 0, 150, 5_000),
            pick(random, 1, 200, 20_000),
            pick(random, 0, 50, 1_000));
    int tasks = pick(random, 1, 10, 60, 1 + random.nextInt(300));
    LoadPlan load =
        new LoadPlan(
            Shape.values()[random.nextInt(Shape.values().length)],
            tasks,
            1 + random.nextInt(pick(random, 1, 4, 60)),
            pick(random, 0, 8, 200, inline),
            pick(random, 0, 8, 200, inline, inline * 3),
            pick(random, 0, 0, 1, 5),
            inline * 4,
            pick(random, 0, 1_000, 100_000, 20_000_000),
            pick(random, 0, 0, 20, 300),
            pick(random, 0, 0, 20, 300),
            pick(random, 1, 7, tasks),
            pick(random, 0, 10_000, 1_000_000));
    return new SimConfig(seed, tree, limits, network, load, List.of(), 1, random.nextBoolean());
  }

  /// A run in which many tasks are sent ahead of what they need, with everything else drawn from
  /// `seed`: few ranks, all of them leaves, credit for more tasks than slots, and graphs whose
  /// tasks need those just before them.
  public static SimConfig randomAhead(long seed) {
    SplittableRandom random = new SplittableRandom(Hashes.mix(seed ^ 0xA11EAD));
    SimConfig any = random(seed);
    int ranks = pick(random, 1, 2, 2, 3, 4);
    TreePlan tree = TreePlan.random(random, ranks, 16, pick(random, 1, 1, 2, 4));
    int inline = any.limits().inlineBytesMax();
    Limits limits =
        new Limits(
            any.limits().livenessNs(),
            any.limits().frameBytesMax(),
            any.limits().inFlightBulkBytesMax(),
            any.limits().cacheBytesMax(),
            inline,
            pick(random, 3, 20, 200, 1024),
            pick(random, 1, 3, 16, 8192),
            pick(random, 1, 4_000, 256 << 10, 256 << 10),
            pick(random, 100, 4_000, 256 << 10, 256 << 10),
            1 << 16,
            0);
    int tasks = 20 + random.nextInt(400);
    LoadPlan load =
        new LoadPlan(
            random.nextInt(4) == 0 ? Shape.CHAIN : Shape.NEAR,
            tasks,
            1 + random.nextInt(4),
            pick(random, 0, 8, 200),
            pick(random, 8, 8, 200, inline * 3),
            pick(random, 0, 0, 3),
            inline * 4,
            pick(random, 0, 1_000, 100_000, 3_000_000),
            pick(random, 0, 0, 5, 100),
            pick(random, 0, 0, 5, 100),
            pick(random, 1, 7, tasks),
            pick(random, 0, 10_000, 200_000));
    return new SimConfig(
        seed, tree, limits, any.network(), load, List.of(), 1, random.nextBoolean());
  }

  /// A run of arrays beside few tasks, with everything drawn from `seed`: trees of more levels,
  /// single buffers, and frames so small that what comes of a range may need several.
  public static SimConfig randomArrays(long seed) {
    SplittableRandom random = new SplittableRandom(Hashes.mix(seed ^ 0xA44A7));
    SimConfig any = random(seed);
    int ranks = pick(random, 1, 2, 3, 5, 2 + random.nextInt(8), 7 + random.nextInt(20));
    TreePlan tree =
        TreePlan.random(random, ranks, pick(random, 1, 2, 2, 3, 16), pick(random, 1, 2, 4));
    int inline = any.limits().inlineBytesMax();
    Limits limits =
        new Limits(
            any.limits().livenessNs(),
            // the arguments of one task or array, of which each may be as long as travels inline
            pick(random, 1 << 30, 5 * (inline + 100) + 12_000, 5 * (inline + 100) + 12_000),
            any.limits().inFlightBulkBytesMax(),
            any.limits().cacheBytesMax(),
            inline,
            any.limits().prefetchMax(),
            any.limits().resultFramesMax(),
            any.limits().resultBytesMax(),
            any.limits().taskBytesMax(),
            1 << 16,
            0);
    NetworkPlan network = any.network();
    int tasks = pick(random, 1, 1, 10, 40);
    LoadPlan load =
        new LoadPlan(
                random.nextBoolean() ? Shape.FREE : Shape.NEAR,
                tasks,
                1 + random.nextInt(4),
                pick(random, 0, 8, 200),
                pick(random, 0, 8, inline * 3),
                pick(random, 0, 0, 1),
                inline * 4,
                pick(random, 0, 1_000, 3_000_000),
                pick(random, 0, 0, 100),
                pick(random, 0, 0, 100),
                pick(random, 1, tasks),
                pick(random, 0, 10_000, 1_000_000))
            .withArrays(1 + random.nextInt(6));
    return new SimConfig(seed, tree, limits, network, load, List.of(), 1, random.nextBoolean());
  }

  /// A graph whose tasks take from a microsecond to a second, all submitted at once, on flat trees
  /// and such of three levels, everything drawn from `seed`: what is of interest is how long it
  /// takes.
  public static SimConfig randomMix(long seed) {
    SplittableRandom random = new SplittableRandom(Hashes.mix(seed ^ 0x313C));
    int slots = pick(random, 1, 2, 4);
    int ranks = pick(random, 2, 3, 5, 9, 17, 22);
    TreePlan tree = TreePlan.full(ranks, ranks < 9 || random.nextBoolean() ? 32 : 4, slots);
    long latency = pick(random, 500, 5_000, 50_000);
    NetworkPlan network = new NetworkPlan(3900, 64, 16, 64, 8, latency, 2 * latency, 150, 500, 100);
    int tasks = pick(random, 50, 200, 500) + random.nextInt(300);
    LoadPlan load =
        new LoadPlan(
                Shape.values()[random.nextInt(Shape.values().length)],
                tasks,
                pick(random, 1, 2, 5, 20),
                8,
                8,
                0,
                0,
                1_000_000_000,
                0,
                0,
                tasks,
                0)
            .with(LoadPlan.Spread.values()[1 + random.nextInt(3)]);
    return new SimConfig(seed, tree, Limits.defaults(), network, load, List.of(), 0, true);
  }

  /// The run of [#randomArrays] with a fault that is drawn from `seed` too.
  public static SimConfig randomArraysWithFault(long seed) {
    SimConfig arrays = randomArrays(seed);
    return arrays.with(fault(seed, arrays));
  }

  /// The run of [#random] with a fault that is drawn from `seed` too.
  public static SimConfig randomWithFault(long seed) {
    SimConfig config = random(seed);
    return config.with(fault(seed, config));
  }

  private static Fault fault(long seed, SimConfig config) {
    SplittableRandom random = new SplittableRandom(Hashes.mix(~seed));
    long atNs = random.nextLong(1 + pick(random, 1_000, 100_000, 10_000_000, 500_000_000));
    long livenessNs = config.limits().livenessNs();
    int ranks = config.tree().ranks();
    int rank = random.nextInt(ranks);
    int kind = random.nextInt(3);
    if (kind == 0 && rank > 0) {
      return new Fault.Loss(rank, atNs);
    }
    if (kind == 1) {
      return new Fault.Stop(atNs, 1 + random.nextInt(3));
    }
    // Children wait four times the liveness time for their parent, which at rank 0 is a pause at
    // most; a parent waits two thirds of it, less the time between two signs of life.
    long longestNs = rank == 0 ? livenessNs * 3 : livenessNs * 2 / 5;
    return new Fault.Pause(rank, atNs, longestNs / 2 + random.nextLong(longestNs / 2));
  }

  private static int pick(SplittableRandom random, int... of) {
    return of[random.nextInt(of.length)];
  }

  private static long pick(SplittableRandom random, long... of) {
    return of[random.nextInt(of.length)];
  }
}
