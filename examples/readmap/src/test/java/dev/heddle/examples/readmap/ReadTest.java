package dev.heddle.examples.readmap;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

final class ReadTest {
  private static final byte[] GENOME = Bases.lambda();

  @Test
  void shouldLoadTheWholeGenome() {
    assertEquals(48_502, GENOME.length);
    assertArrayEquals(Bases.ofLetters("GGGCGGCGACCTCGCG"), Arrays.copyOf(GENOME, 16));
  }

  @Test
  void shouldDrawTheSameReadFromTheSameSeedAndNumber() {
    Read once = Read.draw(GENOME, 7, 123);
    Read again = Read.draw(GENOME, 7, 123);
    assertArrayEquals(once.bases(), again.bases());
    assertEquals(once.start(), again.start());
    assertFalse(Arrays.equals(once.bases(), Read.draw(GENOME, 8, 123).bases()));
    assertFalse(Arrays.equals(once.bases(), Read.draw(GENOME, 7, 124).bases()));
  }

  @Test
  void shouldDrawWithTheRatesThatItNames() {
    int reads = 100_000;
    int random = 0;
    int reverse = 0;
    int exact = 0;
    int leftHalf = 0;
    long bases = 0;
    long differences = 0;
    byte[] opposite = new byte[Read.LENGTH];
    for (int number = 0; number < reads; number++) {
      Read read = Read.draw(GENOME, 1, number);
      if (read.isRandom()) {
        random++;
        continue;
      }
      reverse += read.isReverse() ? 1 : 0;
      leftHalf += read.start() < (GENOME.length - Read.LENGTH) / 2 ? 1 : 0;
      byte[] forward = read.bases();
      if (read.isReverse()) {
        Bases.reverseComplement(read.bases(), opposite);
        forward = opposite;
      }
      int different = differences(forward, read.start());
      exact += different == 0 ? 1 : 0;
      if (different <= 8) { // more means a gap, behind which everything differs
        bases += Read.LENGTH;
        differences += different;
      }
    }
    int drawn = reads - random;
    assertEquals(0.01, (double) random / reads, 0.0015);
    assertEquals(0.5, (double) reverse / drawn, 0.01);
    assertEquals(0.5, (double) leftHalf / drawn, 0.01);
    // No error of the three kinds at 100 bases: 0.989^100 = 0.331.
    assertEquals(0.331, (double) exact / drawn, 0.008);
    assertEquals(0.01, (double) differences / bases, 0.0008);
  }

  @Test
  void shouldReadOffBothEndsOfTheGenome() {
    boolean isFirstSeen = false;
    boolean isLastSeen = false;
    byte[] genome = Arrays.copyOf(GENOME, Read.LENGTH + 1);
    for (int number = 0; number < 10_000; number++) {
      int start = Read.draw(genome, 1, number).start();
      assertTrue(start <= 1, "start=" + start);
      isFirstSeen |= start == 0;
      isLastSeen |= start == 1;
    }
    assertTrue(isFirstSeen && isLastSeen);
  }

  private static int differences(byte[] read, int start) {
    int different = 0;
    for (int i = 0; i < read.length; i++) {
      different += start + i < GENOME.length && read[i] == GENOME[start + i] ? 0 : 1;
    }
    return different;
  }
}
