package dev.heddle.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.wire.Header;
import dev.heddle.wire.MessageBuffer;
import dev.heddle.wire.Port;
import dev.heddle.wire.fault.Faults;
import dev.heddle.wire.fault.FaultyPort;
import dev.heddle.wire.frame.Frame;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

/// The simulator finds bugs that were put in on purpose; a check that can't fail checks nothing.
class PlantedBugTest {
  private static final SimConfig CONFIG =
      SimConfig.of(3, TreePlan.full(7, 2, 2), LoadPlan.free(200, 100_000));

  @Test
  void shouldFindNothingWithoutABug() {
    assertEquals(200, Simulation.run(CONFIG, new Watch() {}).succeeded());
  }

  @Test
  void shouldFindADroppedCreditMessage() {
    String found = find(new Dropping(1, 0));
    assertTrue(
        found.contains("takes a living one for lost") || found.contains("nothing has moved"),
        found);
  }

  @Test
  void shouldFindADroppedMessageOfResults() {
    String found = find(new Dropping(4, Frame.RESULT));
    assertTrue(
        found.contains("takes a living one for lost") || found.contains("nothing has moved"),
        found);
  }

  @Test
  void shouldFindCreditThatIsTakenOutOfMessages() {
    String found =
        find(
            new Watch() {
              @Override
              public void onMessage(int source, int target, MessageBuffer message, int length) {
                if (source == 4 && hasFrame(message.segment(), length, Frame.RESULT)) {
                  MemorySegment s = message.segment();
                  Header.grantTasks(s, 0, Header.taskByteLimit(s));
                  Header.seal(message, length, new CRC32C());
                }
              }
            });
    assertTrue(found.contains("credit is lost"), found);
  }

  @Test
  void shouldFindAResultThatIsTakenOutOfAMessage() {
    String found =
        find(
            new Watch() {
              private boolean done;

              @Override
              public void onMessage(int source, int target, MessageBuffer message, int length) {
                if (!done && source == 4) {
                  done = replaceResult(message, length);
                }
              }
            });
    assertTrue(found.contains("nothing has moved"), found);
  }

  /// Puts signs of life in the place of a RESULT: the message stays whole.
  private static boolean replaceResult(MessageBuffer message, int length) {
    MemorySegment s = message.segment();
    for (long at = Header.BYTES; at < length; at += Frame.length(s, at)) {
      if (Frame.kind(s, at) == Frame.RESULT) {
        int frames = Frame.length(s, at) / Frame.HEAD_BYTES;
        for (int i = 0; i < frames; i++) {
          Frame.head(s, at + 8L * i, Frame.HEARTBEAT, 0, 0, Frame.HEAD_BYTES);
        }
        Frame.putShort(s, 10, Header.frames(s) + frames - 1);
        Header.seal(message, length, new CRC32C());
        return true;
      }
    }
    return false;
  }

  @Test
  void shouldFindATaskThatGetsTheResultOfAnotherOne() {
    String found =
        findAhead(
            new Watch() {
              @Override
              public void onMessage(int source, int target, MessageBuffer message, int length) {
                MemorySegment s = message.segment();
                for (long at = Header.BYTES; at < length; at += Frame.length(s, at)) {
                  long argument = at + Frame.length(s, at) - 16;
                  boolean isAhead =
                      Frame.kind(s, at) == Frame.TASK
                          && Frame.getInt(s, at + 28) > 0
                          && (Frame.getInt(s, argument) & ~Frame.ARGUMENT_CAPTURE)
                              == Frame.ARGUMENT_RESULT_OF
                          && Frame.getInt(s, argument + 4) == Frame.RESULT_OF_BYTES;
                  if (isAhead && Frame.getLong(s, argument + 8) > 10) {
                    Frame.putLong(s, argument + 8, Frame.getLong(s, argument + 8) - 1);
                    Header.seal(message, length, new CRC32C());
                    return;
                  }
                }
              }
            });
    assertTrue(found.contains("arguments differ") || found.contains("must not start"), found);
  }

  @Test
  void shouldFindAReturnThatIsTakenOutOfAMessage() {
    String found =
        findAhead(
            new Watch() {
              private boolean done;

              @Override
              public void onMessage(int source, int target, MessageBuffer message, int length) {
                MemorySegment s = message.segment();
                for (long at = Header.BYTES; !done && at < length; at += Frame.length(s, at)) {
                  if (Frame.kind(s, at) == Frame.RESULT && Frame.flags(s, at) == Frame.NOT_RUN) {
                    // an outcome that nobody waits for
                    Frame.putLong(s, at + 8, 1L << 40);
                    Header.seal(message, length, new CRC32C());
                    done = true;
                  }
                }
              }
            });
    assertTrue(found.contains("nothing has moved"), found);
  }

