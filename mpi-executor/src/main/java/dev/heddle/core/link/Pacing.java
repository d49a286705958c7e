package dev.heddle.core.link;

/// How many messages a rank takes in, and how long results wait for others where their receiver
/// takes in many.
///
/// Threading: the progress role.
final class Pacing {
  /// A rank that takes in this many messages per [#BUSY_WINDOW_NS] is busy with messages: about a
  /// tenth of a core.
  private static final long BUSY_MESSAGES = 200;

  private static final long BUSY_WINDOW_NS = 1_000_000;

  /// How long results wait for others then: as long as about a hundred messages take their
  /// receiver, and a fifth of what a sleeping rank may take to look.
  static final long HOLD_NS = 200_000;

  private final boolean hasChildren;
  private boolean isBusy;
  private long windowNs;
  private long windowMessages;

  /// Of a rank with children, or of a leaf.
  Pacing(boolean hasChildren) {
    this.hasChildren = hasChildren;
  }

  /// Looks at how many messages have arrived since the last window.
  void onTick(long nowNs, long messagesReceived) {
    if (nowNs - windowNs >= BUSY_WINDOW_NS) {
      isBusy =
          messagesReceived - windowMessages > BUSY_MESSAGES * (nowNs - windowNs) / BUSY_WINDOW_NS;
      windowNs = nowNs;
      windowMessages = messagesReceived;
    }
  }

  /// This rank takes in many messages.
  boolean isBusy() {
    return isBusy;
  }

  /// Whether the open batch towards `edge` may wait for more: it holds results alone, and their
  /// receiver has said of late that it is busy.
  boolean isHeld(Edge edge, long nowNs) {
    return edge.saysBusy
        && hasChildren
        && !edge.isOpenUrgent
        && nowNs - edge.lastHeardNs < BUSY_WINDOW_NS
        && nowNs - edge.openedNs < HOLD_NS;
  }
}
