package dev.heddle.codec.failure;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.RemoteException;
import dev.heddle.TaskOrigin;
import dev.heddle.codec.ValueCodec;
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
    byte[] bytes = Failures.encode(thrown);
    BondException copy = assertInstanceOf(BondException.class, CODEC.decodeFailure(bytes));
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
    Throwable copy = Failures.decode(Failures.encode(thrown), bare);
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
          assertInstanceOf(RemoteException.class, CODEC.decodeFailure(Failures.encode(thrown)));
      assertEquals(thrown.getClass().getName(), remote.remoteClassName());
    }
  }

  @Test
  void shouldNotBuildOtherClassesOnTheWay() {
    byte[] bytes = Failures.encode(new Carrier());
    Gadget.wasRead = false;
    assertInstanceOf(RemoteException.class, Failures.decode(bytes, LOADER));
    assertEquals(false, Gadget.wasRead);
    // The user's own packages may contain the class.
    assertInstanceOf(Carrier.class, CODEC.decodeFailure(bytes));
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
      byte[] bytes = Failures.encode(thrown);
      assertTrue(bytes.length <= Failures.BYTES_MAX, "bytes=" + bytes.length);
      Throwable copy = CODEC.decodeFailure(bytes);
      String name =
          copy instanceof RemoteException remote
              ? remote.remoteClassName()
              : copy.getClass().getName();
      assertEquals(thrown.getClass().getName(), name);
      assertTrue(copy.getStackTrace().length > 0);
    }
    Throwable copy = CODEC.decodeFailure(Failures.encode(cyclic));
    assertSame(copy, Objects.requireNonNull(copy.getCause()).getCause());
  }

  /// Keeps the object that it was made from, as parsers' exceptions do.
  static final class Unreadable extends RuntimeException {
    private static final long serialVersionUID = 1L;
    final String text;
    final int line;

    Unreadable(String text, int line) {
      super(text);
      this.text = text;
      this.line = line;
    }
  }

  /// Adds words to the message that it was given.
  static final class Wordy extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Wordy(String message) {
      super(message);
    }

    @Override
    public String getMessage() {
      return "wordy: " + super.getMessage();
    }
  }

  private static Throwable sent(Throwable thrown) {
    byte[] bytes = Failures.encode(thrown);
    assertTrue(bytes.length <= Failures.BYTES_MAX, "bytes=" + bytes.length);
    return CODEC.decodeFailure(bytes);
  }

  @Test
  void shouldKeepTheTypeWhateverTheLengthOfTheMessage() {
    for (int length = 1; length < 60_000_000; length += 1 + length / 3) {
      String message = "x".repeat(length);
      Unreadable thrown = new Unreadable(message, 7);
      thrown.setStackTrace(Arrays.copyOf(thrown.getStackTrace(), 8));
      Unreadable copy = assertInstanceOf(Unreadable.class, sent(thrown));
      String told = Objects.requireNonNull(copy.getMessage());
      assertEquals(7, copy.line);
      assertEquals(8, copy.getStackTrace().length);
      assertSame(told, copy.text, "one string as before");
      if (!told.equals(message)) {
        int kept = told.indexOf("...");
        assertTrue(kept > 13_000, "kept=" + kept);
        assertEquals(
            message.substring(0, kept) + "... (" + (length - kept) + " more characters)", told);
      } else {
        assertTrue(length < 16_000);
      }
    }
    String wide = "\ud83d\ude00".repeat(50_000);
    String told = Objects.requireNonNull(sent(new IOException(wide)).getMessage());
    int kept = told.indexOf("...");
    assertEquals(wide.substring(0, kept), told.substring(0, kept));
    assertTrue(kept > 2_000 && kept % 2 == 0, "half a character: " + kept);
    assertTrue(
        told.endsWith("... (" + (100_000 - kept) + " more characters)"), told.substring(kept));
  }

  @Test
  void shouldCutEachMessageOfAChain() {
    Throwable thrown = new IOException("a".repeat(50_000));
    for (int i = 0; i < 9; i++) {
      thrown = new BondException(i, thrown);
      thrown.addSuppressed(new IllegalStateException("s".repeat(20_000)));
    }
    thrown = new Unreadable("u".repeat(50_000), 1).initCause(thrown);
    Throwable at = assertInstanceOf(Unreadable.class, sent(thrown));
    Throwable was = thrown;
    int first = Objects.requireNonNull(at.getMessage()).indexOf("...");
    assertTrue(first > 1_000, "kept=" + first);
    for (int i = 0; i < 10; i++) {
      at = Objects.requireNonNull(at.getCause());
      was = Objects.requireNonNull(was.getCause());
      assertEquals(was.getClass(), at.getClass());
      assertTrue(at.getStackTrace().length > 0, "of cause " + i);
      assertEquals(was.getSuppressed().length, at.getSuppressed().length);
    }
    assertTrue(String.valueOf(at.getMessage()).startsWith("a".repeat(50)));
    assertTrue(String.valueOf(at.getMessage()).endsWith(" more characters)"));
  }

  @Test
  void shouldTellTheBeginningOfWhatIsTooLargeAnyway() {
    RemoteException remote =
        assertInstanceOf(RemoteException.class, sent(new Wordy("w".repeat(50_000))));
    assertEquals(Wordy.class.getName(), remote.remoteClassName());
    assertTrue(
        String.valueOf(remote.getMessage())
            .startsWith(Wordy.class.getName() + ": wordy: " + "w".repeat(10_000)));
    assertTrue(remote.getStackTrace().length > 0);
    assertInstanceOf(Wordy.class, sent(new Wordy("short")));
    assertEquals("wordy: short", sent(new Wordy("short")).getMessage());
  }

  private static Throwable withSuppressed() {
    BondException thrown = new BondException(3, new IOException("disk"));
    Throwable first = new IllegalStateException("close", new IOException("still open"));
    first.addSuppressed(new ArithmeticException("deeper"));
    thrown.addSuppressed(first);
    thrown.addSuppressed(new BondException(4, null));
    Objects.requireNonNull(thrown.getCause())
        .addSuppressed(new ArithmeticException("of the cause"));
    return thrown;
  }

  private static void assertTold(Throwable was, Throwable is, boolean isOriginal) {
    String name = was.getClass().getName();
    assertEquals(
        name,
        is instanceof RemoteException remote ? remote.remoteClassName() : is.getClass().getName());
    assertEquals(isOriginal, !(is instanceof RemoteException));
    assertTrue(String.valueOf(is.getMessage()).endsWith(String.valueOf(was.getMessage())));
    int frames = Math.min(10, is.getStackTrace().length);
    assertTrue(frames > 0, name);
    assertArrayEquals(
        Arrays.copyOf(was.getStackTrace(), frames), Arrays.copyOf(is.getStackTrace(), frames));
    assertEquals(was.getSuppressed().length, is.getSuppressed().length);
    for (int i = 0; i < was.getSuppressed().length; i++) {
      assertTold(was.getSuppressed()[i], is.getSuppressed()[i], isOriginal);
    }
    assertEquals(was.getCause() == null, is.getCause() == null);
    if (was.getCause() != null) {
      assertTold(was.getCause(), Objects.requireNonNull(is.getCause()), isOriginal);
    }
  }

  @Test
  void shouldBringWhatIsSuppressedWithItsStacks() {
    Throwable thrown = withSuppressed();
    assertTold(thrown, sent(thrown), true);
    ClassLoader bare = new ClassLoader(ClassLoader.getPlatformClassLoader()) {};
    assertTold(thrown, Failures.decode(Failures.encode(thrown), bare), false);
  }

  @Test
  void shouldBoundWhatIsSuppressed() {
    Throwable thrown = new IOException("all of them");
    for (int i = 0; i < 40; i++) {
      thrown.addSuppressed(new IllegalStateException("s" + i));
    }
    Throwable copy = assertInstanceOf(IOException.class, sent(thrown));
    assertEquals(40, copy.getSuppressed().length);
    for (int i = 0; i < 40; i++) {
      assertEquals("s" + i, copy.getSuppressed()[i].getMessage());
      assertEquals(i < 8, copy.getSuppressed()[i].getStackTrace().length > 0, "s" + i);
    }
    for (int i = 0; i < 5_000; i++) {
      thrown.addSuppressed(new IllegalStateException("s" + i));
    }
    RemoteException many = assertInstanceOf(RemoteException.class, sent(thrown));
    assertEquals("java.io.IOException", many.remoteClassName());
    assertEquals(8, many.getSuppressed().length);
    Throwable nested = new IOException("0");
    for (int i = 0; i < 200; i++) {
      Throwable outer = new IOException("" + i);
      outer.addSuppressed(nested);
      nested = outer;
    }
    Throwable at = sent(nested);
    assertTrue(String.valueOf(at.getMessage()).endsWith("199"));
    for (int i = 0; i < 20; i++) {
      assertTrue(at.getStackTrace().length > 0);
      at = at.getSuppressed()[0];
    }
  }

  @Test
  void shouldStayWithinBoundsWithClassesOfLongNames() throws Exception {
    String name = "\u8a9e".repeat(250);
    Throwable thrown = new IOException("first");
    for (int i = 0; i < 30; i++) {
      thrown.addSuppressed(dev.heddle.behaviour.UnknownClass.exception("p." + name + i, "m" + i));
    }
    Throwable copy = sent(thrown);
    assertTrue(String.valueOf(copy.getMessage()).endsWith("first"));
    assertTrue(copy.getStackTrace().length > 0);
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
    byte[] original = Failures.encode(new BondException(3, new IOException("disk")));
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
        assertNotNull(CODEC.decodeFailure(bytes));
      } catch (Throwable e) {
        throw new AssertionError("seed=" + seed, e);
      }
    }
    RemoteException remote =
        assertInstanceOf(RemoteException.class, Failures.decode(new byte[0], LOADER));
    assertTrue(String.valueOf(remote.getMessage()).contains("could not be read"));
  }
}
