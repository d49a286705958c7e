/// Exceptions as bytes: as text for every reader, and as objects for readers that have their
/// classes. Imports `codec.form` and `java-api`.
@NullMarked
package dev.heddle.codec.failure;

import org.jspecify.annotations.NullMarked;
