package dev.heddle.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.heddle.wire.Header.Refusal;
import java.lang.foreign.MemorySegment;
import java.util.HexFormat;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

class HeaderTest {
  private final CRC32C crc = new CRC32C();

  private MessageBuffer sealed() {
    MessageBuffer message = new MessageBuffer(3, MemorySegment.ofArray(new byte[128]));
    Header.write(
        message.segment(),
        2,
        80,
        0x1122334455667788L,
        0x0a0b0c0d,
        7,
        9,
        0x0102030405060708L,
        0x1112131415161718L,
        0x2122232425262728L);
    Header.seal(message, 80, crc);
    return message;
  }

  @Test
  void shouldWriteTheBytesOfItsMap() {
    byte[] bytes = Frame.getBytes(sealed().segment(), 4, 60);
    assertEquals(
        "48444c31"
            + "01000200"
            + "50000000"
            + "8877665544332211"
            + "0d0c0b0a"
            + "07000000"
            + "09000000"
            + "00000000"
            + "0807060504030201"
            + "1817161514131211"
            + "2827262524232221",
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
    assertEquals(0x1112131415161718L, Header.frameLimit(s));
    assertEquals(0x2122232425262728L, Header.byteLimit(s));
  }

  @Test
  void shouldRefuseByTheFirstThingThatIsWrong() {
    assertEquals(Refusal.NONE, Header.check(sealed(), 80, crc));
    assertEquals(Refusal.LENGTH, Header.check(sealed(), 63, crc));
    assertEquals(Refusal.LENGTH, Header.check(sealed(), 0, crc));
    assertEquals(Refusal.LENGTH, Header.check(sealed(), -1, crc));
    assertEquals(Refusal.LENGTH, Header.check(sealed(), 72, crc));
    assertEquals(Refusal.LENGTH, Header.check(sealed(), 129, crc));
    MessageBuffer other = sealed();
    Frame.putShort(other.segment(), 8, 2);
    assertEquals(Refusal.VERSION, Header.check(other, 80, crc));
    Frame.putInt(other.segment(), 4, 0);
    assertEquals(Refusal.MAGIC, Header.check(other, 80, crc));
  }

  @Test
  void shouldNoticeEveryFlippedBit() {
    for (int bit = 0; bit < 80 * 8; bit++) {
      MessageBuffer message = sealed();
      MemorySegment s = message.segment();
      byte old = (byte) Frame.getByte(s, bit / 8);
      s.set(java.lang.foreign.ValueLayout.JAVA_BYTE, bit / 8, (byte) (old ^ 1 << bit % 8));
      assertNotEquals(Refusal.NONE, Header.check(message, 80, crc), "bit=" + bit);
    }
  }
}
