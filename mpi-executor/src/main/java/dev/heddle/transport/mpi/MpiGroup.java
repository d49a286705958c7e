package dev.heddle.transport.mpi;

import dev.heddle.transport.TreePlace;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/// A parent and its children of one kind (leaders, or ranks of a host) in a communicator of their
/// own.
///
/// Shape: the parent has rank 0 there, the children follow in the order of their world ranks. State
/// is O(fan-out), since members only are listed.
final class MpiGroup {
  private static final int ROOT = 0;

  private final MpiComm comm;
  private final int[] worldRanks;

  private MpiGroup(MpiComm comm) {
    this.comm = comm;
    this.worldRanks = comm.worldRanks();
  }

  MpiComm comm() {
    return comm;
  }

  /// World ranks in the order of the members' ranks; not a copy, not to be changed.
  int[] worldRanks() {
    return worldRanks;
  }

  boolean isParent() {
    return comm.rank() == ROOT;
  }

  int parentRank() {
    return worldRanks[ROOT];
  }

  /// Finds this rank's place among all ranks; collective over `world`.
  ///
  /// `hostColour < 0` lets MPI say which ranks share the host of name `hostName`; any other number
  /// names the host, for tests of layouts beyond one machine.
  static TreePlace findPlace(
      MpiComm world, int fanout, int hostColour, String hostName, Hosts hosts) {
    if (world.size() - 1 <= fanout) {
      // A flat tree: hosts don't count, so they are not looked up.
      return new TreePlace(fanout, world.size(), 0, 1, world.rank(), world.size(), true);
    }
    MpiComm host = hostColour < 0 ? splitHost(world, hostName) : split(world, hostColour);
    hosts.host = host;
    MpiComm leaders = world.split(host.rank() == 0 ? 0 : -1, world.rank());
    hosts.leaders = leaders;
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment numbers = arena.allocate(ValueLayout.JAVA_INT, 3);
      if (leaders != null) {
        numbers.setAtIndex(ValueLayout.JAVA_INT, 0, leaders.rank());
        numbers.setAtIndex(ValueLayout.JAVA_INT, 1, leaders.size());
        numbers.setAtIndex(ValueLayout.JAVA_INT, 2, leaders.max(host.size())[0] > 1 ? 1 : 0);
      }
      host.broadcast(numbers);
      return new TreePlace(
          fanout,
          world.size(),
          numbers.getAtIndex(ValueLayout.JAVA_INT, 0),
          numbers.getAtIndex(ValueLayout.JAVA_INT, 1),
          host.rank(),
          host.size(),
          numbers.getAtIndex(ValueLayout.JAVA_INT, 2) != 0);
    }
  }

  /// The ranks that share this rank's host, as MPI says; where MPI has every rank alone, as the
  /// names of hosts say. Every rank is alone where there is a rank per host. MPICH 5.0.2 (Debian's,
  /// ch4:ucx) also says so of ranks on one host, where leaders with ranks below them would run no
  /// tasks.
  private static MpiComm splitHost(MpiComm world, String name) {
    MpiComm byMpi = world.splitHost(world.rank());
    if (world.max(byMpi.size())[0] > 1) {
      return byMpi;
    }
    byMpi.free();
    // two hashes, so that no two of a hundred thousand names collide
    CRC32C hash = new CRC32C();
    hash.update(name.getBytes(StandardCharsets.UTF_8));
    MpiComm alike = split(world, name.hashCode() & Integer.MAX_VALUE);
    MpiComm byName = split(alike, (int) hash.getValue() & Integer.MAX_VALUE);
    alike.free();
    return byName;
  }

  private static MpiComm split(MpiComm comm, int colour) {
    MpiComm part = comm.split(colour, comm.rank());
    if (part == null) {
      throw new IllegalStateException("a split by colour=" + colour + " gave nothing");
    }
    return part;
  }

  /// The groups of which this rank is a member: at most one as child, at most two as parent;
  /// collective over `world`.
  static List<MpiGroup> connect(MpiComm world, TreePlace place, Hosts hosts) {
    List<MpiGroup> groups = new ArrayList<>();
    if (place.isFlat()) {
      if (world.size() > 1) {
        groups.add(new MpiGroup(world.dup()));
      }
      return groups;
    }
    MpiComm leaders = hosts.leaders;
    if (leaders != null) {
      splitLevels(
          leaders,
          place.leaderIndex(),
          place.leaderLevel(),
          place.parentLeader(),
          place.leaderChildCount(),
          place.isDeepAcrossHosts(),
          groups);
      leaders.free();
    }
    MpiComm host = hosts.host;
    if (host == null) {
      throw new IllegalStateException("findPlace comes first");
    }
    splitLevels(
        host,
        place.localIndex(),
        place.localLevel(),
        place.parentLocal(),
        place.localChildCount(),
        place.isDeepInHost(),
        groups);
    host.free();
    return groups;
  }

  /// Two splits make the groups of all levels: a member is parent in the split of its own level's
  /// parity and child in the other split, and the parent's index is the colour of both. A tree of
  /// two levels needs only the first split, a tree of one level none.
  private static void splitLevels(
      MpiComm comm,
      int index,
      int level,
      int parent,
      int childCount,
      boolean isDeep,
      List<MpiGroup> groups) {
    int splits = comm.size() == 1 ? 0 : isDeep ? 2 : 1;
    for (int parity = 0; parity < splits; parity++) {
      int asParent = childCount > 0 ? index : -1;
      MpiComm made = comm.split(level % 2 == parity ? asParent : parent, index);
      if (made != null) {
        groups.add(new MpiGroup(made));
      }
    }
  }

  /// The communicators between [#findPlace] and [#connect].
  static final class Hosts {
    private @Nullable MpiComm host;
    private @Nullable MpiComm leaders;
  }
}
