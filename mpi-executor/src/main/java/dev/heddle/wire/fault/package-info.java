/// The door for faults that are injected on purpose: around a port, in tests, in the simulator and
/// in real runs.
@NullMarked
package dev.heddle.wire.fault;

import org.jspecify.annotations.NullMarked;
