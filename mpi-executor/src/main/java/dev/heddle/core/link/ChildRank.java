package dev.heddle.core.link;

/// A rank below, at the other end of an edge: what it was sent, and what of its frames has gone on.
///
/// Shape: O(tasks in flight there), at a relay; O(1) on rank 0, whose graph has the tasks. All
/// counts are cumulative since the start of the run. Threading: the progress role.
public final class ChildRank extends Child implements Sender {
  /// The way there and back.
  private final Edge edge;

  /// At a relay: the tasks that were sent there and have not ended.
  private final InFlight inFlight = new InFlight();

  /// Functions that were sent there: those with lower numbers.
  private int functionsSent;

  /// Bytes of counted frames that rank 0 has taken in.
  private long bytesReceived;

  private final Link link;

  /// Frames of it that a relay has passed on, or has used up, and their bytes.
  private long framesForwarded;

  private long bytesForwarded;

  ChildRank(Link link, int number, int rank) {
    super(number);
    this.link = link;
    this.edge = new Edge(rank, this);
  }

  @Override
  public long slots() {
    return edge.slotsBelow;
  }

  @Override
  public boolean isLeaf() {
    return edge.isLeaf();
  }

  @Override
  public boolean hasCredit() {
    return edge.hasCredit();
  }

  @Override
  public boolean hasCreditBeyondSlots(long bytes) {
    return edge.hasCredit()
        && edge.frameLimit - edge.framesSent > edge.slotsBelow
        && edge.byteLimit - edge.bytesSent > bytes;
  }

  @Override
  public long idleRanks() {
    return edge.ranksBelow - (edge.framesSent - edge.framesReceived);
  }

  /// One of its frames waits at this relay no more.
  @Override
  public void onForwarded(int bytes) {
    framesForwarded++;
    bytesForwarded += bytes;
    link.touch(edge);
  }

  /// Writes what it may send in all into its edge: as much beyond what was passed on as waits here
  /// at most.
  public void grantForwarded() {
    edge.grant(
        framesForwarded + link.limits().resultFramesMax(),
        bytesForwarded + link.limits().resultBytesMax());
  }

  /// The way there and back.
  public Edge edge() {
    return edge;
  }

  /// At a relay: the tasks that were sent there and have not ended.
  public InFlight inFlight() {
    return inFlight;
  }

  /// Functions that were sent there: those with lower numbers.
  public int functionsSent() {
    return functionsSent;
  }

  /// One more function was sent there.
  public void onFunctionSent() {
    functionsSent++;
  }

  /// Bytes of counted frames that rank 0 has taken in.
  public long bytesReceived() {
    return bytesReceived;
  }

  /// Rank 0 has taken in a counted frame.
  public void onBytesReceived(int bytes) {
    bytesReceived += bytes;
  }
}
