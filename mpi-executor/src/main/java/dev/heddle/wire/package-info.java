/// Layouts of everything that travels, that is the message header, frames and their bytes, and the
/// port that it travels through. Imports nothing of Heddle.
@NullMarked
package dev.heddle.wire;

import org.jspecify.annotations.NullMarked;
