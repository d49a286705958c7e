/// The layouts of messages (header, frames and their fields), and the port through which messages
/// travel. Imports nothing of Heddle.
@NullMarked
package dev.heddle.wire;

import org.jspecify.annotations.NullMarked;
