package dev.heddle.scale;

import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// What our own code takes of a core, by what it handles.
///
/// Shape: nanoseconds, fractions included; the time per byte is in picoseconds. A file has
/// `key=value` lines, comments with `#`, and `conditions`, one line about where and when it was
/// measured. Errors: an unknown, missing, negative or unreadable value is an
/// [IllegalArgumentException] that names it.
///
/// @param turnNs a turn that finds nothing
/// @param messageInNs taking in a message, its frames aside
/// @param messageOutNs closing and sending one
/// @param bytePs per byte of a message, on either side
/// @param mpiNs what MPI takes per message, on either side: LogGP's o, on today's cores
/// @param submitNs the submitter's: arguments, the future, and the graph's taking it in
/// @param coordinatorTaskNs launching a task
/// @param coordinatorResultNs an outcome: the future, dependents, credit
/// @param relayTaskNs passing a task on
/// @param relayResultNs passing an outcome on
/// @param workerTaskNs a task's way from its frame to the user's function
/// @param workerResultNs an outcome's way from the function's end to its frame
/// @param parkNs how much later a sleeping thread goes on than it asked for
/// @param lookNs what a sleep and the look after it take of a core, where ranks share cores
/// @param arrays of arrays
/// @param conditions where they are from
public record Costs(
    double turnNs,
    double messageInNs,
    double messageOutNs,
    double bytePs,
    double mpiNs,
    double submitNs,
    double coordinatorTaskNs,
    double coordinatorResultNs,
    double relayTaskNs,
    double relayResultNs,
    double workerTaskNs,
    double workerResultNs,
    double parkNs,
    double lookNs,
    OfArrays arrays,
    String conditions) {

  /// What arrays take.
  ///
  /// @param rangeNs a range, on either side
  /// @param partNs taking in a part of the outcome
  /// @param chunkNs a chunk's way into a slot and out again, its indices aside
  /// @param indexNs calling a function of nothing for an index
  /// @param foldNs from asking for values to be combined until their rank has heard of it, the
  ///   values aside
  /// @param foldValueNs combining a value
  public record OfArrays(
      double rangeNs,
      double partNs,
      double chunkNs,
      double indexNs,
      double foldNs,
      double foldValueNs) {}

  private static final String RESOURCE = "costs.properties";
  private static final double NS_MAX = 1e9;

  private static final List<String> KEYS =
      List.of(
          "turnNs",
          "messageInNs",
          "messageOutNs",
          "bytePs",
          "mpiNs",
          "submitNs",
          "coordinatorTaskNs",
          "coordinatorResultNs",
          "relayTaskNs",
          "relayResultNs",
          "workerTaskNs",
          "workerResultNs",
          "parkNs",
          "lookNs",
          "rangeNs",
          "partNs",
          "chunkNs",
          "indexNs",
          "foldNs",
          "foldValueNs");

  /// Those that were measured when this version was made.
  public static Costs shipped() {
    try (InputStream in = Costs.class.getResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw new IllegalStateException(RESOURCE + " is missing in Heddle's jar");
      }
      return parse(new String(in.readAllBytes(), StandardCharsets.UTF_8), RESOURCE);
    } catch (IOException e) {
      throw new IllegalStateException(RESOURCE + " can't be read from Heddle's jar", e);
    }
  }

  /// Those of a file, as `heddle bench costs` writes it.
  public static Costs read(Path file) {
    try {
      return parse(Files.readString(file), file.toString());
    } catch (IOException e) {
      throw new IllegalArgumentException("the costs file " + file + " can't be read: " + e, e);
    }
  }

  /// Those of a file's text; `name` says where it is from.
  public static Costs parse(String text, String name) {
    Properties found = new Properties();
    try (Reader reader = Reader.of(text)) {
      found.load(reader);
    } catch (IOException | IllegalArgumentException e) {
      throw new IllegalArgumentException(name + " is no file of costs: " + e.getMessage(), e);
    }
    double[] values = new double[KEYS.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = number(found.remove(KEYS.get(i)), KEYS.get(i), name);
    }
    Object conditions = found.remove("conditions");
    if (!found.isEmpty()) {
      throw new IllegalArgumentException(
          name
              + " has unknown keys "
              + new TreeSet<>(found.stringPropertyNames())
              + ": there are conditions and "
              + String.join(" ", KEYS));
    }
    return of(values, conditions == null ? "not told" : conditions.toString());
  }

  private static double number(@Nullable Object text, String key, String name) {
    if (text != null) {
      try {
        double value = Double.parseDouble(text.toString());
        if (value >= 0 && value <= NS_MAX) {
          return value;
        }
      } catch (NumberFormatException _) {
        // told below
      }
    }
    throw new IllegalArgumentException(
        name
            + ": "
            + key
            + (text == null ? " is missing" : " is '" + text + "'")
            + ", but has to be a number from 0 to 1e9");
  }

  /// Values in the order of the keys.
  static Costs of(double[] values, String conditions) {
    return new Costs(
        values[0],
        values[1],
        values[2],
        values[3],
        values[4],
        values[5],
        values[6],
        values[7],
        values[8],
        values[9],
        values[10],
        values[11],
        values[12],
        values[13],
        new OfArrays(values[14], values[15], values[16], values[17], values[18], values[19]),
        conditions);
  }

  private double[] values() {
    return new double[] {
      turnNs,
      messageInNs,
      messageOutNs,
      bytePs,
      mpiNs,
      submitNs,
      coordinatorTaskNs,
      coordinatorResultNs,
      relayTaskNs,
      relayResultNs,
      workerTaskNs,
      workerResultNs,
      parkNs,
      lookNs,
      arrays.rangeNs,
      arrays.partNs,
      arrays.chunkNs,
      arrays.indexNs,
      arrays.foldNs,
      arrays.foldValueNs
    };
  }

  /// By key, in the order of the file.
  public Map<String, Object> toMap() {
    Map<String, Object> map = new LinkedHashMap<>();
    double[] values = values();
    for (int i = 0; i < values.length; i++) {
      map.put(KEYS.get(i), values[i]);
    }
    map.put("conditions", conditions);
    return map;
  }

  /// The file's text.
  public String text() {
    List<String> lines = new ArrayList<>();
    lines.add("# What Heddle's own code takes of a core; measured by 'heddle bench costs'.");
    lines.add("conditions=" + conditions);
    double[] values = values();
    for (int i = 0; i < values.length; i++) {
      lines.add(KEYS.get(i) + "=" + Math.round(values[i] * 10) / 10.0);
    }
    return String.join("\n", lines) + "\n";
  }

  /// The same with these of arrays.
  public Costs withArrays(OfArrays other) {
    return new Costs(
        turnNs,
        messageInNs,
        messageOutNs,
        bytePs,
        mpiNs,
        submitNs,
        coordinatorTaskNs,
        coordinatorResultNs,
        relayTaskNs,
        relayResultNs,
        workerTaskNs,
        workerResultNs,
        parkNs,
        lookNs,
        other,
        conditions);
  }

  /// One task's whole share of rank 0's core, messages aside.
  public double coordinatorNs() {
    return submitNs + coordinatorTaskNs + coordinatorResultNs;
  }

  /// The same with messages that cost nothing but the network.
  public Costs withoutMessages() {
    double[] values = values();
    values[1] = 0;
    values[2] = 0;
    values[4] = 0;
    return of(values, "messages of no cost; else " + conditions);
  }

  /// The same with another cost of a look, measured elsewhere.
  public Costs withLookNs(double otherNs) {
    double[] values = values();
    values[KEYS.indexOf("lookNs")] = otherNs;
    return of(values, conditions);
  }

  /// The same with another lateness of sleeps, measured elsewhere.
  public Costs withParkNs(double otherNs) {
    double[] values = values();
    values[KEYS.indexOf("parkNs")] = otherNs;
    return of(values, conditions);
  }

  /// The same with messages that need no MPI.
  public Costs withoutMpi() {
    double[] values = values();
    values[KEYS.indexOf("mpiNs")] = 0;
    return of(values, conditions);
  }

  /// The same with another total for a task at the coordinator; its parts keep their proportions.
  public Costs withCoordinatorNs(double totalNs, String why) {
    double factor = totalNs / coordinatorNs();
    return new Costs(
        turnNs,
        messageInNs,
        messageOutNs,
        bytePs,
        mpiNs,
        submitNs * factor,
        coordinatorTaskNs * factor,
        coordinatorResultNs * factor,
        relayTaskNs,
        relayResultNs,
        workerTaskNs,
        workerResultNs,
        parkNs,
        lookNs,
        arrays,
        why + "; else " + conditions);
  }
}
