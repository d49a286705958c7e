/// What a message is, apart from its frames: the header, the buffer, and the port through which
/// messages travel. Imports nothing of Heddle.
@NullMarked
package dev.heddle.wire;

import org.jspecify.annotations.NullMarked;
