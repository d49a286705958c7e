package dev.heddle.transport;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TreeShapeTest {
  private static final int SEEDS = 400;

  /// `-Dtree.seed=N` repeats one seed of the random layouts.
  private static final String SEED = "tree.seed";

  @Test
  void shouldMakeFourRelaysOfSixteenRanksAtFanoutFour() {
    TreeShape shape = TreeShape.oneHost(4, 16);
    assertEquals(new TreeTotals(3, 4, 15), shape.totals());
    assertArrayEquals(new int[] {1, 5, 9, 13}, shape.childRanks(0));
    assertArrayEquals(new int[] {2, 3, 4}, shape.childRanks(1));
    assertArrayEquals(new int[] {14, 15}, shape.childRanks(13));
    assertFalse(shape.runsTasks(0));
    assertTrue(shape.runsTasks(1));
  }

  @Test
  void shouldHangSmallRunsOnRankZero() {
    TreeShape shape = TreeShape.of(8, new int[] {5, 5, 1, 1, 9, 9, 2, 5, 5});
    assertEquals(new TreeTotals(2, 0, 8), shape.totals());
    assertArrayEquals(new int[] {1, 2, 3, 4, 5, 6, 7, 8}, shape.childRanks(0));
  }

  @Test
  void shouldRunTasksOnRankZeroWhenAlone() {
    assertEquals(new TreeTotals(1, 0, 1), TreeShape.oneHost(2, 1).totals());
  }

  @Test
  void shouldNeedSixtyFourRelaysAboveEightThousandHosts() {
    TreeShape shape = TreeShape.regular(128, 8_192, 32);
    int aboveHosts = 0;
    for (int rank = 32; rank < shape.size(); rank += 32) {
      aboveHosts += shape.runsTasks(rank) ? 0 : 1;
    }
    assertTrue(aboveHosts == 64 || aboveHosts == 65, "relays above hosts: " + aboveHosts);
    TreeTotals totals = shape.totals();
    assertEquals(4, totals.levels());
    assertEquals(shape.size() - 1 - aboveHosts, totals.workers());
    checkTree(shape, "8,192 hosts");
  }

  @Test
  void shouldServeAMillionRanks() {
    TreeShape shape = TreeShape.regular(128, 15_625, 64);
    assertEquals(1_000_000, shape.size());
    assertEquals(4, shape.totals().levels());
    assertEquals(5, TreeShape.regular(128, 1_000_000, 1).levelOf(999_999) + 2);
  }

  @Test
  void shouldChainHostsAtFanoutTwo() {
    TreeShape shape = TreeShape.regular(2, 50, 2);
    assertEquals(49, shape.levelOf(98));
    checkTree(shape, "chain");
  }

  @ParameterizedTest
  @CsvSource({"1, 1, 1", "4097, 1, 1", "4, 0, 1", "4, 1, 0", "4, 65536, 65536"})
  void shouldRefuseWhatIsNoTree(int fanout, int hosts, int ranksPerHost) {
    assertThrows(
        IllegalArgumentException.class, () -> TreeShape.regular(fanout, hosts, ranksPerHost));
  }

  @Test
  void shouldRefuseRanksOutsideTheRun() {
    TreeShape shape = TreeShape.regular(4, 3, 3);
    assertThrows(IllegalArgumentException.class, () -> shape.parentOf(-1));
    assertThrows(IllegalArgumentException.class, () -> shape.childRanks(9));
    assertThrows(IllegalArgumentException.class, () -> TreeShape.of(4, new int[0]));
  }

  @Test
  void shouldKeepTheRulesForRandomLayouts() {
    long only = Long.getLong(SEED, -1);
    for (long seed = only < 0 ? 0 : only; seed < (only < 0 ? SEEDS : only + 1); seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      int fanout = 2 + random.nextInt(random.nextBoolean() ? 6 : 40);
      int[] hosts = new int[1 + random.nextInt(300)];
      int hostCount = 1 + random.nextInt(hosts.length);
      int first = random.nextInt();
      boolean isContiguous = random.nextBoolean();
      for (int rank = 0; rank < hosts.length; rank++) {
        hosts[rank] =
            first
                + (isContiguous
                    ? (int) ((long) rank * hostCount / hosts.length)
                    : random.nextInt(hostCount));
      }
      checkTree(TreeShape.of(fanout, hosts), "-D" + SEED + "=" + seed);
    }
  }

  @Test
  void shouldAgreeInBothForms() {
    for (long seed = 0; seed < SEEDS; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      int fanout = 2 + random.nextInt(20);
      int hosts = 1 + random.nextInt(60);
      int ranksPerHost = 1 + random.nextInt(12);
      TreeShape regular = TreeShape.regular(fanout, hosts, ranksPerHost);
      int[] layout = new int[regular.size()];
      Arrays.setAll(layout, rank -> 7 * (rank / ranksPerHost));
      TreeShape general = TreeShape.of(fanout, layout);
      assertEquals(regular.totals(), general.totals(), "seed=" + seed);
      assertEquals(regular.hosts(), general.hosts(), "seed=" + seed);
      for (int rank = 0; rank < regular.size(); rank++) {
        assertEquals(regular.placeOf(rank), general.placeOf(rank), "seed=" + seed);
        assertEquals(regular.parentOf(rank), general.parentOf(rank), "seed=" + seed);
        assertArrayEquals(regular.childRanks(rank), general.childRanks(rank), "seed=" + seed);
      }
    }
  }

  @Test
  void shouldKeepTheLeastDepthWithTheFewestRelaysAboveHosts() {
    for (int fanout = 2; fanout <= 9; fanout++) {
      for (int hosts = fanout + 2; hosts <= 150; hosts++) {
        TreeShape shape = TreeShape.regular(fanout, hosts, 1);
        // What a tree of each depth can hold at most: 1, 1 + F, 1 + F + F * F, ...
        int levels = 1;
        long capacity = 1;
        long last = 1;
        while (capacity < hosts) {
          last *= fanout;
          capacity += last;
          levels++;
        }
        assertEquals(levels, shape.totals().levels(), "fanout=" + fanout + " hosts=" + hosts);
        // One chunk fewer below rank 0 would not fit into that depth.
        long chunkMax = (capacity - 1) / fanout;
        int chunks = shape.childCount(0);
        assertTrue(chunks * chunkMax >= hosts - 1, "fanout=" + fanout + " hosts=" + hosts);
        assertTrue((chunks - 1) * chunkMax < hosts - 1, "fanout=" + fanout + " hosts=" + hosts);
      }
    }
  }

  private static void checkTree(TreeShape shape, String what) {
    int size = shape.size();
    boolean isFlat = size - 1 <= shape.fanout();
    int[] parents = new int[size];
    Arrays.fill(parents, -1);
    int relays = 0;
    int workers = 0;
    int levelMax = 0;
    for (int rank = 0; rank < size; rank++) {
      int[] children = shape.childRanks(rank);
      assertTrue(children.length <= shape.fanout(), what + " rank=" + rank + " children");
      assertEquals(children.length, shape.childCount(rank), what);
      boolean hasOtherHostsBelow = false;
      for (int child : children) {
        assertEquals(-1, parents[child], what + " child=" + child + " has two parents");
        assertEquals(rank, shape.parentOf(child), what + " child=" + child);
        assertEquals(shape.levelOf(rank) + 1, shape.levelOf(child), what + " child=" + child);
        parents[child] = rank;
        hasOtherHostsBelow |= shape.hostOf(child) != shape.hostOf(rank);
      }
      assertEquals(
          size == 1 || (rank > 0 && (isFlat || !hasOtherHostsBelow)),
          shape.runsTasks(rank),
          what + " rank=" + rank + " runsTasks");
      relays += rank > 0 && children.length > 0 ? 1 : 0;
      workers += shape.runsTasks(rank) ? 1 : 0;
      levelMax = Math.max(levelMax, shape.levelOf(rank));
    }
    assertEquals(-1, shape.parentOf(0), what);
    assertEquals(0, shape.levelOf(0), what);
    for (int rank = 1; rank < size; rank++) {
      assertTrue(parents[rank] >= 0, what + " rank=" + rank + " is nobody's child");
    }
    assertEquals(new TreeTotals(levelMax + 1, relays, workers), shape.totals(), what);
  }

  @Test
  void shouldRefuseMoreRanksThanTasksCanNameAsOwners() {
    assertEquals(1 << 21, TreeShape.oneHost(128, 1 << 21).size());
    String text =
        assertThrows(IllegalArgumentException.class, () -> TreeShape.regular(128, 1 << 14, 129))
            .getMessage();
    assertEquals(
        "a run of 2113536 ranks: at most 2097152, since the numbers of tasks have no room for more"
            + " owners",
        text);
  }
}
