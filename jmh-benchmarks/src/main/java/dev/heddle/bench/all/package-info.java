/// `bench all`: every benchmark on every system, and the reports. Imports `run` and `measure`.
@NullMarked
package dev.heddle.bench.all;

import org.jspecify.annotations.NullMarked;
