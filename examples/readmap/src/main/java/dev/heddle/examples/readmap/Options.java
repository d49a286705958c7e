package dev.heddle.examples.readmap;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/// What the user may choose; filled by picocli, then read only.
@Command(
    name = "readmap",
    description = "Draws sequencing reads from the genome of phage lambda and maps them back.",
    sortOptions = false)
final class Options {
  private static final long READS_MAX = 100_000_000_000L;
  private static final int BATCH_MAX = 10_000_000;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--reads",
      paramLabel = "N",
      defaultValue = "100000",
      description = "Reads to draw and map, at least 1 (default: ${DEFAULT-VALUE}).")
  private long reads;

  @Option(
      names = "--seed",
      paramLabel = "S",
      defaultValue = "1",
      description = "Same seed, same reads (default: ${DEFAULT-VALUE}).")
  private long seed;

  @Option(
      names = "--batch",
      paramLabel = "B",
      defaultValue = "500",
      description = "Reads per task; does not change the result (default: ${DEFAULT-VALUE}).")
  private long batch;

  @Option(
      names = "--json",
      paramLabel = "FILE",
      description = "Write the result as one JSON object too; - for stdout, the report to stderr.")
  private @Nullable Path json;

  @Option(names = "--help", usageHelp = true, description = "Show this and end.")
  private boolean isHelp;

  private Options() {}

  /// Reads and checks the command line. Errors: picocli's exception with one sentence for the user.
  static Options parse(String... args) {
    Options options = new Options();
    new CommandLine(options).registerConverter(long.class, Options::wholeNumber).parseArgs(args);
    if (!options.isHelp) {
      options.check("--reads", options.reads, READS_MAX);
      options.check("--batch", options.batch, BATCH_MAX);
    }
    return options;
  }

  /// As [#parse], but ends the program: with 0 after `--help`, with 2 after a bad value. Every rank
  /// gets the same arguments and ends alike, one of them says why.
  static Options parseOrExit(String... args) {
    try {
      Options options = parse(args);
      if (options.isHelp) {
        if (isFirstRank()) {
          CommandLine.usage(options, System.out);
        }
        System.exit(0);
      }
      return options;
    } catch (ParameterException bad) {
      if (isFirstRank()) {
        System.err.println("readmap: " + bad.getMessage() + "; see --help");
      }
      System.exit(2);
      throw bad;
    }
  }

  private static long wholeNumber(String text) {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException bad) {
      throw new TypeConversionException("'" + text + "' is not a whole number");
    }
  }

  private void check(String option, long value, long max) {
    if (value < 1 || value > max) {
      throw new ParameterException(
          spec.commandLine(), option + " must be 1 to " + max + ", not " + value);
    }
  }

  /// Why the JSON file can't be written, or null. For rank 0: the other ranks' hosts may not have
  /// its folder.
  @Nullable String jsonProblem() {
    if (json == null || isJsonToStdout()) {
      return null;
    }
    Path folder = json.toAbsolutePath().getParent();
    if (folder == null || !Files.isDirectory(folder)) {
      return "--json " + json + ": there is no folder " + folder;
    }
    if (Files.isDirectory(json)) {
      return "--json " + json + ": is a folder, not a file";
    }
    return Files.isWritable(folder) ? null : "--json " + json + ": cannot write to " + folder;
  }

  private static boolean isFirstRank() {
    // All ranks parse before MPI starts, so only the launcher's variables tell them apart.
    return Stream.of("OMPI_COMM_WORLD_RANK", "PMIX_RANK", "PMI_RANK", "PALS_RANKID")
        .map(System::getenv)
        .filter(Objects::nonNull)
        .findFirst()
        .map("0"::equals)
        .orElse(true);
  }

  long reads() {
    return reads;
  }

  long seed() {
    return seed;
  }

  int batch() {
    return (int) batch;
  }

  @Nullable Path json() {
    return json;
  }

  boolean isJsonToStdout() {
    return json != null && json.toString().equals("-");
  }

  /// Batches of reads, the last of them perhaps smaller.
  long batches() {
    return Math.ceilDiv(reads, batch);
  }
}
