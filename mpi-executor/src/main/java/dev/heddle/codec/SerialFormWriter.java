package dev.heddle.codec;

import dev.heddle.TaskSerializationException;
import dev.heddle.codec.form.JdkTypes;
import dev.heddle.codec.form.Naming;
import dev.heddle.codec.form.SerialForm;
import dev.heddle.codec.form.Tags;
import java.io.Externalizable;
import java.io.ObjectOutputStream;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Writes objects by their [SerialForm]s. It calls the methods of their classes for that.
///
/// Threading: one encode, one thread; a class's own serialization code runs on that thread. Errors:
/// [Refusal], also for a method of a user's class that throws.
final class SerialFormWriter {
  private SerialFormWriter() {}

  static void write(ValueWriter out, Object value, SerialForm form) {
    Object written = value;
    SerialForm as = form;
    // As ObjectOutputStream does: a substitute may have a substitute of another class.
    while (as.replace != null) {
      Object next = call(as, written);
      if (next == null || next.getClass() == written.getClass()) {
        written = next == null ? written : next;
        break;
      }
      ClassPlan plan = out.codec().plan(next.getClass());
      if (plan.serial == null) {
        out.putByte(Tags.SERIAL);
        out.putCount(SerialForm.SUBSTITUTE);
        out.write(next);
        return;
      }
      written = next;
      as = plan.serial;
    }
    out.putByte(Tags.SERIAL);
    if (as.number >= 0) {
      out.putCount(as.number + SerialForm.FIRST_NUMBER);
    } else {
      out.putCount(SerialForm.BY_NAME);
      out.putClass(out.codec().plan(as.type));
    }
    boolean isOrdinary = !JdkTypes.isOfTheJdk(as.type);
    out.ordinaryDepth += isOrdinary ? 1 : 0;
    if (as.isExternalizable) {
      writeBlock(out, written, null);
    }
    for (SerialForm.Part part : as.parts) {
      if (part.plain != null) {
        out.writeFields(written, part.plain);
      } else {
        writeBlock(out, written, part);
      }
    }
    out.ordinaryDepth -= isOrdinary ? 1 : 0;
  }

  private static @Nullable Object call(SerialForm form, Object value) {
    try {
      return (Object) Objects.requireNonNull(form.replace).invokeExact(value);
    } catch (Throwable e) {
      throw thrown(value, "writeReplace", e);
    }
  }

  private static RuntimeException thrown(Object value, String method, Throwable e) {
    return switch (e) {
      case Refusal refusal -> refusal;
      case VirtualMachineError fatal -> throw fatal;
      default -> Refusal.of(value, "its " + method + " threw " + e);
    };
  }

  private static void writeBlock(ValueWriter out, Object value, SerialForm.@Nullable Part part) {
    try (SerialOutput block = new SerialOutput(out, value, part)) {
      if (part == null) {
        ((Externalizable) value).writeExternal(block);
      } else if (part.write != null) {
        part.write.invokeExact(value, (ObjectOutputStream) block);
      } else {
        block.defaultWriteObject();
      }
      RuntimeException failure = out.failure();
      if (failure != null) {
        throw failure;
      }
      block.end();
    } catch (DeepStack.Deeper | TaskSerializationException e) {
      throw e;
    } catch (Throwable e) {
      RuntimeException failure = out.failure();
      if (failure != null) {
        throw failure;
      }
      String method = part == null ? "writeExternal" : Naming.of(part.type) + ".writeObject";
      throw thrown(value, method, e);
    }
  }

  /// Writes the fields of a part, by its kinds; a null is 0.
  static void writeNamed(ValueWriter out, @Nullable Object[] values, SerialForm.Part part) {
    int i = 0;
    try {
      for (; i < values.length; i++) {
        Object value = values[i];
        switch (part.kinds[i]) {
          case 'L' -> out.write(value);
          case 'I' -> out.putInt(value instanceof Integer n ? n : 0);
          case 'J' -> out.putLong(value instanceof Long n ? n : 0);
          case 'D' -> out.putLong(value instanceof Double n ? Double.doubleToRawLongBits(n) : 0);
          case 'F' -> out.putInt(value instanceof Float n ? Float.floatToRawIntBits(n) : 0);
          case 'Z' -> out.putByte(value instanceof Boolean b && b ? 1 : 0);
          case 'B' -> out.putByte(value instanceof Byte n ? n : 0);
          case 'S' -> out.putShort(value instanceof Short n ? n : (short) 0);
          default -> out.putShort((short) (value instanceof Character c ? (char) c : '\0'));
        }
      }
    } catch (Refusal refusal) {
      throw refusal.at(part.steps[i]);
    }
  }
}
