package dev.heddle.runtime.session;

import dev.heddle.Fn0;
import dev.heddle.Fn1;
import dev.heddle.Fn2;
import dev.heddle.Fn3;
import dev.heddle.Fn4;
import dev.heddle.Fn5;
import org.jspecify.annotations.Nullable;

/// Calls a function object of this process with values in an array.
final class Calls {
  private Calls() {}

  /// Returns what `function` returns. Errors: whatever it throws.
  @SuppressWarnings({"unchecked", "NullAway"}) // types were checked where the function was given
  static @Nullable Object call(Object function, @Nullable Object[] v) throws Exception {
    return switch (function) {
      case Fn0<?> f -> f.call();
      case Fn1<?, ?> f -> ((Fn1<Object, Object>) f).call(v[0]);
      case Fn2<?, ?, ?> f -> ((Fn2<Object, Object, Object>) f).call(v[0], v[1]);
      case Fn3<?, ?, ?, ?> f -> ((Fn3<Object, Object, Object, Object>) f).call(v[0], v[1], v[2]);
      case Fn4<?, ?, ?, ?, ?> f ->
          ((Fn4<Object, Object, Object, Object, Object>) f).call(v[0], v[1], v[2], v[3]);
      case Fn5<?, ?, ?, ?, ?, ?> f ->
          ((Fn5<Object, Object, Object, Object, Object, Object>) f)
              .call(v[0], v[1], v[2], v[3], v[4]);
      default -> throw new IllegalArgumentException("not a function: " + function.getClass());
    };
  }
}
