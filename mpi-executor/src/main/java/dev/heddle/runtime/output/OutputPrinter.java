package dev.heddle.runtime.output;

import dev.heddle.runtime.Log;
import dev.heddle.wire.frame.Frame;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// Prints on rank 0 what tasks have printed on any rank.
///
/// A thread of its own prints. It is made at the first line: standard output may be a pipe without
/// a reader, and a thread that takes the rank's turns must not wait for that. Shape: lines wait in
/// up to a sixteenth of the heap, 1 to 64 MiB; further lines are dropped and counted. Threading:
/// any thread may call [#take].
final class OutputPrinter {
  /// Bytes that may wait to be printed, an estimate of their objects included.
  private static final long WAITING_BYTES_MAX =
      Math.clamp(Runtime.getRuntime().maxMemory() / 16, 1L << 20, 64L << 20);

  /// Bytes of an element of the queue besides its text.
  private static final int ELEMENT_BYTES = 64;

  /// Most bytes of one write.
  private static final int CHUNK_BYTES = 8_192;

  /// The end of a run waits as long as the output is read, and this long once nothing is read any
  /// more.
  private static final long STALL_NS_MAX = TimeUnit.SECONDS.toNanos(5);

  /// A process that ends in the middle of a run waits at most this long for lines to be printed.
  private static final long EXIT_NS_MAX = TimeUnit.MILLISECONDS.toNanos(500);

  /// Number of ranks whose dropped bytes are counted and told rank by rank.
  private static final int RANKS_SHOWN = 8;

  private record Line(boolean isErr, byte[] text) {}

  private final String droppedBecause;
  private final long waitingBytesMax;
  private final long stallNsMax;
  private final ConcurrentLinkedQueue<Line> lines = new ConcurrentLinkedQueue<>();
  private final AtomicLong waitingBytes = new AtomicLong();
  private final AtomicBoolean isStarted = new AtomicBoolean();
  private final Thread thread =
      Thread.ofPlatform().daemon().name("heddle-0-output").unstarted(this::print);
  private final Thread exitHook = new Thread(() -> awaitPrinted(EXIT_NS_MAX), "heddle-0-printed");
  private final byte[] chunk = new byte[CHUNK_BYTES];

  private volatile TaskStreams.@Nullable Originals target;
  private volatile boolean isParked;
  private volatile boolean isClosing;
  private final AtomicLong printedBytes = new AtomicLong();

  // The numbers and notes that are told at the end.
  private final Map<Integer, Long> droppedByRank = new TreeMap<>();
  private long droppedElsewhere;
  private long droppedHere;
  private @Nullable String note;
  private int moreNotes;

  /// `droppedBecause` is the end of the sentence about bytes that a rank has dropped.
  OutputPrinter(String droppedBecause) {
    this(droppedBecause, WAITING_BYTES_MAX, STALL_NS_MAX);
  }

  /// The same with other bounds.
  OutputPrinter(String droppedBecause, long waitingBytesMax, long stallNsMax) {
    this.droppedBecause = droppedBecause;
    this.waitingBytesMax = waitingBytesMax;
    this.stallNsMax = stallNsMax;
  }

  void open(TaskStreams.Originals originals) {
    target = originals;
  }

  /// Takes a line, a number of dropped bytes or a note; `kind` is a flag of OUTPUT. Never waits.
  void take(int rank, int kind, long dropped, byte[] text) {
    switch (kind) {
      case Frame.OUTPUT_OUT, Frame.OUTPUT_ERR -> print(kind == Frame.OUTPUT_ERR, text);
      case Frame.OUTPUT_DROPPED -> count(rank, dropped);
      default -> note(text);
    }
  }

  private void print(boolean isErr, byte[] text) {
    int bytes = text.length + ELEMENT_BYTES;
    if (isClosing || waitingBytes.get() + bytes > waitingBytesMax) {
      dropHere(text.length);
      return;
    }
    waitingBytes.addAndGet(bytes);
    lines.add(new Line(isErr, text));
    if (!isStarted.get() && isStarted.compareAndSet(false, true)) {
      thread.start();
      hookExit();
    } else if (isParked) {
      LockSupport.unpark(thread);
    }
  }

  private void hookExit() {
    try {
      Runtime.getRuntime().addShutdownHook(exitHook);
    } catch (IllegalStateException _) {
      // the process is ending already
    }
  }

  private void unhookExit() {
    try {
      boolean _ = Runtime.getRuntime().removeShutdownHook(exitHook);
    } catch (IllegalStateException _) {
      // the process is ending, and the hook runs
    }
  }

