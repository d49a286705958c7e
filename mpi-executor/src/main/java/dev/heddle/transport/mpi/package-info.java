/// The transport over MPI, through the C shim and the foreign-function API. Imports `transport` and
/// `wire`.
@NullMarked
package dev.heddle.transport.mpi;

import org.jspecify.annotations.NullMarked;
