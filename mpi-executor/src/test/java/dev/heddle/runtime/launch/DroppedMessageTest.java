package dev.heddle.runtime.launch;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.heddle.transport.mpi.Launch;
import dev.heddle.transport.mpi.MpiLibrary;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The bug that the simulator plants, on real MPI: a message with credit that is lost must not pass
/// unnoticed, and must not hang.
@Tag("mpi")
final class DroppedMessageTest {
  private static final long TIME_MS_MAX = 90_000;

  @ParameterizedTest(name = "{0}, 2 ranks")
  @ValueSource(strings = {"openmpi", "mpich"})
  void shouldEndTheRunWhenAMessageIsLost(String family) throws Exception {
    String output = play(family, 5);
    assertTrue(output.contains("end: rank 1 on "), output);
    assertTrue(output.contains("gave no sign of life"), output);
    assertFalse(output.contains("sum="), output);
  }

  @ParameterizedTest(name = "{0}, 2 ranks")
  @ValueSource(strings = {"openmpi", "mpich"})
  void shouldFinishWhenNoneIsLost(String family) throws Exception {
    String output = play(family, 0);
    assertTrue(output.contains("sum=1999000"), output);
    assertFalse(output.contains("end: "), output);
  }

  private static String play(String family, int dropped) throws Exception {
    assumeTrue(MpiLibrary.available().contains(family), "the shim of " + family + " is not built");
    return Launch.run(
            family,
            2,
            List.of("-Xmx128m"),
            Map.of(),
            TIME_MS_MAX,
            DroppedMessageMain.class.getName(),
            Integer.toString(dropped))
        .output();
  }
}
