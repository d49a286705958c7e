/// `study`: the experiments of the Parsl paper, measured, simulated and side by side. Imports
/// `start`, `measure` and the engine's `scale`.
@NullMarked
package dev.heddle.bench.study;

import org.jspecify.annotations.NullMarked;
