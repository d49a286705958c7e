package dev.heddle.bench.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Modes of the bare round trip, by the starts of a program.
final class PingPongTest {
  @Test
  void shouldTellTwoModesApart() {
    PingPong starts = PingPong.parse("1.25,0.33,0.34,1.2,0.31,1.3,0.35,0.33,1.25,0.36");
    assertEquals(List.of(0.335, 1.25), starts.modesUs());
    assertEquals(List.of(6, 4), starts.modeStarts());
    assertEquals((0.35 + 0.36) / 2, starts.medianUs());
    assertEquals(1.25, starts.startsUs().getFirst());
  }

  /// The widest gap is no wider than what lies on its two sides, or it is small in itself.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "1.0,1.1,1.3,1.45,1.8,1.9",
        "1.0,1.01,1.19,1.18",
        "0.5,0.5,0.5",
        "0.7,0.8,1.1,1.3",
        "2"
      })
  void shouldFindOneModeWhereThereIsNoGap(String text) {
    PingPong starts = PingPong.parse(text);
    assertEquals(List.of(Objects.requireNonNull(starts.medianUs())), starts.modesUs());
    assertEquals(List.of(starts.startsUs().size()), starts.modeStarts());
  }

  @Test
  void shouldCountAnOutlierAsAModeOfOneStart() {
    PingPong starts = PingPong.parse("0.5,0.52,9.5,0.51");
    assertEquals(List.of(0.51, 9.5), starts.modesUs());
    assertEquals(List.of(3, 1), starts.modeStarts());
    assertEquals(0.515, Objects.requireNonNull(starts.medianUs()), 1e-9);
  }

  @ParameterizedTest
  @NullSource
  @ValueSource(strings = {"", "none", "0.5,", ",0.5", "0.5;0.6", "-1", "NaN", "1e3"})
  void shouldHaveNothingWhereNobodyMeasured(@Nullable String text) {
    PingPong starts = PingPong.parse(text);
    assertNull(starts.medianUs());
    assertEquals(List.of(), starts.modesUs());
    assertEquals(List.of(), starts.modeStarts());
    assertEquals(List.of(), starts.startsUs());
  }
}
