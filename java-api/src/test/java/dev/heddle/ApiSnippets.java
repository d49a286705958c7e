package dev.heddle;

import java.util.List;

/// The examples in the API's Javadoc: compiled here, shown there (`{@snippet file= region=}`).
final class ApiSnippets {
  private ApiSnippets() {}

  static void run(String[] args) {
    // @start region="run"
    Heddle.run(
        args,
        heddle -> {
          TaskFuture<Double> a = heddle.submit(Chem::energy, "H2O");
          TaskFuture<Double> b = heddle.submit(Chem::energy, "CO2");
          System.out.println(heddle.with(a, b).submit((x, y) -> x + y).get());
        });
    // @end
  }

  static double scope(Heddle heddle, String sample) throws Exception {
    // @start region="scope"
    double first =
        heddle
            .scope(OnLeave.CANCEL)
            .call(
                s ->
                    s.any(List.of(s.submit(Chem::fast, sample), s.submit(Chem::careful, sample)))
                        .get());
    // @end
    return first;
  }

  static TaskFuture<Double> workerLocal(Heddle heddle, String sample) {
    // @start region="workerLocal"
    WorkerLocal<Model> model = WorkerLocal.of(() -> Model.load("weights.bin"));
    TaskFuture<Double> predicted = heddle.with(sample).submit(s -> model.get().predict(s));
    // @end
    return predicted;
  }

  static double map(Heddle heddle) throws Exception {
    // @start region="map"
    ListArrayFuture<String> names = heddle.map(i -> "sample-" + i, Range.of(100));
    DoubleArrayFuture energies = heddle.mapToDouble(i -> 0.5 * i, Range.of(0, 1_000_000));
    names.stream().limit(10).forEach(System.out::println); // as they arrive
    double first = energies.get()[0];
    // @end
    return first;
  }

  static long mapReduce(Heddle heddle) throws Exception {
    // @start region="mapReduce"
    String all = heddle.mapReduce(i -> "<" + i + ">", Range.of(5), String::concat, "").get();
    long sum = heddle.mapReduceToLong(i -> i * i, Range.of(1_000_000_000), Long::sum, 0).get();
    // @end
    return all.length() + sum;
  }

  /// What the examples compute.
  private static final class Chem {
    static double energy(String molecule) {
      return molecule.length();
    }

    static double fast(String sample) {
      return energy(sample);
    }

    static double careful(String sample) {
      return energy(sample);
    }
  }

  /// State that takes long to make.
  private record Model(String file) {
    static Model load(String file) {
      return new Model(file);
    }

    double predict(String sample) {
      return sample.length() + file.length();
    }
  }
}
