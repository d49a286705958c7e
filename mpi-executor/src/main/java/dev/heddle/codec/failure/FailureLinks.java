package dev.heddle.codec.failure;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// An exception, its causes and its suppressed exceptions as text.
///
/// Shape: links, each behind its parent: first the exception with its chain of causes, then their
/// suppressed exceptions, each with its own causes. Bounds: [#LINKS_MAX] links in all,
/// [#CAUSES_MAX] in one chain, and the first [#SUPPRESSED_MAX] suppressed exceptions of each
/// exception. Each link has a class name, a message, and frames of a stack. Threading: stateless;
/// an instance is immutable. Errors: [IOException] for damaged bytes; exceptions of users' code are
/// caught.
final class FailureLinks {
  private static final int LINKS_MAX = 24;
  private static final int CAUSES_MAX = 16;
  private static final int SUPPRESSED_MAX = 8;

  /// Stack frames kept: of the exception itself, and of each other link, whose stack repeats most
  /// of these frames.
  private static final int STACK_MAX = 64;

  private static final int LINK_STACK_MAX = 24;

  private static final int NAME_CHARS_MAX = 256;

  /// Bytes of a link besides its texts and frames: its parent, three lengths, two flags.
  private static final int FIXED_BYTES = 10;

  /// Bytes of each message that arrive in any case.
  private static final int MESSAGE_BYTES_MIN = 80;

  /// An upper bound for the bytes of the mark in place of the end of a long message.
  private static final int MARK_BYTES = 40;

  /// The exception itself gets as much room as this many other links.
  private static final int FIRST_WEIGHT = 4;

  /// Where the names of all links take more bytes than this, links are left out, beginning with the
  /// last.
  private static final int NAMES_BYTES_MAX = 8 * 1024;

  private static final int CAUSE = -1;
  private static final StackTraceElement[] NO_STACK = {};

  /// One exception among the links.
  ///
  /// @param parent index of the parent; the first link is its own parent
  /// @param place -1 for the cause, else the index among the parent's suppressed exceptions
  /// @param className as [Class#getName()]
  /// @param message the message, whole or cut; null for none
  /// @param stack the first frames for which there was room
  record Link(
      int parent,
      int place,
      String className,
      @Nullable String message,
      List<StackTraceElement> stack) {

    boolean isCause() {
      return place == CAUSE;
    }

    StackTraceElement[] stackArray() {
      return stack.toArray(NO_STACK);
    }
  }

  private final List<Link> links;

  private FailureLinks(List<Link> links) {
    this.links = links;
  }

  /// An exception of which only the class is known.
  static FailureLinks minimal(String className) {
    String message = "(the exception could not be taken apart)";
    return new FailureLinks(List.of(new Link(0, CAUSE, className, message, List.of())));
  }

  List<Link> all() {
    return links;
  }

  Link first() {
    return links.getFirst();
  }

  // ---- taken from an exception

  /// The links of `failure`.
  static FailureLinks of(Throwable failure) {
    List<Link> links = new ArrayList<>();
    List<Throwable> each = new ArrayList<>();
    Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    addChain(failure, 0, CAUSE, links, each, seen);
    for (int i = 0; i < each.size(); i++) {
      Throwable[] suppressed = each.get(i).getSuppressed();
      for (int k = 0; k < Math.min(SUPPRESSED_MAX, suppressed.length); k++) {
        addChain(suppressed[k], i, k, links, each, seen);
      }
    }
    FailureLinks all = new FailureLinks(links);
    while (all.bytesMin() > NAMES_BYTES_MAX) {
      links.removeLast();
    }
    return all;
  }

  private static void addChain(
      Throwable first,
      int parent,
      int place,
      List<Link> links,
      List<Throwable> each,
      Set<Throwable> seen) {
    Throwable at = first;
    int above = parent;
    int where = place;
    for (int i = 0; i < CAUSES_MAX && at != null; i++) {
      if (links.size() == LINKS_MAX || !seen.add(at)) {
        return;
      }
      int stackMax = links.isEmpty() ? STACK_MAX : LINK_STACK_MAX;
      links.add(
          new Link(above, where, at.getClass().getName(), messageOf(at), stackOf(at, stackMax)));
      each.add(at);
      above = links.size() - 1;
      where = CAUSE;
      at = causeOf(at);
    }
  }

  // Throwable is caught everywhere: user code (getMessage, readObject) may throw any Error, and the
  // failure must get through.
  private static @Nullable String messageOf(Throwable t) {
    try {
      return t.getMessage();
    } catch (Throwable e) {
      return "(getMessage() threw " + e.getClass().getName() + ")";
    }
  }

