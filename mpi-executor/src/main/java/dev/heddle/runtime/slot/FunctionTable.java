package dev.heddle.runtime.slot;

import dev.heddle.TaskSerializationException;
import dev.heddle.codec.function.FunctionDefinition;
import dev.heddle.codec.function.Invoker;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The functions that this rank knows by number. They are found by class and name when first
/// called.
///
/// Threading: [#define] by the holder of the progress role, [#get] by slots; a task's start
/// publishes what was defined before it.
public final class FunctionTable {
  private static final class Entry {
    final byte[] definition;
    volatile @Nullable Function function;

    Entry(byte[] definition) {
      this.definition = definition;
    }
  }

  /// A function that can be called.
  record Function(FunctionDefinition definition, Invoker invoker) {}

  private final ClassLoader loader;
  private final String where;
  private volatile @Nullable Entry[] entries = new Entry[16];

  /// `where` is this rank's name in messages, as in `rank 3 on n2`.
  public FunctionTable(ClassLoader loader, String where) {
    this.loader = loader;
    this.where = where;
  }

  public void define(int functionId, byte[] definition) {
    @Nullable Entry[] known = entries;
    if (functionId >= known.length) {
      known = Arrays.copyOf(known, Math.max(functionId + 1, known.length * 2));
    }
    known[functionId] = new Entry(definition);
    entries = known;
  }

  /// As [#get], or null where that fails.
  @Nullable Function getIfKnown(int functionId) {
    try {
      return get(functionId);
    } catch (TaskSerializationException _) {
      return null;
    }
  }

  /// The function of this number. Errors: [TaskSerializationException] where this rank lacks the
  /// function, its class or its method.
  Function get(int functionId) {
    @Nullable Entry[] known = entries;
    Entry entry = functionId < known.length ? known[functionId] : null;
    if (entry == null) {
      throw new TaskSerializationException(
          "function " + functionId + " is not known on " + where, null);
    }
    Function function = entry.function;
    if (function == null) {
      FunctionDefinition definition = FunctionDefinition.fromBytes(entry.definition);
      function = new Function(definition, Invoker.resolve(definition, loader, where));
      entry.function = function;
    }
    return function;
  }
}
