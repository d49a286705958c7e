package dev.heddle.sim;

/// What is submitted.
///
/// @param shape of the graph
/// @param tasks in it, lists included
/// @param functions they use
/// @param argumentBytesMax of an inline argument
/// @param resultBytesMax of a result; above `inlineBytesMax` it travels by its handle
/// @param bigValues large arguments shared by tasks
/// @param bigValueBytesMax of one of them
/// @param durationNsMax of a task
/// @param failPermille tasks that fail, of a thousand
/// @param cancelPermille tasks that are cancelled, of a thousand
/// @param batch tasks submitted at a time
/// @param gapNs time between two batches
/// @param arrays submitted beside them
/// @param spread of durations
public record LoadPlan(
    Shape shape,
    int tasks,
    int functions,
    int argumentBytesMax,
    int resultBytesMax,
    int bigValues,
    int bigValueBytesMax,
    long durationNsMax,
    int failPermille,
    int cancelPermille,
    int batch,
    long gapNs,
    int arrays,
    Spread spread) {

  /// No arrays, durations that are even.
  public LoadPlan(
      Shape shape,
      int tasks,
      int functions,
      int argumentBytesMax,
      int resultBytesMax,
      int bigValues,
      int bigValueBytesMax,
      long durationNsMax,
      int failPermille,
      int cancelPermille,
      int batch,
      long gapNs) {
    this(
        shape,
        tasks,
        functions,
        argumentBytesMax,
        resultBytesMax,
        bigValues,
        bigValueBytesMax,
        durationNsMax,
        failPermille,
        cancelPermille,
        batch,
        gapNs,
        0,
        Spread.EVEN);
  }

  /// The same with arrays.
  public LoadPlan withArrays(int count) {
    return new LoadPlan(
        shape,
        tasks,
        functions,
        argumentBytesMax,
        resultBytesMax,
        bigValues,
        bigValueBytesMax,
        durationNsMax,
        failPermille,
        cancelPermille,
        batch,
        gapNs,
        count,
        spread);
  }

  /// The same with another spread of durations.
  public LoadPlan with(Spread other) {
    return new LoadPlan(
        shape,
        tasks,
        functions,
        argumentBytesMax,
        resultBytesMax,
        bigValues,
        bigValueBytesMax,
        durationNsMax,
        failPermille,
        cancelPermille,
        batch,
        gapNs,
        arrays,
        other);
  }

  /// How durations lie between nothing and `durationNsMax`.
  public enum Spread {
    /// Evenly.
    EVEN,
    /// Evenly in their logarithm, from a microsecond on, whatever the function.
    BY_TASK,
    /// Each function has its own, drawn so; its tasks take up to half as much more or less.
    BY_FUNCTION,
    /// As by function, but one task of sixteen takes as long as if drawn by task.
    STRAGGLERS
  }

  /// Graphs by their form.
  public enum Shape {
    /// Each task needs the one before.
    CHAIN,
    /// All need the first.
    FAN_OUT,
    /// The last needs all, as arguments or as a list.
    FAN_IN,
    /// Nobody needs anybody.
    FREE,
    /// Each needs some of those before it, here and there as lists, in lists.
    RANDOM,
    /// Each needs some of the four before it.
    NEAR
  }

  /// `tasks` empty ones, without dependencies.
  public static LoadPlan free(int tasks, long durationNsMax) {
    return new LoadPlan(Shape.FREE, tasks, 1, 16, 16, 0, 0, durationNsMax, 0, 0, tasks, 0);
  }
}
