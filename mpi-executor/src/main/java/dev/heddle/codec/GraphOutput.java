package dev.heddle.codec;

import dev.heddle.codec.form.Tags;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Numbers the objects of a value, and follows which of them lead back to objects that are still
/// being written.
///
/// Shape: an object has its number from the moment it is met; sharing and cycles are written as
/// numbers ([Tags#BACK]). State for them is made with the second object. Threading: one encode, one
/// thread. Errors: [Refusal] for an object that leads back to itself in a way that can't be made
/// again; [DeepStack.Deeper] beyond the depth.
abstract sealed class GraphOutput extends ByteOutput permits ValueWriter {
  /*
   * Cycles. Objects have numbers in the order in which they are met, and an object that is met
   * again is written as its number. An array, a list or an object of an ordinary class is made
   * before its parts are read, so its parts may lead back to it. A record is made from its parts.
   * So the writer follows, for each object, whether a part leads back to an object that is still
   * being written (`open`: the least number of such objects), and:
   *
   * - a record that leads back to itself, through an object that can be empty first, is written
   *   once more where it is met again: there every way back is a number, and the record can be
   *   made. The outer record then is the inner one ([Tags#MADE_INSIDE]). Python's pickle has the
   *   same cure for tuples;
   * - a record that leads back to an enclosing object gets it while that object is still empty; the
   *   writer tries whether the record's constructor looks into it ([RecordTrial]);
   * - a hash map whose keys lead back would ask them for hashes before they have their fields. Its
   *   tag is marked, and the reader fills it when everything else is there. An object that holds
   *   such a map counts as open until the end (-1).
   */

  static final int NOT_OPEN = Integer.MAX_VALUE;
  private static final int OPEN_TO_THE_END = -1;
  private static final int[] NO_PATH = {};

  final int depthMax;

  /// The first object; most values have no other object.
  private @Nullable Object first;

  /// All objects, once there is a second object.
  @Nullable Seen seen;

  private @Nullable Seen strings;
  int depth;

  /// The numbers of the objects that are being written, by depth from 1, once there is a second
  /// object.
  private int[] path = NO_PATH;

  /// The least number of an open object to which the object that is being written leads back.
  int open = NOT_OPEN;

  /// The least numbers, as in `open`, of objects that are written but lead back to an open object.
  private @Nullable Map<Integer, Integer> openByNumber;

  /// Containers that are filled when everything else is there.
  private @Nullable BitSet filledLast;

  /// Sorted containers whose comparators are being written: a comparator is made before its
  /// container.
  private @Nullable BitSet unmade;

  /// The latest number of each object that is made of its parts and leads back to itself, by its
  /// first number.
  private @Nullable Map<Integer, Integer> latestNumbers;

  /// Whether the value needs numbers: an object or a long string was met again.
  boolean hasBack;

  GraphOutput(int bytesExpected, long bytesMax, int depthMax) {
    super(bytesExpected, bytesMax);
    this.depthMax = depthMax;
  }

  final int objectCount() {
    return seen == null ? 1 : seen.count();
  }

  // ---- numbers

  /// Writes the number of a long string that was met before; a new string gets a number.
  final boolean isKnown(String text) {
    if (strings == null) {
      strings = new Seen();
    }
    int number = strings.number(text);
    if (number < 0) {
      return false;
    }
    hasBack = true;
    putByte(Tags.BACK_STRING);
    putCount(number);
    return true;
  }

  /// See [Seen#number].
  @SuppressWarnings("ReferenceEquality") // asks whether it is this very object
  final int number(Object value) {
    Seen all = seen;
    if (all != null) {
      return all.number(value);
    }
    if (first == null) {
      first = value;
      return -1;
    }
    if (first == value) {
      return 0;
    }
    all = new Seen();
    int _ = all.number(first);
    seen = all;
    path = new int[8];
    return all.number(value);
  }

  final int stringCount() {
    return strings == null ? 0 : strings.count();
  }

  /// Goes one level down, to object `number`.
  final void enter(int number) {
    if (++depth > depthMax) {
      throw depthMax == Tags.DEEP_MAX ? Refusal.tooDeep() : new DeepStack.Deeper();
    }
    if (number > 0) {
      if (depth > path.length) {
        path = Arrays.copyOf(path, 2 * depth);
      }
      path[depth - 1] = number;
    }
  }

