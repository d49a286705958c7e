package dev.heddle.graph;

/// The identity of a function with its arguments: the 256 bits of their SHA-256, so that equal keys
/// mean equal calls.
///
/// @param a bits 0 to 63
/// @param b bits 64 to 127
/// @param c bits 128 to 191
/// @param d bits 192 to 255
public record MemoKey(long a, long b, long c, long d) {}
