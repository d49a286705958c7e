package dev.heddle.runtime.session;

import dev.heddle.TaskSerializationException;
import dev.heddle.codec.function.CapturedFunction;
import dev.heddle.codec.function.FunctionDefinition;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Numbers the functions of a run, each when it is first submitted.
///
/// Shape: two call sites of one method share a number. Threading: any; a function's definition is
/// on its way to the coordinator before its number is returned, so it arrives before any task that
/// uses it.
@SuppressWarnings("ReferenceEquality") // one call site has one definition object
final class FunctionRegistry {
  /// A function with its number, at one call site.
  record Numbered(Class<?> site, int functionId, FunctionDefinition definition) {}

  /// A definition is sent in one message, and the smallest limit of a message is 3,900 bytes.
  private static final int DEFINITION_BYTES_MAX = 3_500;

  private final Session session;
  private final ConcurrentHashMap<Class<?>, Numbered> bySite = new ConcurrentHashMap<>();

  /// The function of the last submit: most submits are in a loop around one call site. A thread may
  /// see an older value, which is as good.
  private @Nullable Numbered last;

  private final Map<FunctionDefinition, Numbered> byDefinition = new HashMap<>();

  public FunctionRegistry(Session session) {
    this.session = session;
  }

  /// The number of `function`, whose object is of class `site`.
  public Numbered number(Class<?> site, CapturedFunction function) {
    Numbered recent = last;
    if (recent != null && recent.site() == site && recent.definition() == function.definition()) {
      return recent;
    }
    Numbered known = bySite.get(site);
    if (known == null || known.definition() != function.definition()) {
      known = numberFirst(site, function);
    }
    last = known;
    return known;
  }

  private synchronized Numbered numberFirst(Class<?> site, CapturedFunction function) {
    FunctionDefinition definition = function.definition();
    @Nullable Numbered known = byDefinition.get(definition);
    if (known == null) {
      int functionId = byDefinition.size();
      byte[] bytes = definition.toBytes();
      if (bytes.length > DEFINITION_BYTES_MAX) {
        throw new TaskSerializationException(
            definition.label()
                + " can't be sent: its class, method and parameter names have "
                + bytes.length
                + " bytes, at most "
                + DEFINITION_BYTES_MAX
                + " fit; shorten them or call it from a lambda",
            null);
      }
      session.command((root, _) -> root.define(functionId, bytes));
      known = new Numbered(site, functionId, definition);
      byDefinition.put(definition, known);
    }
    Numbered atSite = new Numbered(site, known.functionId(), definition);
    bySite.put(site, atSite);
    return atSite;
  }
}
