package dev.heddle.runtime.session;

import dev.heddle.TaskSerializationException;
import dev.heddle.codec.ValueCodec;
import dev.heddle.graph.BigValue;
import dev.heddle.graph.MemoKey;
import dev.heddle.graph.Pieces;
import dev.heddle.graph.Task;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.jspecify.annotations.Nullable;

/// Finds the key of a memoized task, once its arguments are known: a digest of its function and of
/// the arguments' content. The order of sets and maps in the digest doesn't depend on how they were
/// filled.
final class MemoWork {
  private MemoWork() {}

  /// Starts to find the key of `future`'s task. Called in the progress role, so another thread
  /// hashes the arguments, which may be large.
  static void begin(EngineFuture<?> future) {
    Session session = future.heddle().session();
    Thread _ =
        session
            .callbacks()
            .start(
                0,
                () -> {
                  try {
                    MemoKey key = key(session.codec(), future);
                    session.command((root, _) -> root.graph().memoize(future, key));
                  } catch (RuntimeException | Error failure) {
                    session.command((root, _) -> root.graph().failLocal(future, failure));
                  }
                });
  }

  private static MemoKey key(ValueCodec codec, Task task) {
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
      add(codec, digest, arguments[i], where + " of " + task.label());
    }
    ByteBuffer bits = ByteBuffer.wrap(digest.digest());
    return new MemoKey(bits.getLong(), bits.getLong(), bits.getLong(), bits.getLong());
  }

  private static void add(
      ValueCodec codec, MessageDigest digest, @Nullable Object value, String where) {
    switch (value) {
      case byte[] bytes -> add(codec, digest, bytes, 0, bytes.length, where);
      case BigValue large -> {
        byte[] bytes = GraphValues.bytes(large).toArray(ValueLayout.JAVA_BYTE);
        add(codec, digest, bytes, 0, bytes.length, where);
      }
      case Task task -> add(codec, digest, task.outcome(), where);
      case Pieces pieces -> {
        // the pieces of an array differ from run to run, but the list that they make doesn't
        byte[] whole = codec.encode(GraphValues.decode(codec, pieces), where);
        add(codec, digest, whole, 0, whole.length, where);
      }
      case Task[] list -> {
        digest.update(ByteBuffer.allocate(8).putInt(-1).putInt(list.length).flip());
        for (Task one : list) {
          add(codec, digest, one.outcome(), where);
        }
      }
      case null, default -> throw new IllegalStateException("no argument: " + value);
    }
  }

  private static void add(
      ValueCodec codec, MessageDigest digest, byte[] bytes, int offset, int length, String where) {
    byte[] canonical = ValueCodec.canonical(bytes, offset, length);
    if (canonical == null) {
      throw new TaskSerializationException(
          where
              + typeOf(codec, bytes, offset, length)
              + " can't be compared, so the call can't be memoized: "
              + ValueCodec.unhashable(bytes, offset, length)
              + "; "
              + (ValueCodec.futureCount(bytes, offset, length) > 0
                  ? "pass the futures as arguments of their own or by heddle.all"
                  : "pass a record")
              + ", or submit without memoized()",
          null);
    }
    digest.update(ByteBuffer.allocate(4).putInt(canonical.length).flip());
    digest.update(canonical);
  }

  /// The class of a value, for people; empty where the value can't be decoded here.
  private static String typeOf(ValueCodec codec, byte[] bytes, int offset, int length) {
    if (ValueCodec.futureCount(bytes, offset, length) > 0) {
      return "";
    }
    try {
      Object value = codec.decode(bytes, offset, length);
      return value == null ? "" : " (" + value.getClass().getName() + ")";
    } catch (RuntimeException | StackOverflowError | LinkageError e) {
      return "";
    }
  }
}
