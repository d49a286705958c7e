package dev.heddle.examples.readmap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.examples.readmap.Mapper.Hit;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class MapperTest {
  private static final KmerIndex INDEX = KmerIndex.ofLambda();

  @Test
  void shouldIndexEveryWordOnce() {
    byte[] genome = INDEX.genome();
    int[] positions = INDEX.positions().clone();
    Arrays.sort(positions);
    assertEquals(genome.length - KmerIndex.K + 1, positions.length);
    for (int i = 0; i < positions.length; i++) {
      assertEquals(i, positions[i]);
    }
    for (int position = 0; position < positions.length; position += 97) {
      int bucket = KmerIndex.bucketAt(genome, position);
      int found =
          Arrays.binarySearch(
              INDEX.positions(),
              INDEX.bucketStarts()[bucket],
              INDEX.bucketStarts()[bucket + 1],
              position);
      assertTrue(found >= 0, "position=" + position);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 99})
  void shouldPlaceDrawnReadsAndRefuseRandomOnes(long seed) {
    Tally tally = Batch.map(INDEX, new Batch(seed, 0, 20_000));
    long drawn = tally.reads() - tally.randomReads();
    assertEquals(20_000, tally.reads());
    assertTrue(tally.correct() >= 0.99 * drawn, tally.toString());
    assertTrue(tally.randomReads() > 100, tally.toString());
    assertTrue(tally.randomMapped() <= 0.01 * tally.randomReads(), tally.toString());
  }

  @ParameterizedTest
  @CsvSource({
    "1000,false,false,1000,false,true",
    "1000,true,false,995,true,true",
    "1000,false,false,1005,false,true",
    "1000,false,false,1006,false,false",
    "1000,false,false,994,false,false",
    "1000,false,false,1000,true,false",
    "-1,false,true,0,false,false"
  })
  void shouldCallCorrectOnlyTheTruePlaceAndStrand(
      int origin,
      boolean isReverse,
      boolean isRandom,
      int start,
      boolean isHitReverse,
      boolean isCorrect) {
    Read read = new Read(new byte[Read.LENGTH], origin, isReverse, isRandom);
    Hit hit = new Hit(start, start + Read.LENGTH, isHitReverse, 0);
    assertEquals(isCorrect, Batch.isCorrect(read, hit));
  }

  @Test
  void shouldFindReadsAcrossGapsOnBothStrands() {
    byte[] genome = INDEX.genome();
    byte[] read = new byte[Read.LENGTH];
    // Two bases of the genome are missing after 40, one that it has not comes after 80.
    System.arraycopy(genome, 1_000, read, 0, 40);
    System.arraycopy(genome, 1_042, read, 40, 40);
    read[80] = (byte) (3 - genome[1_082]);
    System.arraycopy(genome, 1_082, read, 81, 19);
    Hit forward = new Mapper(INDEX).map(read);
    assertNotNull(forward);
    assertEquals(new Hit(1_000, 1_101, false, 3), forward);

    byte[] opposite = new byte[Read.LENGTH];
    Bases.reverseComplement(read, opposite);
    assertEquals(new Hit(1_000, 1_101, true, 3), new Mapper(INDEX).map(opposite));
  }

  @Test
  void shouldPlaceReadsThatHangOverTheEnds() {
    byte[] genome = INDEX.genome();
    byte[] first = new byte[Read.LENGTH];
    System.arraycopy(genome, 0, first, 2, Read.LENGTH - 2);
    Hit atStart = new Mapper(INDEX).map(first);
    assertNotNull(atStart);
    assertTrue(atStart.start() >= 0 && atStart.start() <= 2, atStart.toString());

    byte[] last = new byte[Read.LENGTH];
    System.arraycopy(genome, genome.length - Read.LENGTH + 2, last, 0, Read.LENGTH - 2);
    Hit atEnd = new Mapper(INDEX).map(last);
    assertNotNull(atEnd);
    assertTrue(atEnd.end() <= genome.length, atEnd.toString());
  }

  @Test
  void shouldRefuseWhatFitsNowhere() {
    assertNull(new Mapper(INDEX).map(new byte[Read.LENGTH]));
  }
}
