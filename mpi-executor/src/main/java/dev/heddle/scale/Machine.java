package dev.heddle.scale;

import java.util.List;

/// A machine's network in the terms of LogGP, and its hosts.
///
/// Shape: times are nanoseconds, times per byte picoseconds; *near* is between ranks of one host,
/// *far* between hosts. `overhead` is what MPI itself takes of the processor per message, on either
/// side; what our own code takes stands in [Costs].
///
/// Source: Alexandrov, Ionescu, Schauser and Scheiman, *LogGP*, SPAA 1995.
///
/// @param name as on the command line
/// @param ranksPerHost ranks of a host, 0 for all ranks on one
/// @param coresPerHost cores of a host; fewer than ranks means that ranks wait for cores
/// @param eagerBytesMax most bytes of a message
/// @param near between ranks of a host
/// @param far between hosts
/// @param noiseSigma of the lognormal factor, of mean 1, on each message's latency
/// @param slowHostOneIn one host in so many has [#SLOW_FACTOR] times the latency and costs; 0: none
/// @param origin where the numbers are from
public record Machine(
    String name,
    int ranksPerHost,
    int coresPerHost,
    int eagerBytesMax,
    Wire near,
    Wire far,
    double noiseSigma,
    int slowHostOneIn,
    String origin) {

  /// A slow host's latency, and the costs of its handlers, beside those of others.
  static final int SLOW_FACTOR = 3;

  /// The 99th percentile is 1.8 times the mean.
  private static final double NOISE_SIGMA = 0.268;

  private static final int SLOW_HOST_ONE_IN = 10_000;

  /// LogGP's parameters between two ranks.
  ///
  /// @param latencyNs L
  /// @param overheadNs o
  /// @param gapNs g
  /// @param bytePs G
  public record Wire(long latencyNs, long overheadNs, long gapNs, long bytePs) {}

  private static final Wire SHARED_MEMORY = new Wire(300, 150, 150, 150);

  /// The machines by name, the default first.
  static List<Machine> all() {
    return List.of(
        new Machine(
            "frontier",
            128,
            128,
            8192,
            SHARED_MEMORY,
            new Wire(2600, 250, 300, 40),
            NOISE_SIGMA,
            SLOW_HOST_ONE_IN,
            "Slingshot-11: Alps fits and published GPCNeT figures; a rank per hardware thread"),
        new Machine(
            "bluewaters",
            32,
            32,
            8192,
            SHARED_MEMORY,
            new Wire(3200, 600, 700, 160),
            NOISE_SIGMA,
            SLOW_HOST_ONE_IN,
            "Gemini torus: XE6 measurements, 1.4 us and 18 hops of 0.1 us; today's cores flatter"
                + " it"),
        new Machine(
            "alps",
            128,
            128,
            8192,
            SHARED_MEMORY,
            new Wire(1900, 230, 0, 85),
            NOISE_SIGMA,
            SLOW_HOST_ONE_IN,
            "early Slingshot: fits of 'Noise in the Clouds'"),
        new Machine(
            "azure",
            120,
            120,
            8192,
            SHARED_MEMORY,
            new Wire(1300, 150, 1500, 86),
            NOISE_SIGMA,
            SLOW_HOST_ONE_IN,
            "InfiniBand: fits of 'Noise in the Clouds'"),
        new Machine(
            "local",
            0,
            2,
            3900,
            SHARED_MEMORY,
            SHARED_MEMORY,
            NOISE_SIGMA,
            0,
            "shared memory of one host with 2 cores"));
  }

  /// The machine of this name. Errors: [IllegalArgumentException] that names all.
  public static Machine of(String name) {
    for (Machine machine : all()) {
      if (machine.name.equals(name)) {
        return machine;
      }
    }
    throw new IllegalArgumentException(
        "there is no machine '" + name + "': there are " + String.join(" ", names()));
  }

  /// All names, the default first.
  public static List<String> names() {
    return all().stream().map(Machine::name).toList();
  }

  /// The same with other cores per host.
  public Machine withCores(int cores) {
    return new Machine(
        name, ranksPerHost, cores, eagerBytesMax, near, far, noiseSigma, slowHostOneIn, origin);
  }
}
