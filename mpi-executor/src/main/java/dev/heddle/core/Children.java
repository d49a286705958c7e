package dev.heddle.core;

import dev.heddle.wire.Frame;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The receivers of a role's tasks: the edges to its children, and the worker on its own rank,
/// which counts as the last child.
///
/// Shape: choosing one costs O(1) while there is credit; when there is none, nothing is searched
/// until some has come. Functions are numbered in the order in which they are made known, so one
/// number per edge says which of them it has. Threading: the progress role.
final class Children {
  /// No child has credit.
  static final int NONE = -1;

  private final Link link;
  private final Edge[] edges;
  private final @Nullable Worker worker;
  private final List<byte[]> functions = new ArrayList<>(0);

  private int cursor;
  private int burst;
  private boolean exhausted;

  private long workerFramesSent;
  private long workerBytesSent;

  Children(Link link, @Nullable Worker worker) {
    this.link = link;
    this.edges = link.children();
    this.worker = worker;
  }

  /// Makes the next function known; false when there are too many.
  boolean define(byte[] frame) {
    if (functions.size() >= link.limits().functionsMax()) {
      return false;
    }
    functions.add(frame);
    return true;
  }

  int functionCount() {
    return functions.size();
  }

  /// Credit has come: look again.
  void onCredit() {
    exhausted = false;
  }

  /// The child for the next task, where `backlog` tasks wait; or [#NONE].
  ///
  /// A child gets several in a row when many wait, since they then share a message; never so many
  /// that others stay idle. It does too where so many ranks below it have nothing to do, and start
  /// them at once.
  int next(int backlog) {
    int count = count();
    if (burst > 0 && hasCredit(cursor)) {
      burst--;
      return cursor;
    }
    if (exhausted && !hasWorkerCredit()) {
      return NONE;
    }
    for (int i = 0; i < count; i++) {
      cursor = cursor + 1 >= count ? 0 : cursor + 1;
      if (hasCredit(cursor)) {
        burst = (int) Math.min(15, Math.max(backlog / count, idleBelow(cursor)) - 1);
        return cursor;
      }
    }
    exhausted = true;
    return NONE;
  }

  /// Ranks below and including a child that have no task, roughly: with several slots they may have
  /// fewer than they could, and what tasks print counts like their ends.
  private long idleBelow(int child) {
    if (child == edges.length) {
      return 0;
    }
    Edge edge = edges[child];
    return edge.ranksBelow - (edge.framesSent - edge.framesReceived);
  }

  private boolean hasCredit(int child) {
    return child < edges.length ? edges[child].hasCredit() : hasWorkerCredit();
  }

  /// Number of receivers.
  int count() {
    return edges.length + (worker == null ? 0 : 1);
  }

  /// Whether what is sent to `child` runs there, on one rank.
  boolean isLeaf(int child) {
    return child == edges.length || edges[child].isLeaf();
  }

  /// Whether `child` may have a task that can't start yet: never so many that its slots could not
  /// be filled with others, for which a task each and half of the bytes are left.
  boolean hasCreditAhead(int child) {
    long bytesLeft = link.limits().taskBytesMax() / 2;
    if (child < edges.length) {
      Edge edge = edges[child];
      return edge.hasCredit()
          && edge.frameLimit - edge.framesSent > edge.slotsBelow
          && edge.byteLimit - edge.bytesSent > bytesLeft;
    }
    return hasWorkerCredit()
        && requireWorker().frameGrant() - workerFramesSent > requireWorker().slots()
        && requireWorker().byteGrant() - workerBytesSent > bytesLeft;
  }

  private boolean hasWorkerCredit() {
    return worker != null
        && workerFramesSent < worker.frameGrant()
        && workerBytesSent < worker.byteGrant();
  }

  /// Sends the functions up to `functionId` that `child` lacks; false when there is no buffer.
  boolean sendFunctions(Edge edge, int functionId) {
    while (edge.functionsSent <= functionId && edge.functionsSent < functions.size()) {
      if (!link.send(edge, functions.get(edge.functionsSent))) {
        return false;
      }
      edge.functionsSent++;
    }
    return true;
  }

  /// Something that writes a TASK frame.
  interface FrameWriter {
    void write(int child, int bytes, MemorySegment s, long offset);
  }

  /// Sends a TASK frame of `bytes` to `child`; false when there is no buffer.
  boolean send(int child, int functionId, int bytes, FrameWriter writer) {
    if (child == edges.length) {
      byte[] frame = new byte[bytes];
      MemorySegment s = MemorySegment.ofArray(frame);
      writer.write(child, bytes, s, 0);
      workerFramesSent++;
      workerBytesSent += bytes;
      requireWorker().onTask(s, 0, bytes);
      return true;
    }
    Edge edge = edges[child];
    if (!sendFunctions(edge, functionId)) {
      return false;
    }
    if (!link.fits(bytes)) {
      byte[] frame = new byte[bytes];
      writer.write(child, bytes, MemorySegment.ofArray(frame), 0);
      return link.send(edge, frame);
    }
    int offset = link.claim(edge, Frame.TASK, bytes);
    if (offset < 0) {
      return false;
    }
    writer.write(child, bytes, link.segment(), offset);
    link.commit();
    return true;
  }

  private Worker requireWorker() {
    Worker local = worker;
    if (local == null) {
      throw new IllegalStateException("no worker on this rank: rank=" + link.rank());
    }
    return local;
  }
}
