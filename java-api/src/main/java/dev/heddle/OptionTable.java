package dev.heddle;

import dev.heddle.HeddleConfig.Kind;
import dev.heddle.HeddleConfig.Option;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// All options, and all other names that begin as options do.
///
/// A misspelt option would be ignored silently, so all names that begin with `heddle.` or `HEDDLE_`
/// are known here. `libexec/options.tsv`, by which the `heddle` command checks options without
/// starting a JVM, and `docs/users/configuration.md` have the same content, and a test checks that.
final class OptionTable {
  private static final long SECOND_NS = 1_000_000_000L;
  private static final long KIB = 1024;
  private static final long GIB = KIB * KIB * KIB;
  private static final long TIB = KIB * GIB;

  private static final Map<String, Option> OPTIONS = new LinkedHashMap<>();

  /// Properties that name the folder of the native part, for the MPI transport, and mark this
  /// process as a rank of its run.
  private static final Set<String> OTHER_PROPERTIES =
      Set.of("heddle.mpi", "heddle.nativeDir", "heddle.runToken");

  /// Variables that the `heddle` command and the job templates read and write.
  static final List<String> OTHER_VARIABLES =
      List.of(
          "HEDDLE_BANDWIDTH",
          "HEDDLE_BUILD",
          "HEDDLE_COMMIT",
          "HEDDLE_CP",
          "HEDDLE_DIRTY",
          "HEDDLE_HEAP",
          "HEDDLE_HOME",
          "HEDDLE_HOST",
          "HEDDLE_HOST_RANKS",
          "HEDDLE_INPUT",
          "HEDDLE_JAVA_HOME",
          "HEDDLE_JVM_DIR",
          "HEDDLE_LAUNCHER",
          "HEDDLE_MPI",
          "HEDDLE_MPICC",
          "HEDDLE_MPI_DIR",
          "HEDDLE_NATIVE_DIR",
          "HEDDLE_OUTER_TOKENS",
          "HEDDLE_PINGPONG_US",
          "HEDDLE_RANKS",
          "HEDDLE_RANK_TOKEN",
          "HEDDLE_RUN_DIR",
          "HEDDLE_RUN_FD",
          "HEDDLE_RUN_TOKEN",
          "HEDDLE_SHM",
          "HEDDLE_STARTED_FD",
          "HEDDLE_TINY",
          "HEDDLE_TMP",
          "HEDDLE_WORKER_HEAP");

  private static final String PROPERTY = "heddle.";
  private static final String VARIABLE = "HEDDLE_";

  /// Names with this beginning belong to tests.
  private static final String TEST_PROPERTIES = "heddle.test.";

  private static final String TEST_VARIABLES = "HEDDLE_TEST_";

  /// Variables that are options of the `heddle` command. `HEDDLE_CP` and `HEDDLE_MPI` are not among
  /// them: too many other names are close to such short ones.
  private static final List<String> COMMAND_OPTIONS =
      List.of("HEDDLE_HEAP", "HEDDLE_RANKS", "HEDDLE_TINY", "HEDDLE_WORKER_HEAP");

  /// A name is taken for a misspelt option up to a number of slips: one, and one more per this many
  /// letters. With more slips it is another name.
  private static final int LETTERS_PER_SLIP = 3;

  /// As [#LETTERS_PER_SLIP], for variables: these may belong to other programs.
  private static final int LETTERS_PER_SLIP_OF_VARIABLE = 8;

  static {
    count(
        "fanout",
        "128",
        "children",
        2,
        4096,
        "Children of one process at most; a lower one makes a deeper tree, with less state and more hops.");
    count(
        "slots",
        "0",
        "tasks",
        0,
        4096,
        "Tasks at the same time on one rank; 0 is the number of cores without MPI, 1 with it.");
    count(
        "localRanks",
        "1",
        "ranks",
        1,
        1024,
        "Ranks inside this JVM when there is no MPI launcher.");
    duration(
        "liveness",
        "15s",
        SECOND_NS / 5,
        3_600 * SECOND_NS,
        "A lost rank is reported within this time; a shorter one takes a long pause for a death. A"
            + " rank on the same host whose process lives while its JVM is stopped is waited for 13"
            + " times as long.");
    duration(
        "startTimeout",
        "120s",
        SECOND_NS,
        86_400 * SECOND_NS,
        "A start-up that takes longer is given up, on every rank.");
    choice(
        "classCheck",
        "on",
        List.of("on", "off"),
        "Whether hosts whose class path differs from rank 0's are refused at the start.");
    count(
        "pendingTasksMax",
        "1000000",
        "tasks",
        1,
        1L << 30,
        "Tasks submitted and not done at most; submit waits when it is reached.");
    bytes(
        "inlineBytesMax",
        "32k",
        256,
        KIB * KIB,
        "A larger value is sent to a rank once and kept there, a smaller one travels with each task.");
    bytes(
        "valueBytesMax",
        "1g",
        KIB,
        Integer.MAX_VALUE - 64L,
        "A larger argument or result is refused.");
    bytes(
        "inFlightBulkBytesMax",
        "256m",
        64 * KIB,
        TIB,
        "Large messages a rank receives at the same time, in bytes.");
    bytes(
        "cacheBytesMax", "256m", 0, TIB, "Large values a rank keeps for further tasks, in bytes.");
    bytes(
        "memoBytesMax",
        "64m",
        0,
        TIB,
        "Results kept on rank 0 for memoized calls, in bytes; the least recently used go first.");
    count(
        "prefetchMax",
        "1024",
        "tasks",
        0,
        65536,
        "Tasks a worker holds beyond its slots, of kinds that are short; more hides latency.");
    count(
        "joinDepthMax",
        "100000",
        "joins",
        1,
        10_000_000,
        "Depth of joins in joins; deeper recursion is taken for endless.");
    choice(
        "taskOutput",
        "collect",
        List.of("collect", "files", "inherit"),
        "What tasks print: collected on rank 0, kept in a file per host, or left to the launcher.");
    bytes(
        "taskOutputBytesMax",
        "1m",
        0,
        GIB,
        "Output of tasks that one rank sends to rank 0, in bytes; what is beyond is dropped and counted.");
    add(
        new Option(
            "serializablePackages",
            Kind.TEXT,
            "",
            "packages",
            0,
            0,
            List.of(),
            "Packages whose classes may be sent, besides the JDK's; by default those of the main class and of the caller."));
    duration(
        "parkMax",
        "1ms",
        10_000,
        SECOND_NS,
        "Longest sleep of an idle rank: the cost of the first task after silence, per level of the tree. Where more than 8 ranks share a core, longer in proportion, up to 10 ms.");
  }

