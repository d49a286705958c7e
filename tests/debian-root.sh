#!/bin/bash
# A root folder of another release of Debian with that release's MPIs, for tests of tests/mpis.sh: other
# versions than this machine's, real ones. Needs root, debootstrap and the archive that apt uses.
#
#   tests/debian-root.sh make RELEASE [DAYS]     prints the folder; makes it unless there is one (not older
#                                                than DAYS), about two minutes and 1.3 GB
#   tests/debian-root.sh enter FOLDER [--bind PATH]... -- COMMAND ARGS    runs COMMAND inside it
#   tests/debian-root.sh remove RELEASE
#
# The folders lie in HEDDLE_TEST_ROOTS, else in the user's cache. A command inside has mounts, processes,
# /tmp and /dev/shm of its own, which end with it: nothing of it is left, whatever killed it.
set -eu -o pipefail

packages='openmpi-bin libopenmpi-dev mpich libmpich-dev cmake make gcc libc6-dev procps unzip iproute2'
roots=${HEDDLE_TEST_ROOTS:-${XDG_CACHE_HOME:-${HOME:-/root}/.cache}/heddle/debian-roots}

die() {
  printf 'debian-root: %s\n' "$*" >&2
  exit 2
}

# The first archive of Debian among apt's sources that has more than security updates.
archive() {
  local files
  shopt -s nullglob
  files=(/etc/apt/sources.lis[t] /etc/apt/sources.list.d/*.{sources,list})
  [[ ${#files[@]} -eq 0 ]] ||
    sed -nE 's/^URIs: *([^ ]+).*/\1/p; s/^deb +(\[[^]]*\] +)?([^ ]+) .*/\2/p' "${files[@]}" |
    grep -i debian | grep -vim 1 security
}

make_root() {
  local release=$1 days=${2-} folder=$roots/$1 draft=$roots/$1.new log=$roots/$1.log url script lock
  [[ $EUID -eq 0 ]] || die "needs root, to make a root folder of $release"
  mkdir -p "$roots"
  exec {lock}>"$roots/$release.lock"
  flock "$lock"
  if [[ -e $folder/made && (-z $days || -z $(find "$folder/made" -mtime "+$days")) ]]; then
    printf '%s\n' "$folder"
    return
  fi
  type -P debootstrap >/dev/null || die "debootstrap is missing: install it (Debian: apt-get install debootstrap)"
  url=$(archive) || die "no archive of Debian among apt's sources"
  # A release that this debootstrap does not know is made as sid is.
  script=/usr/share/debootstrap/scripts/$release
  [[ -e $script ]] || script=/usr/share/debootstrap/scripts/sid
  rm -rf --one-file-system "$draft"
  debootstrap --variant=minbase "$release" "$draft" "$url" "$script" >"$log" 2>&1 </dev/null ||
    die "debootstrap of $release failed: $(tail -n 1 "$log"); $log has the whole log"
  cp -a /etc/apt/apt.conf.d/. "$draft/etc/apt/apt.conf.d/"
  cp -L /etc/resolv.conf /etc/hosts "$draft/etc/"
  enter "$draft" -- sh -c "apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y \
    --no-install-recommends $packages && apt-get clean" >>"$log" 2>&1 </dev/null ||
    die "installing in $release failed: $(tail -n 1 "$log"); $log has the whole log"
  touch "$draft/made"
  rm -rf --one-file-system "$folder"
  mv "$draft" "$folder"
  printf '%s\n' "$folder"
}

enter() {
  local folder=$1 binds=()
  shift
  while [[ ${1-} == --bind ]]; do
    binds+=("$(readlink -f "$2")")
    shift 2
  done
  [[ ${1-} == -- ]] && shift
  [[ -d $folder/usr ]] || die "there is no root folder $folder"
  unshare --mount --pid --fork --kill-child=KILL --propagation private \
    "$BASH" -u "$0" inside "$folder" "${#binds[@]}" ${binds[@]+"${binds[@]}"} "$@"
}

# The first process of the new namespaces: mounts, then waits for the command, so that orphans have a parent.
inside() {
  local folder=$1 count=$2 child status=0
  shift 2
  mount -t proc proc "$folder/proc"
  mount --rbind /sys "$folder/sys"
  mount --rbind /dev "$folder/dev"
  mount -t tmpfs -o mode=1777 tmpfs "$folder/dev/shm"
  mount -t tmpfs -o mode=1777 tmpfs "$folder/tmp"
  while ((count-- > 0)); do
    mkdir -p "$folder$1"
    mount --bind "$1" "$folder$1"
    shift
  done
  trap 'exit 130' INT
  trap 'exit 143' TERM
  # A shell has what it starts in the background ignore these, and no shell below could trap them again.
  env --default-signal=INT,QUIT chroot "$folder" "$@" <&0 &
  child=$!
  wait "$child" || status=$?
  exit "$status"
}

case ${1-} in
  make) make_root "${@:2}" ;;
  enter) enter "${@:2}" ;;
  inside) inside "${@:2}" ;;
  remove) rm -rf --one-file-system "$roots/${2:?}" "$roots/$2.new" "$roots/$2.log" "$roots/$2.lock" ;;
  *)
    sed -n '2,11s/^# \{0,1\}//p' "$0"
    exit 2
    ;;
esac
