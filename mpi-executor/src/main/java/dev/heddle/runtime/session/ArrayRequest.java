package dev.heddle.runtime.session;

import dev.heddle.graph.ArrayJob;
import org.jspecify.annotations.Nullable;

/// All that makes an array task, kept for another run of what fails.
///
/// @param functionId number of the function
/// @param priority of the task
/// @param flags of the task
/// @param label of the task
/// @param captureCount arguments that belong to combiner and function
/// @param arguments as the graph has them
/// @param job what it is besides a task
record ArrayRequest(
    int functionId,
    int priority,
    int flags,
    String label,
    int captureCount,
    @Nullable Object[] arguments,
    ArrayJob job) {}