  private OptionTable() {}

  /// All options in the order of the documentation.
  static Collection<Option> all() {
    return OPTIONS.values();
  }

  /// Errors: [IllegalArgumentException] where there is no such option.
  static Option get(String name) {
    Option option = OPTIONS.get(name);
    if (option == null) {
      throw new IllegalArgumentException(
          "unknown option: "
              + name
              + advice("", nearest(name, OPTIONS.keySet(), LETTERS_PER_SLIP)));
    }
    return option;
  }

  /// Errors: [IllegalArgumentException] where the name begins as Heddle's properties do but isn't a
  /// known name.
  static void checkProperty(String name, @Nullable Object value) {
    if (!name.startsWith(PROPERTY)
        || name.startsWith(TEST_PROPERTIES)
        || OTHER_PROPERTIES.contains(name)
        || OPTIONS.containsKey(name.substring(PROPERTY.length()))) {
      return;
    }
    String nearest = nearest(name.substring(PROPERTY.length()), OPTIONS.keySet(), LETTERS_PER_SLIP);
    throw new IllegalArgumentException(
        "unknown option: -D" + name + "=" + value + advice(PROPERTY, nearest));
  }

  /// Errors: [IllegalArgumentException] where the name is nearly that of an option. Other names
  /// that begin with `HEDDLE_` may be a site's own, such as the variables that its modules set.
  static void checkVariable(String name, String value) {
    if (!name.startsWith("HEDDLE_") || name.startsWith(TEST_VARIABLES) || isVariable(name)) {
      return;
    }
    List<String> known =
        Stream.concat(OPTIONS.values().stream().map(Option::environment), COMMAND_OPTIONS.stream())
            .map(one -> one.substring(VARIABLE.length()))
            .toList();
    String nearest =
        nearest(name.substring(VARIABLE.length()), known, LETTERS_PER_SLIP_OF_VARIABLE);
    if (nearest != null) {
      throw new IllegalArgumentException(
          "unknown option: " + name + "=" + value + advice(VARIABLE, nearest));
    }
  }

  private static boolean isVariable(String name) {
    for (Option option : OPTIONS.values()) {
      if (option.environment().equals(name)) {
        return true;
      }
    }
    return OTHER_VARIABLES.contains(name);
  }

  private static String advice(String prefix, @Nullable String nearest) {
    return nearest == null
        ? "; 'heddle config' lists all that there are"
        : "; did you mean " + prefix + nearest + "?";
  }

  /// The name that was probably meant, with the fewest slips; null where all names are too far
  /// away.
  static @Nullable String nearest(String name, Collection<String> known, int lettersPerSlip) {
    String wanted = name.toLowerCase(Locale.ROOT);
    String best = null;
    int slipsMin = wanted.length() / lettersPerSlip + 2;
    for (String one : known) {
      int slips = slips(wanted, one.toLowerCase(Locale.ROOT));
      if (slips < slipsMin) {
        slipsMin = slips;
        best = one;
      }
    }
    return best;
  }

  /// Letters to insert, remove, change or swap with their neighbour (optimal string alignment).
  private static int slips(String a, String b) {
    int[] before = new int[b.length() + 1];
    int[] last = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      last[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int[] row = new int[b.length() + 1];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
        row[j] = Math.min(Math.min(last[j] + 1, row[j - 1] + 1), last[j - 1] + change);
        if (i > 1
            && j > 1
            && a.charAt(i - 1) == b.charAt(j - 2)
            && a.charAt(i - 2) == b.charAt(j - 1)) {
          row[j] = Math.min(row[j], before[j - 2] + 1);
        }
      }
      before = last;
      last = row;
    }
    return last[b.length()];
  }

  private static void count(
      String name, String defaultText, String unit, long min, long max, String meaning) {
    add(new Option(name, Kind.COUNT, defaultText, unit, min, max, List.of(), meaning));
  }

  private static void duration(
      String name, String defaultText, long min, long max, String meaning) {
    add(new Option(name, Kind.DURATION, defaultText, "s", min, max, List.of(), meaning));
  }

  private static void bytes(String name, String defaultText, long min, long max, String meaning) {
    add(new Option(name, Kind.BYTES, defaultText, "bytes", min, max, List.of(), meaning));
  }

  private static void choice(
      String name, String defaultText, List<String> choices, String meaning) {
    add(
        new Option(
            name, Kind.CHOICE, defaultText, "word", 0, choices.size() - 1L, choices, meaning));
  }

  private static void add(Option option) {
    OPTIONS.put(option.name(), option);
  }
}
