package dev.heddle.sim;

/// What the port of `rank` may ask of a simulation.
///
/// @param queue of events
/// @param clock of the run
/// @param rank that ends where it is told to
record Ground(EventQueue queue, SimClock clock, int rank) implements Watch.Surroundings {
  @Override
  public long nowNs() {
    return clock.nowNs();
  }

  @Override
  public void end() {
    queue.add(clock.nowNs(), Simulation.ENDED, rank);
  }
}
