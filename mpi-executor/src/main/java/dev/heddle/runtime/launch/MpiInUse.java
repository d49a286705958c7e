package dev.heddle.runtime.launch;

import dev.heddle.transport.mpi.MpiLibrary;
import dev.heddle.transport.mpi.MpiWorld;
import org.jspecify.annotations.Nullable;

/// The MPI that carries this process's runs, for reports.
///
/// @param family `openmpi` or `mpich`
/// @param version version of the loaded library, such as `4.1.4`
public record MpiInUse(String family, String version) {

  /// The MPI of this process; null where no MPI launcher started it. To be called inside the body
  /// of a run, where MPI is sure to be initialised.
  public static @Nullable MpiInUse current() {
    if (!isUnderLauncher()) {
      return null;
    }
    MpiWorld world = MpiWorld.init(1);
    return new MpiInUse(world.family(), world.version());
  }

  /// Whether an MPI launcher started this process; may be called at any time.
  public static boolean isUnderLauncher() {
    return MpiLibrary.underLauncher();
  }

  /// This process's rank from the launcher, before MPI can be asked; 0 where there is no launcher.
  public static int launchedRank() {
    String rank = Launch.rank();
    return isUnderLauncher() && rank.matches("\\d{1,9}") ? Integer.parseInt(rank) : 0;
  }
}
