package dev.heddle.core.array;

import dev.heddle.core.frames.ArrayFrame;
import dev.heddle.core.link.ChildRank;
import dev.heddle.wire.frame.Frame;
import dev.heddle.wire.frame.PartFields;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Puts outcomes of places into the part that they belong to, or passes them on.
///
/// Threading: the progress role.
final class ArrayGather {
  private final ArrayTable.Above above;
  private final ArrayFolds folds;

  ArrayGather(ArrayTable.Above above, ArrayFolds folds) {
    this.above = above;
    this.folds = folds;
  }

  /// Takes a PART in, of a child or, with null, of this rank; false where these places are not
  /// expected, or have arrived.
  boolean accept(
      ArrayShare share, @Nullable ChildRank child, MemorySegment s, long offset, int length) {
    long from = PartFields.from(s, offset);
    long to = PartFields.to(s, offset);
    ArrayPart part = openPart(share, from, to);
    byte[] frame = share.frame;
    if (part == null || frame == null) {
      return false;
    }
    boolean isKept = ArrayTable.isKept(frame);
    part.left -= to - from;
    if (isKept) {
      if (part.left == 0) {
        share.parts.remove(part);
      }
      above.onPart(share, child, s, offset, length);
      return true;
    }
    boolean hasFailed = PartFields.failedRangeCount(s, offset) > 0;
    if (hasFailed && !above.isTop()) {
      // what lies between failed places can't be combined, and would add up
      part.pass(from, to);
      above.onPart(share, child, s, offset, length);
      folds.advance(share, part);
      return true;
    }
    ArrayFrame.visit(
        s,
        offset,
        new ArrayFrame.PartVisitor() {
          @Override
          public void segment(long first, long behind, long at, int bytes) {
            part.add(new ArrayFrame.Segment(first, behind, Frame.getBytes(s, at, bytes)));
          }

          @Override
          public void failedRange(long first, long behind) {
            part.pass(first, behind);
            above.onFailedRange(share, first, behind);
          }

          @Override
          public void failure(long place, int rank, long at, int bytes) {
            above.onFailure(
                share, new ArrayFrame.Failed(place, rank, Frame.getBytes(s, at, bytes)));
          }
        });
    above.onProgress(share, part, from, to);
    if (child != null) {
      above.onAbsorbed(child, length);
    }
    if (!share.isCancelled) {
      folds.advance(share, part);
    }
    return true;
  }

  /// Takes PART frames of this rank in; false as above.
  boolean accept(ArrayShare share, List<byte[]> frames) {
    boolean isRight = true;
    for (byte[] frame : frames) {
      // with the last place, or with a failure too many, the array is over
      isRight &=
          share.isCancelled || accept(share, null, MemorySegment.ofArray(frame), 0, frame.length);
    }
    return isRight;
  }

  /// Takes the value of a reduction in, of this rank; false as above.
  boolean accept(ArrayShare share, ArrayFrame.Segment segment) {
    ArrayPart part = openPart(share, segment.from(), segment.to());
    if (part == null) {
      return false;
    }
    part.left -= segment.to() - segment.from();
    part.add(segment);
    above.onProgress(share, part, segment.from(), segment.to());
    if (!share.isCancelled) {
      folds.advance(share, part);
    }
    return true;
  }

  /// The part that has these places, if all of them are still to end.
  private static @Nullable ArrayPart openPart(ArrayShare share, long from, long to) {
    ArrayPart part = share.partOf(from, to);
    return part == null || to - from > part.left || !part.isOpen(from, to) ? null : part;
  }
}
