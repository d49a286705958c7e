/// The command behind `heddle config`, and the run that its archive for a faster start is made of.
/// Imports `runtime.launch`; what measures is no part of the engine (`dev.heddle.bench`).
@NullMarked
package dev.heddle.cli;

import org.jspecify.annotations.NullMarked;
