package dev.heddle.runtime.slot;

import dev.heddle.TaskContext;
import dev.heddle.TaskSerializationException;
import dev.heddle.WorkerLocal;
import dev.heddle.codec.failure.Failures;
import dev.heddle.core.frames.ArrayDescriptor;
import dev.heddle.core.frames.ChunkOutcome;
import dev.heddle.runtime.output.PrintingThread;
import dev.heddle.runtime.output.SlotOutput;
import dev.heddle.runtime.output.TaskOutput;
import dev.heddle.runtime.progress.Idler;
import dev.heddle.spi.CurrentTask;
import dev.heddle.wire.frame.Frame;
import dev.heddle.wire.frame.HostedFailure;
import dev.heddle.wire.frame.TaskFields;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CancellationException;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// A thread that runs one task at a time: it decodes, calls and encodes. With nothing to run it
/// polls for its rank.
///
/// Threading: `start` is called by the holder of the progress role while the slot is idle; the
/// volatile `hasTask` hands frame and values over. The holder reads the outcome after
/// [SlotHome#finish].
public final class Slot implements Runnable, CurrentTask, Idler {
  /// The threads that run users' code of tasks, and the threads that this code starts.
  public static final ThreadGroup GROUP = new ThreadGroup("heddle-tasks");

  private final SlotHome home;
  private final int index;
  private final Thread thread;
  private final Leftovers leftovers;
  private final byte[] hostBytes;

  private byte[] frame = {};
  private @Nullable MemorySegment @Nullable [] values;
  private volatile boolean hasTask;
  private volatile boolean isParked;

  /// The array to work on in place of a task, in places `arrayFrom` to `arrayTo`.
  private @Nullable ArrayDescriptor array;

  private long arrayFrom;
  private long arrayTo;
  private volatile @Nullable ChunkRunner runner;

  // Of the task that runs. Its own thread reads these; the progress role cancels it.
  private volatile boolean isCancelled;
  private FunctionTable.@Nullable Function function;
  private boolean hasLogged;

  // The slot's thread only, until the outcome is handed over.
  private boolean isExecuting;
  private @Nullable SlotOutput output;
  private final TaskMemory memory = new TaskMemory();

  // The outcome of the task that ran last.
  private int flags;
  private byte[] payload = {};
  private @Nullable ChunkOutcome chunk;
  private long durationNs;

  public Slot(SlotHome home, int index, String name) {
    this.home = home;
    this.index = index;
    this.hostBytes = home.host().getBytes(StandardCharsets.UTF_8);
    this.thread = new TaskThread(this, name);
    thread.setContextClassLoader(home.loader());
    this.leftovers = new Leftovers(thread);
  }

  /// A thread that runs tasks. What an index of an array may leave for the next index is noticed
  /// when it is set, on the thread that sets it: a check at each index would cost as much as an
  /// index.
  private static final class TaskThread extends Thread implements PrintingThread {
    private final Slot slot;

    TaskThread(Slot slot, String name) {
      super(GROUP, slot, name);
      this.slot = slot;
      setDaemon(true);
    }

    @Override
    public @Nullable SlotOutput output() {
      return slot.openOutput();
    }

    @Override
    public void interrupt() {
      super.interrupt();
      slot.pauseChunk();
    }

    @Override
    public void setContextClassLoader(@Nullable ClassLoader loader) {
      super.setContextClassLoader(loader);
      slot.pauseChunk();
    }
  }

  private void pauseChunk() {
    ChunkRunner running = runner;
    if (running != null) {
      running.pause();
    }
  }

  /// True on a thread that runs tasks, of any run.
  public static boolean isInsideTask() {
    return Thread.currentThread() instanceof TaskThread;
  }

  /// The task that runs on `thread`, for people; null where `thread` is not for tasks.
  public static @Nullable String taskOf(Thread thread) {
    if (!(thread instanceof TaskThread running)) {
      return null;
    }
    try {
      TaskContext task = running.slot.context();
      return task.taskId() + " (" + task.label() + ")";
    } catch (IllegalStateException e) {
      return "?";
    }
  }

  /// Where the running task prints, or null where its output isn't asked for.
  private @Nullable SlotOutput openOutput() {
    TaskOutput all = home.taskOutput();
    if (!isExecuting || all == null) {
      return null;
    }
    SlotOutput mine = output;
    if (mine == null) {
      mine = new SlotOutput(all, home::pushOutput);
      output = mine;
    }
    mine.startTask(Frame.taskId(frame));
    return mine.isOpen() ? mine : null;
  }

  /// True where a task of this slot has ever printed: its lines must leave ahead of its outcome.
  public boolean hasPrinted() {
    return output != null;
  }

  public void startThread() {
    thread.start();
  }

  @Override
  public Thread thread() {
    return thread;
  }

  public int index() {
    return index;
  }

  public int flags() {
    return flags;
  }

  public byte[] payload() {
    return payload;
  }

  /// The outcome of the chunk that ran last, returned once; null where a task ran.
  public @Nullable ChunkOutcome takeChunk() {
    ChunkOutcome taken = chunk;
    chunk = null;
    return taken;
  }

  public long durationNs() {
    return durationNs;
  }

  @Override
  public boolean hasTask() {
    return hasTask;
  }

  public void start(byte[] taskFrame, @Nullable MemorySegment @Nullable [] taskValues) {
    frame = taskFrame;
    values = taskValues;
    if (isCancelled) {
      isCancelled = false;
    }
    hasTask = true;
    wake();
  }

