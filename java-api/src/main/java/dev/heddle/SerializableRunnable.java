package dev.heddle;

import java.io.Serializable;

/// A [Runnable] that can be sent; what a bare lambda becomes in [TaskExecutorService].
@FunctionalInterface
public interface SerializableRunnable extends Runnable, Serializable {}
