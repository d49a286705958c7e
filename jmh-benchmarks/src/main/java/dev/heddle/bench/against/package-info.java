/// `bench against`: this build beside another one. Imports `run` and `measure`.
@NullMarked
package dev.heddle.bench.against;

import org.jspecify.annotations.NullMarked;
