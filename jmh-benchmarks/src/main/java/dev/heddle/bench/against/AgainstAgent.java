package dev.heddle.bench.against;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

/// What rank 0's process takes for the repetitions of a benchmark that count: processor time and
/// allocated heap. `bench against` gives it to the JVMs of both builds as a Java agent, since the
/// build of an earlier commit doesn't say these itself.
///
/// The count begins with the progress line of the first repetition on standard error, and ends with
/// the report's first byte on standard output, so that start-up and warm-up are left out; both
/// lines are contract. All threads count, the JIT's and the collector's too, and without MPI the
/// workers', which are then in the same process.
///
/// This class needs no other of ours: it runs inside a build that it is no part of. An instance is
/// one of the two streams; what is counted belongs to the process, so it is static. A JVM with an
/// agent runs without the archive for a faster start, which is why starts that are timed have none.
///
/// Threading: whoever prints; guarded by the class.
public final class AgainstAgent extends OutputStream {
  private static final String FIRST_REPETITION = ": repetition 1 of ";

  private static boolean isCounting;
  private static long beginCpuNs;
  private static long beginBytes;

  private final PrintStream stream;

  /// Where the count goes to when it ends; of standard output alone.
  private final String file;

  private AgainstAgent(PrintStream stream, String file) {
    this.stream = stream;
    this.file = file;
  }

  /// Called by the JVM before `main`, on each rank. `file` is where rank 0 writes nanoseconds and
  /// bytes, separated by a blank; without it nothing was counted.
  @SuppressWarnings("SystemOut") // both streams are what is looked at
  public static void premain(String file) {
    for (String variable : new String[] {"OMPI_COMM_WORLD_RANK", "PMIX_RANK", "PMI_RANK"}) {
      String rank = System.getenv(variable);
      if (rank != null && !rank.equals("0")) {
        return;
      }
    }
    System.setErr(watched(System.err, ""));
    System.setOut(watched(System.out, file));
  }

  private static PrintStream watched(PrintStream stream, String file) {
    return new PrintStream(new AgainstAgent(stream, file), true, stream.charset());
  }

  /// Writes the jar that a JVM takes as `-javaagent:JAR=FILE`.
  static void writeJar(Path jar) throws IOException {
    Manifest manifest = new Manifest();
    Attributes attributes = manifest.getMainAttributes();
    attributes.put(Attributes.Name.MANIFEST_VERSION, "1.0");
    attributes.putValue("Premain-Class", AgainstAgent.class.getName());
    // Ahead of a class of this name in the build that is looked at.
    attributes.putValue("Boot-Class-Path", String.valueOf(jar.getFileName()));
    String name = AgainstAgent.class.getName().replace('.', '/') + ".class";
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar), manifest);
        InputStream in = AgainstAgent.class.getClassLoader().getResourceAsStream(name)) {
      out.putNextEntry(new JarEntry(name));
      Objects.requireNonNull(in, name).transferTo(out);
    }
  }

  @Override
  public void write(int one) throws IOException {
    write(new byte[] {(byte) one}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    synchronized (AgainstAgent.class) {
      if (!file.isEmpty()) {
        end();
      } else if (new String(bytes, offset, length, stream.charset()).contains(FIRST_REPETITION)) {
        begin();
      }
    }
    stream.write(bytes, offset, length);
  }

  @Override
  public void flush() {
    stream.flush();
  }

  private static void begin() {
    isCounting = true;
    beginBytes = allocatedBytes();
    beginCpuNs = cpuNs();
  }

  private void end() throws IOException {
    if (isCounting) {
      isCounting = false;
      long cpuNs = cpuNs() - beginCpuNs;
      long bytes = allocatedBytes() - beginBytes;
      Files.writeString(Path.of(file), cpuNs + " " + bytes, StandardCharsets.US_ASCII);
    }
  }

  private static long cpuNs() {
    return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getProcessCpuTime();
  }

  private static long allocatedBytes() {
    return ((ThreadMXBean) ManagementFactory.getThreadMXBean()).getTotalThreadAllocatedBytes();
  }
}
