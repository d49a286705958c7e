/// A rank's edges to its parent and its children: batches, credit, bulk transfers, signs of life.
@NullMarked
package dev.heddle.core.link;

import org.jspecify.annotations.NullMarked;
