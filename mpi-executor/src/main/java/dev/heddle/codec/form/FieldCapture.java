package dev.heddle.codec.form;

import java.io.IOException;
import java.io.ObjectOutput;
import java.io.ObjectOutputStream;
import java.lang.invoke.MethodHandle;
import org.jspecify.annotations.Nullable;

/// Reads single fields of the JDK's serializable objects by letting the objects write themselves.
///
/// Shape: one object for many reads. Threading: one thread's.
public final class FieldCapture extends ObjectOutputStream {
  private final Captured captured = new Captured();
  private String wanted = "";
  private @Nullable Object found;

  private FieldCapture() throws IOException {
    super();
  }

  public static FieldCapture create() {
    try {
      return new FieldCapture();
    } catch (IOException e) {
      throw new IllegalStateException("a stream without a target", e);
    }
  }

  /// The value of `field` in `object`; `fields` is from [SerialAccess#defaultWrite].
  public @Nullable Object of(Object object, MethodHandle fields, String field) {
    wanted = field;
    try {
      fields.invokeExact(object, (ObjectOutputStream) this);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(
          "fields of " + object.getClass().getName() + " can't be read", e);
    }
    Object value = found;
    found = null;
    return value;
  }

  private void keep(String name, @Nullable Object value) {
    if (name.equals(wanted)) {
      found = value;
    }
  }

  @Override
  public PutField putFields() {
    return captured;
  }

  @Override
  public void writeFields() {}

  private final class Captured extends PutField {
    @Override
    public void put(String name, boolean value) {
      keep(name, value);
    }

    @Override
    public void put(String name, byte value) {
      keep(name, value);
    }

    @Override
    public void put(String name, char value) {
      keep(name, value);
    }

    @Override
    public void put(String name, short value) {
      keep(name, value);
    }

    @Override
    public void put(String name, int value) {
      keep(name, value);
    }

    @Override
    public void put(String name, long value) {
      keep(name, value);
    }

    @Override
    public void put(String name, float value) {
      keep(name, value);
    }

    @Override
    public void put(String name, double value) {
      keep(name, value);
    }

    @Override
    public void put(String name, @Nullable Object value) {
      keep(name, value);
    }

    @Override
    @SuppressWarnings("removal") // abstract above
    public void write(ObjectOutput out) {}
  }
}
