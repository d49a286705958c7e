package dev.heddle.codec;

import dev.heddle.TaskSerializationException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Arguments, captures and results to bytes and back.
///
/// Shape: the first byte is a tag ([Tags]). Boxes, strings, primitive arrays, records, enums and
/// the JDK's containers of these are written by Heddle itself, as a tree: an object reached twice
/// arrives as two. As soon as an ordinary object is in it, the whole value goes to Apache Fory,
/// which keeps shared references and cycles. Containers arrive with the same behaviour (an
/// immutable list stays immutable, a `TreeMap` sorted); views such as `keySet()` and `subList`
/// arrive as copies.
///
/// Threading: thread-safe; user code (accessors, constructors, `compareTo`) runs on the caller's
/// thread. Errors: [TaskSerializationException] that names path, type and remedy, or the class that
/// is missing here.
public final class ValueCodec {
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  /// First size of the buffer for anything composite: most arguments fit without growing.
  private static final int EXPECTED_BYTES = 256;

  /// Loaded classes that are remembered by name; beyond, they are looked up each time.
  private static final int CLASSES_MAX = 4096;

  private final ClassLoader loader;
  private final Admission admission;
  private final ConcurrentHashMap<String, Class<?>> classes = new ConcurrentHashMap<>();
  private final Object foryLock = new Object();
  private volatile @Nullable ForyBridge fory;

  private final ClassValue<ClassPlan> plans =
      new ClassValue<>() {
        @Override
        protected ClassPlan computeValue(Class<?> type) {
          return ClassPlan.of(type, admission);
        }
      };

  /// A codec that loads classes by `loader` and lets through JDK values and what lies in
  /// `serializablePackages` or below; `""` stands for the unnamed package.
  public ValueCodec(ClassLoader loader, List<String> serializablePackages) {
    this.loader = loader;
    this.admission = new Admission(serializablePackages);
  }

  Admission admission() {
    return admission;
  }

  ClassLoader loader() {
    return loader;
  }

  ClassPlan plan(Class<?> type) {
    return plans.get(type);
  }

  /// Encodes `value`; `what` starts the path in messages, as in `argument 0 of Chem.energy`.
  ///
  /// Shape: the array is exactly as long as the encoding. Ownership: the caller's.
  public byte[] encode(@Nullable Object value, String what) {
    byte[] bytes = encodeScalar(value);
    return bytes != null ? bytes : encodeComposite(Objects.requireNonNull(value), what, -1, null);
  }

  /// As [#encode(Object, String)] with the path `ROLE INDEX of LABEL`, put together only if it is
  /// needed: for the hot path of submitting.
  ///
  /// Shape: `role` is `argument`, `capture` or `result`; a negative `index` is left out.
  public byte[] encode(
      @Nullable Object value, String role, int index, FunctionDefinition definition) {
    byte[] bytes = encodeScalar(value);
    return bytes != null
        ? bytes
        : encodeComposite(Objects.requireNonNull(value), role, index, definition);
  }

  private static byte @Nullable [] encodeScalar(@Nullable Object value) {
    return switch (value) {
      case null -> new byte[] {Tags.NULL};
      case Long l -> tagged(Tags.LONG, l);
      case Double d -> tagged(Tags.DOUBLE, Double.doubleToRawLongBits(d));
      case Integer i -> tagged(i);
      case Boolean b -> new byte[] {(byte) (b ? Tags.TRUE : Tags.FALSE)};
      default -> null;
    };
  }

  private static byte[] tagged(int tag, long bits) {
    byte[] bytes = new byte[9];
    bytes[0] = (byte) tag;
    LONG.set(bytes, 1, bits);
    return bytes;
  }

  private static byte[] tagged(int value) {
    byte[] bytes = new byte[5];
    bytes[0] = Tags.INTEGER;
    INT.set(bytes, 1, value);
    return bytes;
  }

  private byte[] encodeComposite(
      Object value, String role, int index, @Nullable FunctionDefinition definition) {
    try {
      ValueWriter writer = new ValueWriter(this, expectedBytes(value));
      writer.write(value);
      return writer.result();
    } catch (Refusal refusal) {
      String what = what(role, index, definition);
      if (refusal.isTooDeep) {
        throw tooDeep(what, value, null);
      }
      return encodeByFory(value, what);
    } catch (TaskSerializationException e) {
      throw new TaskSerializationException(
          what(role, index, definition) + ": " + e.getMessage(), e.getCause());
    } catch (StackOverflowError e) {
      throw tooDeep(what(role, index, definition), value, e);
    } catch (RuntimeException | LinkageError e) {
      throw failed(what(role, index, definition), value, e);
    }
  }

