package dev.heddle.core.frames;

import dev.heddle.wire.frame.CancelFields;
import dev.heddle.wire.frame.Frame;
import java.lang.foreign.MemorySegment;

/// Writes CANCEL frames.
public final class CancelFrame {
  private static final int BYTES = 16;

  private CancelFrame() {}

  /// Says that nobody wants the task any more; `flags` may ask for an interrupt.
  public static byte[] of(long taskId, int flags) {
    byte[] frame = new byte[BYTES];
    MemorySegment s = MemorySegment.ofArray(frame);
    Frame.head(s, 0, Frame.CANCEL, flags, 0, frame.length);
    CancelFields.putTaskId(s, 0, taskId);
    return frame;
  }
}
