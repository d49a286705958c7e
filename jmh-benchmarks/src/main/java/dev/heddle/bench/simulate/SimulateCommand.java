package dev.heddle.bench.simulate;

import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.heddle.bench.measure.Conditions;
import dev.heddle.bench.measure.ExitCode;
import dev.heddle.bench.measure.Report;
import dev.heddle.scale.ScaleConfig;
import dev.heddle.scale.ScaleResult;
import dev.heddle.scale.ScaleSimulation;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// `heddle simulate`: one run, for a person and for a script.
///
/// Threading: the calling thread.
final class SimulateCommand {
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(StreamWriteFeature.WRITE_BIGDECIMAL_AS_PLAIN).build();

  private static final double NS_PER_S = 1e9;
  private static final double NS_PER_MS = 1e6;
  private static final int BAR_WIDTH = 40;

  private final SimulateOptions options;
  private final PrintStream out;
  private final PrintStream err;

  /// The report goes to `out`, with `--json -` to `err`.
  SimulateCommand(SimulateOptions options, PrintStream out, PrintStream err) {
    this.options = options;
    this.out = out;
    this.err = err;
  }

  /// Returns the exit code: 1 where a rank was lost, which ends a run.
  int run() {
    ScaleConfig config = options.config();
    try {
      ScaleResult result = ScaleSimulation.run(config);
      long heapBytes = peakHeapBytes();
      PrintStream reader = options.isJsonToStdout() ? err : out;
      reader.print(text(result, heapBytes));
      reader.flush();
      write(options.json(), json(result, heapBytes));
      return result.lost() == null ? ExitCode.DONE : ExitCode.FAILED;
    } catch (OutOfMemoryError _) {
      return fail(
          "the heap is too small to simulate workers="
              + config.workers()
              + " with pending tasks="
              + Math.min(config.tasks(), config.pendingTasksMax())
              + ": a worker takes about 1.5 KiB; give it more with --heap");
    } catch (IllegalArgumentException e) {
      err.println("heddle: " + e.getMessage());
      err.flush();
      return ExitCode.REFUSED;
    } catch (IOException e) {
      return fail("the result could not be written: " + e);
    }
  }

  private int fail(String why) {
    err.println("heddle: " + why);
    err.flush();
    return ExitCode.FAILED;
  }

  private void write(@Nullable Path file, Map<String, @Nullable Object> json) throws IOException {
    if (file != null) {
      Report.write(
          (JSON.writeValueAsString(json) + "\n").getBytes(StandardCharsets.UTF_8), file, out);
    }
  }

