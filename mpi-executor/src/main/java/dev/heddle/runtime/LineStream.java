package dev.heddle.runtime;

import java.io.OutputStream;
import java.util.Arrays;

/// Cuts bytes into lines.
///
/// Shape: a piece has at most [#PIECE_BYTES_MAX] bytes and no line feed; a longer line comes in
/// several pieces, which end between two characters of UTF-8. Threading: one thread.
final class LineStream extends OutputStream {
  /// Bytes of a piece: with prefix and frame it fits into a short message of every MPI.
  static final int PIECE_BYTES_MAX = 1_024;

  /// Takes pieces.
  interface Receiver {
    /// The first `length` of `bytes`, to be copied; `continues` the piece before in the same line.
    void onPiece(byte[] bytes, int length, boolean continues);
  }

  private final Receiver receiver;
  private byte[] buffer = new byte[128];
  private int count;
  private boolean continues;

  LineStream(Receiver receiver) {
    this.receiver = receiver;
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
      }
    }
    append(bytes, from, end);
  }

  /// Ends a line that has no line feed.
  void end() {
    if (count > 0) {
      endLine();
    }
  }

  private void append(byte[] bytes, int from, int end) {
    int at = from;
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
    receiver.onPiece(buffer, count, continues);
    count = 0;
    continues = false;
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
    while (lead > count - 4 && (buffer[lead] & 0xc0) == 0x80) {
      lead--;
    }
    int first = buffer[lead] & 0xff;
    int length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc0 ? 2 : 1;
    return lead + length > count ? lead : count;
  }
}
