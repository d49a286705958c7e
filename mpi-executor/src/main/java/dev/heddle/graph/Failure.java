package dev.heddle.graph;

/// The facts about a task that failed.
///
/// @param attempt the execution that failed, from 0
/// @param rank the rank on which the task ran
/// @param host that rank's host
/// @param bytes the encoded exception, of `dev.heddle.codec`
public record Failure(int attempt, int rank, String host, byte[] bytes) {}
