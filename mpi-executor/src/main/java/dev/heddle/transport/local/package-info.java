/// The transport between ranks of one process. Imports `transport` and `wire`.
@NullMarked
package dev.heddle.transport.local;

import org.jspecify.annotations.NullMarked;
