package dev.heddle.codec.form;

import dev.heddle.Heddle;
import java.io.Closeable;
import java.io.Serializable;
import java.lang.ref.Reference;
import java.time.format.DateTimeFormatter;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.Lock;
import java.util.random.RandomGenerator;
import java.util.stream.BaseStream;

/// The remedies for an object that can't be sent.
///
/// Shape: half a sentence, after `... can't be sent: `. Threading: immutable.
public final class RemedySentences {
  /// Whether a package belongs to the executor itself, whatever `serializablePackages` says.
  private static boolean isOwn(String packageName) {
    return packageName.equals("dev.heddle")
        || packageName.startsWith("dev.heddle.core.")
        || packageName.equals("dev.heddle.runtime")
        || packageName.startsWith("dev.heddle.runtime.");
  }

  public static final String FUTURES_IN_CONTAINERS =
      "futures may be in the JDK's lists, sets and maps, in records, arrays and Optional, not in the"
          + " fields of other objects; make it one of those, or pass the future as an argument of its"
          + " own";

  private final Admission admission;
  private final boolean isResult;
  private final boolean isFutureWelcome;

  /// Remedies for the value that `what` names, such as `result of Chem.energy`.
  public RemedySentences(Admission admission, String what, boolean isFutureWelcome) {
    this.admission = admission;
    this.isResult = what.startsWith("result");
    this.isFutureWelcome = isFutureWelcome;
  }

  private String ofFuture() {
    if (isResult) {
      return "a result can't hold a future; return the value itself (a function that returns futures"
          + " is for heddle.join or heddle.joinAll)";
    }
    return isFutureWelcome
        ? FUTURES_IN_CONTAINERS
        : "futures may be arguments, or in lists, sets, maps and records that are arguments, and"
            + " nowhere else; pass it as an argument of its own";
  }

  public String of(Object value, Class<?> type) {
    if (type.isHidden()) {
      Class<?>[] interfaces = type.getInterfaces();
      String name = interfaces.length == 0 ? "Runnable" : interfaces[0].getSimpleName();
      int parameters = interfaces.length == 0 ? 0 : interfaces[0].getTypeParameters().length;
      String types = List.of("", "<T>", "<T, R>", "<T, U, R>").get(Math.min(3, parameters));
      return "it is a lambda that is not serializable: let its interface extend"
          + " java.io.Serializable, or cast it where it is written, with \"("
          + name
          + types
          + " & Serializable)\"";
    }
    return switch (value) {
      case Heddle _ ->
          "tasks can't submit tasks; give the task values and futures, or make it a join"
              + " (heddle.join), which may submit; a lambda that uses a field takes the whole object"
              + " along";
      case Future<?> _ -> ofFuture();
      case BaseStream<?, ?> _ -> "a stream can be used once and here only; collect it to a list";
      case Executor _ ->
          "an executor's threads belong to this process; make it inside the task, or make the field"
              + " transient";
      case Closeable _ ->
          "it is open on this rank only; send the name and open it in the task, or make the field"
              + " transient";
      case Thread _ -> "a thread belongs to this process; make the field transient";
      case ThreadGroup _ -> "threads belong to this process; make the field transient";
      case ThreadLocal<?> _ ->
          "a ThreadLocal has a value per thread of this process; send the value, or make the field"
              + " transient";
      case Lock _ -> "a lock belongs to this process; make the field transient";
      case Semaphore _, CountDownLatch _, CyclicBarrier _ ->
          "it holds up threads of this process only; make the field transient";
      case Reference<?> _ ->
          "a reference holds for this process only; send what it refers to, or make the field"
              + " transient";
      case ClassLoader _ -> "class loaders don't travel; make the field transient";
      case Class<?> _ -> "a class travels by name only; send its name";
      case Process _ -> "a process belongs to this host; send its output or its number";
      case RandomGenerator _ -> "send its seed and make the generator in the task";
      case Iterator<?> _ -> "an iterator belongs to its collection; send the collection";
      case DateTimeFormatter _ -> "send its pattern, and make the formatter in the task";
      case AutoCloseable _ ->
          "it is open on this rank only; open it in the task, or make the field transient";
      default -> ofOther(value, type);
    };
  }

  private String ofOther(Object value, Class<?> type) {
    if (isOwn(type.getPackageName())) {
      return "it belongs to Heddle on this rank; use values and futures instead";
    }
    if (JdkTypes.isOfTheJdk(type)) {
      return switch (value) {
        case Map<?, ?> _ -> "Heddle doesn't know this class of the JDK; copy it to a LinkedHashMap";
        case Collection<?> _ ->
            "Heddle doesn't know this class of the JDK; copy it to an ArrayList";
        default ->
            "this class of the JDK is not a value"
                + (value instanceof Serializable ? " that Heddle knows" : "")
                + "; send what it is made from, or make the field transient";
      };
    }
    return "its class" + admission.notAdmitted(type.getName()) + ", or make the field transient";
  }
}
