package dev.heddle.core.link;

import dev.heddle.wire.Header.Refusal;
import java.util.EnumMap;
import org.jspecify.annotations.Nullable;

/// What a rank has seen; never reset. Threading: written by the holder of the progress role, read
/// by anybody, roughly.
public final class Counters {
  /// Messages that were handled.
  public long messagesReceived;

  /// Messages that were sent.
  public long messagesSent;

  /// Frames that were handled.
  public long framesReceived;

  /// Large values received over an edge from above.
  public long valuesReceived;

  /// Large values sent over edges downwards.
  public long valuesSent;

  /// Tasks launched before all that they need was done; rank 0's.
  public long sentAhead;

  /// Of these, tasks that came back, not run; rank 0's.
  public long sentInVain;

  /// Tasks that came back since they waited too long for a slot; rank 0's.
  public long returned;

  /// Outcomes of tasks that were done already, or never existed.
  public long staleResults;

  /// Frames that are well-formed but fit nothing we know.
  public long strayFrames;

  private @Nullable EnumMap<Refusal, Long> refused;

  public void refuse(Refusal refusal) {
    if (refused == null) {
      refused = new EnumMap<>(Refusal.class);
    }
    refused.merge(refusal, 1L, Long::sum);
  }

  /// Messages refused for one reason.
  public long refused(Refusal refusal) {
    return refused == null ? 0 : refused.getOrDefault(refusal, 0L);
  }

  /// Messages refused for any reason.
  public long refused() {
    long sum = 0;
    for (Refusal refusal : Refusal.values()) {
      sum += refused(refusal);
    }
    return sum;
  }
}
