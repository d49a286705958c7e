package dev.heddle.examples.readmap;

import dev.heddle.Heddle;
import dev.heddle.TaskFuture;
import java.io.IOException;
import java.util.concurrent.ExecutionException;

/// Maps simulated sequencing reads to the genome of phage lambda, and reports how well.
///
/// One task makes an index of the genome; thousands of tasks map a batch of reads each, with the
/// index as an argument; a tree of tasks adds up what they found; the last one makes the summary.
/// Nothing is waited for in between: the futures are the graph.
public final class ReadMap {
  private ReadMap() {}

  /// See `--help`.
  public static void main(String[] args) {
    Options options = Options.parseOrExit(args);
    Heddle.run(args, heddle -> run(heddle, options));
  }

  /// The body, on rank 0 only.
  static void run(Heddle heddle, Options options)
      throws InterruptedException, ExecutionException, IOException {
    String problem = options.jsonProblem();
    if (problem != null) {
      System.err.println("readmap: " + problem);
      System.exit(2);
    }
    long startNs = System.nanoTime();
    long tasks = 2 + options.batches() + MergeTree.taskCount(options.batches());
    Summary summary;
    try (ProgressView _ = new ProgressView(heddle, tasks)) {
      summary = submit(heddle, options).get();
    }
    double elapsedS = (System.nanoTime() - startNs) / 1e9;
    Report report =
        new Report(
            summary, tasks, heddle.ranks(), heddle.progress().workers(), heddle.levels(), elapsedS);
    report.print(options.isJsonToStdout() ? System.err : System.out);
    report.writeJson(options.json());
  }

  /// Submits the whole graph; its end is the summary.
  static TaskFuture<Summary> submit(Heddle heddle, Options options)
      throws InterruptedException, ExecutionException {
    TaskFuture<KmerIndex> index = heddle.submit(KmerIndex::ofLambda);
    MergeTree merges = new MergeTree(heddle);
    for (long first = 0; first < options.reads(); first += options.batch()) {
      int count = (int) Math.min(options.batch(), options.reads() - first);
      Batch batch = new Batch(options.seed(), first, count);
      merges.add(heddle.with(index, batch).submit(Batch::map));
    }
    return heddle.with(index, merges.sum()).submit(Summary::of);
  }
}
