package dev.heddle.codec;

import dev.heddle.RemoteException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.NotSerializableException;
import java.io.ObjectInputFilter;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.ObjectStreamClass;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Exceptions to bytes and back: as text for every reader, and as the object itself for readers
/// that have its class.
///
/// Shape: a version byte; a count of links (the exception, its cause, that one's cause ...), each
/// with class name, message and stack; then the serialized exception, or nothing. At most
/// [#BYTES_MAX] in all. Threading: stateless. Errors: none of the methods throws.
public final class Failures {
  /// Fits a frame of its own with room to spare; stacks are cut first, then the object is left out.
  public static final int BYTES_MAX = 16 * 1024;

  private static final int VERSION = 1;

  /// Links of a chain of causes that are kept.
  private static final int CAUSES_MAX = 16;

  /// Stack frames kept: of the exception itself, and of each cause, which repeats most of them.
  private static final int STACK_MAX = 64;

  private static final int CAUSE_STACK_MAX = 24;

  private static final int MESSAGE_CHARS_MAX = 2048;
  private static final int NAME_CHARS_MAX = 256;

  /// Bytes that the text may take, so that the object has a chance beside it.
  private static final int TEXT_BYTES_MAX = 10 * 1024;

  private static final StackTraceElement[] NO_STACK = {};

  private Failures() {}

  /// What is known of one exception of the chain.
  private record Link(String className, @Nullable String message, List<StackTraceElement> stack) {}

  /// Encodes `failure` with its causes; never throws, whatever its methods do.
  public static byte[] encode(Throwable failure, ValueCodec codec) {
    try {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream(1024);
      DataOutputStream out = new DataOutputStream(bytes);
      out.writeByte(VERSION);
      writeLinks(links(failure), out, bytes);
      byte[] object = serialized(failure, BYTES_MAX - bytes.size() - 8);
      out.writeInt(object.length);
      out.write(object);
      return bytes.toByteArray();
    } catch (Throwable e) {
      return minimal(failure.getClass().getName());
    }
  }

