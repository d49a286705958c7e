/// Maps reads to a genome: start with `ReadMap`, which is the whole story. Imports the API,
/// picocli, progressbar and Jackson.
@NullMarked
package dev.heddle.examples.readmap;

import org.jspecify.annotations.NullMarked;