  private static @Nullable Throwable causeOf(Throwable t) {
    try {
      return t.getCause();
    } catch (Throwable e) {
      return null;
    }
  }

  private static List<StackTraceElement> stackOf(Throwable t, int framesMax) {
    try {
      StackTraceElement[] stack = t.getStackTrace();
      return List.of(stack.length <= framesMax ? stack : Arrays.copyOf(stack, framesMax));
    } catch (Throwable e) {
      return List.of();
    }
  }

  // ---- given back to an exception

  /// Gives the causes and suppressed exceptions of `original` their stacks, where they match the
  /// links that were sent.
  void restoreStacks(Throwable original) {
    @Nullable Throwable[] each = new @Nullable Throwable[links.size()];
    for (int i = 0; i < each.length; i++) {
      Link link = links.get(i);
      Throwable at = i == 0 ? original : below(each[link.parent], link);
      if (at != null && shortName(at.getClass().getName()).equals(shortName(link.className))) {
        at.setStackTrace(link.stackArray());
        each[i] = at;
      }
    }
  }

  private static @Nullable Throwable below(@Nullable Throwable parent, Link link) {
    if (parent == null) {
      return null;
    }
    if (link.isCause()) {
      return causeOf(parent);
    }
    Throwable[] suppressed = parent.getSuppressed();
    return link.place < suppressed.length ? suppressed[link.place] : null;
  }

  // ---- as bytes

  /// Least bytes of all links.
  int bytesMin() {
    int bytes = 1;
    for (Link link : links) {
      bytes += bytesMin(link);
    }
    return bytes;
  }

  private static int bytesMin(Link link) {
    return FIXED_BYTES
        + utfBytes(shortName(link.className), Integer.MAX_VALUE)
        + (link.message == null ? 0 : MESSAGE_BYTES_MIN);
  }

  /// At most `bytesMax` bytes, which must not be below [#bytesMin()]. If there is room, messages
  /// and stacks are whole. Else each link gets its share, and a message that takes more than half
  /// of the share is cut where the stack needs the room.
  byte[] toBytes(int bytesMax) throws IOException {
    int count = links.size();
    byte[][] stacks = new byte[count][];
    int[][] ends = new int[count][];
    int[] wanted = new int[count];
    for (int i = 0; i < count; i++) {
      Link link = links.get(i);
      ends[i] = new int[link.stack.size()];
      stacks[i] = frames(link.stack, ends[i]);
      int all =
          FIXED_BYTES
              + utfBytes(shortName(link.className), Integer.MAX_VALUE)
              + (link.message == null ? 0 : utfBytes(link.message, bytesMax))
              + stacks[i].length;
      wanted[i] = Math.max(0, all - bytesMin(link));
    }
    int[] shares = shares(wanted, bytesMax - bytesMin());
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(1024);
    DataOutputStream out = new DataOutputStream(bytes);
    out.writeByte(count);
    for (int i = 0; i < count; i++) {
      write(links.get(i), stacks[i], ends[i], bytesMin(links.get(i)) + shares[i], out);
    }
    return bytes.toByteArray();
  }

  /// The share of each link: the bytes it wants, or, where that is too much, its share, by weight,
  /// of the room that the links with smaller wants leave.
  private static int[] shares(int[] wanted, int bytes) {
    int[] shares = new int[wanted.length];
    boolean[] isServed = new boolean[wanted.length];
    int left = bytes;
    for (int round = 0; round < wanted.length; round++) {
      int weights = 0;
      for (int i = 0; i < wanted.length; i++) {
        weights += isServed[i] ? 0 : weight(i);
      }
      int each = weights == 0 ? 0 : left / weights;
      boolean isNewlyServed = false;
      for (int i = 0; i < wanted.length; i++) {
        if (!isServed[i] && wanted[i] <= each * weight(i)) {
          shares[i] = wanted[i];
          left -= wanted[i];
          isServed[i] = true;
          isNewlyServed = true;
        } else if (!isServed[i]) {
          shares[i] = each * weight(i);
        }
      }
      if (!isNewlyServed) {
        break;
      }
    }
    return shares;
  }

  private static int weight(int link) {
    return link == 0 ? FIRST_WEIGHT : 1;
  }

