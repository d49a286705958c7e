package dev.heddle.transport.mpi;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// Signs of life of this process for the other ranks of its host, and theirs for us, by a file in
/// the folder that those ranks share (`HEDDLE_SHM`, which `heddle` makes and removes).
///
/// Why: all threads of a JVM stop for a collection, among them the one that answers, and the
/// collection waits for the last of them to reach a safepoint. How long that takes is up to the
/// user's code. The thread here is in native code, where nothing stops it but a signal that stops
/// the process. Threading: [#start] once, [#silenceNs] on one thread at a time.
final class HostBeats {
  private static final long BEAT_STACK_BYTES = 128 << 10;

  private final MemorySegment silence = Arena.global().allocate(JAVA_LONG);

  private HostBeats() {}

  /// Begins to give signs of life as `rank`, every `intervalNs`. Where there is no such folder,
  /// none are given, and [#silenceNs] knows of nobody.
  static HostBeats start(int rank, long intervalNs) {
    // here, not on the thread: the library is loaded once, by whoever comes first
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

  /// Nanoseconds since `rank` gave a sign of life; `Long.MAX_VALUE` where it never did on this
  /// host.
  long silenceNs(int rank) {
    MpiCalls.cold("heddle_heard", rank, silence);
    long silenceNs = silence.get(JAVA_LONG, 0);
    return silenceNs < 0 ? Long.MAX_VALUE : silenceNs;
  }
}
