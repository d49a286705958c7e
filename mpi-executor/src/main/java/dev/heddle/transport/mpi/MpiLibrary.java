package dev.heddle.transport.mpi;

import java.lang.foreign.Arena;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The C shim of one MPI, found and loaded into this process once.
///
/// Which MPI: property `heddle.mpi`, else environment `HEDDLE_MPI`, else the launcher's own, else
/// the only shim there is. Where: property `heddle.nativeDir`, else environment
/// `HEDDLE_NATIVE_DIR`, else `native/build/lib` beside or above the class path entry of this class.
/// A shim of MPI-5's standard ABI serves every MPI that has no shim of its own; the library itself
/// says which MPI is loaded.
public final class MpiLibrary {
  private static final List<String> FAMILIES = List.of(MpiLaunch.OPENMPI, MpiLaunch.MPICH);

  // dlfcn.h; the values are the same in glibc and musl.
  private static final int RTLD_NOW = 2;
  private static final int RTLD_GLOBAL = 0x100;

  /// The shim compiled for the ABI of the MPI-5 standard instead of the ABI of one MPI.
  private static final String ABI = "abi";

  private static final Pattern VERSION = Pattern.compile("\\d+(\\.\\d+)+");
  private static final int TEXT_BYTES_MAX = 8192;

  private static final String SIGNALS = "UCX_ERROR_SIGNALS";

  private static @Nullable MpiLibrary loaded;

  private final String family;
  private final String version;
  private final String shim;
  private final SymbolLookup symbols;

