package dev.heddle.runtime;

/// How a process of the run ends before its time.
///
/// @param code exit code
/// @param reason one sentence
record End(int code, String reason) {}
