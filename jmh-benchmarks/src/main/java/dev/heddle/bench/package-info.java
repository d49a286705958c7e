/// The command line of everything that measures or simulates. Imports every room below it.
@NullMarked
package dev.heddle.bench;

import org.jspecify.annotations.NullMarked;
