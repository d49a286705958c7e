/// The user's side of a run on rank 0: submitting tasks, futures, scopes and arrays.
@NullMarked
package dev.heddle.runtime.session;

import org.jspecify.annotations.NullMarked;
