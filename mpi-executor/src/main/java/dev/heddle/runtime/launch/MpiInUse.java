package dev.heddle.runtime.launch;

import dev.heddle.transport.mpi.MpiLibrary;
import dev.heddle.transport.mpi.MpiWorld;
import org.jspecify.annotations.Nullable;

/// The MPI that carries this process's runs, for reports.
///
/// @param family `openmpi` or `mpich`
/// @param version of the library loaded, such as `4.1.4`
public record MpiInUse(String family, String version) {

  /// Null where this process was not started by an MPI launcher. To be called inside the body of a
  /// run, where MPI is there for sure.
  public static @Nullable MpiInUse current() {
    if (!isUnderLauncher()) {
      return null;
    }
    MpiWorld world = MpiWorld.init(1);
    return new MpiInUse(world.family(), world.version());
  }

  /// True when an MPI launcher started this process; may be asked at any time.
  public static boolean isUnderLauncher() {
    return MpiLibrary.underLauncher();
  }

  /// This process's rank as the launcher counts, before MPI can be asked; 0 without one.
  public static int launchedRank() {
    String rank = Launch.rank();
    return isUnderLauncher() && rank.matches("\\d{1,9}") ? Integer.parseInt(rank) : 0;
  }
}
