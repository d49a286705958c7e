package dev.heddle.core.link;

import dev.heddle.core.frames.TaskFrame;
import dev.heddle.core.frames.ValueMemory;
import dev.heddle.graph.Task;
import dev.heddle.wire.Header;
import dev.heddle.wire.MessageBuffer;
import dev.heddle.wire.Port;
import dev.heddle.wire.Receiver;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/// What does a frame cost on its way into a message and out of it, by the number of frames that
/// share the message? Units: nanoseconds per TASK frame of 64 bytes. Claims 0 B/op.
///
/// `write` is claim, frame, commit, header, checksum and hand-over to a port that counts only;
/// `writeAndRead` adds what the receiver does before it acts: checksum, admittance, a call per frame.
/// 60 is about as many as one message of 4 KiB can hold. What it does not show: a transport; what
/// the role above does with a frame. The message stays in the first-level cache, as it would not
/// between two cores.
///
/// From the top folder, with JDK 25, after `mvn -q -DskipTests package`:
///
///     $JAVA_HOME/bin/java -cp 'jmh-benchmarks/target/lib/*:jmh-benchmarks/target/classes' \
///       org.openjdk.jmh.Main BatchingBenchmark -prof gc
@NullMarked
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
    value = 3,
    jvmArgsAppend = {"--enable-native-access=ALL-UNNAMED"})
public class BatchingBenchmark {
  /// Frames of one invocation: a multiple of every batch.
  static final int FRAMES = 240;

  private static final int FRAME_BYTES = 64;
  private static final int EAGER_BYTES_MAX = 4096;
  private static final long RUN_ID = 1;

  /// Frames in one message.
  @Param({"1", "16", "60"})
  public int batch;

  private final CountingPort port = new CountingPort();
  private final Counting counting = new Counting();
  private final Link parent =
      new Link(0, -1, new int[] {1}, RUN_ID, Limits.defaults(), port, ValueMemory.HEAP, counting);
  private final Link child =
      new Link(
          1,
          0,
          new int[0],
          RUN_ID,
          Limits.defaults(),
          new CountingPort(),
          ValueMemory.HEAP,
          counting);
  private final Edge down = edge(parent, 1);
  private final Task task =
      new Task(1, 0, 0, "benchmark", 0, new @Nullable Object[] {new byte[24]});
  private long framesWritten;

  /// For JMH.
  public BatchingBenchmark() {}

  private static Edge edge(Link link, int rank) {
    Edge edge = link.edge(rank);
    if (edge == null) {
      throw new IllegalStateException("no edge: rank=" + rank);
    }
    return edge;
  }

  /// Credit without end, so that none has to be renewed.
  @Setup
  public void grant() {
    if (TaskFrame.bytes(task, EAGER_BYTES_MAX) != FRAME_BYTES) {
      throw new IllegalStateException("the frame has other than " + FRAME_BYTES + " bytes");
    }
    down.frameLimit = Long.MAX_VALUE;
    down.byteLimit = Long.MAX_VALUE;
    edge(child, 0).frameGrantTold = Long.MAX_VALUE;
  }

  /// What was written has left, and arrived where somebody listens.
  @TearDown(Level.Iteration)
  public void check() {
    long received = child.counters().framesReceived;
    if (port.messages != framesWritten / batch
        || port.bytes != port.messages * Header.BYTES + framesWritten * FRAME_BYTES
        || received != counting.frames
        || child.counters().refused() > 0
        || (port.target != null && received != framesWritten)) {
      throw new IllegalStateException(
          "frames were lost: written="
              + framesWritten
              + " messages="
              + port.messages
              + " bytes="
              + port.bytes
              + " received="
              + received
              + " refused="
              + child.counters().refused());
    }
  }

  /// One rank's side.
  @Benchmark
  @OperationsPerInvocation(FRAMES)
  public long write() {
    return writeAll();
  }

  /// Both sides.
  @Benchmark
  @OperationsPerInvocation(FRAMES)
  public long writeAndRead() {
    port.target = child;
    return writeAll() + counting.frames;
  }

  private long writeAll() {
    for (int sent = 0; sent < FRAMES; sent += batch) {
      for (int i = 0; i < batch; i++) {
        int offset = parent.claim(down, dev.heddle.wire.frame.Frame.TASK, FRAME_BYTES);
        if (offset < 0) {
          throw new IllegalStateException("back-pressure: code=" + offset);
        }
        TaskFrame.write(task, 0, FRAME_BYTES, parent.segment(), offset);
        parent.commit();
      }
      parent.flush();
    }
    framesWritten += FRAMES;
    return port.bytes;
  }

  /// Counts the frames of the receiver; grants nothing.
  private static final class Counting implements Link.Handler {
    private long frames;

    @Override
    public void onFrame(Edge edge, int kind, MemorySegment s, long offset, int length, long nowNs) {
      frames++;
    }

    @Override
    public void onCredit(Edge edge, long moreFrames, long bytes) {}

    @Override
    public void refreshGrants(Edge edge) {}

    @Override
    public void onEdgeLost(Edge edge, long silenceNs, long nowNs) {
      throw new IllegalStateException("lost: " + edge);
    }
  }

  /// A port of one buffer, which is free again as soon as it is sent.
  private static final class CountingPort implements Port {
    private final MessageBuffer buffer =
        new MessageBuffer(0, Arena.ofAuto().allocate(EAGER_BYTES_MAX, 64));
    private @Nullable Link target;
    private boolean isClaimed;
    private long messages;
    private long bytes;

    @Override
    public int eagerBytesMax() {
      return EAGER_BYTES_MAX;
    }

    @Override
    public @Nullable MessageBuffer claim(int pool) {
      if (isClaimed) {
        return null;
      }
      isClaimed = true;
      buffer.bytes().clear();
      return buffer;
    }

    @Override
    public void release(MessageBuffer released) {
      isClaimed = false;
    }

    @Override
    public void send(MessageBuffer sent, int length, int targetRank) {
      messages++;
      bytes += length;
      Link receiver = target;
      if (receiver != null) {
        sent.bytes().clear();
        receiver.onMessage(0, sent, length);
      }
      isClaimed = false;
    }

    @Override
    public boolean bulkReceive(int sourceRank, int transferId, MemorySegment memory) {
      throw new IllegalStateException("nothing here is large: transferId=" + transferId);
    }

    @Override
    public boolean bulkWithdraw(int sourceRank, int transferId) {
      return false;
    }

    @Override
    public boolean bulkSend(int targetRank, int transferId, MemorySegment memory) {
      throw new IllegalStateException("nothing here is large: transferId=" + transferId);
    }

    @Override
    public int poll(Receiver receiver, int messagesMax) {
      return 0;
    }

    @Override
    public int pollBulk(Receiver receiver) {
      return 0;
    }

    @Override
    public void abandon(int rank) {
      throw new IllegalStateException("nobody is lost: rank=" + rank);
    }
  }
}
