package dev.heddle.core.role;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.heddle.core.link.TestPort;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestInstanceFactoryContext;
import org.junit.jupiter.api.extension.TestInstancePreConstructCallback;

/// After a test, nothing that a rank has sent is left unread, and no send buffer stays claimed once
/// the time for which a link holds a message back has passed: what a test does not look at is no
/// surprise that nobody sees.
///
/// Threading: families of a test are made on the thread that runs it.
final class EmptyOutboxes implements TestInstancePreConstructCallback, AfterEachCallback {
  private static final ThreadLocal<@Nullable List<Family>> MADE = new ThreadLocal<>();

  /// No link holds a message back for longer.
  private static final int HELD_MS_MAX = 20;

  /// For JUnit.
  EmptyOutboxes() {}

  /// `family` is looked at when the test of this thread has ended, if that asks for it.
  static void watch(Family family) {
    List<Family> made = MADE.get();
    if (made != null) {
      made.add(family);
    }
  }

  /// Before the fields of a test are set, whose families are watched too.
  @Override
  public void preConstructTestInstance(
      TestInstanceFactoryContext factory, ExtensionContext context) {
    MADE.set(new ArrayList<>());
  }

  @Override
  public void afterEach(ExtensionContext context) {
    List<Family> made = MADE.get();
    MADE.remove();
    if (made == null || context.getExecutionException().isPresent()) {
      return;
    }
    for (Family family : made) {
      for (TestPort port : family.ports) {
        assertEquals(
            List.of(),
            port.outbox.stream().map(sent -> sent.target() + " " + sent.kinds()).toList(),
            "what rank " + port.rank + " has sent");
      }
      if (List.of(family.ports).stream().anyMatch(port -> port.claimed != 0)) {
        family.pass(HELD_MS_MAX);
      }
      for (TestPort port : family.ports) {
        assertEquals(0, port.claimed, "send buffers of rank " + port.rank);
      }
    }
  }
}
