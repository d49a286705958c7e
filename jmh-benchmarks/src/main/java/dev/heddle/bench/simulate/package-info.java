/// `simulate`: one run in virtual time. Imports `measure` and the engine's `scale`.
@NullMarked
package dev.heddle.bench.simulate;

import org.jspecify.annotations.NullMarked;
