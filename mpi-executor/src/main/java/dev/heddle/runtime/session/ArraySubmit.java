package dev.heddle.runtime.session;

import dev.heddle.ArrayFuture;
import dev.heddle.DoubleArrayFuture;
import dev.heddle.ListArrayFuture;
import dev.heddle.LongArrayFuture;
import dev.heddle.Range;
import dev.heddle.TaskSerializationException;
import dev.heddle.codec.FlatValues;
import dev.heddle.codec.function.CapturedFunction;
import dev.heddle.codec.function.FunctionDefinition;
import dev.heddle.graph.ArrayJob;
import dev.heddle.graph.BigValue;
import dev.heddle.graph.Task;
import dev.heddle.wire.Ids;
import dev.heddle.wire.frame.ValueFields;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Makes array tasks from a user's request: takes function and combiner apart, and encodes once
/// what they need.
///
/// Threading: any.
final class ArraySubmit {
  private static final @Nullable Object[] NOTHING = {};

  /// A [Task] keeps the number of captures in eight bits.
  private static final int CAPTURES_MAX = 255;

  private static final Pattern ARRAY_TYPES = Pattern.compile("Ldev/heddle/\\w*ArrayFuture;");

  private final RunningHeddle heddle;
  private final Session session;
  private final @Nullable String label;
  private final int priority;

  ArraySubmit(RunningHeddle heddle, Session session, @Nullable String label, int priority) {
    this.heddle = heddle;
    this.session = session;
    this.label = label;
    this.priority = priority;
  }

  /// `input` is a [Range], a list, or a future of a list.
  <R extends @Nullable Object> ListArrayFuture<R> map(Serializable function, Object input) {
    ArrayRequest request =
        request(
            ArrayJob.KEEP_OBJECTS, function, input, null, session.codec().encode(List.of(), "[]"));
    return ArrayEngineFuture.submit(heddle, new ListArrayEngineFuture<R>(heddle, request), request);
  }

  LongArrayFuture mapToLong(Serializable function, Range range) {
    ArrayRequest request = packed(ArrayJob.KEEP_LONGS, function, range);
    return ArrayEngineFuture.submit(heddle, new LongArrayEngineFuture(heddle, request), request);
  }

  DoubleArrayFuture mapToDouble(Serializable function, Range range) {
    ArrayRequest request = packed(ArrayJob.KEEP_DOUBLES, function, range);
    return ArrayEngineFuture.submit(heddle, new DoubleArrayEngineFuture(heddle, request), request);
  }

  private ArrayRequest packed(int form, Serializable function, Range range) {
    Objects.requireNonNull(range, "range");
    long bytesMax = Math.min(session.engine().valueBytesMax(), Integer.MAX_VALUE - 64);
    long countMax = (bytesMax - 16) / Long.BYTES;
    if (range.size() > countMax) {
      throw new IllegalArgumentException(
          "a result of "
              + range.size()
              + " indices is too large; at most "
              + countMax
              + " fit into valueBytesMax="
              + session.engine().valueBytesMax()
              + ": map less at a time, or reduce");
    }
    return request(
        form,
        function,
        range,
        null,
        FlatValues.packedHead(form == ArrayJob.KEEP_DOUBLES, (int) range.size()));
  }

  <R extends @Nullable Object> ArrayFuture<R> reduce(
      int form,
      Serializable function,
      Object input,
      Serializable combiner,
      @Nullable Object identity) {
    Objects.requireNonNull(combiner, "combiner");
    ArrayRequest request =
        request(form, function, input, combiner, session.codec().encode(identity, "identity"));
    return ArrayEngineFuture.submit(heddle, new ArrayEngineFuture<R>(heddle, request), request);
  }

  private ArrayRequest request(
      int form, Serializable function, Object input, @Nullable Serializable combiner, byte[] head) {
    heddle.checkOpen();
    Objects.requireNonNull(function, "function");
    CapturedFunction captured = CapturedFunction.of(function);
    FunctionDefinition definition = captured.definition();
    int functionId = session.functions().number(function.getClass(), captured).functionId();
    List<@Nullable Object> arguments = new ArrayList<>();
    int combinerId = -1;
    int combinerCaptures = 0;
    if (combiner != null) {
      CapturedFunction combines = CapturedFunction.of(combiner);
      combinerId = session.functions().number(combiner.getClass(), combines).functionId();
      combinerCaptures = combines.captures().length;
      arguments.addAll(captures(combines));
    }
    arguments.addAll(captures(captured));
    int captureCount = arguments.size();
    if (captureCount > CAPTURES_MAX) {
      throw new TaskSerializationException(
          definition.label()
              + " and its combiner capture more than 255 values and futures: put the values in a"
              + " list, and the futures in heddle.all",
          null);
    }
    boolean isRange = input instanceof Range;
    Collections.addAll(
        arguments,
        session
            .encoder()
            .encode(definition, NOTHING, isRange ? NOTHING : new @Nullable Object[] {input}));
    ArrayJob job =
        new ArrayJob(
            isRange ? form : form | ArrayJob.LIST_INPUT,
            combinerId,
            combinerCaptures,
            captured.captures().length,
            input instanceof Range range ? range.start() : 0,
            input instanceof Range range ? range.step() : 1,
            count(input),
            head);
    return new ArrayRequest(
        functionId,
        priority,
        label == null ? 0 : Task.LABELLED,
        label == null ? definition.label() : label,
        captureCount,
        arguments.stream().map(ArraySubmit::lasting).toArray(),
        job);
  }

  /// The captures of a function, futures too: an array has no other arguments.
  private List<@Nullable Object> captures(CapturedFunction function) {
    FunctionDefinition definition = function.definition();
    for (Object capture : function.captures()) {
      if (capture instanceof ArrayFuture<?>
          && ARRAY_TYPES.matcher(definition.implDescriptor()).find()) {
        throw new TaskSerializationException(
            definition.label()
                + " captures the future of an array: on a worker it is a plain future that is done,"
                + " so declare the variable as a TaskFuture",
            null);
      }
    }
    return session.encoder().encodeCaptures(definition, function.captures());
  }

  /// A value that may be used more than once: all ranks that work on an array keep its large
  /// values, and another run of failed indices needs them.
  private static @Nullable Object lasting(@Nullable Object argument) {
    if (!(argument instanceof BigValue value)) {
      return argument;
    }
    long valueId = value.valueId() & ~Ids.SINGLE_USE;
    ValueFields.putValueId(value.frame(), 0, valueId);
    return new BigValue(valueId, value.frame(), value.offset(), value.length());
  }

  private static long count(Object input) {
    return switch (input) {
      case Range range -> range.size();
      case List<?> list -> list.size();
      default -> -1;
    };
  }
}
