/// The threads that take the turns of a rank, and how they sleep in between.
@NullMarked
package dev.heddle.runtime.progress;

import org.jspecify.annotations.NullMarked;
