# shellcheck shell=bash
# `heddle doctor`: what was found, what is missing, what to do. It changes nothing.

doctor_line() { printf '  %-10s %s\n' "$1" "$2"; }

# A problem makes the exit code 1 and stands again at the end, with its remedy.
doctor_problem() {
  doctor_line "$1" "$2"
  problems+=("$1: $3")
}

heddle_doctor() {
  local problems=() hints=() mpis=() name can_build=1
  printf 'Heddle in %s\n' "$heddle_home"
  doctor_jdk
  doctor_tools
  doctor_java_build
  doctor_archives
  for name in openmpi mpich; do
    if find_launcher "$name"; then
      mpis+=("$name")
      doctor_mpi "$name"
    else
      doctor_line "$name" "not found on the PATH"
    fi
  done
  [[ ${#mpis[@]} -gt 0 ]] ||
    hints+=("no MPI: programs run on threads; for ranks install one (Debian: apt-get install openmpi-bin libopenmpi-dev), or name the folder of its mpirun in HEDDLE_MPI_DIR")
  for name in ${hints[@]+"${hints[@]}"}; do printf 'note: %s\n' "$name"; done
  if [[ ${#problems[@]} -eq 0 ]]; then
    printf 'ready: threads%s\n' "$(printf ', %s' ${mpis[@]+"${mpis[@]}"} | sed 's/, $//')"
    return 0
  fi
  for name in "${problems[@]}"; do printf 'to do: %s\n' "$name"; done
  return 1
}

doctor_jdk() {
  if find_jdk; then
    jdk_major "$jdk"
    doctor_line JDK "version $jdk_found_version in $jdk"
    [[ -z $jdk_passed_over ]] || doctor_line '' "passed over: $jdk_passed_over"
  else
    doctor_problem JDK "none that is $jdk_version_min or newer${jdk_passed_over:+ ($jdk_passed_over)}" \
      "install one (https://adoptium.net, package temurin-$jdk_version_min-jdk) or set HEDDLE_JAVA_HOME to its folder"
  fi
}

doctor_tools() {
  local line
  if type -P mvn >/dev/null; then
    line=$(JAVA_HOME=${jdk-} mvn -v 2>/dev/null | grep -o 'Maven [0-9.]*' | head -n 1)
    doctor_line Maven "${line#Maven } in $(type -P mvn)"
  else
    can_build=
    doctor_line Maven "not found"
  fi
  if type -P cmake >/dev/null; then
    line=$(cmake --version | head -n 1)
    doctor_line cmake "${line##* } in $(type -P cmake)"
  else
    doctor_line cmake "not found (only the native part needs it)"
  fi
}

doctor_java_build() {
  if java_is_current; then
    doctor_line build "up to date"
  elif [[ -n $can_build ]]; then
    doctor_line build "not up to date: the next run builds"
  elif [[ -n $own_jar ]]; then
    doctor_problem build "older than the sources" "install Maven (Debian: apt-get install maven), or set HEDDLE_BUILD=never to use it as it is"
  else
    doctor_problem build "not built" "install Maven (Debian: apt-get install maven)"
  fi
}

# The archives for a faster start: a JVM that refuses one says nothing, so each is tried, as ranks use it.
doctor_archives() {
  local kind used=() options output
  [[ -n ${jdk-} && -n $own_jar ]] || return 0
  for kind in "${archive_kinds[@]}"; do
    if ! archive_is_current "$kind"; then
      doctor_line start "no archive for $kind heaps yet: the next run makes it"
      continue
    elif [[ $archive_name == none ]]; then
      doctor_line start "no archive for $kind heaps: it could not be made, $build_folder/archive-$kind.log says why"
      continue
    fi
    options=(-XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xmx64m)
    [[ $kind == narrow ]] || options=(-XX:-UseCompressedOops)
    output=$("$jdk/bin/java" "${base_flags[@]}" "${options[@]}" -XX:AOTMode=on "-XX:AOTCache=$archive_folder/$archive_name" \
      -Xlog:class+load -cp "$archive_path" --version 2>&1)
    if [[ $output == *'dev.heddle.core.link.Link source: shared objects file'* ]]; then
      used+=("$kind")
    else
      doctor_line start "the archive for $kind heaps is refused: $(grep -m 1 -E 'error|warning' <<<"$output")"
      hints+=("start: runs start without it, as before; the next build makes it anew, or remove $archive_folder")
    fi
  done
  [[ ${#used[@]} -eq 0 ]] || doctor_line start "archive used for $(printf '%s, ' "${used[@]}" | sed 's/, $//') heaps"
}

# doctor_mpi NAME: launcher, compiler, native part, and two ranks of a program that uses MPI. A launcher
# and a library of different MPIs start without an error, as two worlds of one rank each.
doctor_mpi() {
  local name=$1 version shim=$heddle_home/native/build/lib/libheddle-$1.so built="native part built" mpicc ranks_found
  local compiler family mpi_version
  version=$("$launcher" --version 2>&1 | grep -oE '[0-9]+\.[0-9]+[0-9.]*' | head -n 1)
  doctor_line "$name" "version ${version:-unknown}, $launcher"
  doctor_ipv6 "$name" "${version:-unknown}"
  [[ $PATH: == *"${launcher%/*}:"* ]] || doctor_line '' "not on the PATH, used all the same"
  if [[ ! -e $shim ]]; then
    built="native part not built: the first run with --mpi $name builds it"
  elif ! native_is_current "$name"; then
    built="native part older than its sources, or of another compiler: the next run builds it"
    shim=
  fi
  if ! find_compiler "$name"; then
    mpicc=$(type -P mpicc)
    doctor_line '' "no compiler of $name${mpicc:+ ($mpicc belongs to another MPI)}"
    [[ -n $shim && -e $shim && -z $mpicc ]] ||
      problems+=("$name: its compiler is missing: $(compiler_advice "$name"), or put the folder of its mpicc first in the PATH")
    return
  fi
  compiler_family "$compiler"
  doctor_line '' "compiler $compiler, of version $mpi_version"
  [[ -z $shim || -e $shim ]] || type -P cmake >/dev/null || problems+=("$name: cmake is missing: install it (Debian: apt-get install cmake)")
  doctor_line '' "$built"
  # Outside a job a site's own launcher would wait for one.
  if [[ $launcher_kind != mpirun && $launcher_kind != hydra && -z ${SLURM_JOB_ID-}${PBS_JOBID-} ]]; then
    doctor_line '' "starts ranks in a job only: try 'heddle doctor' in one"
    return
  fi
  two_ranks "$name"
  if [[ $ranks_found == "2 2" ]]; then
    doctor_line '' "starts 2 ranks"
    [[ -z $shim || ! -e $shim ]] || doctor_shim "$name" "$shim"
  elif [[ $ranks_found == "1 1" ]]; then
    doctor_line '' "starts 2 programs that do not find each other"
    problems+=("$name: $launcher and $compiler belong to different MPIs: put the folder of one MPI first in the PATH")
  else
    doctor_line '' "does not start 2 ranks: ${ranks_found:-no answer within 60 s}"
    problems+=("$name: try '$launcher -n 2 hostname' and see what it says")
  fi
}

# doctor_shim NAME SHIM: what a compiler makes may start where the native part, made before, does not.
doctor_shim() {
  two_ranks "$1" "$2"
  if [[ $ranks_found == "2 2" ]]; then
    doctor_line '' "native part starts 2 ranks"
  else
    doctor_line '' "native part does not start 2 ranks: ${ranks_found:-no answer within 60 s}"
    problems+=("$1: make the native part anew: remove $heddle_home/native/build, the next run builds it")
  fi
}

# Open MPI 5.0.x mistakes addresses of IPv6 when ranks connect by TCP (open-mpi/ompi, issue 14079).
doctor_ipv6() {
  [[ $1 == openmpi && $2 == 5.0.* && -z ${OMPI_MCA_btl_tcp_disable_family-} ]] || return 0
  grep -qvE '^(0{31}1|fe80)' /proc/net/if_inet6 2>/dev/null || return 0
  hints+=("openmpi: ranks of Open MPI $2 on several hosts may not find each other where a host has an address of IPv6: export OMPI_MCA_btl_tcp_disable_family=6")
}

# two_ranks NAME [SHIM]: sets ranks_found to the sizes that two ranks see, such as "2 2"; with a shim,
# through it.
two_ranks() {
  local mpi=$1 shim=${2-} folder starter
  folder=$(mktemp -d "${TMPDIR:-/tmp}/heddle-doctor-XXXXXX")
  if [[ -z $shim ]]; then
    cat >"$folder/size.c" <<'END'
#include <mpi.h>
#include <stdio.h>
int main(int argc, char **argv) {
  int size;
  MPI_Init(&argc, &argv);
  MPI_Comm_size(MPI_COMM_WORLD, &size);
  printf("size=%d\n", size);
  MPI_Finalize();
  return 0;
}
END
  else
    # As Java loads it, and without a library of MPI but the shim's own.
    cat >"$folder/size.c" <<'END'
#include <dlfcn.h>
#include <stdint.h>
#include <stdio.h>
int main(int argc, char **argv) {
  int32_t level = 0, size = 0;
  void *shim = argc > 1 ? dlopen(argv[1], RTLD_NOW | RTLD_GLOBAL) : NULL;
  if (shim == NULL) {
    printf("problem=%s\n", dlerror());
    return 0;
  }
  int32_t (*init)(int32_t *) = (int32_t(*)(int32_t *))dlsym(shim, "heddle_init");
  int32_t (*count)(int32_t, int32_t *) = (int32_t(*)(int32_t, int32_t *))dlsym(shim, "heddle_comm_size");
  int32_t (*end)(void) = (int32_t(*)(void))dlsym(shim, "heddle_finalize");
  if (init == NULL || count == NULL || end == NULL || init(&level) != 0) {
    printf("problem=it is of another version\n");
    return 0;
  }
  count(0, &size);
  printf("size=%d\n", size);
  return end();
}
END
  fi
  if ! "$compiler" -Wl,--as-needed -o "$folder/size" "$folder/size.c" -ldl >"$folder/log" 2>&1; then
    ranks_found="$compiler does not compile: $(head -n 1 "$folder/log")"
  else
    launcher_for_ranks 2
    [[ $launcher_kind != mpirun ]] || starter+=(--oversubscribe)
    (
      export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
      openmpi_folders "$folder" "$folder"
      pass_environment
      timeout -k 5 60 "${starter[@]}" "$folder/size" ${shim:+"$shim"} </dev/null >"$folder/out" 2>"$folder/log"
    )
    ranks_found=$(sed -n 's/.*size=\([0-9]*\).*/\1/p' "$folder/out" | tr '\n' ' ')
    ranks_found=${ranks_found% }
    [[ -n $ranks_found ]] || ranks_found=$(sed -n 's/.*problem=//p' "$folder/out" | head -n 1)
    [[ -n $ranks_found ]] || ranks_found=$(head -n 1 "$folder/log")
  fi
  rm -rf "$folder"
}
