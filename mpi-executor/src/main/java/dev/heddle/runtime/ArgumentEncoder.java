package dev.heddle.runtime;

import dev.heddle.TaskSerializationException;
import dev.heddle.codec.FunctionDefinition;
import dev.heddle.codec.FutureSink;
import dev.heddle.codec.ValueCodec;
import dev.heddle.core.ValueFrame;
import dev.heddle.graph.Task;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/// What a user gives to a task, as the graph has it: bytes, large values and tasks.
///
/// Shape: a container with futures becomes a template, followed by the tasks of its futures in the
/// order of their numbers. Threading: any.
final class ArgumentEncoder {
  private final Session session;
  private final ValueCodec codec;
  private final int inlineBytesMax;
  private final long valueBytesMax;

  ArgumentEncoder(Session session) {
    this.session = session;
    this.codec = session.codec();
    this.inlineBytesMax = session.engine().config().count("inlineBytesMax");
    this.valueBytesMax = session.engine().config().number("valueBytesMax");
  }

  /// Captures, then arguments.
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

  private static boolean hasNoFutures(@Nullable Object argument) {
    return argument == null
        || argument instanceof Number
        || argument instanceof String
        || argument instanceof Boolean
        || argument instanceof Character
        || (argument.getClass().isArray() && argument.getClass().getComponentType().isPrimitive());
  }

  /// The futures of one argument, each once; most have none, so nothing is made before the first.
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
    if (encoded.length > valueBytesMax) {
      throw new TaskSerializationException(
          "an argument of "
              + definition.label()
              + " has "
              + encoded.length
              + " bytes; at most "
              + valueBytesMax
              + " can be sent: raise valueBytesMax or pass less",
          null);
    }
    return ValueFrame.of(session.nextValueId(), encoded, 0, encoded.length);
  }
}
