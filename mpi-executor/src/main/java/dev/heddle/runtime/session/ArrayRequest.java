package dev.heddle.runtime.session;

import dev.heddle.graph.ArrayJob;
import org.jspecify.annotations.Nullable;

/// All that makes an array task, kept for another run of the indices that fail.
///
/// @param functionId number of the function
/// @param priority priority of the task
/// @param flags flags of the task
/// @param label label of the task
/// @param captureCount number of arguments that are captures of combiner and function
/// @param arguments encoded arguments, as the graph has them
/// @param job what an array has besides a task
record ArrayRequest(
    int functionId,
    int priority,
    int flags,
    String label,
    int captureCount,
    @Nullable Object[] arguments,
    ArrayJob job) {}
