package dev.heddle.wire.frame;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FrameTest {
  private static MemorySegment frame(int kind, int flags, int length) {
    MemorySegment s = MemorySegment.ofArray(new byte[length]);
    Frame.head(s, 0, kind, flags, 0, length);
    return s;
  }

  /// A TASK with one inline argument of three bytes and one handle.
  private static MemorySegment task() {
    MemorySegment s = MemorySegment.ofArray(new byte[72]);
    Frame.head(s, 0, Frame.TASK, 0, 0x0201, 72);
    Frame.putLong(s, 8, 0x1112131415161718L);
    Frame.putInt(s, 16, 0x21222324);
    Frame.putInt(s, 20, 0x31323334);
    Frame.putInt(s, 24, -2);
    Frame.putInt(s, 28, 2);
    Frame.argument(s, 32, Frame.ARGUMENT_INLINE | Frame.ARGUMENT_CAPTURE, 3);
    Frame.putBytes(s, 40, "abc".getBytes(StandardCharsets.UTF_8));
    Frame.argument(s, 48, Frame.ARGUMENT_HANDLE, 16);
    Frame.putLong(s, 56, 5);
    Frame.putLong(s, 64, 40_000);
    return s;
  }

  @Test
  void shouldWriteATaskAsItsMapSays() {
    assertEquals(
        "0100010248000000"
            + "1817161514131211"
            + "2423222134333231"
            + "feffffff02000000"
            + "4100000003000000"
            + "6162630000000000"
            + "0200000010000000"
            + "0500000000000000"
            + "409c000000000000",
        HexFormat.of().formatHex(Frame.getBytes(task(), 0, 72)));
    assertTrue(Frame.check(task(), 0, 72));
  }

  /// A PART with one segment of eight bytes, one failed range and one failure.
  private static MemorySegment part() {
    int length = Frame.PART_BYTES + 32 + 16 + 24;
    MemorySegment s = frame(Frame.PART, 0, length);
    Frame.putLong(s, 8, 7);
    Frame.putInt(s, 16, 2);
    Frame.putInt(s, 20, 3);
    Frame.putLong(s, 24, 100);
    Frame.putLong(s, 32, 110);
    Frame.putInt(s, 40, 1);
    Frame.putInt(s, 44, 1);
    Frame.putInt(s, 48, 1);
    Frame.putLong(s, 56, 100);
    Frame.putLong(s, 64, 109);
    Frame.putLong(s, 72, 8);
    Frame.putLong(s, 80, 0x0102030405060708L);
    Frame.putLong(s, 88, 109);
    Frame.putLong(s, 96, 110);
    Frame.putLong(s, 104, 109);
    Frame.putInt(s, 112, 3);
    Frame.putInt(s, 116, 4);
    Frame.putBytes(s, 120, new byte[] {1, 0, 'h', 5});
    return s;
  }

  @Test
  void shouldCheckPartsOfArrays() {
    assertTrue(Frame.check(part(), 0, 128));
    for (int[] edit :
        new int[][] {
          {8, 0},
          {24, -1},
          {24, 101},
          {32, 100},
          {32, 109},
          {40, -1},
          {40, 2},
          {44, 2},
          {48, 0},
          {48, 2},
          {48, -1},
          {56, 99},
          {56, 109},
          {64, 111},
          {72, -1},
          {72, 9},
          {72, 1 << 30},
          {88, 110},
          {88, 99},
          {96, 111},
          {104, 99},
          {104, 110},
          {116, 1},
          {116, 9},
          {116, -1},
          {120, 3}
        }) {
      MemorySegment s = part();
      if (edit[0] < 40 || (edit[0] >= 56 && edit[0] < 112)) {
        Frame.putLong(s, edit[0], edit[1]);
      } else if (edit[0] == 120) {
        Frame.putShort(s, 120, edit[1]);
      } else {
        Frame.putInt(s, edit[0], edit[1]);
      }
      assertFalse(Frame.check(s, 0, 128), "offset=" + edit[0] + " value=" + edit[1]);
    }
  }

  @Test
  void shouldCheckRangesAndDescriptorsOfArrays() {
    MemorySegment range = frame(Frame.RANGE, 0, Frame.RANGE_BYTES);
    Frame.putLong(range, 8, 7);
    Frame.putLong(range, 24, 1);
    assertTrue(Frame.check(range, 0, Frame.RANGE_BYTES));
    Frame.putLong(range, 16, 1);
    assertFalse(Frame.check(range, 0, Frame.RANGE_BYTES), "empty");
    Frame.putLong(range, 16, -1);
    assertFalse(Frame.check(range, 0, Frame.RANGE_BYTES), "below 0");
    for (int[] edit :
        new int[][] {
          {8, 0}, {20, -1}, {28, 1}, {32, 0}, {36, 3}, {36, 6}, {36, 16}, {36, -1}, {56, 0},
          {64, -1}, {68, -1}
        }) {
      MemorySegment array = frame(Frame.ARRAY, 0, Frame.ARRAY_BYTES);
      Frame.putLong(array, 8, 7);
      Frame.putInt(array, 32, -1);
      Frame.putLong(array, 56, 10);
      assertTrue(Frame.check(array, 0, Frame.ARRAY_BYTES));
      Frame.putInt(array, edit[0], edit[1]);
      assertFalse(Frame.check(array, 0, Frame.ARRAY_BYTES), "offset=" + edit[0] + "=" + edit[1]);
    }
  }

  @Test
  void shouldReadTheHead() {
    MemorySegment s = frame(Frame.RESULT, 0xff, 48);
    Frame.head(s, 0, Frame.RESULT, 0xff, 0xffff, 48);
    assertEquals(Frame.RESULT, Frame.kind(s, 0));
    assertEquals(0xff, Frame.flags(s, 0));
    assertEquals(0xffff, Frame.attempt(s, 0));
    assertEquals(48, Frame.length(s, 0));
  }

  @Test
  void shouldRefuseLengthsThatDoNotFit() {
    for (int length : new int[] {0, 7, 9, 80, -8, Integer.MIN_VALUE, Integer.MAX_VALUE}) {
      MemorySegment s = task();
      Frame.putInt(s, 4, length);
      assertFalse(Frame.check(s, 0, 72), "length=" + length);
    }
    for (int end = 0; end < 72; end++) {
      assertFalse(Frame.check(task(), 0, end), "end=" + end);
    }
  }

  @Test
  void shouldRefuseKindsItDoesNotKnow() {
    for (int kind = 0; kind < 256; kind++) {
      if (kind < 1 || kind > Frame.KINDS) {
        assertFalse(Frame.check(frame(kind, 0, 64), 0, 64), "kind=" + kind);
      }
    }
  }

  @Test
  void shouldRefuseArgumentsThatDoNotFit() {
    for (int[] edit :
        new int[][] {
          {8, 0}, {12, -1}, {20, -1}, {28, 1}, {28, 3}, {28, -1}, {28, Integer.MAX_VALUE},
          {32, 3}, {32, 9}, {36, -1}, {36, 1_000}, {36, Integer.MAX_VALUE}, {36, 9}, {52, 8},
          {68, -1}
        }) {
      MemorySegment s = task();
      if (edit[0] == 8) {
        Frame.putInt(s, 12, 0);
      }
      Frame.putInt(s, edit[0], edit[1]);
      assertFalse(Frame.check(s, 0, 72), "offset=" + edit[0] + " value=" + edit[1]);
    }
  }

  @Test
  void shouldLimitTheDepthOfLists() {
    assertTrue(Frame.check(lists(Frame.ARGUMENT_DEPTH_MAX), 0, 32 + 16 * Frame.ARGUMENT_DEPTH_MAX));
    int deeper = Frame.ARGUMENT_DEPTH_MAX + 1;
    assertFalse(Frame.check(lists(deeper), 0, 32 + 16 * deeper));
  }

  private static MemorySegment lists(int depth) {
    int length = 32 + 16 * depth;
    MemorySegment s = frame(Frame.TASK, 0, length);
    Frame.putLong(s, 8, 1);
    Frame.putInt(s, 28, 1);
    for (int i = 0; i < depth; i++) {
      int at = 32 + 16 * i;
      Frame.argument(s, at, Frame.ARGUMENT_LIST, length - at - 8);
      Frame.putLong(s, at + 8, i == depth - 1 ? 0 : 1);
    }
    return s;
  }

  @Test
  void shouldCheckEachFixedLength() {
    for (int kind : new int[] {Frame.HEARTBEAT, Frame.SHUTDOWN, Frame.BYE}) {
      assertTrue(Frame.check(frame(kind, 0, 8), 0, 8));
      assertFalse(Frame.check(frame(kind, 0, 16), 0, 16));
    }
    assertTrue(Frame.check(frame(Frame.FETCH, 0, 32), 0, 32));
    assertFalse(Frame.check(frame(Frame.FETCH, 0, 16), 0, 16));
    for (int kind : new int[] {Frame.MISSING, Frame.GO}) {
      assertTrue(Frame.check(frame(kind, 0, 16), 0, 16));
      assertFalse(Frame.check(frame(kind, 0, 8), 0, 8));
    }
    assertTrue(Frame.check(frame(Frame.ANNOUNCE, Frame.TASK, 24), 0, 24));
    assertFalse(Frame.check(frame(Frame.ANNOUNCE, Frame.TASK, 16), 0, 16));
    assertFalse(Frame.check(frame(Frame.ANNOUNCE, 0, 24), 0, 24), "it announces nothing");
    assertFalse(Frame.check(frame(Frame.ANNOUNCE, Frame.KINDS + 1, 24), 0, 24));
  }

  /// Frames that are right, one of each kind that has no attempt, with the highest flags it may
  /// have.
  private static Map<MemorySegment, Integer> withoutAttempt() {
    Map<MemorySegment, Integer> frames = new LinkedHashMap<>();
    for (int kind : new int[] {Frame.HEARTBEAT, Frame.BYE}) {
      frames.put(frame(kind, 0, 8), 0);
    }
    frames.put(frame(Frame.SHUTDOWN, 0, 8), Frame.FLAG_ABORT | Frame.FLAG_HALT);
    for (int kind : new int[] {Frame.MISSING, Frame.GO, Frame.RECALL}) {
      frames.put(frame(kind, 0, 16), 0);
    }
    frames.put(frame(Frame.CANCEL, 0, 16), Frame.FLAG_INTERRUPT);
    frames.put(frame(Frame.FETCH, 0, 32), 0);
    frames.put(frame(Frame.VALUE, 0, 24), 0);
    frames.put(frame(Frame.FUNCTION, 0, 16), 0);
    frames.put(frame(Frame.HELLO, 0, 48), 0);
    frames.put(frame(Frame.LOST, 0, 40), 0);
    frames.put(frame(Frame.OUTPUT, 0, 32), Frame.OUTPUT_NOTE);
    frames.put(part(), 0);
    frames.put(statistics(), 0);
    frames.put(attach(), 0);
    frames.put(frame(Frame.ANNOUNCE, 1, 24), Frame.KINDS);
    MemorySegment range = frame(Frame.RANGE, 0, Frame.RANGE_BYTES);
    RangeFields.putTaskId(range, 0, 1);
    RangeFields.putTo(range, 0, 1);
    frames.put(range, Frame.FLAG_ADVANCE);
    return frames;
  }

  @Test
  void shouldRefuseFlagsAndAttemptsThatMeanNothing() {
    withoutAttempt()
        .forEach(
            (s, flagsMax) -> {
              int length = (int) s.byteSize();
              int kind = Frame.kind(s, 0);
              int flags = Frame.flags(s, 0);
              assertTrue(Frame.check(s, 0, length), "kind=" + kind);
              Frame.head(s, 0, kind, flags, 1, length);
              assertFalse(Frame.check(s, 0, length), "attempt, kind=" + kind);
              Frame.head(s, 0, kind, flagsMax, 0, length);
              if (kind != Frame.STATISTICS) {
                assertTrue(Frame.check(s, 0, length), "highest flags, kind=" + kind);
              }
              Frame.head(s, 0, kind, flagsMax + 1, 0, length);
              assertFalse(Frame.check(s, 0, length), "flags, kind=" + kind);
              Frame.head(s, 0, kind, 0xff, 0, length);
              assertFalse(Frame.check(s, 0, length), "all flags, kind=" + kind);
            });
    MemorySegment array = frame(Frame.ARRAY, 0, Frame.ARRAY_BYTES);
    Frame.putLong(array, 8, 7);
    Frame.putInt(array, 32, -1);
    Frame.putLong(array, 56, 10);
    Frame.head(array, 0, Frame.ARRAY, 0, 3, Frame.ARRAY_BYTES);
    assertTrue(Frame.check(array, 0, Frame.ARRAY_BYTES), "an array has attempts");
    Frame.head(array, 0, Frame.ARRAY, 1, 3, Frame.ARRAY_BYTES);
    assertFalse(Frame.check(array, 0, Frame.ARRAY_BYTES), "an array has no flags");
  }

  @Test
  void shouldRefuseWhatIsNotZeroWithoutAMeaning() {
    MemorySegment fetch = frame(Frame.FETCH, 0, 32);
    Frame.putInt(fetch, 28, 1);
    assertFalse(Frame.check(fetch, 0, 32), "FETCH");
    MemorySegment part = part();
    Frame.putInt(part, 52, 1);
    assertFalse(Frame.check(part, 0, 128), "PART");
    MemorySegment statistics = statistics();
    Frame.putLong(statistics, 96, 1);
    assertFalse(Frame.check(statistics, 0, Frame.STATISTICS_BYTES), "STATISTICS");
    MemorySegment attach = attach();
    Frame.putInt(attach, 44, 1);
    assertFalse(Frame.check(attach, 0, attach.byteSize()), "ATTACH");
  }

  private static MemorySegment statistics() {
    MemorySegment s = frame(Frame.STATISTICS, 0, Frame.STATISTICS_BYTES);
    StatisticsFields.putQuestion(s, 0, 1);
    return s;
  }

  @Test
  void shouldCheckStatistics() {
    MemorySegment question = frame(Frame.STATISTICS, Frame.FLAG_ASK, Frame.QUESTION_BYTES);
    assertFalse(Frame.check(question, 0, Frame.QUESTION_BYTES), "the first question is 1");
    StatisticsFields.putQuestion(question, 0, 1);
    assertTrue(Frame.check(question, 0, Frame.QUESTION_BYTES));
    Frame.head(question, 0, Frame.STATISTICS, 0, 0, Frame.QUESTION_BYTES);
    assertFalse(Frame.check(question, 0, Frame.QUESTION_BYTES), "an answer has sums");
    MemorySegment asking = statistics();
    Frame.head(asking, 0, Frame.STATISTICS, Frame.FLAG_ASK, 0, Frame.STATISTICS_BYTES);
    assertFalse(Frame.check(asking, 0, Frame.STATISTICS_BYTES), "a question has no sums");
    for (int at = 8; at <= 88; at += 8) {
      MemorySegment s = statistics();
      Frame.putLong(s, at, Long.MAX_VALUE);
      assertTrue(Frame.check(s, 0, Frame.STATISTICS_BYTES), "offset=" + at);
      Frame.putLong(s, at, -1);
      assertFalse(Frame.check(s, 0, Frame.STATISTICS_BYTES), "offset=" + at);
    }
  }

  /// An ATTACH with two tasks, a value and a host of three bytes.
  private static MemorySegment attach() {
    MemorySegment s = frame(Frame.ATTACH, 0, Frame.ATTACH_BYTES + 32);
    AttachFields.putFormerParent(s, 0, 4);
    AttachFields.putRanks(s, 0, 1);
    AttachFields.putListedTasks(s, 0, 2);
    AttachFields.putListedValues(s, 0, 1);
    AttachFields.putListedTask(s, 0, 0, 11);
    AttachFields.putListedTask(s, 0, 1, 12);
    AttachFields.putListedValue(s, 0, 0, 13);
    AttachFields.putHost(s, 0, "abc".getBytes(StandardCharsets.UTF_8));
    return s;
  }

  @Test
  void shouldReadAndCheckTheListsOfAnAttach() {
    MemorySegment s = attach();
    assertEquals(12, AttachFields.listedTask(s, 0, 1));
    assertEquals(13, AttachFields.listedValue(s, 0, 0));
    assertEquals("abc", AttachFields.host(s, 0));
    for (int[] edit :
        new int[][] {
          {8, -1},
          {12, 0},
          {12, -1},
          {20, -1},
          {28, -1},
          {32, -1},
          {32, 1},
          {32, 3},
          {32, Integer.MAX_VALUE},
          {36, -1},
          {36, 0},
          {36, 2},
          {36, Integer.MAX_VALUE},
          {40, -1},
          {40, 0},
          {40, 9},
          {40, Integer.MAX_VALUE}
        }) {
      MemorySegment wrong = attach();
      Frame.putInt(wrong, edit[0], edit[1]);
      assertFalse(
          Frame.check(wrong, 0, wrong.byteSize()), "offset=" + edit[0] + " value=" + edit[1]);
    }
    assertFalse(Frame.check(frame(Frame.ATTACH, 0, 40), 0, 40), "short");
  }

  @Test
  void shouldRefuseAFailureWithoutItsHost() {
    MemorySegment s = frame(Frame.RESULT, Frame.FAILED, 48);
    Frame.putInt(s, 32, 4);
    Frame.putShort(s, 40, 2);
    assertTrue(Frame.check(s, 0, 48));
    Frame.putShort(s, 40, 3);
    assertFalse(Frame.check(s, 0, 48));
    Frame.putInt(s, 32, 1);
    assertFalse(Frame.check(s, 0, 48));
    Frame.putInt(s, 32, 9);
    assertFalse(Frame.check(s, 0, 48));
    assertFalse(Frame.check(frame(Frame.RESULT, Frame.RECALLED + 1, 48), 0, 48));
  }

  @Test
  void shouldRefuseAPayloadOfATaskThatWasGivenUp() {
    MemorySegment s = frame(Frame.RESULT, Frame.CANCELLED, 48);
    assertTrue(Frame.check(s, 0, 48));
    Frame.putInt(s, 32, 8);
    assertFalse(Frame.check(s, 0, 48));
    MemorySegment back = frame(Frame.RESULT, Frame.NOT_RUN, 48);
    assertTrue(Frame.check(back, 0, 48));
    Frame.putInt(back, 32, 8);
    assertFalse(Frame.check(back, 0, 48));
    for (int flags : new int[] {Frame.RETURNED, Frame.RECALLED}) {
      MemorySegment returned = frame(Frame.RESULT, flags, 48);
      assertTrue(Frame.check(returned, 0, 48));
      Frame.putInt(returned, 32, 8);
      assertFalse(Frame.check(returned, 0, 48));
    }
    assertTrue(Frame.check(frame(Frame.CANCEL, Frame.FLAG_INTERRUPT, 16), 0, 16));
    assertFalse(Frame.check(frame(Frame.CANCEL, 0, 8), 0, 8));
    assertTrue(Frame.check(frame(Frame.RECALL, 0, 16), 0, 16));
    assertFalse(Frame.check(frame(Frame.RECALL, 1, 16), 0, 16), "it has no flags");
    assertFalse(Frame.check(frame(Frame.RECALL, 0, 24), 0, 24));
  }

  @Test
  void shouldTellThePrefetchOfATask() {
    for (int prefetch = 0; prefetch <= Frame.PREFETCH_MAX; prefetch++) {
      int flags = Frame.taskFlags(prefetch);
      assertEquals(prefetch, Frame.prefetch(flags));
      assertEquals(prefetch, Frame.prefetch(flags | Frame.FLAG_TIMEOUT | Frame.FLAG_AVOID));
      MemorySegment task = frame(Frame.TASK, flags, 32);
      Frame.putLong(task, 8, 1);
      assertTrue(Frame.check(task, 0, 32));
      assertEquals(32, Frame.argumentsOffset(Frame.flags(task, 0)));
      MemorySegment result = frame(Frame.RESULT, Frame.SUCCEEDED, 48);
      Frame.putInt(result, 36, prefetch);
      assertTrue(Frame.check(result, 0, 48));
    }
    MemorySegment result = frame(Frame.RESULT, Frame.SUCCEEDED, 48);
    Frame.putInt(result, 36, Frame.PREFETCH_MAX + 1);
    assertFalse(Frame.check(result, 0, 48));
    Frame.putInt(result, 36, -1);
    assertFalse(Frame.check(result, 0, 48));
  }

  @Test
  void shouldCheckAnOutput() {
    assertTrue(Frame.check(output(3, 0, 5, 0), 0, 32));
    assertTrue(Frame.check(output(3, Frame.OUTPUT_NOTE, 8, Long.MAX_VALUE), 0, 32));
    assertFalse(Frame.check(output(3, Frame.OUTPUT_NOTE + 1, 5, 0), 0, 32), "flags");
    assertFalse(Frame.check(output(-1, 0, 5, 0), 0, 32), "rank");
    assertFalse(Frame.check(output(3, 0, 9, 0), 0, 32), "text beyond the frame");
    assertFalse(Frame.check(output(3, 0, -1, 0), 0, 32), "negative text");
    assertFalse(Frame.check(output(3, 0, 5, -1), 0, 32), "negative count");
    assertFalse(Frame.check(frame(Frame.OUTPUT, 0, 16), 0, 16), "short");
    int longest = Frame.OUTPUT_BYTES + Frame.OUTPUT_TEXT_BYTES_MAX;
    MemorySegment s = frame(Frame.OUTPUT, 0, longest + 8);
    Frame.putInt(s, 12, Frame.OUTPUT_TEXT_BYTES_MAX);
    assertTrue(Frame.check(s, 0, longest + 8));
    Frame.putInt(s, 12, Frame.OUTPUT_TEXT_BYTES_MAX + 1);
    assertFalse(Frame.check(s, 0, longest + 8), "long");
  }

  private static MemorySegment output(int rank, int flags, int textBytes, long dropped) {
    MemorySegment s = frame(Frame.OUTPUT, flags, 32);
    Frame.putInt(s, 8, rank);
    Frame.putInt(s, 12, textBytes);
    Frame.putLong(s, 16, dropped);
    return s;
  }

  @Test
  void shouldClearPadding() {
    byte[] dirty = new byte[16];
    java.util.Arrays.fill(dirty, (byte) -1);
    MemorySegment s = MemorySegment.ofArray(dirty);
    Frame.putBytes(s, 0, new byte[] {1, 2, 3});
    assertEquals("0102030000000000ffffffffffffffff", HexFormat.of().formatHex(dirty));
    Frame.putBytes(s, 8, new byte[0]);
    assertEquals("0102030000000000ffffffffffffffff", HexFormat.of().formatHex(dirty));
  }
}
