/// The tasks at a rank: which slot or child gets the next one, and the results that are kept.
@NullMarked
package dev.heddle.core.work;

import org.jspecify.annotations.NullMarked;
