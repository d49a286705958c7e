/// What a rank is in the tree: the coordinator, or a relay. A role and all below it are pure state
/// machines that know no socket, thread, clock or random source; [dev.heddle.core.role.Turn] drives
/// them.
@NullMarked
package dev.heddle.core.role;

import org.jspecify.annotations.NullMarked;
