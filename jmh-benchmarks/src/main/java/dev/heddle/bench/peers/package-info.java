/// `bench peers`: Heddle beside other executors. Imports `measure`.
@NullMarked
package dev.heddle.bench.peers;

import org.jspecify.annotations.NullMarked;
