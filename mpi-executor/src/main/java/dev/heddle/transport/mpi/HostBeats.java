package dev.heddle.transport.mpi;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// Signs of life of this process for the other ranks of its host, and of those ranks for this
/// process, by a file in the folder that the host's ranks share (`HEDDLE_SHM`, which `heddle` makes
/// and removes).
///
/// Why: all threads of a JVM stop for a collection, the thread that answers included, and the
/// collection waits for the last of them to reach a safepoint. The length of that wait depends on
/// the user's code. The thread here is in native code, where nothing stops it but a signal that
/// stops the process. Threading: [#start] once, [#silenceNs] on one thread at a time.
final class HostBeats {
  private static final long BEAT_STACK_BYTES = 128 << 10;

  private final MemorySegment silence = Arena.global().allocate(JAVA_LONG);

  private HostBeats() {}

  /// Begins to give signs of life as `rank`, every `intervalNs`. Without such a folder no sign is
  /// given, and [#silenceNs] knows of no rank.
  static HostBeats start(int rank, long intervalNs) {
    // here, not on the thread: the library is loaded once, by the first thread that needs it
    MemorySegment beat = MpiLibrary.load().address("heddle_beat");
    if (System.getenv("HEDDLE_SHM") != null) {
      Thread.ofPlatform()
          .daemon()
          .name("heddle-beat")
          .stackSize(BEAT_STACK_BYTES)
          .start(
              () -> {
                long _ = NativeCall.call(beat, rank, intervalNs, 0, 0);
              });
    }
    return new HostBeats();
  }

  /// Nanoseconds since `rank` gave a sign of life; `Long.MAX_VALUE` where it gave none on this
  /// host.
  long silenceNs(int rank) {
    MpiCalls.cold("heddle_heard", rank, silence);
    long silenceNs = silence.get(JAVA_LONG, 0);
    return silenceNs < 0 ? Long.MAX_VALUE : silenceNs;
  }
}
