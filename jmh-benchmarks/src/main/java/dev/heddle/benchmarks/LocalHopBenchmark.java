package dev.heddle.benchmarks;

import dev.heddle.transport.Transport;
import dev.heddle.transport.TreeShape;
import dev.heddle.transport.local.LocalNetwork;
import dev.heddle.wire.MessageBuffer;
import dev.heddle.wire.Receiver;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/// What does the in-process transport itself cost: a message of 64 bytes from rank 0 to rank 1 and
/// one back, both ranks in one thread? Units: nanoseconds per round trip. Claims 0 B/op.
///
/// What it does not show: the way between two cores and the wake-up of a thread, which cost more
/// than all that is measured here; checksums and frames ([dev.heddle.core.link.BatchingBenchmark]).
///
/// From the top folder, with JDK 25, after `mvn -q -DskipTests package`:
///
///     $JAVA_HOME/bin/java -cp 'jmh-benchmarks/target/lib/*:jmh-benchmarks/target/classes' \
///       org.openjdk.jmh.Main LocalHopBenchmark -prof gc
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
    value = 3,
    jvmArgsAppend = {"--enable-native-access=ALL-UNNAMED"})
public class LocalHopBenchmark {
  private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;

  private static final int MESSAGE_BYTES = 64;
  private static final int EAGER_BYTES_MAX = 4096;
  private static final int BUFFERS_PER_POOL = 64;
  private static final int MESSAGES_MAX = 64;

  private final LocalNetwork network =
      new LocalNetwork(TreeShape.oneHost(128, 2), EAGER_BYTES_MAX, BUFFERS_PER_POOL);
  private final Transport root = network.transport(0);
  private final Transport worker = network.transport(1);
  private final Receiver echo = this::echo;
  private final Receiver count = this::count;
  private long trips;
  private long sum;

  /// For JMH.
  public LocalHopBenchmark() {}

  private static void send(Transport from, int pool, int target, long first) {
    MessageBuffer buffer = from.claim(pool);
    if (buffer == null) {
      throw new IllegalStateException("buffers don't come back: rank=" + from.rank());
    }
    for (int at = 0; at < MESSAGE_BYTES; at += Long.BYTES) {
      buffer.segment().set(LONG, at, first + at);
    }
    from.send(buffer, MESSAGE_BYTES, target);
  }

  private static long last(MessageBuffer buffer, int bytes) {
    return buffer.segment().get(LONG, bytes - Long.BYTES) - (bytes - Long.BYTES);
  }

  private void echo(int source, MessageBuffer buffer, int bytes) {
    send(worker, Transport.POOL_UP, source, last(buffer, bytes));
  }

  private void count(int source, MessageBuffer buffer, int bytes) {
    sum += last(buffer, bytes);
  }

  /// The numbers 1, 2, ... have come back, each once.
  @TearDown(Level.Iteration)
  public void check() {
    if (sum != trips * (trips + 1) / 2) {
      throw new IllegalStateException(
          "messages were lost or damaged: trips=" + trips + " sum=" + sum);
    }
  }

  /// There and back.
  @Benchmark
  public long roundTrip() {
    send(root, Transport.POOL_DOWN, 1, ++trips);
    worker.poll(echo, MESSAGES_MAX);
    root.poll(count, MESSAGES_MAX);
    return sum;
  }
}
