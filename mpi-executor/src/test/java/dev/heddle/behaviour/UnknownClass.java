package dev.heddle.behaviour;

import java.lang.classfile.ClassFile;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;

/// Makes an exception class that no class path has.
public final class UnknownClass extends ClassLoader {
  private UnknownClass() {
    super(UnknownClass.class.getClassLoader());
  }

  /// A new exception of a new class `className`.
  public static Exception exception(String className, String message)
      throws ReflectiveOperationException {
    ClassDesc above = RuntimeException.class.describeConstable().orElseThrow();
    MethodTypeDesc constructor = MethodTypeDesc.of(ConstantDescs.CD_void, ConstantDescs.CD_String);
    byte[] bytes =
        ClassFile.of()
            .build(
                ClassDesc.of(className),
                made ->
                    made.withSuperclass(above)
                        .withFlags(ClassFile.ACC_PUBLIC)
                        .withMethodBody(
                            ConstantDescs.INIT_NAME,
                            constructor,
                            ClassFile.ACC_PUBLIC,
                            code ->
                                code.aload(0)
                                    .aload(1)
                                    .invokespecial(above, ConstantDescs.INIT_NAME, constructor)
                                    .return_()));
    Class<?> made = new UnknownClass().defineClass(className, bytes, 0, bytes.length);
    return (Exception) made.getConstructor(String.class).newInstance(message);
  }
}
