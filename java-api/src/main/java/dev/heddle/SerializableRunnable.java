package dev.heddle;

import java.io.Serializable;

/// A [Runnable] that can be sent: the type of a bare lambda in [TaskExecutorService].
@FunctionalInterface
public interface SerializableRunnable extends Runnable, Serializable {}
