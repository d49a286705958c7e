package dev.heddle.graph;

/// An array's results as encoded lists, one after the other: together they are one list.
///
/// Ownership: `values` are never changed.
///
/// @param values each `byte[]` or [BigValue]
/// @param count elements of all lists together
public record Pieces(Object[] values, long count) {}
