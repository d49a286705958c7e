package dev.heddle.cli;

/// What can't be run, in one sentence for the user.
final class Refusal extends RuntimeException {
  private static final long serialVersionUID = 1;

  /// Whether a build may mend it: what was asked for belongs to Heddle's own folder.
  private final boolean isForNow;

  /// `why` names the value and what is right.
  Refusal(String why, boolean isForNow) {
    super(why, null, false, false);
    this.isForNow = isForNow;
  }

  static void when(boolean isWrong, String why) {
    if (isWrong) {
      throw new Refusal(why, false);
    }
  }

  boolean isForNow() {
    return isForNow;
  }
}
