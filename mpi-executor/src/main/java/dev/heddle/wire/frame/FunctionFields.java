package dev.heddle.wire.frame;

import java.lang.foreign.MemorySegment;

/// Fields of a [Frame#FUNCTION] before its definition. The byte map stands in [Frame].
///
/// Shape: `offset` is where the frame starts. Errors: nothing is checked here.
public final class FunctionFields {
  private static final int FUNCTION_ID = 8;
  private static final int DEFINITION_LENGTH = 12;

  private FunctionFields() {}

  /// The function's number in this run.
  public static int functionId(MemorySegment s, long offset) {
    return Frame.getInt(s, offset + FUNCTION_ID);
  }

  /// Sets this field.
  public static void putFunctionId(MemorySegment s, long offset, int value) {
    Frame.putInt(s, offset + FUNCTION_ID, value);
  }

  /// Bytes of the definition, without padding.
  public static int definitionLength(MemorySegment s, long offset) {
    return Frame.getInt(s, offset + DEFINITION_LENGTH);
  }

  /// Sets this field.
  public static void putDefinitionLength(MemorySegment s, long offset, int value) {
    Frame.putInt(s, offset + DEFINITION_LENGTH, value);
  }
}
