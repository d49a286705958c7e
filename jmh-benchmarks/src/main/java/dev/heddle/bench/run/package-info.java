/// A single benchmark: what it asks, its options, and the harness that runs it. Imports `metg`,
/// `start` and `measure`.
@NullMarked
package dev.heddle.bench.run;

import org.jspecify.annotations.NullMarked;
