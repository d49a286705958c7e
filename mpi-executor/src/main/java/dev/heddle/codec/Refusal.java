package dev.heddle.codec;

import java.io.Serial;

/// Our own format stops here: the value, or something in it, is for Fory or can't be sent at all.
///
/// Shape: without a stack; thrown and caught inside the room only.
final class Refusal extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  /// Deeper than [ValueWriter#DEPTH_MAX], or a cycle; otherwise something inside is an ordinary
  /// object.
  final boolean isTooDeep;

  Refusal(boolean isTooDeep) {
    super(isTooDeep ? "too deep" : "not ours", null, false, false);
    this.isTooDeep = isTooDeep;
  }
}
