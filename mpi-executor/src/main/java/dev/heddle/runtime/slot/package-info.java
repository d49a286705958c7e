/// Running users' code: a slot is a thread that runs tasks, with the loops of arrays and the state
/// of workers.
@NullMarked
package dev.heddle.runtime.slot;

import org.jspecify.annotations.NullMarked;
