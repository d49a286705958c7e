/// Carries what tasks print from their streams to rank 0.
@NullMarked
package dev.heddle.runtime.output;

import org.jspecify.annotations.NullMarked;
