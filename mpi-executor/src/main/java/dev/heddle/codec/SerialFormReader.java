package dev.heddle.codec;

import dev.heddle.TaskSerializationException;
import dev.heddle.codec.form.SerialForm;
import dev.heddle.codec.form.Tags;
import java.io.Externalizable;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.lang.invoke.MethodHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Reads objects that a [SerialFormWriter] wrote. It calls the methods of their classes for that.
///
/// Shape: all content is read first, so that bytes are judged before a class's own code runs.
/// Threading: one decode, one thread. Errors: [TaskSerializationException], also for a method of a
/// user's class that throws.
final class SerialFormReader {
  private SerialFormReader() {}

  static Object read(ValueReader in, int number, boolean isFilledLast) {
    int kind = in.getVarint();
    if (kind == SerialForm.SUBSTITUTE) {
      return Objects.requireNonNull(in.read());
    }
    ClassPlan plan =
        kind == SerialForm.BY_NAME
            ? in.getPlan(Tags.SERIAL)
            : ClassPlan.ofTheJdk(kind - SerialForm.FIRST_NUMBER);
    SerialForm form = Objects.requireNonNull(plan.serial);
    Object object;
    try {
      object = in.known(number, form.allocator.newInstance());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("no instance of " + plan.type.getName(), e);
    }
    List<List<@Nullable Object>> blocks = new ArrayList<>(form.parts.length);
    if (form.isExternalizable) {
      blocks.add(readBlock(in, null));
    }
    for (SerialForm.Part part : form.parts) {
      if (part.plain != null) {
        in.readFields(object, part.plain);
        blocks.add(List.of());
      } else {
        blocks.add(readBlock(in, part));
      }
    }
    if (isFilledLast) {
      in.fillLast(() -> fill(in, object, form, blocks));
      return object;
    }
    fill(in, object, form, blocks);
    return form.resolve == null ? object : resolve(form.resolve, object);
  }

  private static Object resolve(MethodHandle resolve, Object object) {
    try {
      Object called = (Object) resolve.invokeExact(object);
      return Objects.requireNonNull(called, "readResolve gave null");
    } catch (Throwable e) {
      throw wrapped(object, e);
    }
  }

  private static RuntimeException wrapped(Object object, Throwable e) {
    if (e instanceof VirtualMachineError fatal && !(e instanceof StackOverflowError)) {
      throw fatal;
    }
    return new TaskSerializationException(
        "a " + object.getClass().getName() + " could not be read: " + e, e);
  }

  private static List<@Nullable Object> readBlock(ValueReader in, SerialForm.@Nullable Part part) {
    List<@Nullable Object> items = new ArrayList<>();
    while (true) {
      int item = in.getByte();
      switch (item) {
        case SerialOutput.END -> {
          return items;
        }
        case SerialOutput.BYTES -> items.add(new SerialInput.Bytes(in.getBytes()));
        case SerialOutput.VALUE -> items.add(in.read());
        case SerialOutput.FIELDS -> {
          if (part == null) {
            throw ByteInput.malformed("fields of an Externalizable");
          }
          items.add(new SerialInput.Named(in.readParts(part.kinds)));
        }
        default -> throw ByteInput.malformed("item=" + item);
      }
    }
  }

  private static void fill(
      ValueReader in, Object object, SerialForm form, List<List<@Nullable Object>> blocks) {
    try {
      if (form.isExternalizable) {
        ((Externalizable) object).readExternal(input(in, object, null, blocks.getFirst()));
      }
      for (int i = 0; i < form.parts.length; i++) {
        SerialForm.Part part = form.parts[i];
        if (part.plain != null) {
          continue;
        }
        try (SerialInput block = input(in, object, part, blocks.get(i))) {
          if (part.read != null) {
            part.read.invokeExact(object, (ObjectInputStream) block);
          } else {
            block.defaultReadObject();
          }
        }
      }
    } catch (TaskSerializationException e) {
      throw e;
    } catch (Throwable e) {
      throw wrapped(object, e);
    }
  }

  private static SerialInput input(
      ValueReader in, Object object, SerialForm.@Nullable Part part, List<@Nullable Object> items)
      throws IOException {
    return new SerialInput(object, part, items, in::addValidation);
  }
}
