package dev.heddle.codec;

/// The first byte of every encoded value: what follows it.
///
/// Shape: 0..127, never renumbered within a version of Heddle; all ranks of a run have one version.
/// Integers and lengths that follow are little-endian or, where said so, LEB128 varints.
final class Tags {
  static final int NULL = 0;
  static final int FALSE = 1;
  static final int TRUE = 2;
  static final int BYTE = 3;
  static final int SHORT = 4;
  static final int CHARACTER = 5;
  static final int INTEGER = 6;
  static final int LONG = 7;
  static final int FLOAT = 8;
  static final int DOUBLE = 9;

  /// Varint count of chars, one byte each.
  static final int STRING_LATIN1 = 10;

  /// Varint count of chars, two bytes each: exact for unpaired surrogates too, which UTF-8 loses.
  static final int STRING_UTF16 = 11;

  static final int BIG_INTEGER = 12;
  static final int BIG_DECIMAL = 13;
  static final int UUID = 14;
  static final int DURATION = 15;
  static final int INSTANT = 16;
  static final int LOCAL_DATE = 17;
  static final int LOCAL_TIME = 18;
  static final int LOCAL_DATE_TIME = 19;
  static final int BIT_SET = 20;
  static final int URI = 21;

  /// Arrays of primitives: varint count of elements, then the elements.
  static final int BYTES = 24;

  static final int BOOLEANS = 25;
  static final int SHORTS = 26;
  static final int CHARACTERS = 27;
  static final int INTEGERS = 28;
  static final int LONGS = 29;
  static final int FLOATS = 30;
  static final int DOUBLES = 31;

  /// Arrays of references: varint count, then values; `TYPED_ARRAY` names its component before.
  static final int STRING_ARRAY = 32;

  static final int OBJECT_ARRAY = 33;
  static final int TYPED_ARRAY = 34;

  /// A memory segment: count of zero bytes u8, these, varint count of bytes, the bytes. The zeroes
  /// bring the bytes of a large one to a round address.
  static final int SEGMENT = 35;

  /// Class, varint ordinal.
  static final int ENUM = 36;

  /// Class, then the components as values.
  static final int RECORD = 37;

  /// Containers: varint count, then values.
  static final int ARRAY_LIST = 40;

  static final int IMMUTABLE_LIST = 41;
  static final int UNMODIFIABLE_LIST = 42;
  static final int FIXED_LIST = 43;
  static final int LINKED_LIST = 44;
  static final int ARRAY_DEQUE = 45;
  static final int EMPTY_LIST = 46;
  static final int SINGLETON_LIST = 47;
  static final int UNMODIFIABLE_COLLECTION = 48;
  static final int COPY_ON_WRITE_LIST = 49;
  static final int HASH_SET = 50;
  static final int LINKED_HASH_SET = 51;

  /// Count, comparator, values.
  static final int TREE_SET = 52;

  static final int IMMUTABLE_SET = 53;
  static final int UNMODIFIABLE_SET = 54;

  /// Count, class, varint ordinals.
  static final int ENUM_SET = 55;

  static final int EMPTY_SET = 56;
  static final int SINGLETON_SET = 57;
  static final int SYNCHRONIZED_LIST = 58;
  static final int CONCURRENT_LINKED_QUEUE = 59;
  static final int HASH_MAP = 60;
  static final int LINKED_HASH_MAP = 61;
  static final int TREE_MAP = 62;
  static final int IMMUTABLE_MAP = 63;
  static final int UNMODIFIABLE_MAP = 64;
  static final int SYNCHRONIZED_MAP = 65;
  static final int CONCURRENT_HASH_MAP = 66;
  static final int EMPTY_MAP = 67;
  static final int SINGLETON_MAP = 68;

  /// Count, class, then varint ordinal and value of each entry; at least one.
  static final int ENUM_MAP = 69;

  static final int OPTIONAL = 70;
  static final int OPTIONAL_INT = 71;
  static final int OPTIONAL_LONG = 72;
  static final int OPTIONAL_DOUBLE = 73;
  static final int ENTRY = 74;

  /// A serializable lambda: the fields of its serialized form, then its captures.
  static final int LAMBDA = 80;

  /// A throwable, as [Failures] writes it: varint count of bytes, the bytes.
  static final int THROWABLE = 81;

  /// A value with futures in it: 32-bit count of futures, then the value; at the root only.
  static final int TEMPLATE = 82;

  /// A future: varint index below the template's count.
  static final int FUTURE = 83;

  /// As [#FUTURE], for one that must arrive as a `CompletableFuture`.
  static final int COMPLETABLE_FUTURE = 84;

  /// An ordinary object within a template: 32-bit count of bytes, then Fory's bytes.
  static final int FORY_PART = 85;

  /// The rest of the input is Fory's; at the root only.
  static final int FORY = 90;

  /// Not on the wire: an ordinary object, for Fory.
  static final int ORDINARY = 126;

  /// Not on the wire: can't be sent.
  static final int REFUSED = 127;

  private Tags() {}
}