  private synchronized void dropHere(int bytes) {
    droppedHere += bytes;
  }

  private synchronized void count(int rank, long dropped) {
    if (droppedByRank.size() < RANKS_SHOWN || droppedByRank.containsKey(rank)) {
      droppedByRank.merge(rank, dropped, Long::sum);
    } else {
      droppedElsewhere += dropped;
    }
  }

  private synchronized void note(byte[] text) {
    if (note == null) {
      note = "heddle: " + new String(text, StandardCharsets.UTF_8);
      print(true, (note + "\n").getBytes(StandardCharsets.UTF_8));
    } else {
      moreNotes++;
    }
  }

  // ---- the thread

  private void print() {
    while (true) {
      Line line = lines.poll();
      if (line != null) {
        printFrom(line);
      } else if (isClosing) {
        return;
      } else {
        isParked = true;
        if (lines.isEmpty() && !isClosing) {
          LockSupport.park(this);
        }
        isParked = false;
      }
    }
  }

  /// Prints `first`, and the lines after it for the same stream that have arrived and fit into the
  /// chunk.
  private void printFrom(Line first) {
    int count = 0;
    int elements = 0;
    Line line = first;
    while (true) {
      System.arraycopy(line.text(), 0, chunk, count, line.text().length);
      count += line.text().length;
      elements++;
      Line next = lines.peek();
      if (next == null
          || next.isErr() != first.isErr()
          || count + next.text().length > CHUNK_BYTES) {
        break;
      }
      line = next;
      lines.poll();
    }
    write(first.isErr(), count);
    waitingBytes.addAndGet(-count - (long) elements * ELEMENT_BYTES);
    printedBytes.addAndGet(count);
  }

  private void write(boolean isErr, int count) {
    TaskStreams.Originals originals = target;
    if (originals == null) {
      return;
    }
    try {
      PrintStream stream = originals.stream(isErr);
      if (stream.charset().equals(StandardCharsets.UTF_8)) {
        stream.write(chunk, 0, count);
      } else {
        stream.print(new String(chunk, 0, count, StandardCharsets.UTF_8));
      }
      stream.flush();
    } catch (Throwable e) {
      // the stream is the user's own and may fail as it likes: this thread goes on
      Log.log().debug("a line could not be printed", e);
    }
  }

  // ---- the end

  boolean isAllPrinted() {
    return waitingBytes.get() == 0;
  }

  /// Waits at most `timeoutNs` until all that has arrived is printed.
  void awaitPrinted(long timeoutNs) {
    long deadlineNs = System.nanoTime() + timeoutNs;
    while (waitingBytes.get() > 0 && System.nanoTime() - deadlineNs < 0) {
      LockSupport.parkNanos(this, 100_000);
    }
  }

  /// Prints what has arrived and ends the thread. Gives up once nothing was read for [#stallNsMax].
  void close() {
    boolean wasInterrupted = false;
    isClosing = true;
    LockSupport.unpark(thread);
    long printed = printedBytes.get();
    long deadlineNs = System.nanoTime() + stallNsMax;
    while (isStarted.get() && thread.isAlive() && System.nanoTime() - deadlineNs < 0) {
      try {
        boolean _ = thread.join(java.time.Duration.ofMillis(20));
      } catch (InterruptedException e) {
        wasInterrupted = true;
      }
      if (printed != printedBytes.get()) {
        printed = printedBytes.get();
        deadlineNs = System.nanoTime() + stallNsMax;
      }
    }
    unhookExit();
    if (thread.isAlive()) {
      dropWaiting();
    }
    if (wasInterrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized void dropWaiting() {
    for (Line line = lines.poll(); line != null; line = lines.poll()) {
      droppedHere += line.text().length;
    }
  }

  /// What was dropped, and why, one sentence for each.
  synchronized List<String> summary() {
    List<String> sentences = new ArrayList<>();
    droppedByRank.forEach(
        (rank, bytes) ->
            sentences.add(
                "heddle: rank "
                    + rank
                    + ": "
                    + bytes
                    + " bytes of task output dropped"
                    + droppedBecause));
    if (droppedElsewhere > 0) {
      sentences.add(
          "heddle: further ranks: "
              + droppedElsewhere
              + " bytes of task output dropped"
              + droppedBecause);
    }
    if (droppedHere > 0) {
      sentences.add(
          "heddle: "
              + droppedHere
              + " bytes of task output were not printed, since the output of rank 0 was read too"
              + " slowly; use taskOutput=files to keep all");
    }
    if (moreNotes > 0) {
      sentences.add("heddle: " + moreNotes + " further ranks can't write their files either");
    }
    return sentences;
  }
}
