#!/bin/bash
# Other versions of the MPIs than this machine's, in a root folder of another Debian (tests/debian-root.sh):
# doctor, hello, a tree, exit codes, signals, the contract of the transport and all behaviours. Needs root,
# and what `heddle test` builds. Prints "ok NAME", "FAILED NAME" or "skipped NAME" per test.
#
#   tests/mpis.sh stable|newest [PATTERN]    Debian 13, or sid, made anew when it is a week old; all behaviours on
#                                            one shape of tree, with newest or HEDDLE_TEST_LONG on two
#   tests/mpis.sh inside [PATTERN]           the tests themselves, with the MPIs that are here
set -u
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
home=${here%/*}
heddle=$home/heddle
release=${1-}
shift
# shellcheck source=tests/check.sh
. "$here/check.sh" "${1-}"
for name in $(compgen -e | grep '^HEDDLE_'); do
  [[ $name == HEDDLE_JAVA_HOME || $name == HEDDLE_TEST_* ]] || unset "$name"
done
unset OMPI_COMM_WORLD_SIZE PMI_RANK PMIX_RANK "${!PRTE_@}"
HEDDLE_TEST_MARK=mpis-$$-$RANDOM
export HEDDLE_TEST_MARK
# shellcheck source=libexec/heddle-common.sh
. "$home/libexec/heddle-common.sh"

# ---- outside: makes the folder, copies what is built, and goes in ----

# The behaviours check with JUnit's words: its jars, as Maven has them.
junit_jars() {
  local repository=${HOME:-/root}/.m2/repository name
  for name in org/junit/jupiter/junit-jupiter-api org/junit/platform/junit-platform-commons \
    org/opentest4j/opentest4j org/apiguardian/apiguardian-api; do
    find "$repository/$name" -name "*.jar" ! -name '*-sources.jar' 2>/dev/null | sort -V | tail -n 1
  done
}

go_inside() {
  local name=$1 root log=$test_folder/root.log jars
  shift
  need_jdk
  [[ -d $home/mpi-executor/target/test-classes ]] ||
    refuse "the tests are not compiled: run ./heddle test, or mvn -pl mpi-executor -am test-compile"
  if ! root=$(bash "$here/debian-root.sh" make "$@" 2>"$log"); then
    skipped "everything under $name: $(tail -n 1 "$log")"
    exit 0
  fi
  # A copy, since the native part is built there with other compilers.
  mkdir -p "$test_folder/heddle"
  tar -C "$home" --exclude=./.git --exclude=./native/build --exclude=./target/heddle/test --exclude=./heddle-runs \
    --exclude=./target/heddle/native.stamp --exclude=./target/heddle/archive --exclude=./jmh-benchmarks -cf - . |
    tar -C "$test_folder/heddle" -xf - || exit 1
  mkdir -p "$test_folder/heddle/junit"
  mapfile -t jars < <(junit_jars)
  cp "${jars[@]}" "$test_folder/heddle/junit/" || exit 1
  printf 'Debian %s: %s\n' "$(<"$root/etc/debian_version")" "$root"
  bash "$here/debian-root.sh" enter "$root" --bind "$test_folder/heddle" --bind "$jdk" -- \
    env -i PATH="$PATH" HOME=/root HEDDLE_JAVA_HOME="$jdk" HEDDLE_TEST_RELEASE="$name" \
    HEDDLE_TEST_LONG="${HEDDLE_TEST_LONG-}" \
    bash "$test_folder/heddle/tests/mpis.sh" inside "$test_pattern"
}

case $release in
  stable)
    go_inside "Debian 13" trixie
    exit
    ;;
  newest)
    export HEDDLE_TEST_LONG=1
    go_inside "newest Debian" sid 7
    exit
    ;;
  inside) ;;
  *)
    sed -n '6,8s/^# \{0,1\}//p' "$0"
    exit 2
    ;;
esac

# ---- inside ----

label=${HEDDLE_TEST_RELEASE:-this machine}
unset HEDDLE_TEST_RELEASE
shapes=(16)
[[ -z ${HEDDLE_TEST_LONG-} ]] || shapes=(2 16)
classes=$home/mpi-executor/target/test-classes
for jar in "$home"/junit/*.jar; do classes+=:$jar; done

# Everything here is of these tests: no process and no file may be left.
nothing_left() {
  local tries=0 words
  while words=$(pgrep -af 'java|mpirun|mpiexec|prte|orted|hydra' | grep -v 'mpis\.sh') && ((++tries < 100)); do nap 0.1; done
  [[ -z $words ]] || problem "left: $words"
  words=$(find /tmp /dev/shm -mindepth 1 -newer test-begun ! -path "$test_folder*" ! -path "$home*" ! -path "${home%/*}")
  [[ -z $words ]] || problem "left: $words"
}

# no_noise: on stderr stand our own sentences and the tree, nothing of the MPI's.
no_noise() {
  local noise
  noise=$(grep -vE '^(heddle: |tree: )' err)
  [[ -z $noise ]] || problem "noise: $(head -n 5 <<<"$noise")"
}

# part FILE PATTERN: the tests of another suite whose names match, under this release's name.
part() {
  begin "$label: $1" || return 0
  bash "$here/$1" "$2" | sed -E "s/^(ok|FAILED|skipped) /\1 $label: /" | tee part.out
  if ! grep -q "^ok $label" part.out; then printf 'FAILED %s: %s ran no test\n' "$label" "$1"; fi
  passed_count=$((passed_count + $(grep -c '^ok ' part.out)))
  failed_count=$((failed_count + $(grep -c '^FAILED ' part.out)))
  skipped_count=$((skipped_count + $(grep -c '^skipped ' part.out)))
}

for mpi in openmpi mpich; do
  if ! find_launcher "$mpi"; then
    printf 'FAILED %s: no launcher of %s\n' "$label" "$mpi"
    failed_count=$((failed_count + 1))
    continue
  fi
  version=$("$launcher" --version 2>&1 | grep -oE '[0-9]+\.[0-9]+[0-9.]*[a-z0-9]*' | head -n 1)
  with="$label, $mpi $version"
  # What doctor says of 5.0 where the host has an address of IPv6 (open-mpi/ompi, issue 14079).
  [[ $mpi != openmpi || $version != 5.0.* ]] || export OMPI_MCA_btl_tcp_disable_family=6

  if begin "$with: hello on 4 ranks"; then
    timeout -k 5 300 "$heddle" run --mpi "$mpi" -n 4 --tiny examples/hello >out 2>err </dev/null
    expect_code $? 0
    expect_text err "tree: ranks=4"
    no_noise
    nothing_left
    end
  fi
  if begin "$with: doctor loads the native part"; then
    timeout -k 5 300 "$heddle" doctor >out 2>err </dev/null
    grep -A 5 "^  $mpi " out | grep -q 'native part starts 2 ranks' || problem "$(<out)"
    end
  fi
  if begin "$with: an early end is told without noise"; then
    timeout -k 5 100 "$heddle" run --mpi "$mpi" -n 4 --tiny examples/hold --exit 7 >out 2>err </dev/null
    expect_code $? 7
    no_noise
    nothing_left
    end
  fi
  for ranks in 1 2 5 16; do
    if begin "$with: the contract of the transport, $ranks ranks"; then
      timeout -k 5 240 "$heddle" run --mpi "$mpi" -n "$ranks" --tiny --jvm-arg -XX:MaxDirectMemorySize=192m -cp "$classes" \
        dev.heddle.transport.mpi.TransportContractMain $((ranks == 5 ? 2 : 4)) >out 2>err </dev/null
      expect_code $? 0
      expect_text out "contract kept: $mpi"
      [[ -z $problems ]] || problem "$(tail -n 20 err)"
      grep '^eagerBytesMax' out
      nothing_left
      end
    fi
  done
  for ranks in "${shapes[@]}"; do
    if begin "$with: all behaviours, $ranks ranks"; then
      timeout -k 5 600 "$heddle" run --mpi "$mpi" -n "$ranks" --fanout 4 --tiny --heap 128m --worker-heap 128m \
        --jvm-arg -XX:MaxDirectMemorySize=192m -cp "$classes" dev.heddle.behaviour.BehaviourMain "$ranks" >out 2>err </dev/null
      expect_code $? 0
      [[ $(grep -c '^ok ' out) -gt 100 ]] || problem "only $(grep -c '^ok ' out) behaviours"
      ! grep -q '^FAILED ' out || problem "$(grep '^FAILED ' out | cut -c -600)"
      [[ -z $problems ]] || problem "$(tail -n 20 err)"
      nothing_left
      end
    fi
  done
  if [[ $mpi == openmpi && $version == 5.0.* ]] && begin "$with: doctor knows the cure where there is IPv6"; then
    unshare --net sh -c "ip link set lo up && ip -6 addr add fd00::1/128 dev lo && ip link add d0 type dummy 2>/dev/null;
      exec env -u OMPI_MCA_btl_tcp_disable_family timeout -k 5 120 '$heddle' doctor" >out 2>err </dev/null
    expect_text out "export OMPI_MCA_btl_tcp_disable_family=6"
    unshare --net sh -c "ip link set lo up; exec env -u OMPI_MCA_btl_tcp_disable_family timeout -k 5 120 '$heddle' doctor" >out 2>err </dev/null
    ! grep -q 'OMPI_MCA_btl_tcp_disable_family' out || problem "it says so without any: $(<out)"
    end
  fi
done

# The shim of the standard ABI serves both, by what LD_LIBRARY_PATH says.
header=$(find /usr/lib -path '*standard_abi/mpi.h' -print -quit)
if [[ -n $header ]]; then
  mkdir -p abi-shim
  gcc -shared -fPIC -O2 -Wall -Wextra -Werror -fvisibility=hidden -I "${header%/*}" -o abi-shim/libheddle-abi.so \
    "$home/native/src/heddle_mpi.c" -l:libmpi_abi.so.1 || exit 1
  for mpi in openmpi mpich; do
    if begin "$label, one shim over the standard ABI: $mpi"; then
      mkdir -p "abi-$mpi"
      ln -sf /usr/lib/*/libmpi_abi_$mpi.so.1.0.0 "abi-$mpi/libmpi_abi.so.1"
      HEDDLE_NATIVE_DIR=$PWD/abi-shim LD_LIBRARY_PATH=$PWD/abi-$mpi timeout -k 5 100 "$heddle" run --mpi "$mpi" -n 2 --tiny \
        examples/hello >out 2>err </dev/null
      expect_code $? 0
      expect_text err "mpi=$mpi"
      end
    fi
    [[ $mpi == openmpi ]] && other=mpich || other=openmpi
    if begin "$label, the standard ABI's library of another MPI is named: $mpi"; then
      HEDDLE_NATIVE_DIR=$PWD/abi-shim LD_LIBRARY_PATH=$PWD/abi-$mpi timeout -k 5 100 "$heddle" run --mpi "$other" -n 2 --tiny \
        examples/hello >out 2>err </dev/null
      expect_code $? 1
      expect_text err "brings the library of $mpi"
      end
    fi
  done
elif [[ -n $(find /usr/lib -name 'libmpi_abi*' -print -quit) ]]; then
  printf 'FAILED %s: there is a library of the standard ABI, but no header of it\n' "$label"
  failed_count=$((failed_count + 1))
fi

part launcher.sh '^(exit code|a killed|rank 0 outlives|a rank that ends|SIG).*(openmpi|mpich)'
part examples.sh '^(readmap|hold|SIG|rank 0).*(openmpi|mpich)'
summary
