package dev.heddle.core.array;

import dev.heddle.core.frames.ArrayDescriptor;
import dev.heddle.core.frames.ArrayFrame;
import dev.heddle.core.link.Link;
import dev.heddle.core.work.Starter;
import dev.heddle.wire.frame.Frame;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// What is being combined: neighbours of a reduction, handed to the thread that calls users'
/// combiners, and what comes back.
///
/// Threading: the progress role.
final class ArrayFolds {
  private record Fold(ArrayShare share, ArrayPart part) {}

  private final Link link;
  private final Starter starter;
  private final ArrayTable.Above above;
  private final Map<Long, Fold> folds = new HashMap<>();
  private long nextFold;

  ArrayFolds(Link link, Starter starter, ArrayTable.Above above) {
    this.link = link;
    this.starter = starter;
    this.above = above;
  }

  /// Combines what can be combined, and passes on what is complete.
  void advance(ArrayShare share, ArrayPart part) {
    ArrayDescriptor array = share.descriptor;
    if (array == null) {
      return;
    }
    List<ArrayFrame.Segment> run = part.nextFold();
    if (!run.isEmpty()) {
      long token = nextFold++;
      folds.put(token, new Fold(share, part));
      starter.fold(
          array, token, run.stream().map(ArrayFrame.Segment::value).toArray(byte[][]::new));
    }
    if (!above.isTop() && part.isScattered()) {
      above.onScattered(share, part);
    }
    if (part.isComplete()) {
      share.parts.remove(part);
      above.onComplete(share, part);
    }
  }

  /// What was given to [Starter#fold] is combined, or, with the flags of a failure, can't be.
  void onFolded(long token, int flags, byte[] payload) {
    Fold fold = folds.remove(token);
    if (fold == null || fold.share().isCancelled) {
      return;
    }
    if (flags == Frame.SUCCEEDED) {
      fold.part().onFolded(payload);
    } else {
      fold.part().onFoldFailed(link.rank(), payload);
    }
    advance(fold.share(), fold.part());
  }

  /// The run ends: nobody waits for what is combined.
  void clear() {
    folds.clear();
  }
}
