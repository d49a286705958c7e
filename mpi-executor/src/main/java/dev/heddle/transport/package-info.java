/// The transports behind the port through which messages leave and enter a rank: ranks of one
/// process ([local][dev.heddle.transport.local]) and MPI ([mpi][dev.heddle.transport.mpi]). Imports
/// `wire` only.
@NullMarked
package dev.heddle.transport;

import org.jspecify.annotations.NullMarked;
