/// A task's function: taken apart where it is submitted, named on every rank, found and called
/// where it runs. Imports `codec.form` and `java-api`.
@NullMarked
package dev.heddle.codec.function;

import org.jspecify.annotations.NullMarked;
