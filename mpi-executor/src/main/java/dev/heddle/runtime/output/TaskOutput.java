package dev.heddle.runtime.output;

import dev.heddle.HeddleConfig;
import dev.heddle.core.frames.OutputFrame;
import dev.heddle.core.role.Relay;
import dev.heddle.runtime.Log;
import dev.heddle.wire.frame.Frame;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// Takes what the tasks of one rank print, and passes it on.
///
/// With `taskOutput=collect` lines travel to rank 0, which prints them; with `files` they are
/// appended to the file of their host. Either way each line has a prefix that names rank and task.
/// Shape: `taskOutputBytesMax` bytes per rank and run at most, or a gibibyte in files, prefixes
/// included; further output is dropped and counted, and the count is told once at the end of the
/// run. Threading: slots' threads call [#take] and [#endTask]; the holder of the progress role
/// sends.
public final class TaskOutput {
  /// Most bytes of one rank in its host's file.
  static final long FILE_BYTES_MAX = 1L << 30;

  private final int rank;
  private final String host;
  private final long bytesMax;
  private final @Nullable HostFile file;
  private final @Nullable OutputPrinter printer;
  private final @Nullable OutputQueue queue;
  private final AtomicLong takenBytes = new AtomicLong();
  private final AtomicLong droppedBytes = new AtomicLong();
  private boolean hasNoted;
  private volatile TaskStreams.@Nullable Originals originals;

  private TaskOutput(
      int rank, String host, long bytesMax, @Nullable HostFile file, String sentence) {
    this.rank = rank;
    this.host = host;
    this.bytesMax = bytesMax;
    this.file = file;
    this.printer = rank == 0 ? new OutputPrinter(sentence) : null;
    this.queue = rank == 0 ? null : new OutputQueue(OutputQueue.BYTES_MAX);
  }

  /// The output of `rank`, or null where the process's streams are left alone. Errors:
  /// [IllegalArgumentException] for an unknown choice.
  public static @Nullable TaskOutput of(HeddleConfig config, int rank, String host) {
    String choice = config.text("taskOutput");
    return switch (choice) {
      case "inherit" -> null;
      case "collect" ->
          new TaskOutput(
              rank,
              host,
              config.number("taskOutputBytesMax"),
              null,
              " (taskOutputBytesMax="
                  + config.text("taskOutputBytesMax")
                  + "); use taskOutput=files to keep all");
      case "files" ->
          new TaskOutput(
              rank,
              host,
              FILE_BYTES_MAX,
              new HostFile(RunFolder.current(), host, System.getenv("HEDDLE_RUN_TOKEN")),
              " (a rank may write 1 GiB to its host's file)");
      default ->
          throw new IllegalArgumentException(
              "taskOutput=" + choice + " is none of collect, files, inherit");
    };
  }

  /// Takes the process's streams.
  public void open() {
    TaskStreams.Originals before = TaskStreams.acquire();
    if (printer != null) {
      printer.open(before);
    }
    originals = before;
  }

  public boolean isOpen() {
    return originals != null;
  }

  // ---- on slots' threads

  /// Takes a line of a task, or a piece of a line.
  public void take(long taskId, boolean isErr, byte[] bytes, int length, boolean continues) {
    byte[] text = text(taskId, isErr, bytes, length, continues);
    if (takenBytes.addAndGet(text.length) > bytesMax) {
      droppedBytes.addAndGet(text.length);
    } else if (file != null) {
      write(file, isErr, text);
    } else if (!put(isErr ? Frame.OUTPUT_ERR : Frame.OUTPUT_OUT, 0, text)) {
      droppedBytes.addAndGet(text.length);
    }
  }

  /// Called where a task that has printed is about to end: tells rank 0 how many bytes were dropped
  /// since.
  public void endTask() {
    if (droppedBytes.get() > 0) {
      long dropped = droppedBytes.getAndSet(0);
      if (dropped > 0) {
        boolean _ = put(Frame.OUTPUT_DROPPED, dropped, new byte[0]);
      }
    }
  }

  private byte[] text(long taskId, boolean isErr, byte[] bytes, int length, boolean continues) {
    byte[] prefix =
        ("[rank "
                + rank
                + " task "
                + taskId
                + (file == null ? "" : isErr ? " err" : " out")
                + (continues ? " +] " : "] "))
            .getBytes(StandardCharsets.US_ASCII);
    byte[] text = Arrays.copyOf(prefix, prefix.length + length + 1);
    System.arraycopy(bytes, 0, text, prefix.length, length);
    text[text.length - 1] = '\n';
    return text;
  }

  private void write(HostFile target, boolean isErr, byte[] text) {
    String problem = target.append(text);
    TaskStreams.Originals before = originals;
    if (problem == null || before == null) {
      return;
    }
    PrintStream instead = before.stream(isErr);
    instead.write(text, 0, text.length);
    instead.flush();
    note(
        "taskOutput=files: rank "
            + rank
            + " on "
            + host
            + " cannot write "
            + target.shown()
            + ": "
            + problem
            + "; what its tasks print stays on the output of its process");
  }

  /// Sends `text` to rank 0, which prints it. Only the first note of this rank is sent.
  private void note(String text) {
    synchronized (this) {
      if (hasNoted) {
        return;
      }
      hasNoted = true;
    }
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    boolean _ =
        put(
            Frame.OUTPUT_NOTE,
            0,
            Arrays.copyOf(bytes, Math.min(bytes.length, Frame.OUTPUT_TEXT_BYTES_MAX)));
  }

  private boolean put(int kind, long dropped, byte[] text) {
    if (printer != null) {
      printer.take(rank, kind, dropped, text);
      return true;
    }
    return queue == null || queue.put(OutputFrame.of(rank, kind, dropped, text));
  }

  // ---- in the progress role

  /// Hands what tasks have printed to this rank's relay. Returns the number of frames.
  public int send(Relay relay) {
    return queue == null ? 0 : queue.drain(relay);
  }

  /// Whether all that tasks have printed has left this rank, or is printed.
  public boolean isAllSent() {
    return queue == null ? printer == null || printer.isAllPrinted() : queue.isAllSent();
  }

  /// Output of another rank has arrived at rank 0.
  public void take(int source, int kind, long dropped, byte[] text) {
    if (printer != null) {
      printer.take(source, kind, dropped, text);
    }
  }

  // ---- the end

  /// Waits at most `timeoutNs` until all that has arrived is printed.
  public void awaitPrinted(long timeoutNs) {
    if (printer != null) {
      printer.awaitPrinted(timeoutNs);
    }
  }

  /// Prints what has arrived, tells what was dropped, and gives the process's streams back;
  /// idempotent.
  public void close() {
    synchronized (this) {
      if (originals == null) {
        return;
      }
      originals = null;
    }
    if (printer != null) {
      printer.close();
    }
    if (file != null) {
      file.close();
    }
    TaskStreams.release();
    if (printer != null) {
      printer.summary().forEach(Log::tell);
    }
  }

  /// For tests: the file of this host, or null.
  @Nullable Path path() {
    return file == null ? null : file.path();
  }
}
