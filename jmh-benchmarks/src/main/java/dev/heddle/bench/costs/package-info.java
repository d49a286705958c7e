/// `bench costs`: what our own code takes of a core. Imports `measure`, the engine's `scale` and
/// its instruments.
@NullMarked
package dev.heddle.bench.costs;

import org.jspecify.annotations.NullMarked;
