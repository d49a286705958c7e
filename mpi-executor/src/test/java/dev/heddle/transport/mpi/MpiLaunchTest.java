package dev.heddle.transport.mpi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class MpiLaunchTest {
  @Test
  void shouldSeeNoLauncherInABatchScript() {
    MpiLaunch launch = MpiLaunch.of(Map.of("SLURM_PROCID", "0", "SLURM_NTASKS", "16"));
    assertFalse(launch.isUnderLauncher());
    assertEquals(0, launch.ranks());
  }

  @Test
  void shouldSeeMpirunInsideASlurmAllocation() {
    assertEquals(
        new MpiLaunch("openmpi", 4),
        MpiLaunch.of(Map.of("OMPI_COMM_WORLD_SIZE", "4", "PMIX_RANK", "1", "SLURM_NTASKS", "16")));
  }

  @Test
  void shouldSeeHydra() {
    assertEquals(new MpiLaunch("mpich", 5), MpiLaunch.of(Map.of("PMI_RANK", "3", "PMI_SIZE", "5")));
  }

  @Test
  void shouldTakeTheSizeOfAnSrunStepFromSlurm() {
    assertEquals(
        new MpiLaunch("mpich", 8),
        MpiLaunch.of(Map.of("PMI_RANK", "3", "SLURM_STEP_NUM_TASKS", "8", "SLURM_NTASKS", "32")));
    assertEquals(
        new MpiLaunch("openmpi", 32), MpiLaunch.of(Map.of("PMIX_RANK", "3", "SLURM_NTASKS", "32")));
  }

  @Test
  void shouldNotTripOverAnotherProgramsNumbers() {
    assertEquals(
        new MpiLaunch("mpich", 0), MpiLaunch.of(Map.of("PMI_RANK", "0", "PMI_SIZE", "many")));
  }

  @Test
  void shouldTellARankFromItsChildren() {
    Map<String, String> rank =
        Map.of("OMPI_COMM_WORLD_SIZE", "4", "PMIX_RANK", "1", "HEDDLE_RUN_TOKEN", "abc");
    assertEquals(new MpiLaunch("openmpi", 4), MpiLaunch.of(rank, "abc"));
    assertFalse(MpiLaunch.of(rank, null).isUnderLauncher());
    assertFalse(MpiLaunch.of(rank, "of another run").isUnderLauncher());
    // somebody's launcher has started java itself
    assertEquals(
        new MpiLaunch("mpich", 5), MpiLaunch.of(Map.of("PMI_RANK", "3", "PMI_SIZE", "5"), null));
  }

  @Test
  void shouldRefuseProcessesOfSrunThatCannotFindEachOther() {
    Map<String, String> alone = Map.of("SLURM_PROCID", "2", "SLURM_STEP_NUM_TASKS", "4");
    String problem = Objects.requireNonNull(MpiLaunch.problem(alone));
    assertTrue(problem.startsWith("srun has started 4 processes that can't find each other"));
    Map<String, String> environment = new HashMap<>(alone);
    environment.put("PMI_RANK", "2");
    assertNull(MpiLaunch.problem(environment), "under a plug-in they can");
    assertNull(MpiLaunch.problem(Map.of("SLURM_STEP_NUM_TASKS", "1")));
    assertNull(MpiLaunch.problem(Map.of("SLURM_PROCID", "0", "SLURM_NTASKS", "4")));
    assertNull(
        MpiLaunch.problem(Map.of("SLURM_STEP_NUM_TASKS", "4", "HEDDLE_RUN_TOKEN", "abc")),
        "a task has started it");
  }

  @Test
  void shouldSeeCraysLaunchers() {
    assertEquals(new MpiLaunch("mpich", 0), MpiLaunch.of(Map.of("PALS_RANKID", "1")));
    assertEquals(new MpiLaunch("mpich", 0), MpiLaunch.of(Map.of("ALPS_APP_PE", "1")));
  }

  @Test
  void shouldTrustOnlyAFamilysOwnLauncher() {
    assertEquals("openmpi", MpiLaunch.ownFamily(Map.of("OMPI_COMM_WORLD_SIZE", "4")));
    assertEquals("mpich", MpiLaunch.ownFamily(Map.of("PMI_RANK", "0", "MPI_LOCALNRANKS", "2")));
    assertNull(MpiLaunch.ownFamily(Map.of("PMI_RANK", "0", "SLURM_STEP_ID", "0")));
    assertNull(MpiLaunch.ownFamily(Map.of("PMIX_RANK", "0")));
    assertNull(MpiLaunch.ownFamily(Map.of()));
  }
}
