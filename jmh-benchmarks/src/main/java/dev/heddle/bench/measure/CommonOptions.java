package dev.heddle.bench.measure;

import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// What every command that measures can be told, mixed into its own options: where its result goes,
/// and to show help. Refuses in that command's name.
public final class CommonOptions {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--json",
      paramLabel = "FILE",
      description = "Write the result as JSON; - is standard output.")
  private @Nullable Path json;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this and end.")
  private boolean isHelp;

  public boolean isHelp() {
    return isHelp;
  }

  /// Null where no JSON is asked for; `-` is standard output.
  public @Nullable Path json() {
    return json;
  }

  public boolean isJsonToStdout() {
    return json != null && json.toString().equals("-");
  }

  /// Errors: [ParameterException] where `--json` names a file that can't be written.
  public void check() {
    checkFile("--json", isJsonToStdout() ? null : json);
  }

  /// The same for another option; nothing is checked where `file` is null.
  public void checkFile(String option, @Nullable Path file) {
    if (file == null) {
      return;
    }
    Path parent = file.toAbsolutePath().getParent();
    refuse(
        parent == null || Files.isDirectory(file) || !Files.isWritable(parent),
        option
            + " "
            + file
            + " cannot be written: name a file in a folder that exists and is yours");
  }

  /// Errors: [ParameterException] with the sentence `why` where `isBad`.
  public void refuse(boolean isBad, String why) {
    if (isBad) {
      throw new ParameterException(spec.commandLine(), why);
    }
  }

  /// The refusal of what somebody else has found bad, in that one's sentence.
  public ParameterException refusal(IllegalArgumentException bad) {
    return new ParameterException(spec.commandLine(), String.valueOf(bad.getMessage()), bad);
  }

  /// Was the option on the command line?
  public boolean isGiven(String option) {
    return spec.commandLine().getParseResult().hasMatchedOption(option);
  }
}
