package dev.heddle;

/// The failure of one index of an array.
///
/// @param index of the range, or place in the list, that was mapped
/// @param cause the exception of the function, with its remote stack and a [TaskOrigin] as a
///   suppressed exception
public record IndexFailure(long index, Throwable cause) {}
