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
final class FaultyRunTest {
  private static final long TIME_MS_MAX = 90_000;

  @ParameterizedTest(name = "{0}, 2 ranks")
  @ValueSource(strings = {"openmpi", "mpich"})
  void shouldEndTheRunWhenAMessageIsLost(String family) throws Exception {
    String output = play(family, "drop=MESSAGE#5@1").output();
    assertTrue(output.contains("end: rank 1 on "), output);
    assertTrue(output.contains("gave no sign of life"), output);
    assertFalse(output.contains("sum="), output);
  }

  @ParameterizedTest(name = "{0}, 2 ranks")
  @ValueSource(strings = {"openmpi", "mpich"})
  void shouldFinishWhenMessagesComeLate(String family) throws Exception {
    String output =
        play(family, "delay=RESULT#2@1:300ms,delay=TASK#3@0:200ms,delay=HEARTBEAT#1@1:100ms")
            .output();
    assertTrue(output.contains("sum=1999000"), output);
    assertFalse(output.contains("end: "), output);
    assertTrue(output.contains("rank 1: faults are injected: delay=RESULT#2@1:300ms"), output);
    assertTrue(output.contains("rank 0: faults are injected: "), output);
  }

  @ParameterizedTest(name = "{0}, 2 ranks")
  @ValueSource(strings = {"openmpi", "mpich"})
  void shouldEndTheRunWhenARankEndsAtAState(String family) throws Exception {
    for (String state : new String[] {"end=RESULT#2@1", "end-received=TASK#1@1"}) {
      Launch.Result result = play(family, state);
      assertTrue(result.code() != 0, state + ": " + result.output());
      assertFalse(result.output().contains("sum="), state + ": " + result.output());
    }
  }

  @ParameterizedTest(name = "{0}, 2 ranks")
  @ValueSource(strings = {"openmpi", "mpich"})
  void shouldFinishWithoutFaults(String family) throws Exception {
    String output = play(family, "drop=RESULT#1@7").output();
    assertTrue(output.contains("sum=1999000"), output);
    assertFalse(output.contains("end: "), output);
    assertFalse(output.contains("faults are injected"), output);
  }

  @ParameterizedTest(name = "{0}, 2 ranks")
  @ValueSource(strings = {"openmpi", "mpich"})
  void shouldRefuseWhatIsNoFault(String family) throws Exception {
    Launch.Result result = play(family, "drop=NOTHING#1@1");
    assertTrue(
        result
            .output()
            .contains("-Dheddle.test.faults: 'drop=NOTHING#1@1' is no fault: kinds are MESSAGE"),
        result.output());
    assertTrue(result.code() != 0, result.output());
  }

  private static Launch.Result play(String family, String faults) throws Exception {
    assumeTrue(MpiLibrary.available().contains(family), "the shim of " + family + " is not built");
    return Launch.run(
        family,
        2,
        List.of("-Xmx128m", "-Dheddle.test.faults=" + faults),
        Map.of(),
        TIME_MS_MAX,
        FaultyRunMain.class.getName());
  }
}
