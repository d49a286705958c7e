package dev.heddle.runtime;

import dev.heddle.TaskSerializationException;
import dev.heddle.codec.Failures;
import dev.heddle.core.ValueFrame;
import dev.heddle.wire.Frame;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// One task at a time: a thread that decodes, calls and encodes; with nothing to run it polls for
/// its rank.
///
/// Threading: `start` is called by the holder of the progress role while the slot is idle; the
/// volatile `hasTask` hands frame and values over. The outcome is read by the holder after
/// [Engine#finish].
final class Slot implements Runnable {
  private final Engine engine;
  private final int index;
  private final Thread thread;
  private final byte[] hostBytes;

  private byte[] frame = {};
  private byte @Nullable [] @Nullable [] values;
  private volatile boolean hasTask;
  private volatile boolean isParked;

  // The outcome of the task that ran last.
  private int flags;
  private byte[] payload = {};
  private long durationNs;

  Slot(Engine engine, int index, String name) {
    this.engine = engine;
    this.index = index;
    this.hostBytes = engine.host().getBytes(StandardCharsets.UTF_8);
    this.thread = new TaskThread(this, name);
    thread.setContextClassLoader(engine.loader());
  }

  /// A thread that runs tasks.
  private static final class TaskThread extends Thread {
    TaskThread(Slot slot, String name) {
      super(slot, name);
      setDaemon(true);
    }
  }

  /// True on a thread that runs tasks, whatever its run.
  static boolean isInsideTask() {
    return Thread.currentThread() instanceof TaskThread;
  }

  void startThread() {
    thread.start();
  }

  Thread thread() {
    return thread;
  }

  int index() {
    return index;
  }

  int flags() {
    return flags;
  }

  byte[] payload() {
    return payload;
  }

  long durationNs() {
    return durationNs;
  }

  boolean hasTask() {
    return hasTask;
  }

  void start(byte[] taskFrame, byte @Nullable [] @Nullable [] taskValues) {
    frame = taskFrame;
    values = taskValues;
    hasTask = true;
    wake();
  }

  /// Wakes the thread if it sleeps; an unpark of a running thread would cost microseconds.
  void wake() {
    if (isParked) {
      LockSupport.unpark(thread);
    }
  }

  void park(long ns) {
    isParked = true;
    if (!hasTask && !engine.isClosed()) {
      LockSupport.parkNanos(this, ns);
    }
    isParked = false;
  }

  @Override
  public void run() {
    try {
      while (!engine.isClosed()) {
        // an interrupt was meant for the task that ran, not for the next one, nor for a rest
        boolean _ = Thread.interrupted();
        if (hasTask) {
          hasTask = false;
          execute();
          engine.finish(this);
        } else {
          engine.pollers().idle(this);
        }
      }
    } catch (Throwable broken) {
      // without its thread the slot's task would never end, and nobody would know
      engine.onBroken(broken);
    }
  }

  private void execute() {
    long startNs = System.nanoTime();
    try {
      MemorySegment s = MemorySegment.ofArray(frame);
      FunctionTable.Function function = engine.functions().get(Frame.getInt(s, 20));
      @Nullable Object[] arguments = arguments(s, function);
      Object result = function.invoker().invoke(arguments);
      payload = engine.codec().encode(result, "result", -1, function.definition());
      if (payload.length > engine.valueBytesMax()) {
        throw new TaskSerializationException(
            "result of "
                + function.definition().label()
                + " has "
                + payload.length
                + " bytes; at most "
                + engine.valueBytesMax()
                + " can be sent: raise valueBytesMax or return less",
            null);
      }
      flags = Frame.SUCCEEDED;
    } catch (Throwable failure) {
      fail(failure);
    } finally {
      frame = NOTHING;
      values = null;
      durationNs = System.nanoTime() - startNs;
    }
  }

  private static final byte[] NOTHING = {};

