package dev.heddle.core.frames;

import dev.heddle.wire.frame.Frame;
import dev.heddle.wire.frame.OutputFields;
import java.lang.foreign.MemorySegment;

/// OUTPUT frames: what tasks print, on its way to rank 0.
///
/// They take part in the credit of results, so that nothing of them is ever dropped between two
/// ranks, and nothing heaps up there either: where a parent is slow they wait at their source,
/// which knows whose output it is and counts what it has to drop.
public final class OutputFrame {
  private OutputFrame() {}

  /// A frame of `rank`; `kind` is one of the flags of OUTPUT. Errors: a text longer than
  /// [Frame#OUTPUT_TEXT_BYTES_MAX].
  public static byte[] of(int rank, int kind, long dropped, byte[] text) {
    if (text.length > Frame.OUTPUT_TEXT_BYTES_MAX) {
      throw new IllegalArgumentException("textBytes=" + text.length);
    }
    byte[] frame = new byte[Frame.padded(Frame.OUTPUT_BYTES + text.length)];
    MemorySegment s = MemorySegment.ofArray(frame);
    Frame.head(s, 0, Frame.OUTPUT, kind, 0, frame.length);
    OutputFields.putRank(s, 0, rank);
    OutputFields.putTextLength(s, 0, text.length);
    OutputFields.putDroppedBytes(s, 0, dropped);
    System.arraycopy(text, 0, frame, Frame.OUTPUT_BYTES, text.length);
    return frame;
  }

  /// Takes what a frame says.
  public interface Reader {
    /// What a task on `rank` printed, one line, or what the rank says about it; `kind` and
    /// `dropped` are those of OUTPUT. The text is the reader's.
    void onOutput(int rank, int kind, long dropped, byte[] text);
  }

  /// Tells the frame at `offset` to `reader`.
  public static void tell(MemorySegment s, long offset, Reader reader) {
    reader.onOutput(
        OutputFields.rank(s, offset),
        Frame.flags(s, offset),
        OutputFields.droppedBytes(s, offset),
        Frame.getBytes(s, offset + Frame.OUTPUT_BYTES, OutputFields.textLength(s, offset)));
  }
}
