/// Who takes the turns of a rank, and how threads sleep in between.
@NullMarked
package dev.heddle.runtime.progress;

import org.jspecify.annotations.NullMarked;
