package dev.heddle.runtime;

import dev.heddle.TaskSerializationException;
import dev.heddle.codec.ValueCodec;
import dev.heddle.graph.BigValue;
import dev.heddle.graph.MemoKey;
import dev.heddle.graph.Task;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.jspecify.annotations.Nullable;

/// Finds the key of a memoized task, once its arguments are known: the digest of its function and
/// of what they contain, in an order that doesn't depend on how sets and maps were filled.
final class MemoWork {
  private MemoWork() {}

  /// Called in the progress role: hashing large arguments is for another thread.
  static void begin(EngineFuture<?> future) {
    Session session = future.heddle().session();
    Task task = future.task();
    Thread _ =
        session
            .callbacks()
            .start(
                0,
                () -> {
                  try {
                    MemoKey key = key(task);
                    session.command(root -> root.graph().memoize(task, key));
                  } catch (RuntimeException | Error failure) {
                    session.command(root -> root.graph().failLocal(task, failure));
                  }
                });
  }

  private static MemoKey key(Task task) {
    MessageDigest digest;
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
    digest.update(ByteBuffer.allocate(8).putInt(task.functionId()).putInt(0).flip());
    @Nullable Object[] arguments = task.arguments();
    for (int i = 0; i < arguments.length; i++) {
      int index = i - task.captureCount();
      String where = index < 0 ? "capture " + i : "argument " + index;
      add(digest, arguments[i], where, task.label());
    }
    ByteBuffer bits = ByteBuffer.wrap(digest.digest());
    return new MemoKey(bits.getLong(), bits.getLong(), bits.getLong(), bits.getLong());
  }

  private static void add(
      MessageDigest digest, @Nullable Object value, String where, String label) {
    switch (value) {
      case byte[] bytes -> add(digest, bytes, 0, bytes.length, where, label);
      case BigValue large ->
          add(digest, large.bytes(), large.offset(), large.length(), where, label);
      case Task task -> add(digest, task.outcome(), where, label);
      case Task[] list -> {
        digest.update(ByteBuffer.allocate(8).putInt(-1).putInt(list.length).flip());
        for (Task one : list) {
          add(digest, one.outcome(), where, label);
        }
      }
      case null, default -> throw new IllegalStateException("no argument: " + value);
    }
  }

  private static void add(
      MessageDigest digest, byte[] bytes, int offset, int length, String where, String label) {
    byte[] canonical = ValueCodec.canonical(bytes, offset, length);
    if (canonical == null) {
      throw new TaskSerializationException(
          where
              + " of "
              + label
              + " can't be compared, so the call can't be memoized: "
              + ValueCodec.unhashable(bytes, offset, length)
              + "; pass a record, or submit without memoized()",
          null);
    }
    digest.update(ByteBuffer.allocate(4).putInt(canonical.length).flip());
    digest.update(canonical);
  }
}