  @Test
  void shouldFindARangeThatIsTakenOutOfAMessage() {
    String found =
        findInArrays(
            Frame.RANGE,
            (s, at) -> {
              for (int i = 0; i < Frame.RANGE_BYTES / Frame.HEAD_BYTES; i++) {
                Frame.head(s, at + 8L * i, Frame.HEARTBEAT, 0, 0, Frame.HEAD_BYTES);
              }
              Frame.putShort(s, 10, Header.frames(s) + Frame.RANGE_BYTES / Frame.HEAD_BYTES - 1);
            });
    assertTrue(found.contains("nothing has moved"), found);
  }

  @Test
  void shouldFindARangeThatOverlapsAnother() {
    String found =
        findInArrays(
            Frame.RANGE,
            (s, at) -> {
              if (Frame.getLong(s, at + 16) > 0) {
                Frame.putLong(s, at + 16, Frame.getLong(s, at + 16) - 1);
              }
            });
    assertTrue(found.contains("twice") || found.contains("nothing has moved"), found);
  }

  @Test
  void shouldFindAValueOfAnArrayThatIsChanged() {
    String found =
        findInArrays(
            Frame.PART,
            (s, at) -> {
              long value = at + Frame.PART_BYTES + Frame.SEGMENT_BYTES;
              if (Frame.getInt(s, at + 40) > 0) {
                Frame.putLong(s, value, Frame.getLong(s, value) ^ 1);
              }
            });
    assertTrue(found.contains("wrong outcome") || found.contains("no neighbours"), found);
  }

  @Test
  void shouldFindAPartThatLacksAPlace() {
    String found =
        findInArrays(
            Frame.PART,
            (s, at) -> {
              if (Frame.getInt(s, at + 40) == 0 && Frame.getInt(s, at + 44) == 1) {
                // a part without its last place, which is not among the first with their stacks
                long end = at + Frame.PART_BYTES + 8;
                if (Frame.getLong(s, end) - Frame.getLong(s, end - 8) > 20) {
                  Frame.putLong(s, end, Frame.getLong(s, end) - 1);
                  Frame.putLong(s, at + 32, Frame.getLong(s, at + 32) - 1);
                }
              }
            });
    assertTrue(found.contains("nothing has moved") || found.contains("wrong"), found);
  }

  private interface Change {
    void apply(MemorySegment s, long at);
  }

  /// In one of some runs of arrays, none of which is cancelled by the time: changes the first frame
  /// of `kind` that it can.
  private static String findInArrays(int kind, Change change) {
    for (long seed = 1; seed <= 200; seed++) {
      try {
        Simulation.run(
            SimConfig.randomArrays(seed),
            new Watch() {
              private boolean done;

              @Override
              public void onMessage(int source, int target, MessageBuffer message, int length) {
                if (done) {
                  return;
                }
                MemorySegment s = message.segment();
                byte[] before = s.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE);
                for (long at = Header.BYTES; at < length; at += Frame.length(s, at)) {
                  if (Frame.kind(s, at) == kind) {
                    change.apply(s, at);
                    break;
                  }
                }
                done = !Arrays.equals(before, s.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE));
                if (done) {
                  Header.seal(message, length, new CRC32C());
                }
              }
            });
      } catch (IllegalStateException e) {
        return String.valueOf(e.getMessage());
      }
    }
    throw new AssertionError("nothing was found");
  }

  /// In one of some runs with tasks sent ahead, some of them in vain.
  private static String findAhead(Watch bug) {
    for (long seed = 1; seed <= 100; seed++) {
      SimConfig config = SimConfig.randomAhead(seed);
      if (config.tree().ranks() > 1 && config.load().cancelPermille() == 0) {
        try {
          Simulation.run(config, bug);
        } catch (IllegalStateException e) {
          return String.valueOf(e.getMessage());
        }
      }
    }
    throw new AssertionError("nothing was found");
  }

  private static boolean hasFrame(MemorySegment s, int length, int kind) {
    for (long at = Header.BYTES; at < length; at += Frame.length(s, at)) {
      if (Frame.kind(s, at) == kind) {
        return true;
      }
    }
    return false;
  }

  private static String find(Watch bug) {
    return String.valueOf(
        assertThrows(IllegalStateException.class, () -> Simulation.run(CONFIG, bug)).getMessage());
  }

  /// Drops the first message of a rank with a frame of some kind, or with none.
  private record Dropping(int rank, int kind) implements Watch {
    @Override
    public Port wrap(int of, Port port, Surroundings surroundings) {
      return of == rank
          ? new FaultyPort(port, new First(kind), surroundings::nowNs, surroundings::end)
          : port;
    }
  }

  private static final class First implements Faults {
    private final int kind;
    private boolean isDone;

    First(int kind) {
      this.kind = kind;
    }

    @Override
    public long onSend(MemorySegment message, int bytes) {
      boolean isIt = kind == 0 ? bytes == Header.BYTES : hasFrame(message, bytes, kind);
      if (isDone || !isIt) {
        return PASS;
      }
      isDone = true;
      return DROP;
    }
  }
}
