/// The arrays at a rank: their ranges are split, worked off and combined.
@NullMarked
package dev.heddle.core.array;

import org.jspecify.annotations.NullMarked;
