package dev.heddle;

/// Why one index of an array has no result.
///
/// @param index of the range, or place in the list, that was mapped
/// @param cause what the function threw, with its remote stack; a [TaskOrigin] rides on it as a
///   suppressed exception
public record IndexFailure(long index, Throwable cause) {}
