package dev.heddle;

/// Counters of a run at one moment.
///
/// Shape: `submitted >= done`; `failed` is part of `done`. Units: tasks, ranks with slots, slots.
///
/// @param submitted tasks submitted so far
/// @param done tasks that succeeded, failed or were cancelled
/// @param failed tasks that failed, dependents of failed ones included
/// @param running tasks handed to workers and not yet back
/// @param workers ranks with slots
/// @param slots tasks that can execute at the same time
public record Progress(
    long submitted, long done, long failed, long running, int workers, long slots) {}
