/// Frames that are more than the fields which `wire` names: tasks, arrays, values, outcomes, lost
/// ranks.
@NullMarked
package dev.heddle.core.frames;

import org.jspecify.annotations.NullMarked;
