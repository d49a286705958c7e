package dev.heddle.codec.function;

import dev.heddle.TaskSerializationException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// The name of a function on every rank. It is interned and sent once, however often the function
/// is called.
///
/// Shape: class names are binary (`a.b.C$D`), descriptors the JVM's; `implKind` is one of
/// `MethodHandleInfo.REF_*`; `captureCount` values precede the arguments of every call. Two call
/// sites of one method are equal. `label` is for people: `Chem.energy`.
public record FunctionDefinition(
    String implClass,
    String implMethod,
    String implDescriptor,
    int implKind,
    String interfaceClass,
    String interfaceMethod,
    String interfaceDescriptor,
    int captureCount,
    String label) {

  /// Layout of [#toBytes]: version, kind, capture count, then 7 strings.
  private static final int VERSION = 1;

  private static final int STRINGS = 7;

  /// A JVM method has at most 255 parameters.
  private static final int CAPTURES_MAX = 255;

  /// Checks kind and capture count.
  public FunctionDefinition {
    if (implKind < 5 || implKind > 9) {
      throw new TaskSerializationException("a function of unknown kind=" + implKind, null);
    }
    if (captureCount < 0 || captureCount > CAPTURES_MAX) {
      throw new TaskSerializationException("a function with captures=" + captureCount, null);
    }
  }

  /// Shape: one byte each of version, kind and capture count; 7 strings, each a little-endian
  /// unsigned 16-bit length in bytes and UTF-8.
  public byte[] toBytes() {
    byte[][] strings =
        new byte[][] {
          utf8(implClass),
          utf8(implMethod),
          utf8(implDescriptor),
          utf8(interfaceClass),
          utf8(interfaceMethod),
          utf8(interfaceDescriptor),
          utf8(label)
        };
    int length = 3 + Arrays.stream(strings).mapToInt(s -> s.length + 2).sum();
    byte[] bytes = new byte[length];
    bytes[0] = VERSION;
    bytes[1] = (byte) implKind;
    bytes[2] = (byte) captureCount;
    int at = 3;
    for (byte[] s : strings) {
      bytes[at++] = (byte) s.length;
      bytes[at++] = (byte) (s.length >>> 8);
      System.arraycopy(s, 0, bytes, at, s.length);
      at += s.length;
    }
    return bytes;
  }

  private static byte[] utf8(String s) {
    byte[] bytes = s.getBytes(StandardCharsets.UTF_8);
    if (bytes.length > 0xffff) {
      throw new TaskSerializationException(
          "a function's name or descriptor is longer than 65,535 bytes", null);
    }
    return bytes;
  }

  /// Reads what [#toBytes] wrote.
  ///
  /// Errors: [TaskSerializationException] for any other bytes.
  public static FunctionDefinition fromBytes(byte[] bytes) {
    if (bytes.length < 3 || bytes[0] != VERSION) {
      throw damaged("length=" + bytes.length);
    }
    String[] strings = new String[STRINGS];
    int at = 3;
    for (int i = 0; i < STRINGS; i++) {
      if (bytes.length - at < 2) {
        throw damaged("it ends in string " + i);
      }
      int length = (bytes[at] & 0xff) | (bytes[at + 1] & 0xff) << 8;
      at += 2;
      if (length > bytes.length - at) {
        throw damaged("string " + i + " claims " + length + " bytes, left=" + (bytes.length - at));
      }
      strings[i] = new String(bytes, at, length, StandardCharsets.UTF_8);
      at += length;
    }
    if (at != bytes.length) {
      throw damaged("bytes left over=" + (bytes.length - at));
    }
    return new FunctionDefinition(
        strings[0],
        strings[1],
        strings[2],
        bytes[1],
        strings[3],
        strings[4],
        strings[5],
        bytes[2] & 0xff,
        strings[6]);
  }

  private static TaskSerializationException damaged(String fact) {
    return new TaskSerializationException("a function's bytes are damaged: " + fact, null);
  }

  /// The label of a method: `Chem.energy`, `Sample.new`, or for a lambda the method that holds it,
  /// `Main.main:lambda1f3a$1`.
  static String labelOf(String implClass, String implMethod) {
    String simple = implClass.substring(implClass.lastIndexOf('.') + 1);
    simple = simple.substring(simple.lastIndexOf('$') + 1);
    if (implMethod.equals("<init>")) {
      return simple + ".new";
    }
    if (!implMethod.startsWith("lambda$")) {
      return simple + "." + implMethod;
    }
    // javac: lambda$METHOD$NUMBER, and lambda$METHOD$HASH$NUMBER for a serializable lambda.
    String rest = implMethod.substring("lambda$".length());
    int cut = rest.indexOf('$');
    return cut < 0
        ? simple + "." + implMethod
        : simple + "." + rest.substring(0, cut) + ":lambda" + shortened(rest.substring(cut + 1));
  }

  /// Keeps the first four digits of javac's hash: enough to tell the lambdas of one method apart.
  private static String shortened(String suffix) {
    int cut = suffix.indexOf('$');
    return cut <= 4 ? suffix : suffix.substring(0, 4) + suffix.substring(cut);
  }
}
