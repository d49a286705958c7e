package dev.heddle.bench.run;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One line of a file of targets.
///
/// @param name unique in the file
/// @param what a sentence for people
/// @param benchmark an entry's name, as of [AllEntry]
/// @param on threads, openmpi, mpich or once
/// @param row values that pick a row of the result's `rows`; empty for the result itself
/// @param key what is compared
/// @param of another entry: the figure is then divided by its figure on the same system
/// @param operator `<=` or `>=`
/// @param bound in `unit`
/// @param unit for people
/// @param repetitionsMin fewer repetitions measure nothing
/// @param conditions what `conditions` or `params` of the result must have; a number under a name
///   that ends in `Min` is a least one
/// @param show further keys of the result that are printed beside the figure
public record Target(
    String name,
    String what,
    String benchmark,
    String on,
    Map<String, JsonNode> row,
    String key,
    @Nullable String of,
    String operator,
    double bound,
    String unit,
    int repetitionsMin,
    Map<String, JsonNode> conditions,
    List<String> show) {
  public boolean isOnce() {
    return on.equals(AllEntry.ONCE);
  }

  boolean isReachedBy(double figure) {
    return operator.equals("<=") ? figure <= bound : figure >= bound;
  }
}