  private static void write(Link link, byte[] stack, int[] ends, int bytesMax, DataOutputStream out)
      throws IOException {
    String name = shortName(link.className);
    int left = bytesMax - FIXED_BYTES - utfBytes(name, Integer.MAX_VALUE);
    String message = link.message;
    if (message != null) {
      message = cut(message, Math.max(Math.max(MESSAGE_BYTES_MIN, left / 2), left - stack.length));
      left -= utfBytes(message, Integer.MAX_VALUE);
    }
    out.writeByte(link.parent);
    out.writeByte(link.place);
    writeText(out, name);
    writeText(out, message);
    int frames = 0;
    while (frames < ends.length && ends[frames] <= left) {
      frames++;
    }
    out.writeShort(frames);
    out.write(stack, 0, frames == 0 ? 0 : ends[frames - 1]);
  }

  private static byte[] frames(List<StackTraceElement> stack, int[] ends) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(1024);
    DataOutputStream out = new DataOutputStream(bytes);
    for (int i = 0; i < ends.length; i++) {
      StackTraceElement frame = stack.get(i);
      writeText(out, nullableShort(frame.getClassLoaderName()));
      writeText(out, nullableShort(frame.getModuleName()));
      writeText(out, nullableShort(frame.getModuleVersion()));
      writeText(out, shortName(frame.getClassName()));
      writeText(out, shortName(frame.getMethodName()));
      writeText(out, nullableShort(frame.getFileName()));
      out.writeInt(frame.getLineNumber());
      ends[i] = bytes.size();
    }
    return bytes.toByteArray();
  }

  static String shortName(String name) {
    return name.length() <= NAME_CHARS_MAX ? name : name.substring(0, NAME_CHARS_MAX - 3) + "...";
  }

  private static @Nullable String nullableShort(@Nullable String name) {
    return name == null ? null : shortName(name);
  }

  /// The beginning of a text that fits into `bytesMax`, with a mark that says how much is missing.
  private static String cut(String text, int bytesMax) {
    if (utfBytes(text, bytesMax) <= bytesMax) {
      return text;
    }
    int kept = 0;
    int bytes = 0;
    while (bytes <= bytesMax - MARK_BYTES) {
      bytes += utfBytes(text.charAt(kept++));
    }
    kept--;
    if (kept > 0 && Character.isHighSurrogate(text.charAt(kept - 1))) {
      kept--; // half of a character can't be written
    }
    return text.substring(0, kept) + "... (" + (text.length() - kept) + " more characters)";
  }

  /// Bytes of a text as [DataOutputStream#writeUTF] writes it; a larger number than `bytesMax` says
  /// only that the text is longer.
  private static int utfBytes(String text, int bytesMax) {
    int bytes = 0;
    for (int i = 0; i < text.length() && bytes <= bytesMax; i++) {
      bytes += utfBytes(text.charAt(i));
    }
    return bytes;
  }

  private static int utfBytes(char c) {
    return c >= 1 && c <= 0x7f ? 1 : c <= 0x7ff ? 2 : 3;
  }

  private static void writeText(DataOutputStream out, @Nullable String text) throws IOException {
    out.writeBoolean(text != null);
    if (text != null) {
      out.writeUTF(text);
    }
  }

  /// Reads what [#toBytes] wrote. Errors: [IOException] for any other bytes.
  static FailureLinks read(DataInputStream in) throws IOException {
    int count = in.readUnsignedByte();
    if (count == 0 || count > LINKS_MAX) {
      throw new IOException("links=" + count);
    }
    List<Link> links = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      links.add(readLink(in, i));
    }
    return new FailureLinks(links);
  }

  private static Link readLink(DataInputStream in, int number) throws IOException {
    int parent = in.readUnsignedByte();
    int place = in.readByte();
    if (parent > Math.max(0, number - 1) || place < CAUSE || place >= SUPPRESSED_MAX) {
      throw new IOException("link=" + number + " parent=" + parent + " place=" + place);
    }
    String className = readName(in);
    String message = readText(in);
    int frames = in.readUnsignedShort();
    if (frames > STACK_MAX) {
      throw new IOException("frames=" + frames);
    }
    StackTraceElement[] stack = new StackTraceElement[frames];
    for (int i = 0; i < frames; i++) {
      stack[i] =
          new StackTraceElement(
              readText(in),
              readText(in),
              readText(in),
              readName(in),
              readName(in),
              readText(in),
              in.readInt());
    }
    return new Link(parent, place, className, message, List.of(stack));
  }

  private static @Nullable String readText(DataInputStream in) throws IOException {
    return in.readBoolean() ? in.readUTF() : null;
  }

  private static String readName(DataInputStream in) throws IOException {
    String name = readText(in);
    return name == null ? "?" : name;
  }
}
