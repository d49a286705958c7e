package dev.heddle.bench.run;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/// What became of one entry on one system.
///
/// @param name the entry's
/// @param system threads, an MPI's name, or once
/// @param json the benchmark's own object; null where it gave none
/// @param failure one sentence; null where all is well. A benchmark with a wrong checksum has both
/// @param exitCode of its process; -1 where it was ended
/// @param seconds wall time
public record AllResult(
    String name,
    String system,
    @Nullable JsonNode json,
    @Nullable String failure,
    int exitCode,
    double seconds) {}
