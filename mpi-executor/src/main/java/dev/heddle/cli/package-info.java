/// The commands behind `heddle`. Imports `runtime` and `sim`.
@NullMarked
package dev.heddle.cli;

import org.jspecify.annotations.NullMarked;
