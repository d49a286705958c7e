package dev.heddle.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.wire.Header.Refusal;
import dev.heddle.wire.frame.Frame;
import java.lang.foreign.MemorySegment;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

class HeaderTest {
  private static final int LENGTH = 112;

  private final CRC32C crc = new CRC32C();

  private MessageBuffer sealed() {
    MessageBuffer message = new MessageBuffer(3, MemorySegment.ofArray(new byte[160]));
    Header.write(
        message.segment(), 2, LENGTH, 0x1122334455667788L, 0x0a0b0c0d, 7, 9, 0x0102030405060708L);
    Header.grantTasks(message.segment(), 0x1112131415161718L, 0x2122232425262728L);
    Header.grantResults(message.segment(), 0x3132333435363738L, 0x4142434445464748L);
    Header.seal(message, LENGTH, crc);
    return message;
  }

  @Test
  void shouldWriteTheBytesOfItsMap() {
    byte[] bytes = Frame.getBytes(sealed().segment(), 4, 92);
    assertEquals(
        "48444c31"
            + "02000200"
            + "70000000"
            + "8877665544332211"
            + "0d0c0b0a"
            + "07000000"
            + "09000000"
            + "00000000"
            + "0807060504030201"
            + "1817161514131211"
            + "2827262524232221"
            + "3837363534333231"
            + "4847464544434241"
            + "0000000000000000"
            + "0000000000000000",
        HexFormat.of().formatHex(bytes));
  }

  @Test
  void shouldReadWhatItWrote() {
    MemorySegment s = sealed().segment();
    assertEquals(2, Header.frames(s));
    assertEquals(0x1122334455667788L, Header.runId(s));
    assertEquals(0x0a0b0c0d, Header.sourceRank(s));
    assertEquals(7, Header.treeEpoch(s));
    assertEquals(9, Header.incarnation(s));
    assertEquals(0x0102030405060708L, Header.sequence(s));
    assertEquals(0x1112131415161718L, Header.taskFrameLimit(s));
    assertEquals(0x2122232425262728L, Header.taskByteLimit(s));
    assertEquals(0x3132333435363738L, Header.resultFrameLimit(s));
    assertEquals(0x4142434445464748L, Header.resultByteLimit(s));
  }

  @Test
  void shouldRefuseByTheFirstThingThatIsWrong() {
    assertEquals(Refusal.NONE, Header.check(sealed(), LENGTH, crc));
    assertEquals(Refusal.LENGTH, Header.check(sealed(), 95, crc));
    assertEquals(Refusal.LENGTH, Header.check(sealed(), 0, crc));
    assertEquals(Refusal.LENGTH, Header.check(sealed(), -1, crc));
    assertEquals(Refusal.LENGTH, Header.check(sealed(), 104, crc));
    assertEquals(Refusal.LENGTH, Header.check(sealed(), 161, crc));
    MessageBuffer other = sealed();
    Frame.putShort(other.segment(), 8, 1);
    assertEquals(Refusal.VERSION, Header.check(other, LENGTH, crc));
    Frame.putInt(other.segment(), 4, 0);
    assertEquals(Refusal.MAGIC, Header.check(other, LENGTH, crc));
  }

  @Test
  void shouldNoticeEveryFlippedBit() {
    for (int bit = 0; bit < LENGTH * 8; bit++) {
      MessageBuffer message = sealed();
      MemorySegment s = message.segment();
      byte old = (byte) Frame.getByte(s, bit / 8);
      s.set(java.lang.foreign.ValueLayout.JAVA_BYTE, bit / 8, (byte) (old ^ 1 << bit % 8));
      assertNotEquals(Refusal.NONE, Header.check(message, LENGTH, crc), "bit=" + bit);
    }
  }

  private static MemorySegment plain() {
    MemorySegment s = MemorySegment.ofArray(new byte[Header.BYTES]);
    // what lay there before must not be taken for a limit
    s.fill((byte) 0x55);
    Header.write(s, 0, Header.BYTES, 1, 2, Header.FIRST_EPOCH, Header.FIRST_INCARNATION, 3);
    return s;
  }

  @Test
  void shouldWriteWhatHasNoMeaningAsZeroAndSeeWhereItIsNot() {
    for (boolean isFromParent : new boolean[] {true, false}) {
      assertTrue(Header.isPlain(plain(), isFromParent));
      List<Integer> used = isFromParent ? List.of(64, 72) : List.of(48, 56);
      for (int at = 48; at < Header.BYTES; at += 8) {
        MemorySegment s = plain();
        Frame.putLong(s, at, 1);
        assertEquals(
            used.contains(at),
            Header.isPlain(s, isFromParent),
            "offset=" + at + " isFromParent=" + isFromParent);
      }
      MemorySegment busy = plain();
      Header.sayBusy(busy);
      assertEquals(isFromParent, Header.isPlain(busy, isFromParent));
      Frame.putInt(busy, 36, 2);
      assertFalse(Header.isPlain(busy, isFromParent), "isFromParent=" + isFromParent);
    }
  }
}
