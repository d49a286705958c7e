/// Starts and ends a run, on threads and over MPI, and does what is left to do once it is over.
@NullMarked
package dev.heddle.runtime.launch;

import org.jspecify.annotations.NullMarked;