  private static String what(String role, int index, @Nullable FunctionDefinition definition) {
    return definition == null
        ? role
        : role + (index < 0 ? "" : " " + index) + " of " + definition.label();
  }

  private static TaskSerializationException tooDeep(
      String what, Object value, @Nullable Throwable cause) {
    return new TaskSerializationException(
        what
            + ": "
            + value.getClass().getName()
            + " can't be sent: it is nested deeper than "
            + ValueWriter.DEPTH_MAX
            + " levels, or contains itself; send its parts in a list",
        cause);
  }

  private static TaskSerializationException failed(String what, Object value, Throwable e) {
    return new TaskSerializationException(
        what + ": " + value.getClass().getName() + " can't be sent: " + e, e);
  }

  private byte[] encodeByFory(Object value, String what) {
    try {
      new GraphCheck(this, what).check(value);
      return fory().encode(value);
    } catch (TaskSerializationException e) {
      throw e;
    } catch (StackOverflowError e) {
      throw tooDeep(what, value, e);
    } catch (RuntimeException | LinkageError e) {
      if (e.getCause() instanceof StackOverflowError
          || String.valueOf(e.getMessage()).contains("depth")) {
        throw tooDeep(what, value, e);
      }
      throw failed(what, value, e);
    }
  }

  private ForyBridge fory() {
    ForyBridge bridge = fory;
    if (bridge == null) {
      synchronized (foryLock) {
        bridge = fory;
        if (bridge == null) {
          bridge = new ForyBridge(loader, admission);
          fory = bridge;
        }
      }
    }
    return bridge;
  }

  /// Exact sizes where they are known: a large array must not be copied while its buffer grows.
  private static int expectedBytes(Object value) {
    long bytes =
        switch (value) {
          case String s -> s.length() + 6L;
          case byte[] a -> a.length + 6L;
          case boolean[] a -> a.length + 6L;
          case short[] a -> 2L * a.length + 6;
          case char[] a -> 2L * a.length + 6;
          case int[] a -> 4L * a.length + 6;
          case float[] a -> 4L * a.length + 6;
          case long[] a -> 8L * a.length + 6;
          case double[] a -> 8L * a.length + 6;
          default -> EXPECTED_BYTES;
        };
    return (int) Math.min(bytes, Integer.MAX_VALUE - 16);
  }

  /// Decodes the value in `length` bytes from `offset`.
  ///
  /// Ownership: `bytes` is read during the call only. Errors: [TaskSerializationException] for
  /// bytes that are damaged, a class that is missing here, or one that may not be received; memory
  /// taken stays in proportion to `length`.
  public @Nullable Object decode(byte[] bytes, int offset, int length) {
    Objects.checkFromIndexSize(offset, length, bytes.length);
    if (length == 9 && bytes[offset] == Tags.LONG) {
      return (long) LONG.get(bytes, offset + 1);
    }
    if (length == 0) {
      throw new TaskSerializationException("a value's bytes are damaged: there are none", null);
    }
    try {
      return bytes[offset] == Tags.FORY
          ? fory().decode(bytes, offset + 1, length - 1)
          : new ValueReader(this, bytes, offset, length).readAll();
    } catch (TaskSerializationException e) {
      throw e;
    } catch (RuntimeException | LinkageError | StackOverflowError e) {
      throw undecodable(e);
    }
  }

  private TaskSerializationException undecodable(Throwable e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof ClassNotFoundException || cause instanceof NoClassDefFoundError) {
        return missing(String.valueOf(cause.getMessage()).replace('/', '.'), e);
      }
      // By name: this class must not load Fory for bytes that don't need it.
      if (cause.getClass().getName().equals("org.apache.fory.exception.InsecureException")) {
        return new TaskSerializationException(
            "a value may not be received: "
                + cause.getMessage()
                + " serializablePackages="
                + admission,
            e);
      }
    }
    return new TaskSerializationException(
        "a value can't be decoded (bytes damaged, or classes that differ between ranks): " + e, e);
  }

  private static TaskSerializationException missing(String className, Throwable e) {
    return new TaskSerializationException(
        "class " + className + " is missing on this rank: give all ranks the same class path", e);
  }

  /// Loads a class by the name that `Class.getName()` gives, without initializing it.
  Class<?> load(String name) {
    Class<?> type = classes.get(name);
    if (type == null) {
      try {
        type = Class.forName(name, false, loader);
      } catch (ClassNotFoundException | LinkageError e) {
        throw missing(name, e);
      }
      if (classes.size() < CLASSES_MAX) {
        classes.put(name, type);
      }
    }
    return type;
  }
}
