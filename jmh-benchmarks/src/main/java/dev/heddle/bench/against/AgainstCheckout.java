package dev.heddle.bench.against;

import dev.heddle.bench.measure.BenchFailure;
import dev.heddle.bench.measure.BenchRefusal;
import dev.heddle.bench.measure.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The checkout that Heddle was built from, and a copy of one of its commits.
///
/// The copy is a clone that shares the checkout's objects: it needs no network, holds commits that
/// no branch has, and leaves nothing in the checkout, however it is removed.
final class AgainstCheckout {
  private static final Duration LIMIT = Duration.ofMinutes(2);
  private static final int NO_SUCH_PROGRAM = 127;

  /// What git would take for the checkout's own, were it set by who started us.
  private static final List<String> OF_ANOTHER =
      List.of("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY");

  private final Path home;
  private final Programs programs;

  AgainstCheckout(Path home, Programs programs) {
    this.home = home;
    this.programs = programs;
  }

  /// The full hash of a commit. Errors: [BenchRefusal] where it isn't known, or this is no
  /// checkout.
  String hash(String commit) throws IOException, InterruptedException, BenchRefusal {
    Programs.Ending top = git("-C", home.toString(), "rev-parse", "--show-prefix");
    if (top.exitCode() == NO_SUCH_PROGRAM) {
      throw new BenchRefusal("git is missing, by which a commit is found: install it");
    }
    if (top.exitCode() != 0 || !top.stdout().isBlank()) {
      throw new BenchRefusal(
          home
              + " is not the top of a checkout of git, so there is no commit to compare with: clone"
              + " Heddle's repository, and run this there"
              + (top.stderr().isBlank() ? "" : " (" + Programs.lastLine(top.stderr()) + ")"));
    }
    Programs.Ending found =
        git("-C", home.toString(), "rev-parse", "--verify", "--quiet", commit + "^{commit}");
    if (found.exitCode() != 0) {
      throw new BenchRefusal(
          "there is no commit '"
              + commit
              + "' in "
              + home
              + ": correct its name, or fetch it (git fetch)");
    }
    return found.stdout().strip();
  }

  /// Copies a commit to a new folder. Errors: [BenchFailure] where git can't; [BenchRefusal] where
  /// the commit has no command `heddle`.
  void copy(String hash, Path folder)
      throws IOException, InterruptedException, BenchFailure, BenchRefusal {
    expectDone(
        git("clone", "--quiet", "--shared", "--no-checkout", home.toString(), folder.toString()));
    expectDone(git("-C", folder.toString(), "checkout", "--quiet", "--detach", hash));
    if (!Files.isExecutable(folder.resolve("heddle"))) {
      throw new BenchRefusal(
          "commit " + hash + " has no command heddle that could be started: choose a later one");
    }
  }

  private static void expectDone(Programs.Ending ending) throws BenchFailure {
    if (ending.isTimedOut() || ending.exitCode() != 0) {
      throw new BenchFailure(
          "bench against: git could not copy the commit: "
              + (ending.isTimedOut()
                  ? "it took longer than " + LIMIT.toSeconds() + " s"
                  : Programs.lastLine(ending.stderr())));
    }
  }

  private Programs.Ending git(String... words) throws IOException, InterruptedException {
    Map<String, @Nullable String> environment = new HashMap<>();
    OF_ANOTHER.forEach(name -> environment.put(name, null));
    List<String> command = new ArrayList<>(List.of("env", "git"));
    command.addAll(List.of(words));
    return programs.run(command, environment, LIMIT);
  }
}
