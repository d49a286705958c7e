package dev.heddle.codec;

import dev.heddle.codec.form.SerialForm;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InvalidObjectException;
import java.io.NotActiveException;
import java.io.ObjectInputFilter;
import java.io.ObjectInputStream;
import java.io.ObjectInputValidation;
import java.io.ObjectStreamClass;
import java.lang.invoke.MethodHandle;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The stream for a class's own `readObject` or `readExternal`. It holds the items of one block,
/// all read already.
///
/// Shape: as [SerialOutput] wrote them. Items that are left unread are skipped. Threading: one
/// thread; one stream per part of an object. Errors: those of [ObjectInputStream].
final class SerialInput extends ObjectInputStream {
  /// Numbers and text.
  record Bytes(byte[] bytes) {}

  /// A part's fields, in its order.
  @SuppressWarnings("ArrayRecordComponent") // the record is read once and never compared
  record Named(@Nullable Object[] values) {}

  /// Collects the validations that run when the whole graph is there.
  interface Validations {
    void add(ObjectInputValidation validation, int priority);
  }

  private static final DataInputStream NOTHING =
      new DataInputStream(new ByteArrayInputStream(new byte[0]));

  private final Object object;
  private final SerialForm.@Nullable Part part;
  private final List<@Nullable Object> items;
  private final Validations validations;
  private int next;
  private DataInputStream data = NOTHING;

  /// `part` is null for an Externalizable.
  SerialInput(
      Object object,
      SerialForm.@Nullable Part part,
      List<@Nullable Object> items,
      Validations validations)
      throws IOException {
    super();
    this.object = object;
    this.part = part;
    this.items = items;
    this.validations = validations;
    // Collections size their tables by a count that they read, and check that size here first: a
    // table has at most 8 places per entry (a load factor of 1/4, rounded up).
    setObjectInputFilter(
        info ->
            info.arrayLength() > 16L * (items.size() + 4)
                ? ObjectInputFilter.Status.REJECTED
                : ObjectInputFilter.Status.UNDECIDED);
  }

  /// The next bytes, or none.
  private DataInputStream data() throws IOException {
    if (data.available() == 0 && next < items.size() && items.get(next) instanceof Bytes b) {
      next++;
      data = new DataInputStream(new ByteArrayInputStream(b.bytes()));
    }
    return data;
  }

  @Override
  protected @Nullable Object readObjectOverride() throws IOException {
    if (data().available() > 0) {
      throw new EOFException("an object is read where numbers or text were written");
    }
    if (next == items.size() || items.get(next) instanceof Named) {
      // This exception's fields say how many bytes are left, or that the end is reached; its
      // constructor is not accessible.
      throw new EOFException("an object is read where none was written");
    }
    return items.get(next++);
  }

  @Override
  public @Nullable Object readUnshared() throws IOException {
    return readObjectOverride();
  }

  private SerialForm.Part part() throws NotActiveException {
    if (part == null) {
      throw new NotActiveException("an Externalizable has no default fields");
    }
    return part;
  }

  @Override
  public void defaultReadObject() throws IOException, ClassNotFoundException {
    MethodHandle read = part().defaultRead;
    if (read == null) {
      readFields();
      return;
    }
    try {
      read.invokeExact(object, (ObjectInputStream) this);
    } catch (RuntimeException | Error | IOException | ClassNotFoundException e) {
      throw e;
    } catch (Throwable e) {
      throw new IOException(e);
    }
  }

  @Override
  public GetField readFields() throws IOException {
    SerialForm.Part mine = part();
    if (next < items.size() && items.get(next) instanceof Named named) {
      next++;
      return new Read(mine, named.values());
    }
    throw new NotActiveException("fields are read where none were written");
  }

  @Override
  public void registerValidation(@Nullable ObjectInputValidation validation, int priority)
      throws InvalidObjectException {
    if (validation == null) {
      throw new InvalidObjectException("null callback");
    }
    validations.add(validation, priority);
  }

  private static final class Read extends GetField {
    private final SerialForm.Part part;
    private final @Nullable Object[] values;

    Read(SerialForm.Part part, @Nullable Object[] values) {
      this.part = part;
      this.values = values;
    }

    @Override
    public ObjectStreamClass getObjectStreamClass() {
      return java.util.Objects.requireNonNull(part.stream);
    }

    private @Nullable Object value(String name, char kind) {
      int index = part.index(name);
      if (index < 0 || part.kinds[index] != kind) {
        throw new IllegalArgumentException("no field " + name + " with type of kind " + kind);
      }
      return values[index];
    }

    @Override
    public boolean defaulted(String name) {
      if (part.index(name) < 0) {
        throw new IllegalArgumentException("no field " + name);
      }
      return false;
    }

    @Override
    public boolean get(String name, boolean other) {
      return value(name, 'Z') instanceof Boolean b ? b : other;
    }

    @Override
    public byte get(String name, byte other) {
      return value(name, 'B') instanceof Byte b ? b : other;
    }

    @Override
    public char get(String name, char other) {
      return value(name, 'C') instanceof Character c ? c : other;
    }

    @Override
    public short get(String name, short other) {
      return value(name, 'S') instanceof Short s ? s : other;
    }

    @Override
    public int get(String name, int other) {
      return value(name, 'I') instanceof Integer i ? i : other;
    }

    @Override
    public long get(String name, long other) {
      return value(name, 'J') instanceof Long l ? l : other;
    }

    @Override
    public float get(String name, float other) {
      return value(name, 'F') instanceof Float f ? f : other;
    }

    @Override
    public double get(String name, double other) {
      return value(name, 'D') instanceof Double d ? d : other;
    }

    @Override
    public @Nullable Object get(String name, @Nullable Object other) {
      return value(name, 'L');
    }
  }

  // Numbers and text.

  @Override
  public int read() throws IOException {
    return data().read();
  }

  @Override
  public int read(byte[] target) throws IOException {
    return data().read(target);
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    return data().read(target, offset, length);
  }

  @Override
  public int available() throws IOException {
    return data().available();
  }

  @Override
  public boolean readBoolean() throws IOException {
    return data().readBoolean();
  }

  @Override
  public byte readByte() throws IOException {
    return data().readByte();
  }

  @Override
  public int readUnsignedByte() throws IOException {
    return data().readUnsignedByte();
  }

  @Override
  public char readChar() throws IOException {
    return data().readChar();
  }

  @Override
  public short readShort() throws IOException {
    return data().readShort();
  }

  @Override
  public int readUnsignedShort() throws IOException {
    return data().readUnsignedShort();
  }

  @Override
  public int readInt() throws IOException {
    return data().readInt();
  }

  @Override
  public long readLong() throws IOException {
    return data().readLong();
  }

  @Override
  public float readFloat() throws IOException {
    return data().readFloat();
  }

  @Override
  public double readDouble() throws IOException {
    return data().readDouble();
  }

  @Override
  public void readFully(byte[] target) throws IOException {
    data().readFully(target);
  }

  @Override
  public void readFully(byte[] target, int offset, int length) throws IOException {
    data().readFully(target, offset, length);
  }

  @Override
  public int skipBytes(int length) throws IOException {
    return data().skipBytes(length);
  }

  @Override
  public long skip(long length) throws IOException {
    return data().skip(length);
  }

  @Override
  @Deprecated
  @SuppressWarnings("deprecation") // the stream's own method is deprecated too
  public @Nullable String readLine() throws IOException {
    return data().readLine();
  }

  @Override
  public String readUTF() throws IOException {
    return data().readUTF();
  }

  @Override
  public void close() {}
}