  private void fail(Throwable failure) {
    byte[] encoded = Failures.encode(portable(failure), engine.codec());
    payload = failurePayload(hostBytes, encoded);
    flags = Frame.FAILED;
  }

  /// What the JVM makes by itself doesn't travel whole: the message of a NullPointerException is
  /// worked out where it was thrown, and its errors take no suppressed exceptions, so no
  /// [dev.heddle.TaskOrigin]. A copy has both.
  private static Throwable portable(Throwable failure) {
    Class<?> type = failure.getClass();
    Throwable copy =
        type == NullPointerException.class
            ? new NullPointerException(failure.getMessage())
            : type == StackOverflowError.class
                ? new StackOverflowError(failure.getMessage())
                : type == OutOfMemoryError.class
                    ? new OutOfMemoryError(failure.getMessage())
                    : null;
    if (copy == null || failure.getCause() != null || failure.getSuppressed().length > 0) {
      return failure;
    }
    copy.setStackTrace(failure.getStackTrace());
    return copy;
  }

  private static byte[] failurePayload(byte[] host, byte[] failure) {
    byte[] bytes =
        Arrays.copyOf(
            new byte[] {(byte) host.length, (byte) (host.length >> 8)},
            2 + host.length + failure.length);
    System.arraycopy(host, 0, bytes, 2, host.length);
    System.arraycopy(failure, 0, bytes, 2 + host.length, failure.length);
    return bytes;
  }

  private @Nullable Object[] arguments(MemorySegment s, FunctionTable.Function function) {
    int count = Frame.getInt(s, 28);
    if (count != function.invoker().parameterCount()) {
      throw new TaskSerializationException(
          function.definition().label()
              + " takes "
              + function.invoker().parameterCount()
              + " values, captures included, but "
              + count
              + " were sent: is the same jar on all ranks?",
          null);
    }
    return new Arguments(s, frame, values).read(Frame.argumentsOffset(Frame.flags(s, 0)), count);
  }

  /// Reads the arguments of one frame, handles in their order.
  private final class Arguments {
    private final MemorySegment s;
    private final byte[] bytes;
    private final byte @Nullable [] @Nullable [] large;
    private int largeIndex;

    Arguments(MemorySegment s, byte[] bytes, byte @Nullable [] @Nullable [] large) {
      this.s = s;
      this.bytes = bytes;
      this.large = large;
    }

    @Nullable Object[] read(int offset, int count) {
      @Nullable Object[] read = new @Nullable Object[count];
      int at = offset;
      for (int i = 0; i < count; i++) {
        read[i] = one(at);
        at += Frame.HEAD_BYTES + Frame.padded(Frame.getInt(s, at + 4));
      }
      return read;
    }

    private @Nullable Object one(int at) {
      return switch (Frame.getInt(s, at) & ~Frame.ARGUMENT_CAPTURE) {
        case Frame.ARGUMENT_INLINE ->
            engine.codec().decode(bytes, at + Frame.HEAD_BYTES, Frame.getInt(s, at + 4));
        case Frame.ARGUMENT_HANDLE -> large(Frame.getLong(s, at + Frame.HEAD_BYTES));
        case Frame.ARGUMENT_LIST -> {
          List<@Nullable Object> list =
              new ArrayList<>(Arrays.asList(read(at + 16, Frame.getInt(s, at + 8))));
          yield Collections.unmodifiableList(list);
        }
        default ->
            throw new TaskSerializationException(
                "an argument of unknown tag=" + Frame.getInt(s, at), null);
      };
    }

    private @Nullable Object large(long valueId) {
      byte[] value = large == null ? null : large[largeIndex++];
      if (value == null) {
        throw new TaskSerializationException(
            "a large argument is gone: valueId=" + valueId + "; its owner no longer has it", null);
      }
      return engine.codec().decode(value, ValueFrame.OFFSET, ValueFrame.length(value));
    }
  }
}
