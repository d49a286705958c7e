package dev.heddle.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.transport.mpi.MpiLibrary;
import java.util.Collection;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/// Every benchmark with every parameter, once and too short for a number: that it runs, that its
/// own check of the work holds, and that hot paths allocate nothing.
final class SmokeTest {
  private static final Set<String> CLASSES =
      Set.of(
          "BatchingBenchmark",
          "CodecBenchmark",
          "DowncallBenchmark",
          "FutureBenchmark",
          "GraphBenchmark",
          "InterningBenchmark",
          "LocalHopBenchmark",
          "ReadyQueueBenchmark",
          "SubmitBenchmark");

  /// Where 0 B/op are claimed. Of the downcalls only those that need no shim.
  private static final String[] WITHOUT_ALLOCATION = {
    "BatchingBenchmark",
    "DowncallBenchmark.libc",
    "InterningBenchmark.(methodReference|lambda)$",
    "LocalHopBenchmark",
    "ReadyQueueBenchmark"
  };

  /// Half of the smallest object with its 16 bytes; what the harness takes for an iteration comes
  /// to less than 1 byte per operation.
  private static final double BYTES_PER_OPERATION_MAX = 4;

  @BeforeAll
  static void allowOthersToMeasure() {
    // nothing is measured here, so it may run beside another JMH on this machine
    System.setProperty("jmh.ignoreLock", "true");
  }

  private static ChainedOptionsBuilder options(int millis) {
    ChainedOptionsBuilder options =
        new OptionsBuilder()
            .forks(0)
            .measurementIterations(1)
            .measurementTime(TimeValue.milliseconds(millis))
            .warmupTime(TimeValue.milliseconds(millis))
            .shouldFailOnError(true)
            .verbosity(VerboseMode.SILENT);
    if (MpiLibrary.available().isEmpty()) {
      System.out.println(
          "DowncallBenchmark.shim is left out: no shim is built (./heddle test builds it, or mvn"
              + " -Pnative; HEDDLE_NATIVE_DIR names its folder)");
      options.exclude("DowncallBenchmark.shim");
    }
    return options;
  }

  /// The name of the benchmark's class, without its package.
  private static String className(RunResult result) {
    String method = result.getParams().getBenchmark();
    String type = method.substring(0, method.lastIndexOf('.'));
    return type.substring(type.lastIndexOf('.') + 1);
  }

  @Test
  void shouldRunEveryBenchmark() throws RunnerException {
    Collection<RunResult> results =
        new Runner(options(20).include("^dev.heddle.").warmupIterations(0).build()).run();

    Set<String> classes = new TreeSet<>();
    for (RunResult result : results) {
      classes.add(className(result));
      double score = result.getPrimaryResult().getScore();
      assertTrue(Double.isFinite(score) && score > 0, () -> score + " " + result.getParams().id());
    }
    assertEquals(new TreeSet<>(CLASSES), classes);
  }

  @Test
  void shouldAllocateNothingOnHotPaths() throws RunnerException {
    ChainedOptionsBuilder options = options(200).warmupIterations(1).addProfiler(GCProfiler.class);
    for (String name : WITHOUT_ALLOCATION) {
      options.include("^dev.heddle.*" + name);
    }
    Collection<RunResult> results = new Runner(options.build()).run();

    Set<String> classes = new TreeSet<>();
    for (RunResult result : results) {
      classes.add(className(result));
      Result<?> allocated = result.getSecondaryResults().get("gc.alloc.rate.norm");
      assertNotNull(allocated, "JMH measures no allocation on this JVM");
      double bytes = allocated.getScore();
      assertTrue(
          bytes < BYTES_PER_OPERATION_MAX,
          () -> bytes + " B/op instead of 0: " + result.getParams().id());
    }
    assertEquals(WITHOUT_ALLOCATION.length, classes.size());
  }
}
