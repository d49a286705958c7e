package dev.heddle;

/// The failure of one index of an array.
///
/// @param index the index in the mapped range, or the place in the mapped list
/// @param cause the exception of the function, with its remote stack and a [TaskOrigin] as a
///   suppressed exception
public record IndexFailure(long index, Throwable cause) {}
