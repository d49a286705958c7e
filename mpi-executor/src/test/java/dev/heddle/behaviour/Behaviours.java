package dev.heddle.behaviour;

import java.util.List;
import java.util.stream.Stream;

/// Everything that holds on every way to run: on threads, between ranks of one JVM, and under MPI.
final class Behaviours {
  private Behaviours() {}

  /// Played inside of a run, alone or one after the other.
  static List<Scenario> shared() {
    return Stream.of(
            ArityBehaviours.scenarios(),
            ResultBehaviours.scenarios(),
            SegmentBehaviours.scenarios(),
            ShapeBehaviours.scenarios(),
            ContainerBehaviours.scenarios(),
            ForeignBehaviours.scenarios(),
            SeveralBehaviours.scenarios(),
            JoinBehaviours.scenarios(),
            FailureBehaviours.scenarios(),
            MemoBehaviours.scenarios(),
            ScopeBehaviours.scenarios(),
            ContextBehaviours.scenarios(),
            CancelBehaviours.scenarios(),
            LeftoverBehaviours.scenarios(),
            WaitingBehaviours.scenarios(),
            PlacementBehaviours.scenarios(),
            MistakeBehaviours.scenarios(),
            ExecutorServiceBehaviours.scenarios(),
            ArrayBehaviours.scenarios(),
            ArrayBoundBehaviours.scenarios())
        .flatMap(List::stream)
        .toList();
  }

  /// Each starts its own runs.
  static List<RunScenario> runs() {
    return Stream.of(
            RunBehaviours.scenarios(),
            RunApiBehaviours.scenarios(),
            OutputBehaviours.scenarios(),
            MistakeBehaviours.runs(),
            LeftoverBehaviours.runs(),
            ArrayBehaviours.runs(),
            ArrayBoundBehaviours.runs())
        .flatMap(List::stream)
        .toList();
  }

  /// Names of all of them.
  static List<String> names() {
    return Stream.concat(
            shared().stream().map(Scenario::name), runs().stream().map(RunScenario::name))
        .toList();
  }
}
