/// Layouts of everything that travels: the message header, frames, and their bytes. Imports nothing
/// of Heddle.
@NullMarked
package dev.heddle.wire;

import org.jspecify.annotations.NullMarked;
