/// Turns values, functions and exceptions into bytes and back. Imports `java-api` only.
@NullMarked
package dev.heddle.codec;

import org.jspecify.annotations.NullMarked;