  // ---- objects that lead back

  /// The number under which the reader makes the object that was first met as `firstNumber`.
  final int latest(int firstNumber) {
    return latestNumbers == null
        ? firstNumber
        : latestNumbers.getOrDefault(firstNumber, firstNumber);
  }

  final void putBack(int number) {
    hasBack = true;
    putByte(Tags.BACK);
    putCount(number);
  }

  /// Whether object `number` is being written. Numbers grow along the path.
  final boolean isOpen(int number) {
    return number == 0 || Arrays.binarySearch(path, 0, depth, number) >= 0;
  }

  /// Whether the reader has made `object` by now, but not filled it.
  final boolean isUnfinished(Object object) {
    int known = seen == null ? -1 : seen.find(object);
    if (known < 0) {
      return false;
    }
    int number = latest(known);
    return isOpen(number) || (filledLast != null && filledLast.get(number));
  }

  /// Whether the reader has made `object` by now, but some object inside isn't whole.
  final boolean holdsUnfinished(Object object) {
    int known = seen == null || openByNumber == null ? -1 : seen.find(object);
    if (known < 0 || openByNumber == null) {
      return false;
    }
    int left = openByNumber.getOrDefault(latest(known), NOT_OPEN);
    return left == OPEN_TO_THE_END || (left != NOT_OPEN && isOpen(left));
  }

  /// Gives an object that leads back to itself another number, under which it is made inside.
  final int again(Object value, int firstNumber) {
    int again = Objects.requireNonNull(seen, "something is between").again(value);
    if (latestNumbers == null) {
      latestNumbers = new HashMap<>();
    }
    latestNumbers.put(firstNumber, again);
    return again;
  }

  /// Whether the object that is being written has a later number as well.
  final boolean hasBegunAgain(Object value) {
    return latestNumbers != null && seen != null && latest(seen.find(value)) != path[depth - 1];
  }

  /// Notes that the object that is being written leads back to object `number`, or to where object
  /// `number` leads back.
  final void leadBack(int number, boolean isOpen) {
    if (isOpen) {
      open = Math.min(open, number);
    } else if (openByNumber != null) {
      int left = openByNumber.getOrDefault(number, NOT_OPEN);
      if (left == OPEN_TO_THE_END || (left != NOT_OPEN && isOpen(left))) {
        open = Math.min(open, left);
      }
    }
  }

  /// Until [#endComparator], the container that is being written isn't made. Returns its number.
  final int beginComparator() {
    int container = depth <= path.length ? path[depth - 1] : 0;
    BitSet all = unmade == null ? new BitSet() : unmade;
    unmade = all;
    all.set(container);
    return container;
  }

  final void endComparator(int container) {
    Objects.requireNonNull(unmade, "begun before").clear(container);
  }

  /// Whether the comparator of container `number` is being written.
  final boolean isUnmade(int number) {
    return unmade != null && unmade.get(number);
  }

  /// The least number of an open object to which `value` leads back after it has been written.
  final int close(Object value, ClassPlan plan, int number, int start) {
    int left = open < number ? open : NOT_OPEN;
    if (open <= number && plan.isOrderedByElements() && hasOpenKeys(value)) {
      if (plan.isMadeOfParts()) {
        throw Refusal.of(
            value,
            "its elements lead back to what holds it, and such a set or map can't be made before"
                + " they are whole; use a HashSet or HashMap");
      }
      bytes[start] |= (byte) Tags.FILLED_LAST;
      if (filledLast == null) {
        filledLast = new BitSet();
      }
      filledLast.set(number);
      left = OPEN_TO_THE_END;
    }
    if (left != NOT_OPEN) {
      if (openByNumber == null) {
        openByNumber = new HashMap<>();
      }
      openByNumber.put(number, left);
    }
    return left;
  }

  /// Whether an element or a key may lead back to an open object. A map's values don't matter,
  /// since they are not hashed.
  private static boolean hasOpenKeys(Object value) {
    if (!(value instanceof Map<?, ?> map)) {
      return true;
    }
    for (Object key : map.keySet()) {
      if (!(key instanceof String
          || key instanceof Number
          || key instanceof Enum<?>
          || key instanceof Character
          || key instanceof Boolean)) {
        return true;
      }
    }
    return false;
  }
}
