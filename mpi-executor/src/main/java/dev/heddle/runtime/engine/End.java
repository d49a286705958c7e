package dev.heddle.runtime.engine;

/// How a process of the run ends before its time.
///
/// @param code exit code
/// @param reason one sentence
public record End(int code, String reason) {}
