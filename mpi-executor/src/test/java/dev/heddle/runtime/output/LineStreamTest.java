package dev.heddle.runtime.output;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.runtime.Allowance;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class LineStreamTest {
  private record Piece(byte[] bytes, boolean continues) {
    String text() {
      return new String(bytes, StandardCharsets.UTF_8);
    }
  }

  private int flushCount;
  private final List<Piece> pieces = new ArrayList<>();
  private final LineStream lines =
      new LineStream(
          (bytes, length, continues) ->
              pieces.add(new Piece(Arrays.copyOf(bytes, length), continues)),
          () -> flushCount++);

  private List<String> texts() {
    return pieces.stream().map(Piece::text).toList();
  }

  @Test
  void shouldCutAtLineFeedsOnly() {
    PrintStream stream = new PrintStream(lines, false, StandardCharsets.UTF_8);
    stream.print("one");
    stream.flush();
    assertEquals(1, flushCount);
    assertEquals(List.of(), texts());
    stream.print(" line\n\ntwo\nthr");
    stream.write('e');
    assertEquals(List.of("one line", "", "two"), texts());
    lines.end();
    lines.end();
    assertEquals(List.of("one line", "", "two", "thre"), texts());
    assertTrue(pieces.stream().noneMatch(Piece::continues));
  }

  @Test
  void shouldCutLongLinesIntoPiecesThatContinue() {
    int max = LineStream.PIECE_BYTES_MAX;
    byte[] line = "x".repeat(2 * max + 1).getBytes(StandardCharsets.UTF_8);
    lines.write(line, 0, 2 * max);
    lines.write('\n');
    assertEquals(List.of(max, max), pieces.stream().map(p -> p.bytes().length).toList());
    assertEquals(List.of(false, true), pieces.stream().map(Piece::continues).toList());
    pieces.clear();
    lines.write(line, 0, line.length);
    lines.end();
    assertEquals(List.of(max, max, 1), pieces.stream().map(p -> p.bytes().length).toList());
    pieces.clear();
    lines.write('\n');
    assertFalse(pieces.getFirst().continues(), "the next line is a new one");
  }

  @Test
  void shouldNotCutACharacter() {
    String[] characters = {"a", "ä", "€", "😀"};
    for (long seed = 1; seed <= 200; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      StringBuilder text = new StringBuilder();
      for (int i = 0; i < 2_000; i++) {
        text.append(characters[random.nextInt(characters.length)]);
      }
      byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
      pieces.clear();
      for (int at = 0; at < bytes.length; ) {
        int length = Math.min(bytes.length - at, random.nextInt(1, 700));
        lines.write(bytes, at, length);
        at += length;
      }
      lines.end();
      assertEquals(text.toString(), String.join("", texts()), "seed=" + seed);
      for (int i = 0; i < pieces.size(); i++) {
        int length = pieces.get(i).bytes().length;
        boolean isLast = i == pieces.size() - 1;
        assertTrue(length <= LineStream.PIECE_BYTES_MAX, "seed=" + seed);
        assertTrue(isLast || length > LineStream.PIECE_BYTES_MAX - 4, "seed=" + seed);
      }
    }
  }

  private void print(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    lines.write(bytes, 0, bytes.length);
  }

  @Test
  void shouldHandOverHalvesThatContinue() {
    lines.handOver();
    assertFalse(lines.hasHalf());
    print("half ");
    assertTrue(lines.hasHalf());
    lines.handOver();
    assertFalse(lines.hasHalf());
    lines.handOver();
    print("a line\n\nhalf");
    lines.handOver();
    print("\nnext\nhalf");
    lines.handOver();
    lines.end();
    print("other");
    lines.end();
    assertEquals(List.of("half ", "a line", "", "half", "next", "half", "other"), texts());
    assertEquals(
        List.of(false, true, false, false, false, false, false),
        pieces.stream().map(Piece::continues).toList());
  }

  @Test
  void shouldHandOverWholeCharacters() {
    byte[] euro = "€".getBytes(StandardCharsets.UTF_8);
    for (byte one : euro) {
      lines.write(one);
      lines.handOver();
    }
    print("a");
    lines.write(euro, 0, 2);
    lines.handOver();
    lines.write(euro, 2, 1);
    lines.handOver();
    assertEquals(List.of("€", "a", "€"), texts());
  }

  @Test
  void shouldBeginALineAnewAtACarriageReturn() {
    print("10 %\r20 %\r\r30 %");
    lines.handOver();
    print("\r40 %");
    print("\r50 %\r");
    lines.handOver();
    print("\r");
    lines.handOver();
    print("60 %\n");
    print("windows\r\nother\r\r\n\r\nend\r");
    lines.end();
    print("\rnew\r");
    lines.end();
    assertEquals(List.of("30 %", "50 %", "60 %", "windows", "other", "", "end", "new"), texts());
    assertTrue(pieces.stream().noneMatch(Piece::continues));
  }

  @Test
  void shouldAllowSomeAtOnceAndThenOneInAWhile() {
    Allowance allowance = new Allowance(3, 100);
    int taken = 0;
    for (int i = 0; i < 10; i++) {
      taken += allowance.take(1_000) ? 1 : 0;
    }
    assertEquals(3, taken);
    assertEquals(100, allowance.waitNs(1_000));
    assertFalse(allowance.take(1_099));
    assertEquals(1, allowance.waitNs(1_099));
    assertTrue(allowance.take(1_100));
    assertFalse(allowance.take(1_150));
    assertTrue(allowance.take(1_350), "one of the two that have come");
    assertTrue(allowance.take(1_350));
    assertFalse(allowance.take(1_399));
    taken = 0;
    for (int i = 0; i < 10; i++) {
      taken += allowance.take(1_000_000) ? 1 : 0;
    }
    assertEquals(3, taken, "no more than at first");
    allowance.fill();
    assertTrue(allowance.take(1_000_000));
  }

  @Test
  void shouldPassBytesThatAreNoText() {
    byte[] bytes = new byte[3 * LineStream.PIECE_BYTES_MAX];
    Arrays.fill(bytes, (byte) 0x80);
    lines.write(bytes, 0, bytes.length);
    Arrays.fill(bytes, (byte) 0xff);
    lines.write(bytes, 0, bytes.length);
    lines.end();
    assertEquals(2 * bytes.length, pieces.stream().mapToInt(p -> p.bytes().length).sum());
  }
}
