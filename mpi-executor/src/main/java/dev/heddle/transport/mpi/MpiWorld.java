package dev.heddle.transport.mpi;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.heddle.transport.TransportException;
import dev.heddle.transport.TreePlace;
import dev.heddle.transport.TreeTotals;
import dev.heddle.transport.World;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// MPI in this process: initialised once, finalised once, by the same thread.
///
/// Threading: `init` and `finish` from any thread; everything else from one thread at a time.
/// `connect`, `broadcast` and `agree` are collective and block inside MPI; after them no call
/// blocks.
public final class MpiWorld implements World {
  private static final int TEXT_BYTES_MAX = 8192;

  /// More bytes than rank 0's configuration and class path take as a rule.
  private static final int BROADCAST_BYTES = 8192;

  private static final int THREAD_SERIALIZED = 2;
  private static final int THREAD_MULTIPLE = 3;

  /// Deep enough for the start-up code of every MPI, whatever `-Xss` says.
  private static final long INIT_STACK_BYTES = 2 << 20;

  /// Sleeps grow up to [#PARK_NS_MAX]: a longer sleep would save nothing (a sleep of 1 ms costs 2.7
  /// % of a core), and a rank still notices within 10 ms that all other ranks are done.
  private static final long PARK_NS_MIN = 50_000;

  private static final long PARK_NS_MAX = 10_000_000;

  private static @Nullable MpiWorld current;

  private final MpiLibrary library;
  private final String host;
  private final boolean isThreadMultiple;
  private final int tagMax;
  private final MpiComm control;
  private final long barrierRequests;
  private final MemorySegment barrierDone = Arena.global().allocate(JAVA_INT);
  private final CountDownLatch finalizeRequested;
  private final CompletableFuture<Integer> finalized;
  private @Nullable HostBeats beats;
  private boolean isFinished;

  private MpiWorld(MpiLibrary library, Thread0 thread0, int threadLevel) {
    this.library = library;
    this.finalizeRequested = thread0.finalizeRequested;
    this.finalized = thread0.finalized;
    this.isThreadMultiple = threadLevel == THREAD_MULTIPLE;
    MpiComm world = MpiComm.world();
    checkSize(world.size());
    if (threadLevel < THREAD_SERIALIZED) {
      throw new TransportException(
          "MPI allows too little: threadLevel="
              + threadLevel
              + ", Heddle needs MPI_THREAD_SERIALIZED (2); use an MPI built with threads");
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment name = arena.allocate(TEXT_BYTES_MAX);
      MpiCalls.cold("heddle_processor_name", TEXT_BYTES_MAX, name);
      this.host = name.getString(0);
      MemorySegment tag = arena.allocate(JAVA_INT);
      MpiCalls.cold("heddle_tag_max", tag);
      this.tagMax = tag.get(JAVA_INT, 0);
    }
    this.control = world.dup();
    this.barrierRequests = MpiCalls.newRequests(1);
  }

  /// Initialises MPI, or returns the world of an earlier call: MPI can be initialised only once per
  /// process, and a second run reuses it.
  ///
  /// Units: nanoseconds. Errors: [IllegalArgumentException] and [IllegalStateException] where the
  /// MPI named or its shim is missing, where the launcher belongs to another MPI, or after
  /// [#finish]; [TransportException] where MPI refuses or does not answer in time (then its thread
  /// still hangs inside MPI, and the caller can only end the process).
  public static synchronized MpiWorld init(long timeoutNs) {
    MpiWorld world = current;
    if (world == null) {
      MpiLibrary library = loadForLauncher();
      Thread0 thread0 = startThread0(timeoutNs);
      world = new MpiWorld(library, thread0, thread0.initialized.join());
      current = world;
    }
    if (world.isFinished) {
      throw new IllegalStateException("MPI was finalised in this process and can't start again");
    }
    return world;
  }

  /// Initialises MPI, runs `initialized`, and finalises: nothing else of MPI is called, so that the
  /// cost of MPI's start can be told from Heddle's. Call it instead of [#init], never beside it.
  ///
  /// Units: nanoseconds, for each of the two. Errors: as [#init].
  public static void initAlone(long timeoutNs, Runnable initialized) {
    MpiLibrary _ = loadForLauncher();
    Thread0 thread0 = startThread0(timeoutNs);
    initialized.run();
    thread0.finalizeRequested.countDown();
    int _ = await(thread0.finalized, timeoutNs, "MPI_Finalize");
  }

