/// The shipped state machines at the size of real machines, in virtual time: a million ranks in one
/// thread. Imports `core`, `graph`, `transport` and `wire`.
@NullMarked
package dev.heddle.scale;

import org.jspecify.annotations.NullMarked;
