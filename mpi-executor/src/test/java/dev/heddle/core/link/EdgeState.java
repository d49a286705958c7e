package dev.heddle.core.link;

/// What tests of other rooms read of an edge and what they set there.
public final class EdgeState {
  private EdgeState() {}

  /// Makes the rank behind `edge` one that has not said hello yet.
  public static void setAbsent(Edge edge) {
    edge.isPresent = false;
  }

  /// The number of the last message that came over `edge`.
  public static long sequenceReceived(Edge edge) {
    return edge.sequenceReceived;
  }
}
