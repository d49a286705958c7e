package dev.heddle.bench.run;

import dev.heddle.Heddle;
import dev.heddle.Range;
import dev.heddle.bench.measure.Metric;
import dev.heddle.bench.measure.Work;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/// How many indices of an array a second go through, from the call that maps to the value in hand,
/// in three forms: `long`s that are summed up on the way, objects that are, and `long`s that are
/// all kept.
///
/// What it does not show: functions that do something; indices that take different times.
final class MapBenchmark implements Benchmark {
  static final String NAME = "map";

  /// What `--form` may name.
  enum Form {
    /// `long -> long`, summed up.
    REDUCE("indicesPerSecond", 1_000_000_000),
    /// `Long -> Long`, in boxes, summed up.
    BOXED("boxedIndicesPerSecond", 100_000_000),
    /// `long -> long`, all results sent to rank 0.
    KEEP("keptIndicesPerSecond", 20_000_000);

    private final String key;
    private final int indices;

    Form(String key, int indices) {
      this.key = key;
      this.indices = indices;
    }

    /// As on the command line.
    String label() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }

    static @Nullable Form byLabel(String label) {
      for (Form form : values()) {
        if (form.label().equals(label)) {
          return form;
        }
      }
      return null;
    }
  }

  private List<Form> forms = List.of(Form.values());

  @Override
  public void choose(BenchOptions options) {
    forms = options.forms();
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public List<Metric> metrics() {
    return forms.stream().map(form -> Metric.rate(form.key)).toList();
  }

  @Override
  public List<Metric> compared() {
    return metrics();
  }

  @Override
  public int defaultTasks() {
    return Form.REDUCE.indices;
  }

  @Override
  public Map<String, @Nullable Object> params(BenchOptions options) {
    return Map.of("forms", forms.stream().map(Form::label).toList());
  }

  @Override
  public Map<String, Double> measure(BenchSession session)
      throws InterruptedException, ExecutionException {
    Map<String, Double> found = new java.util.LinkedHashMap<>();
    for (Form form : forms) {
      found.put(form.key, indicesPerSecond(session, form));
    }
    return found;
  }

  private static double indicesPerSecond(BenchSession session, Form form)
      throws InterruptedException, ExecutionException {
    Heddle heddle = session.heddle();
    int indices = session.options().tasks() > 0 ? session.options().tasks() : form.indices;
    long first = session.firstIndex();
    Range range = Range.of(first, first + indices);
    long[] kept = {};
    long sum = 0;
    long startNs = System.nanoTime();
    switch (form) {
      case REDUCE -> sum = heddle.mapReduceToLong(Work::mix64, range, Long::sum, 0).get();
      case BOXED -> sum = heddle.mapReduce(Work::mix64Boxed, range, Long::sum, 0L).get();
      case KEEP -> kept = heddle.mapToLong(Work::mix64, range).get();
    }
    long elapsedNs = System.nanoTime() - startNs;
    if (form == Form.KEEP) {
      session.check(kept.length, indices);
      long place = first;
      for (long value : kept) {
        // a sum alone would not see results in the wrong place
        sum += value == Work.mix64(place++) ? value : ~value;
      }
    }
    session.check(sum, Work.expectedSum(first, indices));
    return indices * 1e9 / elapsedNs;
  }
}
