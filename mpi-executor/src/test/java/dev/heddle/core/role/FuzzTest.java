package dev.heddle.core.role;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.heddle.core.frames.ValueFrame;
import dev.heddle.core.link.Limits;
import dev.heddle.core.link.TestPort;
import dev.heddle.graph.BigValue;
import dev.heddle.graph.Task;
import dev.heddle.wire.Header;
import dev.heddle.wire.MessageBuffer;
import dev.heddle.wire.frame.Frame;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.util.SplittableRandom;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

/// Messages that were changed on their way, or made up, against every role in mid-run.
class FuzzTest {
  private static final int MUTATIONS = 120_000;
  private static final int PER_MESSAGE = 8;

  private static final Limits LIMITS =
      new Limits(
          15_000_000_000L, 1 << 16, 1 << 16, 1 << 20, 2_000, 64, 64, 1 << 16, 1 << 16, 256, 0);

  /// One frame in bulk, what may be under way beside it, and the copies of a message's frames.
  private static final long ALLOCATED_MAX = 3L * (1 << 16) + 256 * TestPort.EAGER_BYTES_MAX;

  private static final long[] EXTREMES = {
    0,
    1,
    2,
    7,
    8,
    -1,
    -8,
    255,
    65535,
    Integer.MAX_VALUE,
    Integer.MIN_VALUE,
    Long.MAX_VALUE,
    Long.MIN_VALUE,
    1L << 40,
    16,
    64,
    1024
  };

  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private final CRC32C crc = new CRC32C();
  private int mutations;
  private int taken;
  private long allocatedMost;

  @Test
  void shouldRefuseEverythingWhoseChecksumIsWrong() {
    for (long seed = 1; mutations < MUTATIONS / 2; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      Family family = new Family(LIMITS);
      load(family, random);
      drive(family, random, false, "seed=" + seed);
      assertEquals(0, taken, "seed=" + seed);
      assertEquals(family.root.graph().submittedCount(), family.done.size(), "seed=" + seed);
      for (Task task : family.done) {
        assertTrue(
            task.taskState() == dev.heddle.graph.TaskState.SUCCEEDED
                || (task.isArray() && task.array().result().failedCount() > 0),
            () -> task.label() + " " + task.taskState());
      }
      assertTrue(family.lost.isEmpty(), "seed=" + seed);
    }
  }

  @Test
  void shouldSurviveEverythingWhoseChecksumIsRight() {
    for (long seed = 1; mutations < MUTATIONS / 2; seed++) {
      SplittableRandom random = new SplittableRandom(~seed);
      Family family = new Family(LIMITS);
      load(family, random);
      drive(family, random, true, "seed=" + seed);
    }
    assertTrue(taken > MUTATIONS / 1000, "taken=" + taken);
  }

  private static void load(Family family, SplittableRandom random) {
    family.root.define(0, new byte[random.nextInt(1, 100)]);
    BigValue big = ValueFrame.of(1L << 40, new byte[5_000], 0, 5_000);
    Task before = null;
    for (int i = 0; i < 4; i++) {
      family.root.submit(
          ArrayTableTest.array(50 + i, random.nextInt(6), random.nextInt(1, 300)), family.nowNs);
    }
    for (int i = 1; i <= 30; i++) {
      Object argument =
          switch (random.nextInt(4)) {
            case 0 -> big;
            case 1 -> new byte[random.nextInt(2_000)];
            case 2 -> before == null ? new byte[0] : before;
            default -> new byte[random.nextInt(20)];
          };
      before = Family.task(i, argument);
      family.root.submit(before, family.nowNs);
    }
  }

  private void drive(Family family, SplittableRandom random, boolean sealed, String seed) {
    int idle = 0;
    for (int turns = 0; turns < 2_000 && idle < 3; turns++) {
      int work = family.turn((sent, receiver) -> meddle(random, sealed, sent, receiver, seed));
      if (!family.started.isEmpty() && random.nextBoolean()) {
        family.print(family.started.element().rank(), "line", Frame.OUTPUT_OUT);
        family.finish(
            Frame.SUCCEEDED, new byte[random.nextInt(8) == 0 ? 6_000 : random.nextInt(100)]);
        work++;
      }
      if (!family.chunks.isEmpty() && random.nextBoolean()) {
        ArrayTableTest.finish(family, random.nextInt(1, 100), random.nextInt(4) == 0 ? 7 : 0);
        work++;
      }
      if (!family.folds.isEmpty()) {
        Family.Fold fold = family.folds.remove();
        family.roles[fold.rank()].onFolded(
            fold.token(), Frame.SUCCEEDED, fold.values()[0], family.nowNs);
        work++;
      }
      idle = work == 0 && family.started.isEmpty() && family.chunks.isEmpty() ? idle + 1 : 0;
      family.checkInvariants();
    }
  }

