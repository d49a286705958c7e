package dev.heddle.wire.fault;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.wire.Header;
import dev.heddle.wire.frame.Frame;
import java.lang.foreign.MemorySegment;
import java.lang.reflect.Field;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FaultPlanTest {
  private static final int BYTES = Header.BYTES + 2 * Frame.HEAD_BYTES;

  /// A message with two frames of these kinds.
  private static MemorySegment message(int first, int second) {
    MemorySegment s = MemorySegment.ofArray(new byte[BYTES]);
    Frame.head(s, Header.BYTES, first, 0, 0, Frame.HEAD_BYTES);
    Frame.head(s, Header.BYTES + Frame.HEAD_BYTES, second, 0, 0, Frame.HEAD_BYTES);
    return s;
  }

  private static long send(FaultPlan plan, int first, int second) {
    return plan.onSend(message(first, second), BYTES);
  }

  @Test
  void shouldMeetTheMessageThatWasNamed() {
    FaultPlan plan =
        FaultPlan.parse("drop=RESULT#2@1, delay=BYE#1@1:3ms,end=TASK#1@2,end-received=GO#1@1", 1);
    assertEquals(Faults.PASS, send(plan, Frame.RESULT, Frame.RESULT), "the first message");
    assertEquals(Faults.PASS, send(plan, Frame.HEARTBEAT, Frame.HEARTBEAT));
    assertEquals(Faults.DROP, send(plan, Frame.HEARTBEAT, Frame.RESULT), "the second one");
    assertEquals(Faults.PASS, send(plan, Frame.RESULT, Frame.RESULT));
    assertEquals(3_000_000, send(plan, Frame.BYE, Frame.HEARTBEAT));
    assertEquals(Faults.PASS, send(plan, Frame.TASK, Frame.TASK), "a fault of another rank");
    assertEquals(Faults.PASS, send(plan, Frame.GO, Frame.GO), "a fault of what arrives");
    assertEquals(Faults.END, plan.onReceive(message(Frame.TASK, Frame.GO), BYTES));
    assertEquals(Faults.PASS, plan.onReceive(message(Frame.RESULT, Frame.RESULT), BYTES));
  }

  @Test
  void shouldCountMessagesOfAnyKind() {
    FaultPlan plan = FaultPlan.parse("end=MESSAGE#2@0", 0);
    assertEquals(Faults.PASS, plan.onSend(message(1, 1), Header.BYTES));
    assertEquals(Faults.END, plan.onSend(message(1, 1), BYTES));
    assertTrue(FaultPlan.parse("end=MESSAGE#2@0", 1).isEmpty());
  }

  @Test
  void shouldKnowEveryKindOfFrameByItsName() throws IllegalAccessException, NoSuchFieldException {
    assertEquals(Frame.KINDS + 1, FaultPlan.KINDS.size());
    for (int kind = 1; kind <= Frame.KINDS; kind++) {
      Field constant = Frame.class.getField(FaultPlan.KINDS.get(kind));
      assertEquals(kind, constant.getInt(null), constant.getName());
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "\"\"|'' is no fault: a fault is ACTION=KIND#N@RANK",
        "lose=RESULT#1@1|'lose=RESULT#1@1' is no fault: a fault is",
        "drop=RESULT@1|'drop=RESULT@1' is no fault: a fault is",
        "drop=RESULTS#1@1|'drop=RESULTS#1@1' is no fault: kinds are MESSAGE, TASK",
        "drop=RESULT#0@1|'drop=RESULT#0@1' is no fault: messages are counted from 1",
        "drop=RESULT#1@1:2ms|'drop=RESULT#1@1:2ms' is no fault: delay, and nothing else",
        "delay=RESULT#1@1|'delay=RESULT#1@1' is no fault: delay, and nothing else",
        "drop=BYE#1@1,delay=BYE#1@1:2m|'delay=BYE#1@1:2m' is no fault: a fault is",
        "drop=RESULT#1@9999999999|'drop=RESULT#1@9999999999' is no fault: a fault is"
      })
  void shouldRefuseWhatIsNoFault(String text, String why) {
    String message =
        assertThrows(IllegalArgumentException.class, () -> FaultPlan.parse(text, 1)).getMessage();
    assertTrue(String.valueOf(message).startsWith(why), message);
  }
}