  private static Thread0 startThread0(long timeoutNs) {
    Thread0 thread0 = new Thread0();
    Thread.ofPlatform().daemon().name("heddle-mpi").stackSize(INIT_STACK_BYTES).start(thread0);
    int _ = await(thread0.initialized, timeoutNs, "MPI_Init_thread");
    return thread0;
  }

  @Override
  public int rank() {
    return control.rank();
  }

  @Override
  public int size() {
    return control.size();
  }

  @Override
  public String host() {
    return host;
  }

  @Override
  public String family() {
    return library.family();
  }

  /// The version of the library loaded, such as `4.1.4`.
  public String version() {
    return library.version();
  }

  /// True where tasks may call MPI themselves while the runtime does.
  public boolean isThreadMultiple() {
    return isThreadMultiple;
  }

  @Override
  public byte[] broadcast(byte[] fromRank0) {
    return broadcast(fromRank0, 0);
  }

  @Override
  public @Nullable String agree(@Nullable String ours) {
    long first = control.max(ours == null ? 0 : size() - rank())[0];
    if (first == 0) {
      return null;
    }
    byte[] bytes = ours == null ? new byte[0] : ours.getBytes(StandardCharsets.UTF_8);
    return new String(broadcast(bytes, size() - Math.toIntExact(first)), StandardCharsets.UTF_8);
  }

