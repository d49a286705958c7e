package dev.heddle.transport.mpi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.Map;
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