  private MpiLibrary(String shim, SymbolLookup symbols) {
    this.shim = shim;
    this.symbols = symbols;
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment name = arena.allocate(TEXT_BYTES_MAX);
      MemorySegment text = arena.allocate(TEXT_BYTES_MAX);
      NativeCall.call(
          address("heddle_describe"), TEXT_BYTES_MAX, name.address(), text.address(), 0);
      this.family = name.getString(0);
      Matcher matcher = VERSION.matcher(text.getString(0));
      this.version = matcher.find() ? matcher.group() : "unknown";
    }
  }

  /// True when `mpirun`, `mpiexec` or `srun` with an MPI plug-in started this process, and false in
  /// a process that a rank of a run has started.
  public static boolean underLauncher() {
    return MpiLaunch.ofThisProcess().isUnderLauncher();
  }

  /// Errors: [IllegalStateException] where `srun` without an MPI plug-in started this process among
  /// several, each of which would be a whole program.
  public static void checkLauncher() {
    String problem = MpiLaunch.problem(System.getenv());
    if (problem != null) {
      throw new IllegalStateException(problem);
    }
  }

  /// The families whose shims are built, `openmpi` and `mpich` at most.
  public static List<String> available() {
    Path folder = folder();
    List<String> found = new ArrayList<>();
    for (String family : FAMILIES) {
      if (folder != null && Files.isRegularFile(folder.resolve(fileName(family)))) {
        found.add(family);
      }
    }
    return found;
  }

  /// Loads the shim and with it MPI; idempotent.
  ///
  /// Errors: [IllegalArgumentException] for an unknown MPI, [IllegalStateException] where its shim
  /// is missing, can't be loaded, or brings the library of another MPI.
  static synchronized MpiLibrary load() {
    MpiLibrary library = loaded;
    if (library == null) {
      library = load(chooseFamily());
      loaded = library;
    }
    return library;
  }

  /// Which MPI was loaded, as its library says: `openmpi` or `mpich`.
  String family() {
    return family;
  }

  /// The version of the library, such as `4.1.4`, or `unknown`.
  String version() {
    return version;
  }

  /// The address of the function of that name.
  MemorySegment address(String name) {
    Optional<MemorySegment> found = symbols.find(name);
    if (found.isEmpty()) {
      throw new IllegalStateException(
          shim
              + " is of another version: function="
              + name
              + " is missing. Remedy: build the native part again (./heddle test, or"
              + " mvn -Pnative)");
    }
    return found.get();
  }

  /// Null where no setting names an MPI, and there is only the shim of the standard ABI.
  private static @Nullable String chooseFamily() {
    String named = setting("heddle.mpi", "HEDDLE_MPI");
    if (named != null) {
      if (!FAMILIES.contains(named)) {
        throw new IllegalArgumentException(
            "unknown MPI: HEDDLE_MPI=" + named + ", must be one of " + FAMILIES);
      }
      return named;
    }
    String launcher = MpiLaunch.ofThisProcess().family();
    if (launcher != null) {
      return launcher;
    }
    List<String> found = available();
    if (found.isEmpty() && shim(ABI) != null) {
      return null;
    }
    if (found.size() != 1) {
      throw new IllegalStateException(
          "no launcher says which MPI to use, and the shims built are "
              + found
              + ". Remedy: set HEDDLE_MPI to one of "
              + FAMILIES);
    }
    return found.getFirst();
  }

  private static @Nullable Path shim(String family) {
    Path folder = folder();
    Path file = folder == null ? null : folder.resolve(fileName(family));
    return file != null && Files.isRegularFile(file) ? file : null;
  }

  private static MpiLibrary load(@Nullable String family) {
    Path file = family == null ? null : shim(family);
    if (file == null) {
      file = shim(ABI);
    }
    if (file == null) {
      Path folder = folder();
      throw new IllegalStateException(
          "the shim of "
              + family
              + " is missing: "
              + (folder == null
                  ? "no native/build/lib found"
                  : "no file " + folder.resolve(fileName(String.valueOf(family))))
              + ". Remedy: build it with cmake and mpicc of "
              + family
              + " installed (./heddle test, or mvn -Pnative), or name its folder in"
              + " HEDDLE_NATIVE_DIR");
    }
    // UCX, below MPICH here, would take SIGSEGV over, and HotSpot needs it for null checks and
    // safepoints. UCX reads its environment when it is loaded, so this comes before the dlopen. The
    // heddle command has done it already.
    if (!"".equals(System.getenv(SIGNALS))) {
      C.setenv(SIGNALS, "");
    }
    // RTLD_GLOBAL: Open MPI opens its components by dlopen, and they look for libmpi's symbols in
    // the global scope. The JDK's own look-up would open with RTLD_LOCAL.
    String problem = C.dlopen(file.toString(), RTLD_NOW | RTLD_GLOBAL);
    if (problem != null) {
      throw new IllegalStateException(
          "cannot load "
              + file
              + ": "
              + problem
              + ". Remedy: make the library findable (LD_LIBRARY_PATH, module load), or build the"
              + " native part again");
    }
    MpiLibrary library = new MpiLibrary(String.valueOf(file.getFileName()), lookup(file));
    if (family != null && !family.equals(library.family)) {
      throw new IllegalStateException(
          file
              + " brings the library of "
              + library.family
              + " "
              + library.version
              + ", but "
              + family
              + " was asked for. Remedy: make the library of "
              + family
              + " the one that is found (LD_LIBRARY_PATH, module load), or build the native part"
              + " again");
    }
    return library;
  }

  @SuppressWarnings("restricted")
  private static SymbolLookup lookup(Path file) {
    return SymbolLookup.libraryLookup(file, Arena.global());
  }

  private static String fileName(String family) {
    return "libheddle-" + family + ".so";
  }

  private static @Nullable Path folder() {
    String named = setting("heddle.nativeDir", "HEDDLE_NATIVE_DIR");
    if (named != null) {
      return Path.of(named).toAbsolutePath();
    }
    Path at = classPathEntry();
    while (at != null) {
      Path folder = at.resolve("native").resolve("build").resolve("lib");
      if (Files.isDirectory(folder)) {
        return folder;
      }
      at = at.getParent();
    }
    return null;
  }

  private static @Nullable Path classPathEntry() {
    CodeSource source = MpiLibrary.class.getProtectionDomain().getCodeSource();
    try {
      return source == null ? null : Path.of(source.getLocation().toURI()).toAbsolutePath();
    } catch (URISyntaxException e) {
      throw new IllegalStateException(
          "class path entry is no file: " + source + ". Remedy: set HEDDLE_NATIVE_DIR", e);
    }
  }

  private static @Nullable String setting(String property, String variable) {
    String value = System.getProperty(property);
    if (value == null || value.isBlank()) {
      value = System.getenv(variable);
    }
    return value == null || value.isBlank() ? null : value.trim();
  }

  /// The three functions of the C library that must be called before MPI is there.
  private static final class C {
    private C() {}

    static void setenv(String name, String value) {
      try (Arena arena = Arena.ofConfined()) {
        int code =
            (int)
                NativeCall.call(
                    function("setenv"),
                    arena.allocateFrom(name).address(),
                    arena.allocateFrom(value).address(),
                    1,
                    0);
        if (code != 0) {
          throw new IllegalStateException("setenv failed: name=" + name);
        }
      }
    }

    /// Returns the error's text, or null.
    @SuppressWarnings("restricted")
    static @Nullable String dlopen(String file, int flags) {
      try (Arena arena = Arena.ofConfined()) {
        long path = arena.allocateFrom(file).address();
        // Looked up before: a look-up is a dlsym, and each dlsym forgets the last error.
        MemorySegment dlerror = function("dlerror");
        if (NativeCall.call(function("dlopen"), path, flags, 0, 0) != 0) {
          return null;
        }
        long text = NativeCall.call(dlerror, 0, 0, 0, 0);
        return text == 0
            ? "dlopen failed"
            : MemorySegment.ofAddress(text).reinterpret(Integer.MAX_VALUE).getString(0);
      }
    }

    private static MemorySegment function(String name) {
      return Linker.nativeLinker().defaultLookup().findOrThrow(name);
    }
  }
}
