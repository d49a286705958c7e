/// Loops, clocks, threads, configuration and start-up: what makes the core run in a process.
/// Imports `core`, `codec` and `transport`.
@NullMarked
package dev.heddle.runtime;

import org.jspecify.annotations.NullMarked;
