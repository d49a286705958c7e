/// The layouts of frames and their fields: the byte map stands in [dev.heddle.wire.frame.Frame].
/// Imports nothing of Heddle.
@NullMarked
package dev.heddle.wire.frame;

import org.jspecify.annotations.NullMarked;
