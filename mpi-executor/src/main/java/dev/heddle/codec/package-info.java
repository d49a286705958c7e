/// Turns values into bytes and back: the writer, the reader, and the plans of classes by which they
/// work. Imports the rooms below `codec` and `java-api`.
@NullMarked
package dev.heddle.codec;

import org.jspecify.annotations.NullMarked;
