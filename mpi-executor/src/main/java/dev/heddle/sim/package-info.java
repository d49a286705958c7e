/// Virtual time and a virtual network for the shipped state machines, by seed. Imports `core` and
/// `transport`.
@NullMarked
package dev.heddle.sim;

import org.jspecify.annotations.NullMarked;
