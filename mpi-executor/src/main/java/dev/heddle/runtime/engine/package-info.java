/// One rank at work: its role, its slots and its transport, turn by turn.
@NullMarked
package dev.heddle.runtime.engine;

import org.jspecify.annotations.NullMarked;
