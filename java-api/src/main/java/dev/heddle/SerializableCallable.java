package dev.heddle;

import java.io.Serializable;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/// A [Callable] that can be sent: the type of a bare lambda in [TaskExecutorService].
///
/// @param <V> type of the result
@FunctionalInterface
public interface SerializableCallable<V extends @Nullable Object>
    extends Callable<V>, Serializable {}
