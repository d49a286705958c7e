package dev.heddle.wire.fault;

import dev.heddle.wire.Header;
import dev.heddle.wire.frame.Frame;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Faults as text says them: `drop=RESULT#3@1` loses the third message of rank 1 that has a RESULT.
///
/// Shape: faults are separated by commas. Each is `ACTION=KIND#N@RANK`, for `delay` with a time
/// behind it: `delay=TASK#1@0:50ms`. Actions: `drop`, `delay` and `end` meet messages that leave,
/// `drop-received` and `end-received` messages that arrive. `KIND` is a kind of frame, as in the
/// byte map of [Frame], or `MESSAGE` for any message. `N` counts from 1. Times are in `us`, `ms` or
/// `s`. Threading: the progress role. Errors: [#parse] throws [IllegalArgumentException], with the
/// part that is wrong.
public final class FaultPlan implements Faults {
  /// Kinds of frames by number, as their constants in [Frame] are named; 0 is any message.
  static final List<String> KINDS =
      List.of(
          "MESSAGE",
          "TASK",
          "RESULT",
          "FUNCTION",
          "VALUE",
          "FETCH",
          "MISSING",
          "HEARTBEAT",
          "HELLO",
          "SHUTDOWN",
          "BYE",
          "ANNOUNCE",
          "GO",
          "LOST",
          "OUTPUT",
          "CANCEL",
          "ARRAY",
          "RANGE",
          "PART",
          "RECALL",
          "STATISTICS",
          "ATTACH");

  private static final Pattern FAULT =
      Pattern.compile(
          "(drop|delay|end|drop-received|end-received)=([A-Z]+)#(\\d{1,9})@(\\d{1,9})"
              + "(?::(\\d{1,9})(us|ms|s))?");

  /// A fault of one rank, and how many of its messages have been seen.
  private static final class Planned {
    private final int kind;
    private final int number;
    private final long verdict;
    private final boolean isReceived;
    private int seen;

    Planned(int kind, int number, long verdict, boolean isReceived) {
      this.kind = kind;
      this.number = number;
      this.verdict = verdict;
      this.isReceived = isReceived;
    }
  }

  private final List<Planned> faults = new ArrayList<>();

  private FaultPlan() {}

  /// The faults of `rank` that `text` says.
  public static FaultPlan parse(String text, int rank) {
    FaultPlan plan = new FaultPlan();
    for (String part : text.split(",", -1)) {
      Matcher fault = FAULT.matcher(part.strip());
      if (!fault.matches()) {
        throw wrong(part, "a fault is ACTION=KIND#N@RANK, such as drop=RESULT#3@1");
      }
      int kind = KINDS.indexOf(fault.group(2));
      int number = Integer.parseInt(fault.group(3));
      boolean isDelay = fault.group(1).equals("delay");
      if (kind < 0) {
        throw wrong(part, "kinds are " + String.join(", ", KINDS));
      }
      if (number == 0) {
        throw wrong(part, "messages are counted from 1");
      }
      if (isDelay != (fault.group(5) != null)) {
        throw wrong(part, "delay, and nothing else, has a time: delay=TASK#1@0:50ms");
      }
      if (Integer.parseInt(fault.group(4)) == rank) {
        long verdict =
            isDelay
                ? Math.max(1, Long.parseLong(fault.group(5)) * unitNs(fault.group(6)))
                : fault.group(1).startsWith("drop") ? DROP : END;
        plan.faults.add(new Planned(kind, number, verdict, fault.group(1).endsWith("-received")));
      }
    }
    return plan;
  }

  private static IllegalArgumentException wrong(String part, String why) {
    return new IllegalArgumentException(
        String.format(Locale.ROOT, "'%s' is no fault: %s", part.strip(), why));
  }

  private static long unitNs(String unit) {
    return switch (unit) {
      case "us" -> 1_000;
      case "ms" -> 1_000_000;
      default -> 1_000_000_000;
    };
  }

  /// Whether the rank meets no fault.
  public boolean isEmpty() {
    return faults.isEmpty();
  }

  @Override
  public long onSend(MemorySegment message, int bytes) {
    return verdict(message, bytes, false);
  }

  @Override
  public long onReceive(MemorySegment message, int bytes) {
    return verdict(message, bytes, true);
  }

  /// Every fault counts the message; the first one that is due decides.
  private long verdict(MemorySegment message, int bytes, boolean isReceived) {
    long verdict = PASS;
    for (Planned fault : faults) {
      if (fault.isReceived == isReceived
          && has(message, bytes, fault.kind)
          && ++fault.seen == fault.number
          && verdict == PASS) {
        verdict = fault.verdict;
      }
    }
    return verdict;
  }

  private static boolean has(MemorySegment message, int bytes, int kind) {
    if (kind == 0) {
      return true;
    }
    long at = Header.BYTES;
    while (at < bytes) {
      if (Frame.kind(message, at) == kind) {
        return true;
      }
      at += Math.max(Frame.HEAD_BYTES, Frame.length(message, at));
    }
    return false;
  }
}
