package dev.heddle.codec;

import dev.heddle.TaskSerializationException;
import dev.heddle.codec.form.Naming;
import dev.heddle.codec.form.SerialForm;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.ObjectOutput;
import java.io.ObjectOutputStream;
import java.lang.invoke.MethodHandle;
import org.jspecify.annotations.Nullable;

/// The stream for a class's own `writeObject` or `writeExternal`: a block of items in a
/// [ValueWriter].
///
/// Shape: items are [#FIELDS], [#BYTES] and [#VALUE], each behind its tag, and [#END]. Values get
/// the writer's rules: admission, sharing, paths. Threading: one thread; one stream per part of an
/// object.
final class SerialOutput extends ObjectOutputStream {
  static final int END = 0;

  /// The part's fields by name, each as its kind says; primitives as they are.
  static final int FIELDS = 1;

  /// Varint count of bytes, the bytes: the numbers and text that were written.
  static final int BYTES = 2;

  /// A value.
  static final int VALUE = 3;

  private final ValueWriter writer;
  private final Object object;
  private final SerialForm.@Nullable Part part;
  private final String name;
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final DataOutputStream data = new DataOutputStream(bytes);
  private @Nullable Named fields;
  private int valueCount;

  /// `part` is null for an Externalizable.
  SerialOutput(ValueWriter writer, Object object, SerialForm.@Nullable Part part)
      throws IOException {
    super();
    this.writer = writer;
    this.object = object;
    this.part = part;
    this.name = Naming.of(object.getClass());
  }

  /// Ends the block.
  void end() {
    closeBytes();
    writer.putByte(END);
  }

  private void closeBytes() {
    if (bytes.size() > 0) {
      writer.putByte(BYTES);
      writer.putBytes(bytes.toByteArray());
      bytes.reset();
    }
  }

  @Override
  protected void writeObjectOverride(@Nullable Object value) {
    closeBytes();
    writer.putByte(VALUE);
    int index = valueCount++;
    try {
      writer.write(value);
    } catch (Refusal refusal) {
      throw writer.failed(refusal.at(name + "[" + index + "]"));
    } catch (DeepStack.Deeper | TaskSerializationException e) {
      throw writer.failed(e);
    }
  }

  @Override
  public void writeUnshared(@Nullable Object value) {
    writeObjectOverride(value);
  }

  private SerialForm.Part part() {
    if (part == null) {
      throw new IllegalStateException("an Externalizable has no default fields");
    }
    return part;
  }

  @Override
  public void defaultWriteObject() throws IOException {
    MethodHandle write = part().defaultWrite;
    if (write == null) {
      putFields();
      writeFields();
      return;
    }
    try {
      write.invokeExact(object, (ObjectOutputStream) this);
    } catch (RuntimeException | Error | IOException e) {
      throw e;
    } catch (Throwable e) {
      throw new IOException(e);
    }
  }

  @Override
  public PutField putFields() {
    Named named = new Named(part());
    fields = named;
    return named;
  }

  @Override
  public void writeFields() throws IOException {
    Named named = fields;
    if (named == null) {
      throw new java.io.NotActiveException("writeFields() without putFields()");
    }
    fields = null;
    closeBytes();
    writer.putByte(FIELDS);
    try {
      SerialFormWriter.writeNamed(writer, named.values, part());
    } catch (Refusal | DeepStack.Deeper | TaskSerializationException e) {
      throw writer.failed(e);
    }
  }

  /// Fields that were not put are 0 or null, as in Java serialization.
  private static final class Named extends PutField {
    private final SerialForm.Part part;
    final @Nullable Object[] values;

    Named(SerialForm.Part part) {
      this.part = part;
      this.values = new @Nullable Object[part.names.length];
    }

    private void set(String name, char kind, @Nullable Object value) {
      int index = part.index(name);
      if (index < 0 || part.kinds[index] != kind) {
        throw new IllegalArgumentException("no field " + name + " with type of kind " + kind);
      }
      values[index] = value;
    }

    @Override
    public void put(String name, boolean value) {
      set(name, 'Z', value);
    }

    @Override
    public void put(String name, byte value) {
      set(name, 'B', value);
    }

    @Override
    public void put(String name, char value) {
      set(name, 'C', value);
    }

    @Override
    public void put(String name, short value) {
      set(name, 'S', value);
    }

    @Override
    public void put(String name, int value) {
      set(name, 'I', value);
    }

    @Override
    public void put(String name, long value) {
      set(name, 'J', value);
    }

    @Override
    public void put(String name, float value) {
      set(name, 'F', value);
    }

    @Override
    public void put(String name, double value) {
      set(name, 'D', value);
    }

    @Override
    public void put(String name, @Nullable Object value) {
      set(name, 'L', value);
    }

    @Override
    @SuppressWarnings("removal") // abstract above
    public void write(ObjectOutput out) {
      throw new UnsupportedOperationException("call ObjectOutputStream.writeFields()");
    }
  }

  // Numbers and text.

  @Override
  public void write(int value) throws IOException {
    data.write(value);
  }

  @Override
  public void write(byte[] values) throws IOException {
    data.write(values);
  }

  @Override
  public void write(byte[] values, int offset, int length) throws IOException {
    data.write(values, offset, length);
  }

  @Override
  public void writeBoolean(boolean value) throws IOException {
    data.writeBoolean(value);
  }

  @Override
  public void writeByte(int value) throws IOException {
    data.writeByte(value);
  }

  @Override
  public void writeShort(int value) throws IOException {
    data.writeShort(value);
  }

  @Override
  public void writeChar(int value) throws IOException {
    data.writeChar(value);
  }

  @Override
  public void writeInt(int value) throws IOException {
    data.writeInt(value);
  }

  @Override
  public void writeLong(long value) throws IOException {
    data.writeLong(value);
  }

  @Override
  public void writeFloat(float value) throws IOException {
    data.writeFloat(value);
  }

  @Override
  public void writeDouble(double value) throws IOException {
    data.writeDouble(value);
  }

  @Override
  public void writeBytes(String text) throws IOException {
    data.writeBytes(text);
  }

  @Override
  public void writeChars(String text) throws IOException {
    data.writeChars(text);
  }

  @Override
  public void writeUTF(String text) throws IOException {
    data.writeUTF(text);
  }

  @Override
  public void flush() {}

  @Override
  public void close() {}

  @Override
  public void reset() {
    throw new IllegalStateException("one value is one graph: reset() has no meaning here");
  }

  @Override
  public void useProtocolVersion(int version) {}
}
