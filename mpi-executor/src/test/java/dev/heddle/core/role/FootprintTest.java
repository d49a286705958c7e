package dev.heddle.core.role;

import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.core.frames.LostRank;
import dev.heddle.core.frames.Outcome;
import dev.heddle.core.frames.Subtree;
import dev.heddle.core.frames.ValueMemory;
import dev.heddle.core.link.Limits;
import dev.heddle.core.link.TestPort;
import dev.heddle.core.work.Starter;
import dev.heddle.core.work.Upstream;
import dev.heddle.core.work.ValueCache;
import dev.heddle.core.work.Worker;
import dev.heddle.graph.Task;
import java.lang.foreign.MemorySegment;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// What a worker weighs: the simulator holds a million of them in 8 GiB.
class FootprintTest {
  private static final int COUNT = 100_000;
  private static final int[] NO_CHILDREN = {};

  private static final Starter STARTER =
      new Starter() {
        @Override
        public void start(int slot, byte[] frame, @Nullable MemorySegment @Nullable [] values) {}

        @Override
        public void define(int functionId, byte[] definition) {}
      };

  private static final Events EVENTS =
      new Events() {
        @Override
        public void onStarted(Subtree all) {}

        @Override
        public void onStopping(int flags) {}

        @Override
        public void onRankLost(LostRank lost) {}

        @Override
        public boolean onDone(Task task) {
          return true;
        }
      };

  @Test
  void shouldHoldAWorkerInOneKibibyte() {
    Limits limits = Limits.defaults();
    ValueCache cache = new ValueCache(0);
    Upstream upstream =
        new Upstream() {
          @Override
          public boolean offerResult(Outcome outcome, long nowNs) {
            return true;
          }

          @Override
          public void fetch(long valueId, long length) {}
        };
    long bytes =
        bytesEach(rank -> new Worker(rank, 1, limits, STARTER, upstream, cache, ValueMemory.HEAP));
    assertTrue(bytes <= 1024, "bytes=" + bytes);
  }

  @Test
  void shouldHoldAHundredThousandLeavesIn256Megabytes() {
    Limits limits = Limits.defaults();
    Subtree self = Subtree.alone(1, 1, "host", "test");
    TestPort port = new TestPort(1);
    long bytes =
        bytesEach(
            rank ->
                new Relay(
                    1 + rank,
                    0,
                    NO_CHILDREN,
                    1,
                    self,
                    1,
                    limits,
                    port,
                    port.memory,
                    STARTER,
                    EVENTS));
    assertTrue(bytes * COUNT <= 256_000_000, "bytes=" + bytes);
  }

  private static long bytesEach(IntFunction<Object> make) {
    Object[] all = new Object[COUNT];
    long before = usedBytes();
    for (int i = 0; i < COUNT; i++) {
      all[i] = make.apply(i);
    }
    long bytes = (usedBytes() - before) / COUNT;
    for (Object one : all) {
      assertNotNull(one);
    }
    assertTrue(bytes > 64, "nothing was measured: bytes=" + bytes);
    return bytes;
  }

  /// After as many collections as other tests' garbage needs: some of it goes in the second only.
  private static long usedBytes() {
    Runtime runtime = Runtime.getRuntime();
    long used = Long.MAX_VALUE;
    for (int i = 0; i < 20; i++) {
      System.gc();
      long now = runtime.totalMemory() - runtime.freeMemory();
      if (i > 1 && now >= used) {
        return now;
      }
      used = now;
    }
    return used;
  }
}
