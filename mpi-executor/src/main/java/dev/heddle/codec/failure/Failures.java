package dev.heddle.codec.failure;

import dev.heddle.RemoteException;
import dev.heddle.codec.failure.FailureLinks.Link;
import dev.heddle.codec.form.Admission;
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
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Exceptions to bytes and back: as text for every reader, and as the object itself for readers
/// that have its class.
///
/// Shape: a version byte; links (the exception, its causes, their suppressed exceptions), each with
/// class name, message and stack; then the serialized exception, or nothing. At most [#BYTES_MAX]
/// in all. The object has neither stacks nor messages in it, so that a long message loses its end
/// and not the type: both are put back from the links. Threading: stateless. Errors: none of the
/// methods throws.
public final class Failures {
  /// Fits a frame of its own with room to spare; the ends of messages and stacks are cut first,
  /// then the object is left out.
  public static final int BYTES_MAX = 16 * 1024;

  private static final int VERSION = 2;

  /// Bytes that the links get in any case, beyond their minimum.
  private static final int TEXT_BYTES_MIN = 2 * 1024;

  /// The version, and the length of the object.
  private static final int HEAD_BYTES = 5;

  private static final StackTraceElement[] NO_STACK = {};

  private Failures() {}

  /// Encodes `failure` with its causes; never throws, whatever the methods of `failure` do.
  public static byte[] encode(Throwable failure) {
    return Objects.requireNonNullElseGet(
        encode(failure, false), () -> minimal(failure.getClass().getName()));
  }

  /// As [#encode] for an exception that is part of a value. Returns null where the exception would
  /// arrive as another class, because Java serialization can't write it or it is too large. Never
  /// throws.
  public static byte @Nullable [] encodeWhole(Throwable part) {
    return encode(part, true);
  }

  private static byte @Nullable [] encode(Throwable failure, boolean isWhole) {
    try {
      FailureLinks links = FailureLinks.of(failure);
      int room = BYTES_MAX - HEAD_BYTES;
      byte[] object = serialized(failure, links, room - links.bytesMin() - TEXT_BYTES_MIN);
      if (isWhole && object.length == 0) {
        return null;
      }
      ByteArrayOutputStream bytes = new ByteArrayOutputStream(1024);
      DataOutputStream out = new DataOutputStream(bytes);
      out.writeByte(VERSION);
      out.write(links.toBytes(room - object.length));
      out.writeInt(object.length);
      out.write(object);
      return bytes.toByteArray();
    } catch (Throwable e) {
      return null;
    }
  }

