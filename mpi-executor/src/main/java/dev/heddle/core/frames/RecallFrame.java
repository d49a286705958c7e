package dev.heddle.core.frames;

import dev.heddle.wire.frame.Frame;
import dev.heddle.wire.frame.RecallFields;
import java.lang.foreign.MemorySegment;

/// Writes RECALL frames.
public final class RecallFrame {
  private static final int BYTES = 16;

  private RecallFrame() {}

  /// Asks for a launched task back, unless it has begun.
  public static byte[] of(long taskId) {
    byte[] frame = new byte[BYTES];
    MemorySegment s = MemorySegment.ofArray(frame);
    Frame.head(s, 0, Frame.RECALL, 0, 0, frame.length);
    RecallFields.putTaskId(s, 0, taskId);
    return frame;
  }
}
