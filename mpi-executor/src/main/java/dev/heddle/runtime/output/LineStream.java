package dev.heddle.runtime.output;

import java.io.OutputStream;
import java.util.Arrays;

/// Cuts bytes into lines.
///
/// Shape: a piece has at most [#PIECE_BYTES_MAX] bytes, no line feed and no carriage return. A
/// longer line is cut into several pieces, which end between two characters of UTF-8. A line of
/// which a part was handed over before its end has several pieces too. A carriage return begins the
/// line anew, as on a terminal: the following bytes replace those that were not handed over. Before
/// a line feed it belongs to the end of the line. Threading: the caller lets one thread at a time
/// in; [#flush] may be called by any thread.
final class LineStream extends OutputStream {
  /// Bytes of a piece. With prefix and frame a piece fits into a short message of every MPI.
  static final int PIECE_BYTES_MAX = 1_024;

  /// Takes pieces.
  interface Receiver {
    /// Takes the first `length` of `bytes`, which it must copy. `continues`: the piece goes on in
    /// the line of the previous piece.
    void onPiece(byte[] bytes, int length, boolean continues);
  }

  private final Receiver receiver;
  private final Runnable onFlush;
  private byte[] buffer = new byte[128];
  private int count;
  private boolean continues;

  /// Whether the last byte was a carriage return.
  private boolean isReturned;

  /// `onFlush` runs at every flush, and decides whether to call [#handOver].
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

  /// Whether bytes wait for the end of their line.
  boolean hasHalf() {
    return count > 0;
  }

  /// Hands over the bytes that wait for the end of their line, in whole characters only. The next
  /// piece of the line continues this piece.
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
    // no piece is made where the line ends right after a piece that was handed over
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

  /// Number of bytes before a character that is not complete yet; all bytes where they aren't
  /// UTF-8.
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
