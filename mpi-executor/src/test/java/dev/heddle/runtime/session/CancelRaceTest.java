package dev.heddle.runtime.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Cancel against completion, over many short rounds: a cancelled future has no value for any
/// reader, any other future has its value for every reader. `CancelRoundsMain` plays millions of
/// rounds, under MPI too.
@Timeout(value = 300, unit = TimeUnit.SECONDS)
class CancelRaceTest {
  @ParameterizedTest(name = "localRanks={0} seed={1} rounds={2} plain={3}")
  @CsvSource({
    "1, 1, 300, false",
    "1, 2, 2500, true",
    "2, 3, 300, false",
    "2, 4, 2500, true",
    "5, 5, 150, false"
  })
  void shouldAgreeForEver(int ranks, long seed, int rounds, boolean isPlain) {
    Held.run(
        ranks,
        heddle -> {
          try (CancelRounds played = new CancelRounds(heddle, seed, isPlain, 20_000)) {
            for (int i = 0; i < rounds; i++) {
              played.play();
            }
            CancelRounds.Totals totals = played.totals();
            assertEquals(List.of(), played.told(), totals::toString);
            assertEquals(0, totals.disagreements());
            assertTrue(totals.saidTrue() > 0 && totals.saidTrue() < totals.cancels());
          }
        });
  }
}
