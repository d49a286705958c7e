package dev.heddle.transport.mpi;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What the environment says about the launcher of this process.
///
/// Shape: `family` is `openmpi`, `mpich` or null where no launcher is seen; `ranks` is the number
/// of ranks that the launcher started, 0 where it does not say. `SLURM_PROCID` alone means nothing:
/// an `sbatch` script has it too.
record MpiLaunch(@Nullable String family, int ranks) {
  static final String OPENMPI = "openmpi";
  static final String MPICH = "mpich";

  /// Of hydra and of Slurm's plug-in; of PALS and ALPS, Cray's launchers.
  private static final List<String> PMI_NAMES =
      List.of("PMI_RANK", "PMI_SIZE", "PALS_RANKID", "ALPS_APP_PE");

  /// The property in which the `heddle` command tells a rank the token of its run.
  private static final String TOKEN_PROPERTY = "heddle.runToken";

  private static final MpiLaunch ALONE = new MpiLaunch(null, 0);

  static MpiLaunch ofThisProcess() {
    return of(System.getenv(), System.getProperty(TOKEN_PROPERTY));
  }

  /// The same for a process that has `token` by other means than its environment, which children
  /// inherit. A process that has a run's token in its environment alone is a child of a rank, and
  /// no rank, whatever the launcher's variables say.
  static MpiLaunch of(Map<String, String> environment, @Nullable String token) {
    String inherited = environment.get("HEDDLE_RUN_TOKEN");
    return inherited == null || inherited.equals(token) ? of(environment) : ALONE;
  }

  /// The fault where Slurm has started several processes that can't find each other: each would be
  /// a whole program. Null where there is no fault.
  static @Nullable String problem(Map<String, String> environment) {
    int tasks = number(environment, "SLURM_STEP_NUM_TASKS");
    if (tasks <= 1
        || environment.containsKey("HEDDLE_RUN_TOKEN")
        || of(environment).isUnderLauncher()) {
      return null;
    }
    return "srun has started "
        + tasks
        + " processes that can't find each other, since it was given no --mpi: say srun --mpi=pmix"
        + " for Open MPI, srun --mpi=pmi2 for MPICH, or, for "
        + tasks
        + " programs of their own, srun env -u SLURM_STEP_NUM_TASKS java ...";
  }

  static MpiLaunch of(Map<String, String> environment) {
    int openMpiRanks = number(environment, "OMPI_COMM_WORLD_SIZE");
    if (openMpiRanks > 0) {
      return new MpiLaunch(OPENMPI, openMpiRanks);
    }
    boolean isPmi = PMI_NAMES.stream().anyMatch(environment::containsKey);
    boolean isPmix = environment.containsKey("PMIX_RANK");
    if (!isPmi && !isPmix) {
      return ALONE;
    }
    int ranks = number(environment, "PMI_SIZE");
    // In an srun step the plug-in may give a rank without a size; the step knows it.
    if (ranks == 0) {
      ranks = number(environment, "SLURM_STEP_NUM_TASKS");
    }
    if (ranks == 0) {
      ranks = number(environment, "SLURM_NTASKS");
    }
    return new MpiLaunch(isPmi ? MPICH : OPENMPI, ranks);
  }

  /// The family whose own launcher started this process, which serves no other family; null where
  /// there is no launcher, or a launcher such as `srun` that may serve several families.
  static @Nullable String ownFamily(Map<String, String> environment) {
    if (number(environment, "OMPI_COMM_WORLD_SIZE") > 0) {
      return OPENMPI;
    }
    // hydra's variable, of MPICH and of its descendants.
    boolean isHydra =
        environment.containsKey("PMI_RANK") && environment.containsKey("MPI_LOCALNRANKS");
    return isHydra ? MPICH : null;
  }

  boolean isUnderLauncher() {
    return family != null;
  }

  private static int number(Map<String, String> environment, String name) {
    String text = environment.get(name);
    try {
      return text == null ? 0 : Math.max(0, Integer.parseInt(text.trim()));
    } catch (NumberFormatException _) {
      return 0;
    }
  }
}
