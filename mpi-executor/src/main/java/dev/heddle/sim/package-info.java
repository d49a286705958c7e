/// Virtual time and a virtual network for the shipped state machines, by seed. Imports `core`,
/// `graph` and `wire`; its sibling `scale` knows nothing of it, and it nothing of `scale`.
@NullMarked
package dev.heddle.sim;

import org.jspecify.annotations.NullMarked;
