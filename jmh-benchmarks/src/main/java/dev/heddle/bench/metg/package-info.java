/// Task Bench's graphs, kernel and sweep, for METG. Imports `measure`.
@NullMarked
package dev.heddle.bench.metg;

import org.jspecify.annotations.NullMarked;
