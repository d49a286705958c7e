package dev.heddle.sim;

/// What became of the arrays of a run: tells whether a test has reached what it is about.
///
/// @param succeeded arrays, by the last attempt
/// @param failed arrays, by the last attempt
/// @param cancelled arrays
/// @param dependents arrays whose argument failed
/// @param retries of failed places
/// @param empty arrays that succeeded
/// @param huge arrays that succeeded, of more than a million places
/// @param foldsFailed calls of combiners that failed
/// @param manyParts chunks and ranges whose results took several frames
public record ArrayTally(
    long succeeded,
    long failed,
    long cancelled,
    long dependents,
    long retries,
    long empty,
    long huge,
    long foldsFailed,
    long manyParts) {

  /// Both together.
  public ArrayTally plus(ArrayTally more) {
    return new ArrayTally(
        succeeded + more.succeeded,
        failed + more.failed,
        cancelled + more.cancelled,
        dependents + more.dependents,
        retries + more.retries,
        empty + more.empty,
        huge + more.huge,
        foldsFailed + more.foldsFailed,
        manyParts + more.manyParts);
  }
}