  /// The sum of the peaks of the heap's pools: never less than the peak of the heap.
  static long peakHeapBytes() {
    long bytes = 0;
    for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
      if (pool.getType() == MemoryType.HEAP) {
        bytes += pool.getPeakUsage().getUsed();
      }
    }
    return bytes;
  }

  // ---- for a script

  /// The keys of the contract, and more.
  static Map<String, @Nullable Object> json(ScaleResult result, long heapBytes) {
    ScaleConfig config = result.config();
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("schema", Report.SCHEMA);
    json.put("benchmark", "simulate");
    json.put("simulated", true);
    json.put("workers", config.workers());
    json.put("tasks", config.tasks());
    Map<String, @Nullable Object> run = new LinkedHashMap<>();
    boolean isWhole = result.makespanNs() >= 0;
    run.put("makespanS", isWhole ? Report.number(result.makespanNs() / NS_PER_S, 9) : null);
    run.put("tasksPerSecond", isWhole ? Report.number(result.tasksPerSecond(), 1) : null);
    run.put("efficiency", Report.number(result.efficiency(), 6));
    run.put("traceHash", result.traceHash());
    run.put("coordinatorStateBytes", result.coordinatorStateBytes());
    run.put("peakHeapBytes", heapBytes);
    run.put("wallS", Report.number(result.wallNs() / NS_PER_S, 3));
    json.putAll(run);
    json.put("seed", config.seed());
    json.put("lost", result.lost());
    json.put("tasksDone", result.done());
    json.put("firstTaskS", Report.number(result.firstTaskNs() / NS_PER_S, 9));
    json.put("lastTaskS", Report.number(result.lastTaskNs() / NS_PER_S, 9));
    json.put("readyTasksMax", result.readyMax());
    json.put("messages", result.messages());
    json.put("messageBytes", result.bytes());
    json.put("events", result.events());
    json.put("levels", levels(result));
    json.put("utilisationIntervalS", Report.number(result.pointNs() / NS_PER_S, 9));
    json.put("utilisation", result.utilisation().stream().map(u -> Report.number(u, 4)).toList());
    json.put("memory", memory(result));
    json.put("checksumOk", result.lost() == null && result.done() == config.tasks());
    json.put("repetitions", 1);
    json.put("runs", List.of(run));
    json.put("params", params(result));
    json.put(
        "conditions",
        Conditions.ofSimulated(
            result.ranks(),
            (long) config.workers() * config.slots(),
            config.fanout(),
            result.levels()));
    return json;
  }

  private static Map<String, @Nullable Object> params(ScaleResult result) {
    ScaleConfig config = result.config();
    Map<String, @Nullable Object> params = new LinkedHashMap<>();
    params.put("machine", config.machine().name());
    params.put("machineOrigin", config.machine().origin());
    params.put("hosts", result.hosts());
    params.put("relays", result.relays());
    params.put("slotsPerWorker", config.slots());
    params.put("fanout", config.fanout());
    params.put("prefetch", config.prefetchMax());
    params.put("taskMs", Report.number(config.durations().meanNs() / NS_PER_MS, 6));
    params.put("taskDist", config.durations().text());
    params.put("array", config.isArray());
    params.put("pendingTasksMax", config.pendingTasksMax());
    params.put("seed", config.seed());
    params.put("costs", config.costs().toMap());
    params.put("faults", config.faults().list().stream().map(String::valueOf).toList());
    params.put("deathsPerHour", config.faults().deathsPerHour());
    params.put("liveness", config.faults().needsLiveness() ? "on" : "off");
    return params;
  }

  private static List<Map<String, @Nullable Object>> levels(ScaleResult result) {
    double seconds = Math.max(1, result.makespanNs()) / NS_PER_S;
    List<Map<String, @Nullable Object>> rows = new ArrayList<>();
    for (ScaleResult.Level level : result.perLevel()) {
      Map<String, @Nullable Object> row = new LinkedHashMap<>();
      row.put("level", level.level());
      row.put("ranks", level.ranks());
      row.put("messagesDownPerSecond", Report.number(level.messagesDown() / seconds, 1));
      row.put("framesDownPerSecond", Report.number(level.framesDown() / seconds, 1));
      row.put("messagesUpPerSecond", Report.number(level.messagesUp() / seconds, 1));
      row.put("framesUpPerSecond", Report.number(level.framesUp() / seconds, 1));
      row.put("turnsPerSecond", Report.number(level.turns() / seconds, 1));
      row.put("busyShare", Report.number(level.busyShare(), 6));
      row.put("waitingMax", level.waitingMax());
      rows.add(row);
    }
    return rows;
  }

  private static List<Map<String, @Nullable Object>> memory(ScaleResult result) {
    List<Map<String, @Nullable Object>> rows = new ArrayList<>();
    Map<String, @Nullable Object> first = new LinkedHashMap<>();
    first.put("role", "coordinator at rest");
    first.put("bytes", result.coordinatorStateBytes());
    rows.add(first);
    for (ScaleResult.Memory one : result.memory()) {
      Map<String, @Nullable Object> row = new LinkedHashMap<>();
      row.put("role", one.role());
      row.put("bytes", one.bytes());
      rows.add(row);
    }
    return rows;
  }

  // ---- for a person

  private static String text(ScaleResult result, long heapBytes) {
    ScaleConfig config = result.config();
    StringBuilder text = new StringBuilder();
    line(text, "simulated", "nothing below was measured on such a machine; seed=%d", config.seed());
    line(
        text,
        "tree",
        "ranks=%d fanout=%d levels=%d relays=%d workers=%d hosts=%d machine=%s",
        result.ranks(),
        config.fanout(),
        result.levels(),
        result.relays(),
        config.workers(),
        result.hosts(),
        config.machine().name());
    line(
        text,
        "tasks",
        "%,d of %.6g ms (%s), submitted " + (config.isArray() ? "as one array" : "one by one"),
        config.tasks(),
        config.durations().meanNs() / NS_PER_MS,
        config.durations().text());
    if (result.lost() != null) {
      line(text, "lost", "%s", result.lost());
      line(
          text,
          "",
          "a lost rank ends the run today: %,d of %,d tasks were done",
          result.done(),
          config.tasks());
    } else {
      line(text, "makespan", "%.6f s, simulated", result.makespanNs() / NS_PER_S);
      line(text, "tasks/s", "%,.1f, simulated", result.tasksPerSecond());
      line(
          text,
          "efficiency",
          Double.isNaN(result.efficiency()) ? "none for tasks of 0 ms" : "%.4f, simulated",
          result.efficiency());
    }
    line(text, "first task", "starts after %.6f s", result.firstTaskNs() / NS_PER_S);
    line(text, "last task", "ends after %.6f s", result.lastTaskNs() / NS_PER_S);
    text.append(curve(result));
    text.append(table(result));
    line(text, "ready at rank 0", "%,d at most", result.readyMax());
    line(text, "messages", "%,d with %,d bytes", result.messages(), result.bytes());
    line(text, "memory", "coordinator at rest %,d bytes", result.coordinatorStateBytes());
    for (ScaleResult.Memory one : result.memory()) {
      line(text, "", "%s %,d bytes", one.role(), one.bytes());
    }
    line(text, "trace", "%s", result.traceHash());
    line(text, "costs", "%s", config.costs().conditions());
    line(
        text,
        "this process",
        "%.1f s, %,d events, heap %,d MiB at most",
        result.wallNs() / NS_PER_S,
        result.events(),
        heapBytes >> 20);
    return text.toString();
  }

  @SuppressWarnings("AnnotateFormatMethod") // its annotation would be a library for one method
  private static void line(StringBuilder text, String key, String format, Object... values) {
    text.append(String.format(Locale.ROOT, "%-18s ", key))
        .append(String.format(Locale.ROOT, format, values))
        .append('\n');
  }

  private static String curve(ScaleResult result) {
    StringBuilder text = new StringBuilder();
    int step = Math.max(1, result.utilisation().size() / 16);
    for (int i = 0; i < result.utilisation().size(); i += step) {
      List<Double> some =
          result.utilisation().subList(i, Math.min(i + step, result.utilisation().size()));
      double mean = some.stream().mapToDouble(Double::doubleValue).average().orElse(0);
      line(
          text,
          i == 0 ? "slots in use" : "",
          "%10.4f s %6.1f %% %s",
          i * result.pointNs() / NS_PER_S,
          100 * mean,
          "#".repeat((int) Math.round(BAR_WIDTH * Math.min(1, mean))));
    }
    return text.toString();
  }

  private static String table(ScaleResult result) {
    StringBuilder text = new StringBuilder();
    line(
        text,
        "level",
        "%9s %14s %14s %14s %14s %8s %8s",
        "ranks",
        "messages/s v",
        "frames/s v",
        "messages/s ^",
        "frames/s ^",
        "busy",
        "waiting");
    double seconds = Math.max(1, result.makespanNs()) / NS_PER_S;
    for (ScaleResult.Level level : result.perLevel()) {
      line(
          text,
          "  " + level.level(),
          "%9d %,14.0f %,14.0f %,14.0f %,14.0f %7.2f%% %8d",
          level.ranks(),
          level.messagesDown() / seconds,
          level.framesDown() / seconds,
          level.messagesUp() / seconds,
          level.framesUp() / seconds,
          100 * level.busyShare(),
          level.waitingMax());
    }
    return text.toString();
  }
}