  private static byte[] minimal(String className) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
    DataOutputStream out = new DataOutputStream(bytes);
    try {
      out.writeByte(VERSION);
      out.write(FailureLinks.minimal(className).toBytes(BYTES_MAX - HEAD_BYTES));
      out.writeInt(0);
    } catch (IOException e) {
      throw new AssertionError("writing to memory", e);
    }
    return bytes.toByteArray();
  }

  /// The exception by JDK serialization without stacks and messages, or nothing if it can't be
  /// serialized or is too large.
  private static byte[] serialized(Throwable failure, FailureLinks links, int bytesMax) {
    Bounded bounded = new Bounded(bytesMax);
    try (TextlessOutput out = new TextlessOutput(bounded, links)) {
      out.writeObject(failure);
    } catch (Throwable e) {
      return new byte[0];
    }
    return bounded.toByteArray();
  }

  /// Stands for the message of a link, followed by the link's number.
  private static final String MESSAGE_OF = "\0heddle: the message of link ";

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

  /// Leaves out the stacks, and all messages: they travel as text already, and take most of the
  /// bytes.
  private static final class TextlessOutput extends ObjectOutputStream {
    private final IdentityHashMap<String, Integer> messages = new IdentityHashMap<>();

    TextlessOutput(OutputStream out, FailureLinks links) throws IOException {
      super(out);
      for (int i = 0; i < links.all().size(); i++) {
        String message = links.all().get(i).message();
        if (message != null) {
          messages.putIfAbsent(message, i);
        }
      }
      enableReplaceObject(true);
    }

    @Override
    protected Object replaceObject(Object object) {
      if (object instanceof StackTraceElement[]) {
        return NO_STACK;
      }
      Integer link = object instanceof String text ? messages.get(text) : null;
      return link == null ? object : MESSAGE_OF + link;
    }
  }

  /// As [#decode(byte[], ClassLoader, Admission)], where the object may hold JDK classes and
  /// exceptions only.
  public static Throwable decode(byte[] bytes, ClassLoader loader) {
    return decode(bytes, loader, new Admission(List.of()));
  }

  /// Decodes what [#encode] wrote.
  ///
  /// Shape: the original exception with its remote stack if its class loads here and all objects in
  /// it may be received; else a [RemoteException] with name, message, stack, causes and suppressed
  /// exceptions. Damaged bytes give a [RemoteException] that says so.
  public static Throwable decode(byte[] bytes, ClassLoader loader, Admission admission) {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      if (in.readByte() != VERSION) {
        return unreadable("unknown version", null);
      }
      FailureLinks links = FailureLinks.read(in);
      int length = in.readInt();
      if (length < 0 || length != in.available()) {
        return unreadable("object bytes=" + length + " left=" + in.available(), null);
      }
      Throwable original =
          length == 0 ? null : deserialize(in.readAllBytes(), links, loader, admission);
      return original == null ? remote(links.all()) : original;
    } catch (Throwable e) {
      return unreadable(e.toString(), e);
    }
  }

  private static RemoteException unreadable(String why, @Nullable Throwable cause) {
    return new RemoteException(
        "(unknown)", "a task failed, but its failure could not be read: " + why, NO_STACK, cause);
  }

  /// The same tree, with a [RemoteException] for each link, behind its parent.
  private static RemoteException remote(List<Link> links) {
    RemoteException[] each = new RemoteException[links.size()];
    for (int i = each.length - 1; i >= 0; i--) {
      RemoteException cause = null;
      for (int k = i + 1; k < each.length; k++) {
        if (links.get(k).parent() == i && links.get(k).isCause()) {
          cause = each[k];
        }
      }
      Link link = links.get(i);
      each[i] = new RemoteException(link.className(), link.message(), link.stackArray(), cause);
      for (int k = i + 1; k < each.length; k++) {
        if (links.get(k).parent() == i && !links.get(k).isCause()) {
          each[i].addSuppressed(each[k]);
        }
      }
    }
    return each[0];
  }

  /// The exception itself, or null if a class is missing or not let through.
  private static @Nullable Throwable deserialize(
      byte[] object, FailureLinks links, ClassLoader loader, Admission admission) {
    try (ObjectInputStream in = new LoadingInput(object, loader, links.all())) {
      in.setObjectInputFilter(info -> judge(info, admission, object.length));
      if (in.readObject() instanceof Throwable original
          && FailureLinks.shortName(original.getClass().getName())
              .equals(links.first().className())) {
        links.restoreStacks(original);
        return isUsable(original) ? original : null;
      }
      return null;
    } catch (Throwable e) {
      return null;
    }
  }

  /// Whether the exception can be printed: an exception whose own methods throw would hide the
  /// failure.
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

  /// Admits exceptions of any package, JDK values and the user's own classes, and no other class,
  /// so that no gadget of a library on the class path is ever instantiated.
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

  /// Puts the messages back, and loads classes by the user's loader rather than the loader of the
  /// calling code.
  private static final class LoadingInput extends ObjectInputStream {
    private final ClassLoader loader;
    private final List<Link> links;

    LoadingInput(byte[] object, ClassLoader loader, List<Link> links) throws IOException {
      super(new ByteArrayInputStream(object));
      this.loader = loader;
      this.links = links;
      enableResolveObject(true);
    }

    @Override
    protected @Nullable Object resolveObject(Object object) {
      return object instanceof String text && text.startsWith(MESSAGE_OF)
          ? links.get(Integer.parseInt(text.substring(MESSAGE_OF.length()))).message()
          : object;
    }

    @Override
    protected Class<?> resolveClass(ObjectStreamClass description) throws ClassNotFoundException {
      try {
        return Class.forName(description.getName(), false, loader);
      } catch (ClassNotFoundException e) {
        // The superclass would answer from the loader of the code on the stack.
        Class<?> primitive = Class.forPrimitiveName(description.getName());
        if (primitive == null) {
          throw e;
        }
        return primitive;
      }
    }
  }
}