  /// One collective as a rule: the first carries the length and as many bytes as fit behind it.
  private byte[] broadcast(byte[] fromRoot, int root) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment head = arena.allocate(BROADCAST_BYTES);
      boolean isRoot = control.rank() == root;
      if (isRoot) {
        head.set(JAVA_INT, 0, fromRoot.length);
        int first = Math.min(fromRoot.length, BROADCAST_BYTES - Integer.BYTES);
        MemorySegment.copy(fromRoot, 0, head, ValueLayout.JAVA_BYTE, Integer.BYTES, first);
      }
      control.broadcast(head, root);
      byte[] bytes = isRoot ? fromRoot.clone() : new byte[head.get(JAVA_INT, 0)];
      int first = Math.min(bytes.length, BROADCAST_BYTES - Integer.BYTES);
      MemorySegment.copy(head, ValueLayout.JAVA_BYTE, Integer.BYTES, bytes, 0, first);
      if (bytes.length > first) {
        MemorySegment rest = arena.allocate(bytes.length - first);
        MemorySegment.copy(bytes, first, rest, ValueLayout.JAVA_BYTE, 0, bytes.length - first);
        control.broadcast(rest, root);
        MemorySegment.copy(rest, ValueLayout.JAVA_BYTE, 0, bytes, first, bytes.length - first);
      }
      return bytes;
    }
  }

  @Override
  public void beat(long intervalNs) {
    if (beats == null) {
      beats = HostBeats.start(rank(), intervalNs);
    }
  }

  @Override
  public MpiTransport connect(int fanout) {
    return connect(fanout, -1);
  }

  /// As [#connect(int)]; `hostColour >= 0` says which ranks count as one host.
  MpiTransport connect(int fanout, int hostColour) {
    MpiComm bulk = control.dup();
    MpiGroup.Hosts hosts = new MpiGroup.Hosts();
    TreePlace place = MpiGroup.findPlace(control, fanout, hostColour, host, hosts);
    List<MpiGroup> groups = MpiGroup.connect(control, place, hosts);
    // The deepest level, and the shortest of all ranks' longest messages.
    long[] maxima = {Math.min(1, size() - 1), -EagerProbe.BYTES_MAX};
    if (size() > 1) {
      EagerProbe probe = new EagerProbe(groups);
      maxima = control.max(place.level(), -probe.limitBytes());
      probe.settle();
    }
    // The relays and the workers.
    long[] sums =
        place.isFlat()
            ? new long[] {0, Math.max(1, size() - 1)}
            : control.sum(isRelay(place) ? 1 : 0, place.runsTasks() ? 1 : 0);
    TreeTotals totals =
        new TreeTotals(
            Math.toIntExact(maxima[0] + 1), Math.toIntExact(sums[0]), Math.toIntExact(sums[1]));
    return new MpiTransport(
        rank(),
        size(),
        host,
        family() + " " + version(),
        Math.toIntExact(-maxima[1]),
        tagMax,
        place,
        totals,
        groups,
        bulk,
        beats);
  }

  private boolean isRelay(TreePlace place) {
    return rank() > 0 && place.isParent();
  }

  @Override
  public synchronized boolean finish(long timeoutNs) {
    long deadlineNs = System.nanoTime() + timeoutNs;
    if (!isFinished) {
      isFinished = true;
      if (!barrier(timeoutNs)) {
        return false;
      }
      finalizeRequested.countDown();
    } else if (finalizeRequested.getCount() > 0) {
      return false;
    }
    try {
      long remainingNs = Math.max(1, deadlineNs - System.nanoTime());
      return finalized.get(remainingNs, TimeUnit.NANOSECONDS) == 0;
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return false;
    } catch (ExecutionException | TimeoutException _) {
      return false;
    }
  }

  @Override
  public void awaitAll() {
    boolean _ = barrier(Long.MAX_VALUE / 4);
  }

  /// Waits for all ranks by polling; false when they did not arrive in time.
  private boolean barrier(long timeoutNs) {
    long deadlineNs = System.nanoTime() + timeoutNs;
    long parkNs = PARK_NS_MIN;
    startBarrier();
    while (!isBarrierDone()) {
      if (deadlineNs - System.nanoTime() <= 0) {
        return false;
      }
      LockSupport.parkNanos(parkNs);
      parkNs = Math.min(PARK_NS_MAX, 2 * parkNs);
    }
    return true;
  }

  /// Enters a barrier of all ranks without waiting; one barrier at a time.
  void startBarrier() {
    MpiCalls.cold("heddle_ibarrier", control.number(), barrierRequests, 0);
  }

  boolean isBarrierDone() {
    MpiCalls.test(barrierRequests, 0, barrierDone.address());
    return barrierDone.get(JAVA_INT, 0) != 0;
  }

  /// Checked before MPI_Init, inside which some libraries end the process where the launcher is
  /// another MPI's.
  private static MpiLibrary loadForLauncher() {
    MpiLibrary library = MpiLibrary.load();
    String family = MpiLaunch.ownFamily(System.getenv());
    if (family != null && !family.equals(library.family())) {
      throw otherFamily(MpiLaunch.ofThisProcess(), library, "");
    }
    return library;
  }

  /// The trap: a process started by one MPI that loads the other is rank 0 of 1, N times over,
  /// without a message.
  private void checkSize(int size) {
    MpiLaunch launch = MpiLaunch.ofThisProcess();
    if (launch.ranks() > 0 && launch.ranks() != size) {
      throw otherFamily(launch, library, " and sees ranks=" + size);
    }
  }

  private static IllegalStateException otherFamily(
      MpiLaunch launch, MpiLibrary library, String seen) {
    return new IllegalStateException(
        ("the launcher is of %s and started ranks=%d, but the library loaded is %s%s. Remedy: start"
                + " with the launcher of %s (under Slurm: mpirun or srun --mpi=pmix for Open MPI,"
                + " srun --mpi=pmi2 for MPICH), or set HEDDLE_MPI=%s")
            .formatted(
                launch.family(),
                launch.ranks(),
                library.family(),
                seen,
                library.family(),
                launch.family()));
  }

  private static int await(CompletableFuture<Integer> future, long timeoutNs, String call) {
    try {
      return future.get(timeoutNs, TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      TransportException failure =
          new TransportException(
              "MPI did not answer: call="
                  + call
                  + " timeoutMs="
                  + TimeUnit.NANOSECONDS.toMillis(timeoutNs)
                  + ". A rank that ended before MPI_Init leaves all others waiting; see its log");
      failure.initCause(e);
      throw failure;
    } catch (ExecutionException e) {
      throw NativeCall.rethrow(e.getCause() == null ? e : e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting: call=" + call, e);
    }
  }

  /// The thread that initialises MPI, stays parked, and finalises it: MPI wants both from one
  /// thread.
  private static final class Thread0 implements Runnable {
    final CompletableFuture<Integer> initialized = new CompletableFuture<>();
    final CompletableFuture<Integer> finalized = new CompletableFuture<>();
    final CountDownLatch finalizeRequested = new CountDownLatch(1);

    @Override
    public void run() {
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment level = arena.allocate(JAVA_INT);
        MpiCalls.cold("heddle_init", level);
        initialized.complete(level.get(JAVA_INT, 0));
        finalizeRequested.await();
        MpiCalls.cold("heddle_finalize");
        finalized.complete(0);
      } catch (Throwable e) {
        // errors too: the thread that waits for this one would wait for its whole time
        initialized.completeExceptionally(e);
        finalized.completeExceptionally(e);
      }
    }
  }
}
