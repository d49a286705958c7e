package dev.heddle.codec.form;

/// The first byte of every encoded value, which says what follows.
///
/// Shape: 0..127, never renumbered within a version of Heddle; all ranks of a run have one version.
/// Integers and lengths that follow are little-endian or, where a tag says so, LEB128 varints. The
/// sign bit of a tag ([#FILLED_LAST], [#MADE_INSIDE]) says when the value is filled or made.
///
/// In a value that begins with [#GRAPH], values have numbers, in the order in which their tags
/// appear: all values with a tag from [#BIG_INTEGER] on, except enum constants, futures and
/// references. Strings longer than [#SHARED_STRING_CHARS] have numbers of their own.
public final class Tags {
  public static final int NULL = 0;
  public static final int FALSE = 1;
  public static final int TRUE = 2;
  public static final int BYTE = 3;
  public static final int SHORT = 4;
  public static final int CHARACTER = 5;
  public static final int INTEGER = 6;
  public static final int LONG = 7;
  public static final int FLOAT = 8;
  public static final int DOUBLE = 9;

  /// Varint count of chars, one byte each.
  public static final int STRING_LATIN1 = 10;

  /// Varint count of chars, two bytes each: exact for unpaired surrogates too, which UTF-8 loses.
  public static final int STRING_UTF16 = 11;

  public static final int BIG_INTEGER = 12;
  public static final int BIG_DECIMAL = 13;
  public static final int UUID = 14;
  public static final int DURATION = 15;
  public static final int INSTANT = 16;
  public static final int LOCAL_DATE = 17;
  public static final int LOCAL_TIME = 18;
  public static final int LOCAL_DATE_TIME = 19;
  public static final int BIT_SET = 20;
  public static final int URI = 21;

  /// Strings: the name of a file or charset.
  public static final int PATH = 22;

  public static final int CHARSET = 23;

  /// Arrays of primitives: varint count of elements, then the elements.
  public static final int BYTES = 24;

  public static final int BOOLEANS = 25;
  public static final int SHORTS = 26;
  public static final int CHARACTERS = 27;
  public static final int INTEGERS = 28;
  public static final int LONGS = 29;
  public static final int FLOATS = 30;
  public static final int DOUBLES = 31;

  /// Arrays of references: varint count, then values; a `TYPED_ARRAY` begins with the class of its
  /// components.
  public static final int STRING_ARRAY = 32;

  public static final int OBJECT_ARRAY = 33;
  public static final int TYPED_ARRAY = 34;

  /// A memory segment: count of zero bytes u8, the zeroes, varint count of bytes, the bytes. The
  /// zeroes bring the bytes of a large segment to a round address.
  public static final int SEGMENT = 35;

  /// Class, varint ordinal.
  public static final int ENUM = 36;

  /// Class, then the components: primitives as they are, all other components as values.
  public static final int RECORD = 37;

  /// Containers: varint count, then values.
  public static final int ARRAY_LIST = 40;

  public static final int IMMUTABLE_LIST = 41;
  public static final int FIXED_LIST = 42;
  public static final int LINKED_LIST = 43;
  public static final int ARRAY_DEQUE = 44;
  public static final int EMPTY_LIST = 45;
  public static final int SINGLETON_LIST = 46;
  public static final int COPY_ON_WRITE_LIST = 47;
  public static final int CONCURRENT_LINKED_QUEUE = 48;

  /// A view such as `values()` of a map: it arrives as a copy that can't be changed.
  public static final int COLLECTION_VIEW = 49;

  /// The logarithm of the table's length u8, varint count, values.
  public static final int HASH_SET = 50;

  public static final int LINKED_HASH_SET = 51;

  /// Comparator, varint count, values.
  public static final int TREE_SET = 52;

  public static final int IMMUTABLE_SET = 53;

  /// A `keySet()` or `entrySet()` of a map: it arrives as a copy that can't be changed.
  public static final int SET_VIEW = 54;

  /// Class, varint count, varint ordinals.
  public static final int ENUM_SET = 55;

  public static final int EMPTY_SET = 56;
  public static final int SINGLETON_SET = 57;

  /// As [#HASH_SET], for `ConcurrentHashMap.newKeySet()`.
  public static final int CONCURRENT_SET = 58;

  /// As [#IMMUTABLE_LIST], for `Stream.toList()`, which may hold null and may be asked for null.
  public static final int STREAM_LIST = 59;

