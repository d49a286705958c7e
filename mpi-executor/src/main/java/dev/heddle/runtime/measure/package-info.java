/// Instruments that reach into a run, for the benchmarks.
@NullMarked
package dev.heddle.runtime.measure;

import org.jspecify.annotations.NullMarked;
