/// Runs the core in a process. This package has what its rooms share, from logging to the last
/// steps of a process. The rooms, from the top: `launch`, `session`, `engine`, `slot`, `progress`,
/// `output`; `measure` has instruments for the benchmarks.
@NullMarked
package dev.heddle.runtime;

import org.jspecify.annotations.NullMarked;
