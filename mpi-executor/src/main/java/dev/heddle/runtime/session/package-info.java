/// The user's side on rank 0: submitting, futures, scopes, arrays.
@NullMarked
package dev.heddle.runtime.session;

import org.jspecify.annotations.NullMarked;
