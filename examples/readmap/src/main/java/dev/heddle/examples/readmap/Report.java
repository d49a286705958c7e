package dev.heddle.examples.readmap;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Tells a person, and a script, what came out.
///
/// @param tasks submitted in the run
/// @param workers ranks with slots
/// @param levels of the tree of ranks
/// @param elapsedS from the first submit to the summary
record Report(Summary summary, long tasks, int ranks, int workers, int levels, double elapsedS) {
  private static final int PLOT_ROWS = 6;

  /// Prints the report for a person, as wide as the terminal.
  void print(PrintStream out) {
    PrintStream utf8 = new PrintStream(out, true, StandardCharsets.UTF_8);
    utf8.println(text(Terminal.columns()));
    utf8.flush();
  }

  String text(int columns) {
    Summary.Counts counts = summary.counts();
    return String.format(
        Locale.ROOT,
        """
        reads            %,d (%,d of them random sequence)
        mapped           %,d
        correct          %,d
        correctFraction  %.5f
        random mapped    %,d
        coverage         mean %.2f  min %,d  max %,d
        tasks            %,d
        tree             ranks %,d  workers %,d  levels %d
        elapsed          %.2f s (%,.0f reads/s)
        resultSha256     %s

        reads over each position of the genome:
        %s""",
        counts.reads(),
        counts.randomReads(),
        counts.mapped(),
        counts.correct(),
        counts.correctFraction(),
        counts.randomMapped(),
        summary.depthMean(),
        summary.depthMin(),
        summary.depthMax(),
        tasks,
        ranks,
        workers,
        levels,
        elapsedS,
        counts.reads() / elapsedS,
        summary.sha256(),
        Plot.of(summary.depths(), columns, PLOT_ROWS));
  }

  /// Writes one JSON object and a newline to `file`, whole or not at all; `-` is stdout, null is
  /// nowhere.
  void writeJson(@Nullable Path file) throws IOException {
    if (file == null) {
      return;
    }
    byte[] json = (json() + "\n").getBytes(StandardCharsets.UTF_8);
    if (file.toString().equals("-")) {
      System.out.write(json);
      System.out.flush();
      return;
    }
    // A reader never sees half a file: it is renamed when it is complete.
    Path whole = file.toAbsolutePath();
    Path part = whole.resolveSibling(whole.getFileName() + ".part");
    Files.write(part, json);
    Files.move(part, whole, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
  }

  String json() throws IOException {
    Summary.Counts counts = summary.counts();
    double fraction = counts.correctFraction();
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("schema", "heddle.readmap/1");
    json.put("reads", counts.reads());
    json.put("mapped", counts.mapped());
    json.put("correct", counts.correct());
    json.put("randomReads", counts.randomReads());
    json.put("randomMapped", counts.randomMapped());
    json.put("tasks", tasks);
    json.put("ranks", ranks);
    json.put("workers", workers);
    json.put("levels", levels);
    json.put("correctFraction", Double.isNaN(fraction) ? null : fraction);
    json.put("coverageMean", summary.depthMean());
    json.put("elapsedS", elapsedS);
    json.put("resultSha256", summary.sha256());
    return new ObjectMapper().writeValueAsString(json);
  }
}
