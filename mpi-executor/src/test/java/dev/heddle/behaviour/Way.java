package dev.heddle.behaviour;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Heddle;
import dev.heddle.HeddleConfig;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.UnaryOperator;

/// A way to run: how many ranks, in this JVM or in processes of their own.
///
/// Shape: the tree that comes of it is part of the way, and every run checks it.
///
/// @param name for people
/// @param ranks in all
/// @param slots of each rank
/// @param fanout children at most
/// @param levels of the tree
/// @param mpi true where each rank is a process
record Way(String name, int ranks, int slots, int fanout, int levels, boolean mpi) {

  static final Way THREADS = new Way("threads", 1, 2, 128, 1, false);
  static final Way LOCAL_2 = new Way("2 ranks of one JVM", 2, 1, 4, 2, false);
  static final Way LOCAL_16 = new Way("3 levels in one JVM", 16, 1, 4, 3, false);

  /// Ranks started by a launcher, two levels up to five of them, else three.
  static Way mpi(int ranks) {
    return new Way(ranks + " ranks", ranks, 1, 4, ranks <= 5 ? 2 : 3, true);
  }

  HeddleConfig config(UnaryOperator<HeddleConfig.Builder> change) {
    HeddleConfig.Builder builder =
        HeddleConfig.builder()
            .slots(slots)
            .fanout(fanout)
            .serializablePackages(Way.class.getPackageName());
    if (!mpi) {
      builder.localRanks(ranks);
    }
    return change.apply(builder).build();
  }

  /// Runs `body` on rank 0. Returns true there.
  boolean run(Scenario.Play body) {
    return run(builder -> builder, body);
  }

  /// The same with a changed configuration. Errors: what the body throws, and an [AssertionError]
  /// where the body was not run though it should.
  boolean run(UnaryOperator<HeddleConfig.Builder> change, Scenario.Play body) {
    AtomicBoolean entered = new AtomicBoolean();
    boolean isRoot =
        Heddle.run(
            config(change),
            new String[] {"-x", "", "two words"},
            heddle -> {
              entered.set(true);
              assertTrue(
                  heddle.ranks() == ranks && heddle.levels() == levels,
                  () -> "ranks=" + heddle.ranks() + " levels=" + heddle.levels() + " in " + this);
              body.play(heddle);
            });
    assertTrue(isRoot == entered.get(), "run returned " + isRoot + ", body entered " + entered);
    return isRoot;
  }
}