  /// As [#HASH_SET], with keys and values in turns.
  public static final int HASH_MAP = 60;

  public static final int LINKED_HASH_MAP = 61;

  /// A `LinkedHashMap` in order of access.
  public static final int ACCESS_ORDERED_MAP = 62;

  /// Comparator, varint count, keys and values.
  public static final int TREE_MAP = 63;

  public static final int IMMUTABLE_MAP = 64;

  /// As [#HASH_MAP].
  public static final int CONCURRENT_HASH_MAP = 65;

  public static final int EMPTY_MAP = 66;
  public static final int SINGLETON_MAP = 67;

  /// Class, varint count, then varint ordinal and value of each entry.
  public static final int ENUM_MAP = 68;

  public static final int OPTIONAL = 70;
  public static final int OPTIONAL_INT = 71;
  public static final int OPTIONAL_LONG = 72;
  public static final int OPTIONAL_DOUBLE = 73;

  /// Two values: an entry of a map, of any class, and an entry of `Map.entry`.
  public static final int ENTRY = 74;

  public static final int MAP_ENTRY = 75;

  /// Statistics: four numbers each, namely count, least, largest and sum.
  public static final int INT_STATISTICS = 76;

  public static final int LONG_STATISTICS = 77;
  public static final int DOUBLE_STATISTICS = 78;

  /// Nothing: an object of class `Object`.
  public static final int PLAIN_OBJECT = 79;

  /// A serializable lambda: the fields of its serialized form, then its captures.
  public static final int LAMBDA = 80;

  /// A throwable, as [dev.heddle.codec.failure.Failures] writes it: varint count of bytes, the
  /// bytes.
  public static final int THROWABLE = 81;

  /// A value with futures in it: 32-bit count of futures, then the value; at the root only.
  public static final int TEMPLATE = 82;

  /// A future: varint index below the template's count.
  public static final int FUTURE = 83;

  /// As [#FUTURE], for a future that must arrive as a `CompletableFuture`.
  public static final int COMPLETABLE_FUTURE = 84;

  /// A wrapper of the JDK's: its kind u8 ([Wrappers]), then the wrapped value.
  public static final int WRAPPER = 85;

  /// A value that was written before: its varint number.
  public static final int BACK = 86;

  /// A long string that was written before: its varint number.
  public static final int BACK_STRING = 90;

  /// An object of an ordinary class: class, then its fields, as components of a record.
  public static final int OBJECT = 87;

  /// An object in the form that its class gives it for Java serialization ([SerialForm]): class,
  /// then a part for each class from the top.
  public static final int SERIAL = 88;

  /// A value whose parts have numbers: flags u8, 32-bit count of numbers, then the value; at the
  /// root, or behind [#TEMPLATE].
  public static final int GRAPH = 89;

  /// Flag of [#GRAPH]: nested deeper than [#DEPTH_MAX].
  public static final int DEEP = 1;

  /// Not on the wire: a view of a skip list, which is sent as a skip list of its own.
  public static final int SKIP_LIST_VIEW = 125;

  /// Not on the wire: an array.
  public static final int ARRAY = 126;

  /// Not on the wire: can't be sent.
  public static final int REFUSED = 127;

  /// The sign bit of a tag: a container whose elements are hashed or compared, and lead back to an
  /// object that isn't whole yet. It is filled when everything else is there.
  public static final int FILLED_LAST = 0x80;

  /// The sign bit of the tag of a value that is made of its parts. After the parts a varint
  /// follows: the number under which the value was made inside them.
  public static final int MADE_INSIDE = 0x80;

  /// Deepest nesting on the caller's thread: at up to 1.5 KiB of stack per level, where the code
  /// isn't compiled yet, a thread of 256 KiB still holds it. Deeper values are written and read by
  /// a [dev.heddle.codec.DeepStack].
  public static final int DEPTH_MAX = 64;

  /// Deepest nesting at all: this allows a chain of 50,000 objects, each of which holds the next in
  /// a list.
  public static final int DEEP_MAX = 100_000;

  /// Strings longer than this are written once, as objects are.
  public static final int SHARED_STRING_CHARS = 512;

  /// The bytes before the value of a [#TEMPLATE]: its tag and the count of futures.
  public static final int TEMPLATE_HEAD_BYTES = 5;

  /// The bytes before a [#GRAPH]: tag, flags, count of numbers.
  public static final int GRAPH_HEAD_BYTES = 6;

  private Tags() {}
}
