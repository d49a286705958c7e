package dev.heddle.runtime.output;

import java.io.OutputStream;
import java.util.Arrays;

/// Cuts bytes into lines.
///
/// Shape: a piece has at most [#PIECE_BYTES_MAX] bytes, no line feed and no carriage return; a
/// longer line comes in several pieces, which end between two characters of UTF-8. So does a line
/// of which a part was handed over before its end. A carriage return begins the line anew, as on a
/// terminal: what follows replaces what stood there and was not handed over; before a line feed it
/// belongs to the end of the line. Threading: the caller sees to it that one thread at a time is
/// here; [#flush] alone is free.
final class LineStream extends OutputStream {
  /// Bytes of a piece: with prefix and frame it fits into a short message of every MPI.
  static final int PIECE_BYTES_MAX = 1_024;

  /// Takes pieces.
  interface Receiver {
    /// The first `length` of `bytes`, to be copied; `continues` the piece before in the same line.
    void onPiece(byte[] bytes, int length, boolean continues);
  }

  private final Receiver receiver;
  private final Runnable onFlush;
  private byte[] buffer = new byte[128];
  private int count;
  private boolean continues;

  /// A carriage return was the last that came.
  private boolean isReturned;

  /// `onFlush` is told of every flush, and decides about [#handOver].
  LineStream(Receiver receiver, Runnable onFlush) {
    this.receiver = receiver;
    this.onFlush = onFlush;
  }

  @Override
  public void flush() {
    onFlush.run();
  }

  @Override
  public void write(int b) {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) {
    int from = offset;
    int end = offset + length;
    for (int i = offset; i < end; i++) {
      if (bytes[i] == '\n') {
        append(bytes, from, i);
        endLine();
        from = i + 1;
      } else if (bytes[i] == '\r') {
        append(bytes, from, i);
        isReturned = true;
        from = i + 1;
      }
    }
    append(bytes, from, end);
  }

  /// Ends a line that has no line feed.
  void end() {
    if (count > 0) {
      endLine();
    }
    continues = false;
    isReturned = false;
  }

  /// Whether something waits for the end of its line.
  boolean hasHalf() {
    return count > 0;
  }

  /// Hands over what waits for the end of its line, whole characters only; what follows in the same
  /// line continues it.
  void handOver() {
    if (count > 0 && wholeCharacters() > 0) {
      cut();
    }
  }

  private void append(byte[] bytes, int from, int end) {
    int at = from;
    if (isReturned && at < end) {
      count = 0;
      continues = false;
      isReturned = false;
    }
    while (at < end) {
      if (count == PIECE_BYTES_MAX) {
        cut();
      }
      int taken = Math.min(end - at, PIECE_BYTES_MAX - count);
      if (count + taken > buffer.length) {
        buffer =
            Arrays.copyOf(buffer, Math.min(PIECE_BYTES_MAX, Math.max(2 * count, count + taken)));
      }
      System.arraycopy(bytes, at, buffer, count, taken);
      count += taken;
      at += taken;
    }
  }

  private void endLine() {
    // nothing follows what was handed over before
    if (count > 0 || !continues) {
      receiver.onPiece(buffer, count, continues);
    }
    count = 0;
    continues = false;
    isReturned = false;
  }

  private void cut() {
    int whole = wholeCharacters();
    receiver.onPiece(buffer, whole, continues);
    System.arraycopy(buffer, whole, buffer, 0, count - whole);
    count -= whole;
    continues = true;
  }

  /// Bytes before a character that isn't all there yet; all of them where it isn't UTF-8.
  private int wholeCharacters() {
    int lead = count - 1;
    while (lead > 0 && lead > count - 4 && (buffer[lead] & 0xc0) == 0x80) {
      lead--;
    }
    int first = buffer[lead] & 0xff;
    int length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc0 ? 2 : 1;
    return lead + length > count ? lead : count;
  }
}
