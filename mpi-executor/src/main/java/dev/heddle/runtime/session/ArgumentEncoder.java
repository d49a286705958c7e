package dev.heddle.runtime.session;

import dev.heddle.TaskSerializationException;
import dev.heddle.codec.FlatValues;
import dev.heddle.codec.FutureSink;
import dev.heddle.codec.ValueCodec;
import dev.heddle.codec.function.FunctionDefinition;
import dev.heddle.core.frames.ValueFrame;
import dev.heddle.core.frames.ValueMemory;
import dev.heddle.graph.BigValue;
import dev.heddle.graph.Task;
import dev.heddle.wire.Ids;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/// Encodes what a user gives to a task into what the graph has: bytes, large values and tasks.
///
/// Shape: a container with futures becomes a template, followed by the tasks of its futures in the
/// order of their numbers. Threading: any.
final class ArgumentEncoder {
  private final Session session;
  private final ValueCodec codec;
  private final int inlineBytesMax;
  private final long valueBytesMax;
  private final ValueMemory memory;

  ArgumentEncoder(Session session) {
    this.session = session;
    this.codec = session.codec();
    this.inlineBytesMax = session.engine().config().count("inlineBytesMax");
    this.valueBytesMax = session.engine().config().number("valueBytesMax");
    this.memory = session.engine().values();
  }

  /// The encoded captures, then the encoded arguments.
  @Nullable Object[] encode(
      FunctionDefinition definition, @Nullable Object[] captures, @Nullable Object[] arguments) {
    @Nullable Object[] encoded = new @Nullable Object[captures.length + arguments.length];
    int at = 0;
    for (int i = 0; i < captures.length; i++) {
      encoded[at++] = value(codec.encode(captures[i], "capture", i, definition), definition);
    }
    for (int i = 0; i < arguments.length; i++) {
      Object argument = arguments[i];
      if (argument instanceof Future<?> future) {
        encoded[at++] = session.dependency(future, definition.label());
      } else if (argument == null || isScalar(argument)) {
        encoded[at++] = value(codec.encode(argument, "argument", i, definition), definition);
      } else if (FlatValues.bytes(argument) > inlineBytesMax) {
        encoded[at++] = flat(argument, i, definition);
      } else if (hasNoFutures(argument)) {
        encoded[at++] = value(codec.encode(argument, "argument", i, definition), definition);
      } else {
        Nested nested = new Nested(definition);
        byte[] bytes = codec.encode(argument, "argument", i, definition, nested);
        if (!nested.tasks().isEmpty()) {
          encoded = Arrays.copyOf(encoded, encoded.length + nested.tasks().size());
        }
        encoded[at++] = value(bytes, definition);
        for (Task task : nested.tasks()) {
          encoded[at++] = task;
        }
      }
    }
    return encoded;
  }

  /// The encoded captures. A capture may be a future or contain futures: their tasks follow it.
  List<@Nullable Object> encodeCaptures(
      FunctionDefinition definition, @Nullable Object[] captures) {
    List<@Nullable Object> encoded = new ArrayList<>();
    for (int i = 0; i < captures.length; i++) {
      Nested nested = new Nested(definition);
      encoded.add(value(codec.encode(captures[i], "capture", i, definition, nested), definition));
      encoded.addAll(nested.tasks());
    }
    return encoded;
  }

  private static boolean isScalar(Object argument) {
    return argument instanceof Number
        || argument instanceof String
        || argument instanceof Boolean
        || argument instanceof Character;
  }

  private static boolean hasNoFutures(Object argument) {
    return argument instanceof MemorySegment
        || (argument.getClass().isArray() && argument.getClass().getComponentType().isPrimitive());
  }

  /// A large array or segment, copied once, into the memory that it is sent from.
  private BigValue flat(Object argument, int index, FunctionDefinition definition) {
    long bytes = FlatValues.bytes(argument);
    checkLength(bytes, definition);
    BigValue value = ValueFrame.open(singleUseId(), (int) bytes, memory);
    try {
      codec.encodeFlat(argument, "argument", index, definition, value.frame(), ValueFrame.OFFSET);
    } catch (RuntimeException | Error e) {
      memory.give(value.frame());
      throw e;
    }
    return copied(value);
  }

  /// Takes a turn after a copy of `value`, which took as long as several turns: rank 0's neighbours
  /// may wait for an answer.
  private BigValue copied(BigValue value) {
    if (!Thread.currentThread().isVirtual()) {
      int _ = session.engine().tryTurn();
    }
    return value;
  }

  private long singleUseId() {
    return session.nextValueId() | Ids.SINGLE_USE;
  }

  /// The futures of one argument, each once. Most arguments have none, so nothing is made before
  /// the first future.
  private final class Nested implements FutureSink {
    private final FunctionDefinition definition;
    private @Nullable IdentityHashMap<Object, Integer> indices;
    private List<Task> tasks = List.of();

    Nested(FunctionDefinition definition) {
      this.definition = definition;
    }

    @Override
    public int add(Future<?> future) {
      IdentityHashMap<Object, Integer> map = indices;
      if (map == null) {
        map = new IdentityHashMap<>();
        indices = map;
        tasks = new ArrayList<>();
      }
      Integer known = map.get(future);
      if (known == null) {
        known = tasks.size();
        tasks.add(session.dependency(future, definition.label()));
        map.put(future, known);
      }
      return known;
    }

    List<Task> tasks() {
      return tasks;
    }
  }

  private Object value(byte[] encoded, FunctionDefinition definition) {
    if (encoded.length <= inlineBytesMax) {
      return encoded;
    }
    checkLength(encoded.length, definition);
    return copied(ValueFrame.of(singleUseId(), encoded, 0, encoded.length, memory));
  }

  private void checkLength(long bytes, FunctionDefinition definition) {
    if (bytes > valueBytesMax) {
      throw new TaskSerializationException(
          "an argument of "
              + definition.label()
              + " has "
              + bytes
              + " bytes; at most "
              + valueBytesMax
              + " can be sent: raise valueBytesMax or pass less",
          null);
    }
  }
}
