/// What is launched to measure how a run starts, and the launch. Imports `measure`.
@NullMarked
package dev.heddle.bench.start;

import org.jspecify.annotations.NullMarked;
