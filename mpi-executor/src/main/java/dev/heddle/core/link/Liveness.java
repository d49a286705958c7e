package dev.heddle.core.link;

import dev.heddle.wire.frame.Frame;

/// A rank's signs of life, and its watch over those of its neighbours. Threading: the progress
/// role.
///
/// Deadlines are aware of pauses: when a tick comes late, the input that waited is handled first
/// and every deadline moves by the gap, since a process that was stopped itself can't tell which
/// neighbour was silent meanwhile.
///
/// A neighbour whose JVM is stopped sends nothing, and may be well: all its threads wait while a
/// collection does, and for as long as one thread keeps the others waiting for its safepoint. So
/// the signs of life of its process count too where the port knows of them, for [#STOPPED_FACTOR]
/// times as long as it may be silent: what is stopped for longer will not come back.
final class Liveness {
  static final int STOPPED_FACTOR = 20;

  private final Link link;
  private final long livenessNs;
  private long lastTickNs;
  private boolean hasTicked;
  private boolean watching;

  Liveness(Link link, long livenessNs) {
    this.link = link;
    this.livenessNs = livenessNs;
  }

  boolean isWatching() {
    return watching;
  }

  void startWatching(long startNs) {
    watching = true;
    hasTicked = true;
    lastTickNs = startNs;
    link.forEachEdge(
        edge -> {
          edge.lastHeardNs = startNs;
          edge.lastSentNs = startNs;
        });
  }

  void onTick(long tickNs) {
    long gapNs = tickNs - lastTickNs;
    if (hasTicked && gapNs < livenessNs / 30) {
      return;
    }
    if (watching && gapNs > livenessNs / 4) {
      // never beyond now: what was heard in this turn isn't newer than that
      link.forEachEdge(edge -> edge.lastHeardNs = Math.min(tickNs, edge.lastHeardNs + gapNs));
    }
    hasTicked = true;
    lastTickNs = tickNs;
    link.forEachEdge(edge -> look(edge, tickNs));
  }

  private void look(Edge edge, long nowNs) {
    if (edge.lost || edge.left) {
      return;
    }
    beat(edge, nowNs);
    long silenceNs = nowNs - edge.lastHeardNs;
    long silenceNsMax = silenceNsMax(edge);
    if (watching && silenceNs > silenceNsMax && !isStopped(edge, silenceNs, silenceNsMax)) {
      link.onSilence(edge, silenceNs);
    }
  }

  /// True where the neighbour's process lives, and its JVM may still come back.
  private boolean isStopped(Edge edge, long silenceNs, long silenceNsMax) {
    return silenceNs <= STOPPED_FACTOR * silenceNsMax
        && link.processSilenceNs(edge) <= silenceNsMax;
  }

  /// A sign of life; before we watch ourselves, for neighbours that have given one: a child that is
  /// there watches us while we still wait for others.
  private void beat(Edge edge, long nowNs) {
    if ((edge.sequenceReceived > 0 || watching)
        && nowNs - edge.lastSentNs > livenessNs / 8
        && edge.open == null
        && (edge.backlog == null || edge.backlog.isEmpty())) {
      // through the backlog: with fewer buffers than neighbours, the same few would be served
      // every time
      link.control(edge, Frame.HEARTBEAT, 0);
    }
  }

  /// A child is given up in time for the report to leave within the liveness time. A parent is
  /// waited for longer: it may be the coordinator in a debugger or a stopped job, and leaving it
  /// would end the run.
  private long silenceNsMax(Edge edge) {
    return edge.isParent() ? livenessNs * 4 : livenessNs * 2 / 3;
  }
}
