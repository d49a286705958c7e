package dev.heddle.runtime.session;

import dev.heddle.HeddleConfig;
import dev.heddle.runtime.engine.Engine;
import dev.heddle.runtime.engine.Place;
import dev.heddle.runtime.engine.Settings;
import dev.heddle.runtime.engine.TaskEvents;
import dev.heddle.runtime.progress.Cores;
import java.lang.reflect.Field;
import org.jctools.queues.MessagePassingQueue;
import org.jspecify.annotations.NullMarked;

/// Rank 0 with one slot and nobody at work: no thread is started, no transport is there, and the
/// progress role is taken for good, so that what is submitted stays in the queue.
///
/// It reaches into private fields of [Engine] and of its turns. Where these have other names, every
/// benchmark on it fails at once and says which is missing, in the smoke run of each build too.
@NullMarked
final class StillRank {
  private final Engine engine;
  private final Session session;
  private final MessagePassingQueue<?> commands;

  StillRank() {
    ClassLoader loader = StillRank.class.getClassLoader();
    HeddleConfig config =
        HeddleConfig.builder()
            .set("pendingTasksMax", Long.toString(1L << 30)) // its tasks are never done
            .set("serializablePackages", StillRank.class.getPackageName())
            .build();
    this.engine =
        new Engine(
            new Place(0, -1, new int[0], 1, "localhost", new Cores(1, 1, true)),
            config,
            1,
            Settings.codec(config, loader),
            loader,
            null,
            TaskEvents.NOBODY,
            end -> {
              throw new IllegalStateException(end.reason());
            });
    try {
      Object progress = field(Engine.class, "progress").get(engine);
      field(progress.getClass(), "held").setInt(progress, 1);
      this.commands = (MessagePassingQueue<?>) field(progress.getClass(), "commands").get(progress);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("Engine has changed; change StillRank with it: " + e, e);
    }
    this.session = new Session(engine, new String[0]);
  }

  private static Field field(Class<?> owner, String name) throws NoSuchFieldException {
    Field field = owner.getDeclaredField(name);
    field.setAccessible(true);
    return field;
  }

  Session session() {
    return session;
  }

  /// What the coordinator would get next, or null.
  @org.jspecify.annotations.Nullable
  Object nextCommand() {
    return commands.relaxedPoll();
  }
}
