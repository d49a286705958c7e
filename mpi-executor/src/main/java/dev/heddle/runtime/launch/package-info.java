/// Starting and ending a run: on threads, over MPI, and what is left to do when it is over.
@NullMarked
package dev.heddle.runtime.launch;

import org.jspecify.annotations.NullMarked;