  /// As [#start], to work on places of an array.
  public void startChunk(ArrayDescriptor work, long from, long to) {
    array = work;
    arrayFrom = from;
    arrayTo = to;
    start(work.frame(), null);
  }

  /// Ends a chunk after its current index. Called by the holder of the progress role.
  void stopChunk() {
    ChunkRunner running = runner;
    if (running != null) {
      running.stop();
    }
  }

  /// Gives up what runs here: its outcome is not wanted any more. Called by the holder of the
  /// progress role between [#start] and the outcome, and without the role when rank 0 aborts the
  /// run.
  public void cancel(boolean interrupt) {
    isCancelled = true;
    stopChunk();
    if (interrupt) {
      thread.interrupt();
    }
  }

  /// Wakes the thread if it sleeps; an unpark of a running thread would cost microseconds.
  public void wake() {
    if (isParked) {
      LockSupport.unpark(thread);
    }
  }

  @Override
  public void park(long ns) {
    isParked = true;
    if (!hasTask && !home.isClosed()) {
      LockSupport.parkNanos(this, ns);
    }
    isParked = false;
  }

  @Override
  public void run() {
    CurrentTask.bind(this);
    boolean hasRun = false;
    try {
      while (!home.isClosed()) {
        // an interrupt was meant for the task that ran, not for the idle time after it
        boolean _ = Thread.interrupted();
        if (hasTask) {
          // nor was it meant for the next task, whose own interrupt can't arrive before isCancelled
          // is set
          boolean _ = Thread.interrupted();
          hasTask = false;
          if (array == null) {
            execute();
          } else {
            executeChunk(array);
          }
          leftovers.clear();
          home.finish(this);
          hasRun = true;
        } else {
          home.idle(this, hasRun);
          hasRun = false;
        }
      }
    } catch (Throwable broken) {
      // without its thread the slot's task would never end, unnoticed
      home.onBroken(broken);
    }
  }

  private void execute() {
    long startNs = System.nanoTime();
    isExecuting = true;
    try {
      if (isCancelled) {
        throw new CancellationException("cancelled before it began");
      }
      FunctionTable.Function function = home.functions().get(TaskFields.functionId(frame, 0));
      this.function = function;
      @Nullable Object[] arguments = arguments(function);
      Object result = function.invoker().invoke(arguments);
      payload = home.codec().encode(result, "result", -1, function.definition());
      if (payload.length > home.valueBytesMax()) {
        throw new TaskSerializationException(
            "result of "
                + function.definition().label()
                + " has "
                + payload.length
                + " bytes; at most "
                + home.valueBytesMax()
                + " can be sent: raise valueBytesMax or return less",
            null);
      }
      flags = Frame.SUCCEEDED;
    } catch (Throwable failure) {
      fail(failure);
    } finally {
      isExecuting = false;
      if (output != null) {
        output.endTask();
      }
      memory.end();
      frame = NOTHING;
      values = null;
      if (hasLogged) {
        hasLogged = false;
        RunningTask.forget();
      }
      durationNs = System.nanoTime() - startNs;
    }
  }

  private static final byte[] NOTHING = {};

  private void executeChunk(ArrayDescriptor work) {
    long startNs = System.nanoTime();
    isExecuting = true;
    ChunkRunner known = runner;
    if (known == null) {
      known = new ChunkRunner(home, () -> isCancelled, leftovers);
      runner = known;
    }
    try {
      function = home.functions().getIfKnown(work.functionId());
      chunk = known.run(work, arrayFrom, arrayTo);
    } finally {
      isExecuting = false;
      if (output != null) {
        output.endTask();
      }
      array = null;
      frame = NOTHING;
      if (hasLogged) {
        hasLogged = false;
        RunningTask.forget();
      }
      durationNs = System.nanoTime() - startNs;
    }
  }

  /// A failure as it is sent: the host, and the encoded exception.
  static byte[] failurePayload(SlotHome home, Throwable failure) {
    return HostedFailure.of(
        home.host().getBytes(StandardCharsets.UTF_8), Failures.encode(portable(failure)));
  }

  private void fail(Throwable failure) {
    byte[] encoded = Failures.encode(portable(failure));
    payload = HostedFailure.of(hostBytes, encoded);
    flags = Frame.FAILED;
  }

  /// Exceptions that the JVM makes by itself can't be sent whole. The message of a
  /// NullPointerException is worked out where it was thrown. The JVM's errors take no suppressed
  /// exceptions, so no [dev.heddle.TaskOrigin]. A copy has both.
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

  private @Nullable Object[] arguments(FunctionTable.Function called) {
    return new FrameArguments(home.codec(), frame, values, memory)
        .read(called.invoker().parameterCount(), called.definition().label());
  }

  // ---- what the task sees

  @Override
  public TaskContext context() {
    FunctionTable.Function called = function;
    if (frame.length == 0 || called == null) {
      throw new IllegalStateException("no task runs on this thread now");
    }
    String label = FrameArguments.label(frame);
    return new RunningTask(
        Frame.taskId(frame),
        label == null ? called.definition().label() : label,
        Frame.attempt(frame),
        home.rank(),
        home.host(),
        index,
        this);
  }

  @Override
  public <T extends @Nullable Object> T workerLocal(WorkerLocal<T> local) throws Exception {
    return home.workerLocals().get(local);
  }

  /// Whether `taskId` runs here and was given up.
  boolean isCancelled(long taskId) {
    byte[] now = frame;
    return isCancelled && now.length > 0 && Frame.taskId(now) == taskId;
  }

  /// The task has put its names on this thread's logging context.
  void onLogger() {
    hasLogged = true;
  }
}
