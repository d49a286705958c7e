package dev.heddle.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.codec.form.Admission;
import dev.heddle.codec.form.JdkTypes;
import dev.heddle.codec.form.Tags;
import java.io.Serializable;
import org.junit.jupiter.api.Test;

/// The plans of the JDK's classes.
class ClassPlanTest {
  @Test
  void shouldHaveAPlanForEachNumber() {
    for (int i = 0; i < JdkTypes.serialCount(); i++) {
      ClassPlan plan = ClassPlan.ofTheJdk(i);
      assertEquals(Tags.SERIAL, plan.tag);
      assertTrue(Serializable.class.isAssignableFrom(plan.type), plan.type.getName());
      assertEquals(i, JdkTypes.serialNumber(plan.type));
    }
  }

  @Test
  void shouldLeaveOutWhatIsOfThisProcess() {
    Admission admission = new Admission(java.util.List.of("user"));
    for (Class<?> type :
        java.util.List.<Class<?>>of(
            Thread.class,
            Runtime.class,
            ProcessBuilder.class,
            java.io.FileInputStream.class,
            java.net.Socket.class,
            java.util.Random.class,
            java.util.Timer.class,
            ClassLoader.class,
            Class.class,
            java.util.concurrent.LinkedBlockingQueue.class,
            java.util.concurrent.locks.ReentrantLock.class)) {
      assertEquals(Tags.REFUSED, ClassPlan.of(type, admission).tag, type.getName());
      assertFalse(admission.admits(type.getName()), type.getName());
    }
  }
}
