package dev.heddle.core.role;

import dev.heddle.core.array.ArrayPart;
import dev.heddle.core.array.ArrayShare;
import dev.heddle.core.array.ArrayTable;
import dev.heddle.core.frames.ArrayDescriptor;
import dev.heddle.core.link.ChildRank;
import dev.heddle.core.link.Link;
import dev.heddle.core.link.Phase;
import dev.heddle.core.work.Upstream;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Where the parts of arrays go at a relay: up. Threading: the progress role.
final class ArrayPass implements ArrayTable.Above {
  private final Link link;
  private final Membership members;
  private final Upward upward;
  private final Upstream upstream;
  private final int slots;

  /// Of a relay with this many slots of its own, which asks `upstream` for large values.
  ArrayPass(Link link, Membership members, Upward upward, Upstream upstream, int slots) {
    this.link = link;
    this.members = members;
    this.upward = upward;
    this.upstream = upstream;
    this.slots = slots;
  }

  @Override
  public void onPart(
      ArrayShare share, @Nullable ChildRank child, MemorySegment s, long offset, int length) {
    if (members.phase() == Phase.STOPPED) { // nothing may follow the BYE
      return;
    }
    if (child == null) {
      upward.passPart(s, offset, length);
    } else {
      upward.pass(child, s, offset, length);
    }
  }

  @Override
  public void onComplete(ArrayShare share, ArrayPart part) {
    ArrayDescriptor array = share.descriptor;
    if (array != null) {
      pass(part.frames(array, link.rank(), link.limits().frameBytesMax()));
    }
  }

  @Override
  public void onScattered(ArrayShare share, ArrayPart part) {
    ArrayDescriptor array = share.descriptor;
    if (array != null) {
      pass(part.release(array, link.rank(), link.limits().frameBytesMax()));
    }
  }

  private void pass(List<byte[]> frames) {
    if (members.phase() == Phase.STOPPED) {
      return;
    }
    for (byte[] frame : frames) {
      upward.passPart(MemorySegment.ofArray(frame), 0, frame.length);
    }
  }

  @Override
  public void onAbsorbed(ChildRank child, int length) {
    child.onForwarded(length);
  }

  @Override
  public boolean hasRoom() {
    return slots > 0 && upward.hasRoomForPart(slots);
  }

  @Override
  public void fetch(long valueId, long length) {
    upstream.fetch(valueId, length);
  }
}
