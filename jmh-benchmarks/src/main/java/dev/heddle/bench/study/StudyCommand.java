package dev.heddle.bench.study;

import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.heddle.bench.measure.Conditions;
import dev.heddle.bench.measure.ExitCode;
import dev.heddle.bench.measure.Report;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// `heddle study`: runs experiments and writes what came out.
///
/// Threading: the calling thread.
final class StudyCommand {
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(StreamWriteFeature.WRITE_BIGDECIMAL_AS_PLAIN).build();

  private final StudyOptions options;
  private final PrintStream out;
  private final PrintStream err;

  StudyCommand(StudyOptions options, PrintStream out, PrintStream err) {
    this.options = options;
    this.out = out;
    this.err = err;
  }

  /// Returns the exit code.
  int run() {
    try {
      Studies studies = new Studies(options, err);
      List<StudyTable> tables = new ArrayList<>();
      List<String> names = options.studies();
      for (String study : names) {
        err.printf("study: %s, %d of %d%n", study, tables.size() + 1, names.size());
        err.flush();
        tables.add(studies.run(study));
      }
      StudyPage page = new StudyPage(head(), conditionsOfPlots(), tables);
      PrintStream reader = options.isJsonToStdout() ? err : out;
      reader.print(page.markdown());
      reader.flush();
      Path folder = options.out();
      if (folder != null) {
        page.write(folder);
      }
      Path file = options.json();
      if (file != null) {
        byte[] text =
            (JSON.writeValueAsString(json(studies, tables)) + "\n")
                .getBytes(StandardCharsets.UTF_8);
        Report.write(text, file, out);
      }
      return ExitCode.DONE;
    } catch (OutOfMemoryError _) {
      return fail("the heap is too small for so many workers: give it more with --heap");
    } catch (StudyValidation.Unavailable e) {
      return fail(String.valueOf(e.getMessage()));
    } catch (IOException e) {
      return fail("the figures could not be written: " + e);
    }
  }

  private int fail(String why) {
    err.println("heddle: " + why);
    err.flush();
    return ExitCode.FAILED;
  }

  private String head() {
    Map<String, @Nullable Object> conditions = conditions();
    return "Rows that say *simulated* were run in virtual time on machine="
        + options.machine()
        + ", seed="
        + options.seed()
        + ", with the costs '"
        + options.costs().conditions()
        + "'. Rows that say *measured* were run on this machine: "
        + conditions.get("cores")
        + " cores, "
        + conditions.get("os")
        + ", "
        + conditions.get("jdk")
        + ", commit "
        + conditions.get("commit")
        + ", "
        + conditions.get("utc")
        + ". Rows that say *published* are others' own figures; [recalled] marks those that could"
        + " not be read again.";
  }

  /// What stands below a plot's title, by what its points are.
  private Map<String, String> conditionsOfPlots() {
    return Map.of(
        StudyTable.SIMULATED,
        "simulated: today's cores on the network of " + options.machine(),
        StudyTable.MEASURED,
        "measured: this machine of " + Runtime.getRuntime().availableProcessors() + " cores",
        StudyTable.PUBLISHED,
        "published: others' own figures");
  }

  private Map<String, @Nullable Object> conditions() {
    return Conditions.ofSimulated(0, 0, 0, 0);
  }

  private Map<String, @Nullable Object> json(Studies studies, List<StudyTable> tables) {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("schema", Report.SCHEMA);
    json.put("benchmark", "study " + options.study());
    json.put(
        "simulated",
        tables.stream()
            .flatMap(table -> table.rows().stream())
            .anyMatch(row -> StudyTable.SIMULATED.equals(row.get("how"))));
    json.putAll(studies.metrics());
    List<Map<String, @Nullable Object>> all = new ArrayList<>();
    for (StudyTable table : tables) {
      Map<String, @Nullable Object> one = new LinkedHashMap<>();
      one.put("study", table.id());
      one.put("title", table.title());
      one.put("rows", table.rows());
      all.add(one);
    }
    json.put("studies", all);
    Map<String, @Nullable Object> params = new LinkedHashMap<>();
    params.put("machine", options.machine());
    params.put("tasksPerWorker", options.tasksPerWorker());
    params.put("seed", options.seed());
    params.put("costs", options.costs().toMap());
    json.put("params", params);
    json.put("conditions", conditions());
    return json;
  }
}
