/// Tasks, their dependencies and the ready queues: pure state, no I/O. Imports `java-api` only.
@NullMarked
package dev.heddle.graph;

import org.jspecify.annotations.NullMarked;
