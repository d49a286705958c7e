package dev.heddle.bench.measure;

import dev.heddle.Heddle;
import dev.heddle.TaskFuture;
import java.nio.ByteBuffer;

/// Submits no-op tasks by their index, as a number or, with `--payload`, inside an array of bytes.
///
/// Shape: the array starts with the index and ends with a byte made of index and length, which the
/// task checks ([Work#mix64Of]). Ownership: one array serves all tasks, since `submit` encodes it.
/// Threading: one thread.
public final class Arguments {
  private final byte[] payload;
  private final ByteBuffer view;

  /// `payloadBytes` 0 is the number alone.
  public Arguments(int payloadBytes) {
    this.payload = new byte[payloadBytes];
    this.view = ByteBuffer.wrap(payload);
  }

  /// Bytes of a task's array, 0 for none.
  public int bytes() {
    return payload.length;
  }

  public TaskFuture<Long> submit(Heddle heddle, long index) {
    if (payload.length == 0) {
      return heddle.submit(Work::mix64, index);
    }
    view.putLong(0, index);
    payload[payload.length - 1] = Work.lastByte(index, payload.length);
    return heddle.submit(Work::mix64Of, payload);
  }
}
