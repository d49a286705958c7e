package dev.heddle.core.link;

/// The bounds of the protocol, the same on every rank of a run.
///
/// @param livenessNs a neighbour's death is reported within this time
/// @param frameBytesMax a larger frame is refused, by the sender and by the receiver
/// @param inFlightBulkBytesMax bytes of bulk transfers a rank receives at the same time; one alone
///   may be larger
/// @param cacheBytesMax bytes of large values a rank keeps
/// @param inlineBytesMax a larger value travels by its handle
/// @param prefetchMax tasks a worker holds beyond its slots, at most
/// @param resultFramesMax results under way on one edge, and kept by a relay for one child
/// @param resultBytesMax the same in bytes; the last result may pass it
/// @param taskBytesMax bytes of tasks that wait in one worker; the last task may pass it
/// @param functionsMax functions of one run
/// @param memoBytesMax bytes of memoized results kept on rank 0
public record Limits(
    long livenessNs,
    long frameBytesMax,
    long inFlightBulkBytesMax,
    long cacheBytesMax,
    int inlineBytesMax,
    int prefetchMax,
    int resultFramesMax,
    long resultBytesMax,
    long taskBytesMax,
    int functionsMax,
    long memoBytesMax) {

  /// Bounds that hold memory per child at about a quarter of a megabyte in each direction.
  public static Limits defaults() {
    return new Limits(
        15_000_000_000L,
        1L << 30,
        256L << 20,
        256L << 20,
        32 << 10,
        1024,
        8192,
        256L << 10,
        256L << 10,
        1 << 16,
        64L << 20);
  }

  /// The same with another liveness time.
  public Limits withLivenessNs(long ns) {
    return new Limits(
        ns,
        frameBytesMax,
        inFlightBulkBytesMax,
        cacheBytesMax,
        inlineBytesMax,
        prefetchMax,
        resultFramesMax,
        resultBytesMax,
        taskBytesMax,
        functionsMax,
        memoBytesMax);
  }
}
