package dev.heddle.sim;

import dev.heddle.core.frames.LostRank;
import java.util.List;

/// What came out of a run.
///
/// @param makespanNs virtual time from the start to the last rank's end
/// @param tasksNs from the first submit to the end of the last task or array, as rank 0 knew it
/// @param messages delivered
/// @param bytes in them
/// @param bulks transfers beside them
/// @param turns taken by all ranks
/// @param succeeded tasks with a value
/// @param failed tasks without
/// @param refused messages, by any rank
/// @param strays well-formed frames that fitted nothing
/// @param late messages to ranks that had ended
/// @param valuesSent large values sent down tree edges
/// @param sentAhead tasks that were launched before all that they need was done
/// @param sentInVain those of them that came back, not run
/// @param returned tasks that came back, not run, since they waited too long for a slot, or were
///   recalled
/// @param recalled requests for launched tasks to come back
/// @param lost ranks, as rank 0 heard of them, with the times of the reports
/// @param lostAtNs when rank 0 heard of each
/// @param arrays what became of arrays
/// @param traceHash 16 hexadecimal digits over time, source, target, tag and bytes of each delivery
public record SimResult(
    long makespanNs,
    long tasksNs,
    long messages,
    long bytes,
    long bulks,
    long turns,
    long succeeded,
    long failed,
    long refused,
    long strays,
    long late,
    long valuesSent,
    long sentAhead,
    long sentInVain,
    long returned,
    long recalled,
    List<LostRank> lost,
    List<Long> lostAtNs,
    ArrayTally arrays,
    String traceHash) {}
