package dev.heddle.codec;

import java.io.IOException;
import java.io.ObjectOutput;
import java.io.ObjectOutputStream;
import java.lang.invoke.MethodHandle;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Reads single fields of the JDK's serializable classes, by asking them to write themselves.
///
/// Shape: one object for many reads. Threading: one thread's.
final class FieldCapture extends ObjectOutputStream {
  private final Map<String, @Nullable Object> values = new HashMap<>();
  private final Captured captured = new Captured();

  private FieldCapture() throws IOException {
    super();
  }

  static FieldCapture create() {
    try {
      return new FieldCapture();
    } catch (IOException e) {
      throw new IllegalStateException("a stream without a target", e);
    }
  }

  /// The value of `field` in `object`; `fields` is from [SerialAccess#defaultWrite].
  @Nullable Object of(Object object, MethodHandle fields, String field) {
    values.clear();
    try {
      fields.invokeExact(object, (ObjectOutputStream) this);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(
          "fields of " + object.getClass().getName() + " can't be read", e);
    }
    return values.get(field);
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
      values.put(name, value);
    }

    @Override
    public void put(String name, byte value) {
      values.put(name, value);
    }

    @Override
    public void put(String name, char value) {
      values.put(name, value);
    }

    @Override
    public void put(String name, short value) {
      values.put(name, value);
    }

    @Override
    public void put(String name, int value) {
      values.put(name, value);
    }

    @Override
    public void put(String name, long value) {
      values.put(name, value);
    }

    @Override
    public void put(String name, float value) {
      values.put(name, value);
    }

    @Override
    public void put(String name, double value) {
      values.put(name, value);
    }

    @Override
    public void put(String name, @Nullable Object value) {
      values.put(name, value);
    }

    @Override
    @SuppressWarnings("removal") // abstract above
    public void write(ObjectOutput out) {}
  }
}