  private static byte[] minimal(String className) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
    DataOutputStream out = new DataOutputStream(bytes);
    try {
      out.writeByte(VERSION);
      out.writeByte(1);
      writeText(out, cut(className, NAME_CHARS_MAX));
      writeText(out, "(the exception could not be taken apart)");
      out.writeShort(0);
      out.writeInt(0);
    } catch (IOException e) {
      throw new AssertionError("writing to memory", e);
    }
    return bytes.toByteArray();
  }

  private static List<Link> links(Throwable failure) {
    List<Link> links = new ArrayList<>();
    Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    Throwable at = failure;
    while (at != null && links.size() < CAUSES_MAX && seen.add(at)) {
      int stackMax = links.isEmpty() ? STACK_MAX : CAUSE_STACK_MAX;
      links.add(new Link(at.getClass().getName(), messageOf(at), stackOf(at, stackMax)));
      at = causeOf(at);
    }
    return links;
  }

  // Throwable is caught all through: user code (getMessage, readObject) may throw any Error, and
  // the
  // failure must get through.
  private static @Nullable String messageOf(Throwable t) {
    try {
      return t.getMessage();
    } catch (Throwable e) {
      return "(getMessage() threw " + e.getClass().getName() + ")";
    }
  }

  private static @Nullable Throwable causeOf(Throwable t) {
    try {
      return t.getCause();
    } catch (Throwable e) {
      return null;
    }
  }

  private static List<StackTraceElement> stackOf(Throwable t, int framesMax) {
    try {
      StackTraceElement[] stack = t.getStackTrace();
      return List.of(stack.length <= framesMax ? stack : Arrays.copyOf(stack, framesMax));
    } catch (Throwable e) {
      return List.of();
    }
  }

  /// Writes the links; frames are left out once the text has its share.
  private static void writeLinks(
      List<Link> links, DataOutputStream out, ByteArrayOutputStream bytes) throws IOException {
    out.writeByte(links.size());
    int linksLeft = links.size();
    for (Link link : links) {
      // Later links keep room for name and a short message.
      int share = (TEXT_BYTES_MAX - bytes.size()) / linksLeft--;
      int end = bytes.size() + Math.max(0, links.size() == 1 ? TEXT_BYTES_MAX : 2 * share);
      writeText(out, cut(link.className, NAME_CHARS_MAX));
      writeText(
          out,
          link.message == null ? null : cut(link.message, Math.min(MESSAGE_CHARS_MAX, 64 + share)));
      ByteArrayOutputStream stackBytes = new ByteArrayOutputStream(1024);
      DataOutputStream stackOut = new DataOutputStream(stackBytes);
      int frames = 0;
      int room = Math.min(end, TEXT_BYTES_MAX) - bytes.size();
      for (StackTraceElement frame : link.stack) {
        int before = stackBytes.size();
        writeFrame(stackOut, frame);
        if (stackBytes.size() > room) {
          byte[] kept = Arrays.copyOf(stackBytes.toByteArray(), before);
          stackBytes.reset();
          stackBytes.write(kept);
          break;
        }
        frames++;
      }
      out.writeShort(frames);
      stackBytes.writeTo(out);
    }
  }

  private static void writeFrame(DataOutputStream out, StackTraceElement frame) throws IOException {
    writeText(out, nullableCut(frame.getClassLoaderName()));
    writeText(out, nullableCut(frame.getModuleName()));
    writeText(out, nullableCut(frame.getModuleVersion()));
    writeText(out, cut(frame.getClassName(), NAME_CHARS_MAX));
    writeText(out, cut(frame.getMethodName(), NAME_CHARS_MAX));
    writeText(out, nullableCut(frame.getFileName()));
    out.writeInt(frame.getLineNumber());
  }

  private static @Nullable String nullableCut(@Nullable String s) {
    return s == null ? null : cut(s, NAME_CHARS_MAX);
  }

  private static String cut(String s, int charsMax) {
    return s.length() <= charsMax ? s : s.substring(0, charsMax - 3) + "...";
  }

  private static void writeText(DataOutputStream out, @Nullable String s) throws IOException {
    out.writeBoolean(s != null);
    if (s != null) {
      out.writeUTF(s);
    }
  }

  private static @Nullable String readText(DataInputStream in) throws IOException {
    return in.readBoolean() ? in.readUTF() : null;
  }

  private static String readName(DataInputStream in) throws IOException {
    String name = readText(in);
    return name == null ? "?" : name;
  }

  /// The exception by JDK serialization without stacks, or nothing if it can't be or is too large.
  private static byte[] serialized(Throwable failure, int bytesMax) {
    Bounded bounded = new Bounded(bytesMax);
    try (StacklessOutput out = new StacklessOutput(bounded)) {
      out.writeObject(failure);
    } catch (Throwable e) {
      return new byte[0];
    }
    return bounded.toByteArray();
  }

  /// Ends the writing of an object that grows too large.
  private static final class Bounded extends OutputStream {
    private final ByteArrayOutputStream target = new ByteArrayOutputStream(512);
    private final int bytesMax;

    Bounded(int bytesMax) {
      this.bytesMax = bytesMax;
    }

    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] b, int offset, int length) throws IOException {
      if (target.size() + length > bytesMax) {
        throw new NotSerializableException("larger than " + bytesMax + " bytes");
      }
      target.write(b, offset, length);
    }

    byte[] toByteArray() {
      return target.toByteArray();
    }
  }

  /// Leaves the stacks out: they travel as text already, and take most of the bytes.
  private static final class StacklessOutput extends ObjectOutputStream {
    StacklessOutput(OutputStream out) throws IOException {
      super(out);
      enableReplaceObject(true);
    }

    @Override
    protected Object replaceObject(Object object) {
      return object instanceof StackTraceElement[] ? NO_STACK : object;
    }
  }

  /// As [#decode(byte[], ValueCodec)], with JDK classes and exceptions only in the object.
  public static Throwable decode(byte[] bytes, ClassLoader loader) {
    return decode(bytes, loader, new Admission(List.of()));
  }

  /// Decodes what [#encode] wrote.
  ///
  /// Shape: the original exception with its remote stack if its class loads here and all that is in
  /// it may be received; else a [RemoteException] that tells name, message, stack and causes. Bytes
  /// that make no sense give a [RemoteException] that says so.
  public static Throwable decode(byte[] bytes, ValueCodec codec) {
    return decode(bytes, codec.loader(), codec.admission());
  }

  private static Throwable decode(byte[] bytes, ClassLoader loader, Admission admission) {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      if (in.readByte() != VERSION) {
        return unreadable("unknown version", null);
      }
      int count = in.readUnsignedByte();
      if (count == 0 || count > CAUSES_MAX) {
        return unreadable("links=" + count, null);
      }
      List<Link> links = new ArrayList<>(count);
      for (int i = 0; i < count; i++) {
        links.add(readLink(in));
      }
      int length = in.readInt();
      if (length < 0 || length != in.available()) {
        return unreadable("object bytes=" + length + " left=" + in.available(), null);
      }
      Throwable original =
          length == 0 ? null : deserialize(in.readAllBytes(), links, loader, admission);
      return original == null ? remote(links) : original;
    } catch (Throwable e) {
      return unreadable(e.toString(), e);
    }
  }

  private static Link readLink(DataInputStream in) throws IOException {
    String className = readName(in);
    String message = readText(in);
    int frames = in.readUnsignedShort();
    if (frames > STACK_MAX) {
      throw new IOException("frames=" + frames);
    }
    StackTraceElement[] stack = new StackTraceElement[frames];
    for (int i = 0; i < frames; i++) {
      stack[i] =
          new StackTraceElement(
              readText(in),
              readText(in),
              readText(in),
              readName(in),
              readName(in),
              readText(in),
              in.readInt());
    }
    return new Link(className, message, List.of(stack));
  }

  private static RemoteException unreadable(String why, @Nullable Throwable cause) {
    return new RemoteException(
        "(unknown)", "a task failed, but its failure could not be read: " + why, NO_STACK, cause);
  }

  private static RemoteException remote(List<Link> links) {
    RemoteException exception = null;
    for (Link link : links.reversed()) {
      exception =
          new RemoteException(
              link.className, link.message, link.stack.toArray(NO_STACK), exception);
    }
    return exception == null ? unreadable("no links", null) : exception;
  }

  /// The exception itself, or null if a class is missing or not let through.
  private static @Nullable Throwable deserialize(
      byte[] object, List<Link> links, ClassLoader loader, Admission admission) {
    try (ObjectInputStream in = new LoadingInput(object, loader)) {
      in.setObjectInputFilter(info -> judge(info, admission, object.length));
      if (in.readObject() instanceof Throwable original
          && original.getClass().getName().equals(links.getFirst().className)) {
        restoreStacks(original, links);
        return isUsable(original) ? original : null;
      }
      return null;
    } catch (Throwable e) {
      return null;
    }
  }

  /// Whether the reader can print it: an exception whose own methods throw would hide the failure.
  private static boolean isUsable(Throwable original) {
    try {
      Object _ = original.toString();
      Object _ = original.getStackTrace();
      Object _ = original.getCause();
      return true;
    } catch (Throwable e) {
      return false;
    }
  }

  /// Exceptions of any package, JDK values and the user's own classes; nothing else, so that no
  /// gadget of a library on the class path is ever instantiated.
  private static ObjectInputFilter.Status judge(
      ObjectInputFilter.FilterInfo info, Admission admission, int bytesMax) {
    if (info.depth() > 100 || info.references() > bytesMax || info.arrayLength() > bytesMax) {
      return ObjectInputFilter.Status.REJECTED;
    }
    Class<?> type = info.serialClass();
    if (type == null) {
      return ObjectInputFilter.Status.UNDECIDED;
    }
    while (type.isArray()) {
      type = type.componentType();
    }
    boolean isLetThrough =
        type.isPrimitive()
            || Throwable.class.isAssignableFrom(type)
            || type == StackTraceElement.class
            || type == Enum.class
            || (type.isEnum() && type.getModule() == Object.class.getModule())
            || type.getName().equals("java.util.CollSer")
            || type.getName().equals("java.time.Ser")
            || admission.admits(type.getName());
    return isLetThrough ? ObjectInputFilter.Status.ALLOWED : ObjectInputFilter.Status.REJECTED;
  }

  private static void restoreStacks(Throwable original, List<Link> links) {
    Throwable at = original;
    for (Link link : links) {
      if (at == null || !at.getClass().getName().equals(link.className)) {
        return;
      }
      at.setStackTrace(link.stack.toArray(NO_STACK));
      at = causeOf(at);
    }
  }

  /// Loads classes by the user's loader rather than the one on our stack.
  private static final class LoadingInput extends ObjectInputStream {
    private final ClassLoader loader;

    LoadingInput(byte[] object, ClassLoader loader) throws IOException {
      super(new ByteArrayInputStream(object));
      this.loader = loader;
    }

    @Override
    protected Class<?> resolveClass(ObjectStreamClass description) throws ClassNotFoundException {
      try {
        return Class.forName(description.getName(), false, loader);
      } catch (ClassNotFoundException e) {
        // Not the superclass's answer: it asks the loader of whoever is on the stack.
        Class<?> primitive = Class.forPrimitiveName(description.getName());
        if (primitive == null) {
          throw e;
        }
        return primitive;
      }
    }
  }
}
