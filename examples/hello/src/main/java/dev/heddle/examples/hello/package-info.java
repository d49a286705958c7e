/// The smallest program. Imports the API only.
@NullMarked
package dev.heddle.examples.hello;

import org.jspecify.annotations.NullMarked;