  private void meddle(
      SplittableRandom random, boolean sealed, TestPort.Sent sent, Role receiver, String seed) {
    for (int i = 0; i < PER_MESSAGE; i++) {
      byte[] bytes = mutate(sent.bytes(), random);
      if (bytes.length < TestPort.EAGER_BYTES_MAX) {
        // a receive buffer is larger than what came
        bytes = java.util.Arrays.copyOf(bytes, TestPort.EAGER_BYTES_MAX);
      }
      int length = random.nextInt(10) == 0 ? random.nextInt(bytes.length + 1) : lengthOf(bytes);
      length = Math.clamp(length, 0, bytes.length);
      MessageBuffer message = new MessageBuffer(0, MemorySegment.ofArray(bytes));
      boolean isSame =
          length == sent.bytes().length
              && java.util.Arrays.equals(bytes, 0, length, sent.bytes(), 0, length);
      if (sealed && length >= Header.BYTES) {
        Header.seal(message, length, crc);
      } else if (isSame || (length >= Header.BYTES && isSealed(message, length))) {
        continue;
      }
      int source = random.nextInt(20) == 0 ? random.nextInt(-1, 6) : sent.source();
      String what = seed + " mutation=" + mutations + " rank=" + receiver.link().rank();
      long received = receiver.link().counters().messagesReceived;
      long refused = receiver.link().counters().refused();
      long before = threads.getCurrentThreadAllocatedBytes();
      try {
        receiver.link().onMessage(source, message, length);
        allocatedMost = Math.max(allocatedMost, threads.getCurrentThreadAllocatedBytes() - before);
        receiver.checkInvariants();
      } catch (RuntimeException | Error e) {
        throw new AssertionError(what, e);
      }
      long more = receiver.link().counters().messagesReceived - received;
      assertEquals(1, more + receiver.link().counters().refused() - refused, what);
      assertTrue(allocatedMost <= ALLOCATED_MAX, what + " allocated=" + allocatedMost);
      taken += (int) more;
      mutations++;
    }
  }

  private boolean isSealed(MessageBuffer message, int length) {
    return Frame.getInt(message.segment(), 0) == Header.checksum(message, length, crc);
  }

  /// What the length field says: it is mutated too.
  private static int lengthOf(byte[] bytes) {
    return bytes.length < Header.BYTES ? 0 : Frame.getInt(MemorySegment.ofArray(bytes), 12);
  }

  private static byte[] mutate(byte[] genuine, SplittableRandom random) {
    byte[] bytes = genuine.clone();
    MemorySegment s = MemorySegment.ofArray(bytes);
    switch (random.nextInt(8)) {
      case 0 -> {
        for (int i = random.nextInt(1, 8); i > 0; i--) {
          bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
        }
      }
      case 1 -> Frame.putLong(s, 8L * random.nextInt(Header.BYTES / 8), extreme(random));
      case 2 -> editFrame(s, bytes.length, random);
      case 3 -> {
        int length = random.nextInt(bytes.length + 1);
        bytes = java.util.Arrays.copyOf(bytes, length);
        if (length >= 16) {
          Frame.putInt(MemorySegment.ofArray(bytes), 12, length);
        }
      }
      case 4 -> {
        // another kind, or other flags, in a right message
        if (bytes.length > Header.BYTES) {
          bytes[Header.BYTES + random.nextInt(4)] = (byte) random.nextInt(256);
        }
      }
      case 5 -> Frame.putLong(s, 40, Frame.getLong(s, 40) + random.nextInt(-2, 3));
      case 6 -> bytes = madeUp(genuine, random);
      default -> {
        bytes = new byte[random.nextInt(1, TestPort.EAGER_BYTES_MAX)];
        random.nextBytes(bytes);
      }
    }
    return bytes;
  }

  private static void editFrame(MemorySegment s, int length, SplittableRandom random) {
    if (length >= Header.BYTES + 8) {
      int at = Header.BYTES + 4 * random.nextInt((length - Header.BYTES) / 4);
      if (random.nextBoolean() && at + 8 <= length) {
        Frame.putLong(s, at, extreme(random));
      } else {
        Frame.putInt(s, at, (int) extreme(random));
      }
    }
  }

  /// Frames of every kind behind a right header.
  private static byte[] madeUp(byte[] genuine, SplittableRandom random) {
    byte[] bytes = new byte[TestPort.EAGER_BYTES_MAX];
    System.arraycopy(genuine, 0, bytes, 0, Header.BYTES);
    MemorySegment s = MemorySegment.ofArray(bytes);
    int frames = random.nextInt(1, 40);
    int at = Header.BYTES;
    int count = 0;
    for (; count < frames; count++) {
      int kind = random.nextInt(1, Frame.KINDS + 1);
      int length =
          switch (kind) {
            case Frame.HEARTBEAT, Frame.SHUTDOWN, Frame.BYE -> 8;
            case Frame.MISSING, Frame.GO -> 16;
            case Frame.FETCH -> Frame.FETCH_BYTES;
            case Frame.ANNOUNCE -> 24;
            default -> 8 * random.nextInt(1, 16);
          };
      if (at + length > bytes.length) {
        break;
      }
      Frame.head(s, at, kind, random.nextInt(14), random.nextInt(3), length);
      for (int field = 8; field < length; field += 8) {
        Frame.putLong(s, at + field, random.nextBoolean() ? random.nextInt(100) : extreme(random));
      }
      if (kind == Frame.OUTPUT && length >= Frame.OUTPUT_BYTES) {
        Frame.head(s, at, kind, random.nextInt(5), 0, length);
        Frame.putInt(s, at + 8, random.nextInt(5));
        Frame.putInt(s, at + 12, random.nextInt(length - Frame.OUTPUT_BYTES + 2));
        Frame.putLong(s, at + 16, random.nextInt(-1, 9));
      }
      if (kind == Frame.ANNOUNCE) {
        Frame.putLong(s, at + 16, 8L * random.nextInt(1, 10_000));
      }
      at += length;
    }
    Frame.putShort(s, 10, count);
    Frame.putInt(s, 12, at);
    return java.util.Arrays.copyOf(bytes, at);
  }

  private static long extreme(SplittableRandom random) {
    return EXTREMES[random.nextInt(EXTREMES.length)];
  }
}
