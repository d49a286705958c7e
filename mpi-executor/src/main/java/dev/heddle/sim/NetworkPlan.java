package dev.heddle.sim;

import dev.heddle.wire.Port;

/// What the virtual network is like.
///
/// @param eagerBytesMax most bytes of a message
/// @param buffersDown send buffers of a rank towards its children
/// @param buffersUp send buffers of a rank towards its parent
/// @param buffersControl send buffers of a rank for everything else
/// @param bulksMax bulk transfers that a rank receives, and that it sends, at the same time
/// @param latencyNsMin least time from a send to its arrival
/// @param latencyNsMax most time, before what waits ahead on the same edge
/// @param kibNs further time per KiB
/// @param turnNs how long a turn holds its rank
/// @param frameNs further time per message or frame handled in it
public record NetworkPlan(
    int eagerBytesMax,
    int buffersDown,
    int buffersUp,
    int buffersControl,
    int bulksMax,
    long latencyNsMin,
    long latencyNsMax,
    long kibNs,
    long turnNs,
    long frameNs) {

  /// About what two processes of one machine see.
  public static NetworkPlan sharedMemory() {
    return new NetworkPlan(3900, 64, 16, 64, 8, 300, 600, 150, 200, 50);
  }

  int buffers(int pool) {
    return switch (pool) {
      case Port.POOL_DOWN -> buffersDown;
      case Port.POOL_UP -> buffersUp;
      default -> buffersControl;
    };
  }
}
