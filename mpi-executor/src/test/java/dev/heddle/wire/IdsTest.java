package dev.heddle.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class IdsTest {
  @Test
  void shouldKeepOwnerAndSequenceApart() {
    for (int owner : new int[] {0, 1, 4711, Ids.OWNERS_MAX - 1}) {
      for (long sequence : new long[] {0, 1, 1L << 41, Ids.SEQUENCE_MAX}) {
        long id = Ids.of(owner, sequence);
        assertTrue(id >= 0, "the sign is free");
        assertEquals(owner, Ids.owner(id));
        assertEquals(sequence, Ids.sequence(id));
        assertEquals(owner, Ids.owner(id | Ids.SINGLE_USE));
        assertEquals(sequence, Ids.sequence(id | Ids.SINGLE_USE));
      }
    }
    assertEquals(17, Ids.of(0, 17), "rank 0 counts from 1");
  }

  @Test
  void shouldGiveArgumentsAndResultsDifferentNumbers() {
    assertNotEquals(Ids.argument(0, 5), Ids.result(0, 5));
    assertNotEquals(Ids.argument(0, 6), Ids.result(0, 5));
    assertEquals(Ids.owner(Ids.result(9, 5)), 9);
    assertFalse(Ids.isSingleUse(Ids.result(Ids.OWNERS_MAX - 1, 5)));
    assertTrue(Ids.isSingleUse(Ids.argument(0, 5) | Ids.SINGLE_USE));
  }

  @Test
  void shouldRefuseWhatDoesNotFit() {
    for (int owner : new int[] {-1, Ids.OWNERS_MAX}) {
      String text =
          assertThrows(IllegalArgumentException.class, () -> Ids.of(owner, 1)).getMessage();
      assertEquals(
          "owner="
              + owner
              + " sequence=1: owners from 0 to 2097151, sequences from 0 to 4398046511103",
          text);
    }
    assertThrows(IllegalArgumentException.class, () -> Ids.of(0, Ids.SEQUENCE_MAX + 1));
    assertThrows(IllegalArgumentException.class, () -> Ids.of(0, -1));
    assertThrows(IllegalArgumentException.class, () -> Ids.result(0, 1L << 41));
  }
}
