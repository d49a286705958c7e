/// A program that waits, or ends in a chosen way, for tests of signals and exit codes. Imports the
/// API and picocli.
@NullMarked
package dev.heddle.examples.hold;

import org.jspecify.annotations.NullMarked;
