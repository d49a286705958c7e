/// The protocol: coordinator, relay and worker as pure state machines, and the turn that drives
/// them. Knows no socket, thread, clock or random source. Imports `graph` and `wire`.
@NullMarked
package dev.heddle.core;

import org.jspecify.annotations.NullMarked;
