package dev.heddle.codec;

import dev.heddle.TaskSerializationException;
import dev.heddle.codec.form.JdkTypes;
import dev.heddle.codec.form.Lambdas;
import dev.heddle.codec.form.Tags;
import java.lang.invoke.SerializedLambda;
import org.jspecify.annotations.Nullable;

/// Writes and reads serializable lambdas as values: the fields of their serialized form, then their
/// captures.
///
/// Threading: one encode or decode, one thread. Errors: [Refusal] for a lambda of a class that may
/// not travel, and [TaskSerializationException] where such a lambda arrives.
final class LambdaValues {
  private LambdaValues() {}

  static void write(ValueWriter out, Object value) {
    SerializedLambda form;
    try {
      form = Lambdas.serializedForm(value);
    } catch (TaskSerializationException e) {
      throw Refusal.of(value, String.valueOf(e.getMessage()));
    }
    String capturing = form.getCapturingClass().replace('/', '.');
    if (!out.codec().admission().admitsPackageOf(capturing) && !JdkTypes.hasLambdas(capturing)) {
      throw Refusal.of(
          value,
          "it is a lambda of "
              + capturing
              + ", which"
              + (capturing.startsWith("java.")
                  ? " can't be built on another rank; write one of your own in its place"
                  : out.codec().admission().notAdmitted(capturing)));
    }
    out.putByte(Tags.LAMBDA);
    out.putByte(form.getImplMethodKind());
    out.putString(form.getCapturingClass());
    out.putString(form.getFunctionalInterfaceClass());
    out.putString(form.getFunctionalInterfaceMethodName());
    out.putString(form.getFunctionalInterfaceMethodSignature());
    out.putString(form.getImplClass());
    out.putString(form.getImplMethodName());
    out.putString(form.getImplMethodSignature());
    out.putString(form.getInstantiatedMethodType());
    out.putCount(form.getCapturedArgCount());
    for (int i = 0; i < form.getCapturedArgCount(); i++) {
      try {
        out.write(form.getCapturedArg(i));
      } catch (Refusal refusal) {
        throw refusal.at("capture " + i + " of a lambda of " + capturing);
      }
    }
  }

  static Object read(ValueReader in) {
    ValueCodec codec = in.codec();
    int kind = in.getByte();
    String capturing = in.getString();
    String[] names = new String[7];
    for (int i = 0; i < names.length; i++) {
      names[i] = in.getString();
    }
    @Nullable Object[] captures = in.fill(new @Nullable Object[in.getElementCount()]);
    String capturingName = capturing.replace('/', '.');
    boolean isOfTheJdk = JdkTypes.hasLambdas(capturingName);
    if (!codec.admission().admitsPackageOf(capturingName) && !isOfTheJdk) {
      throw new TaskSerializationException(
          "a lambda of "
              + capturingName
              + " may not be received on "
              + codec.where()
              + ": it is not below serializablePackages="
              + codec.admission(),
          null);
    }
    Class<?> type = codec.load(capturingName);
    SerializedLambda form =
        new SerializedLambda(
            type, names[0], names[1], names[2], kind, names[3], names[4], names[5], names[6],
            captures);
    return isOfTheJdk ? Lambdas.reviveOfTheJdk(form) : Lambdas.revive(form, type);
  }
}
