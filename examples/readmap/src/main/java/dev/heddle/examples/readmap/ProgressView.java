package dev.heddle.examples.readmap;

import dev.heddle.Heddle;
import dev.heddle.Progress;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.DelegatingProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarConsumer;
import me.tongfei.progressbar.ProgressBarStyle;

/// Shows on stderr how far the run is: tasks done, rate, workers, time left.
///
/// A bar where a person watches, a line every few seconds where it goes to a file. Threading: has
/// threads of its own, daemons all; [#close()] ends them and shows the last state.
final class ProgressView implements AutoCloseable {
  private static final int BAR_INTERVAL_MS = 200;
  private static final int LINE_INTERVAL_MS = 5_000;
  private static final int LINE_COLUMNS = 120;

  /// Prints lines, but none twice: the library shows its last state two times.
  private static final class Lines implements Consumer<String> {
    private final PrintStream out;
    private String last = "";

    Lines(PrintStream out) {
      this.out = out;
    }

    @Override
    public void accept(String line) {
      if (!line.equals(last)) {
        out.println(line.stripTrailing());
      }
      last = line;
    }
  }

  private final Heddle heddle;
  private final long tasks;
  private final ProgressBar bar;
  private final ScheduledExecutorService clock;

  ProgressView(Heddle heddle, long tasks) {
    this.heddle = heddle;
    this.tasks = tasks;
    boolean isTerminal = Terminal.isStderrTerminal();
    int intervalMs = isTerminal ? BAR_INTERVAL_MS : LINE_INTERVAL_MS;
    PrintStream err = new PrintStream(System.err, true, StandardCharsets.UTF_8);
    // The width is given, so that the library does not look for a terminal by native code.
    ProgressBarConsumer consumer =
        isTerminal
            ? new ConsoleProgressBarConsumer(err, Terminal.columns() - 1)
            : new DelegatingProgressBarConsumer(new Lines(err), LINE_COLUMNS);
    bar =
        new ProgressBarBuilder()
            .setTaskName("readmap")
            .setInitialMax(tasks)
            .setUnit(" tasks", 1)
            .showSpeed()
            .setStyle(isTerminal ? ProgressBarStyle.UNICODE_BLOCK : ProgressBarStyle.ASCII)
            .setUpdateIntervalMillis(intervalMs)
            .setConsumer(consumer)
            .build();
    clock = Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().factory());
    var _ = clock.scheduleAtFixedRate(this::update, 0, BAR_INTERVAL_MS, TimeUnit.MILLISECONDS);
  }

  private void update() {
    Progress progress = heddle.progress();
    bar.stepTo(Math.min(progress.done(), tasks));
    bar.setExtraMessage(
        progress.workers() == 1 ? " 1 worker" : " " + progress.workers() + " workers");
  }

  @Override
  public void close() {
    clock.shutdownNow();
    update();
    bar.close();
  }
}
