package dev.heddle.codec;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.RemoteException;
import dev.heddle.TaskOrigin;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class FailuresTest {
  private static final ClassLoader LOADER =
      Objects.requireNonNull(FailuresTest.class.getClassLoader());
  private static final ValueCodec CODEC = new ValueCodec(LOADER, List.of("dev.heddle.codec"));

  static final class BondException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    final int atoms;

    BondException(int atoms, @Nullable Throwable cause) {
      super("bond broken: atoms=" + atoms, cause);
      this.atoms = atoms;
    }
  }

  static final class Unserializable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    @SuppressWarnings({"serial", "unused"})
    private final Thread thread = Thread.currentThread();

    Unserializable() {
      super("has a thread");
    }
  }

  static final class Hostile extends RuntimeException {
    private static final long serialVersionUID = 1L;

    @Override
    public String getMessage() {
      throw new Error("no message");
    }

    @Override
    public synchronized Throwable getCause() {
      throw new IllegalStateException("no cause");
    }

    @Override
    public StackTraceElement[] getStackTrace() {
      throw new IllegalStateException("no stack");
    }
  }

  /// A library's class that reads well but must never be built from a failure's bytes.
  static final class Gadget implements java.io.Serializable {
    private static final long serialVersionUID = 1L;
    static boolean wasRead;

    private void readObject(java.io.ObjectInputStream in)
        throws IOException, ClassNotFoundException {
      in.defaultReadObject();
      wasRead = true;
    }
  }

  static final class Carrier extends RuntimeException {
    private static final long serialVersionUID = 1L;
    final Gadget gadget = new Gadget();
  }

  @Test
  void shouldBringTheOriginalWithItsRemoteStack() {
    BondException thrown = new BondException(3, new IOException("disk", new RuntimeException("x")));
    thrown.addSuppressed(new TaskOrigin(1, "Chem.energy", 0, 2, "n2"));
    byte[] bytes = Failures.encode(thrown, CODEC);
    BondException copy = assertInstanceOf(BondException.class, Failures.decode(bytes, CODEC));
    assertEquals(3, copy.atoms);
    assertEquals(thrown.getMessage(), copy.getMessage());
    assertArrayEquals(firstFrames(thrown), firstFrames(copy));
    Throwable cause = assertInstanceOf(IOException.class, copy.getCause());
    assertEquals("disk", cause.getMessage());
    assertTrue(cause.getStackTrace().length > 0);
    assertEquals("x", Objects.requireNonNull(cause.getCause()).getMessage());
    assertEquals(1, copy.getSuppressed().length);
    assertInstanceOf(BondException.class, Failures.decode(bytes, LOADER));
  }

  private static StackTraceElement[] firstFrames(Throwable t) {
    return Arrays.copyOf(t.getStackTrace(), 20);
  }

  @Test
  void shouldTellOfAnExceptionWhoseClassIsMissing() {
    ClassLoader bare = new ClassLoader(ClassLoader.getPlatformClassLoader()) {};
    BondException thrown = new BondException(3, new IOException("disk"));
    Throwable copy = Failures.decode(Failures.encode(thrown, CODEC), bare);
    RemoteException remote = assertInstanceOf(RemoteException.class, copy);
    assertEquals(BondException.class.getName(), remote.remoteClassName());
    assertTrue(String.valueOf(remote.getMessage()).contains("bond broken: atoms=3"));
    assertEquals(
        "shouldTellOfAnExceptionWhoseClassIsMissing", remote.getStackTrace()[0].getMethodName());
    RemoteException cause = assertInstanceOf(RemoteException.class, remote.getCause());
    assertEquals("java.io.IOException", cause.remoteClassName());
    assertTrue(cause.getStackTrace().length > 0);
  }

  @Test
  void shouldTellOfExceptionsThatCannotBeSent() {
    for (Throwable thrown : List.of(new Unserializable(), new Hostile())) {
      RemoteException remote =
          assertInstanceOf(
              RemoteException.class, Failures.decode(Failures.encode(thrown, CODEC), CODEC));
      assertEquals(thrown.getClass().getName(), remote.remoteClassName());
    }
  }

  @Test
  void shouldNotBuildOtherClassesOnTheWay() {
    byte[] bytes = Failures.encode(new Carrier(), CODEC);
    Gadget.wasRead = false;
    assertInstanceOf(RemoteException.class, Failures.decode(bytes, LOADER));
    assertEquals(false, Gadget.wasRead);
    // The user's own package may hold it.
    assertInstanceOf(Carrier.class, Failures.decode(bytes, CODEC));
  }

  @Test
  void shouldStayWithinBoundsWhateverIsThrown() {
    Throwable chain = new RuntimeException("root");
    for (int i = 0; i < 1000; i++) {
      chain = new BondException(i, chain);
    }
    Throwable cyclic = new IllegalStateException("a");
    cyclic.initCause(new IllegalStateException("b", cyclic));
    Throwable wordy = new RuntimeException("語".repeat(100_000));
    Throwable longStack = new RuntimeException("deep");
    StackTraceElement[] stack = new StackTraceElement[1024];
    Arrays.fill(stack, new StackTraceElement("a.b.C".repeat(60), "m".repeat(300), "F.java", 7));
    longStack.setStackTrace(stack);
    Throwable overflow = overflow(0);
    for (Throwable thrown : List.of(chain, cyclic, wordy, longStack, overflow)) {
      byte[] bytes = Failures.encode(thrown, CODEC);
      assertTrue(bytes.length <= Failures.BYTES_MAX, "bytes=" + bytes.length);
      Throwable copy = Failures.decode(bytes, CODEC);
      String name =
          copy instanceof RemoteException remote
              ? remote.remoteClassName()
              : copy.getClass().getName();
      assertEquals(thrown.getClass().getName(), name);
      assertTrue(copy.getStackTrace().length > 0);
    }
    Throwable copy = Failures.decode(Failures.encode(cyclic, CODEC), CODEC);
    assertSame(copy, Objects.requireNonNull(copy.getCause()).getCause());
  }

  private static Throwable overflow(int depth) {
    try {
      return depth < 0 ? new IOException("wrapped around") : overflow(depth + 1);
    } catch (StackOverflowError e) {
      return e;
    }
  }

  @Test
  void shouldNeverThrowOnGarbage() {
    byte[] original = Failures.encode(new BondException(3, new IOException("disk")), CODEC);
    for (int seed = 0; seed < 10_000; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      byte[] bytes =
          random.nextInt(4) == 0
              ? Arrays.copyOf(original, random.nextInt(original.length))
              : original.clone();
      for (int i = bytes.length == 0 ? 0 : 1 + random.nextInt(4); i > 0; i--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
      }
      try {
        assertNotNull(Failures.decode(bytes, CODEC));
      } catch (Throwable e) {
        throw new AssertionError("seed=" + seed, e);
      }
    }
    RemoteException remote =
        assertInstanceOf(RemoteException.class, Failures.decode(new byte[0], LOADER));
    assertTrue(String.valueOf(remote.getMessage()).contains("could not be read"));
  }
}
