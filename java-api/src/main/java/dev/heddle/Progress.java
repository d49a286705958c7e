package dev.heddle;

/// Counters of a run at one moment.
///
/// Shape: `submitted >= done`; `failed` is part of `done`. Units: tasks, ranks with slots, slots.
///
/// @param submitted tasks submitted so far
/// @param done tasks that succeeded, failed or were cancelled
/// @param failed tasks that failed, dependents of failed tasks included
/// @param running tasks sent to workers whose outcome has not arrived
/// @param workers ranks with slots
/// @param slots tasks that can execute at the same time
public record Progress(
    long submitted, long done, long failed, long running, int workers, long slots) {}
