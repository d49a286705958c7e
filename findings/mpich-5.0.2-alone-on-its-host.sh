#!/bin/bash
# MPICH 5.0.2 of Debian sid (device ch4:ucx, 5.0.2-2): MPI_Comm_split_type with MPI_COMM_TYPE_SHARED gives each rank
# a communicator of its own, though all run on one host and MPI_Get_processor_name says so.
#
# Guess before the run: one communicator of all three ranks, as MPI-4.1 (section 7.4.2) suggests for ranks that can
# share memory, and as MPICH 4.0.2 (Debian 12) and 4.2.1 (Debian 13) give it.
# Seen (2026-11-30, x86-64, launched by its own hydra, PMI 1 and 2 alike): "shared=1" on every rank. Whoever looks for
# the ranks of a host this way, to make one leader per host or memory by MPI_Win_allocate_shared, takes each rank for
# a host of its own, without an error. Telling hosts by their names is not affected.
#
# Needs root, debootstrap, and an archive of Debian that has sid; about two minutes and 700 MB in a temporary folder.
# Exit codes: 0 as described, 1 it has changed, 2 it can't be tried here.
set -eu -o pipefail
version=5.0.2-2
[[ $EUID -eq 0 ]] && type -P debootstrap >/dev/null || { echo "needs root and debootstrap" >&2 && exit 2; }
archive=$({ cat /etc/apt/sources.lis[t] /etc/apt/sources.list.d/* 2>/dev/null || :; } |
  sed -nE 's/^URIs: *([^ ]+).*/\1/p; s/^deb +(\[[^]]*\] +)?([^ ]+) .*/\2/p' | grep -i debian | grep -vim 1 security) ||
  { echo "no archive of Debian among apt's sources" >&2 && exit 2; }
folder=$(mktemp -d)
trap 'rm -rf --one-file-system "$folder"' EXIT
root=$folder/sid
# shellcheck disable=SC2016 # for that shell
inside() {
  unshare --mount --pid --fork --kill-child=KILL --propagation private sh -c '
    mount -t proc proc "$0/proc" && mount --rbind /sys "$0/sys" && mount --rbind /dev "$0/dev" && mount -t tmpfs tmpfs "$0/tmp" && exec chroot "$0" "$@"' "$root" "$@"
}

debootstrap --variant=minbase sid "$root" "$archive" >"$folder/log" 2>&1 || { tail -n 1 "$folder/log" >&2 && exit 2; }
cp -a /etc/apt/apt.conf.d/. "$root/etc/apt/apt.conf.d/"
cp -L /etc/resolv.conf /etc/hosts "$root/etc/"
inside sh -c "apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends gcc libc6-dev \
  mpich=$version libmpich-dev=$version libmpich12=$version" >>"$folder/log" 2>&1 || { tail -n 1 "$folder/log" >&2 && exit 2; }
cat >"$root/shared.c" <<'END'
#include <mpi.h>
#include <stdio.h>

int main(int argc, char **argv) {
  MPI_Comm shared;
  char host[MPI_MAX_PROCESSOR_NAME];
  int rank, size, length;
  MPI_Init(&argc, &argv);
  MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  MPI_Comm_split_type(MPI_COMM_WORLD, MPI_COMM_TYPE_SHARED, rank, MPI_INFO_NULL, &shared);
  MPI_Comm_size(shared, &size);
  MPI_Get_processor_name(host, &length);
  printf("shared=%d host=%s\n", size, host);
  return MPI_Finalize();
}
END
inside sh -c 'mpicc.mpich -o /tmp/shared /shared.c && timeout 60 mpiexec.mpich -n 3 /tmp/shared' >"$folder/out" ||
  { echo "the program did not run" >&2 && exit 2; }
printf 'mpich %s:\n%s\n' "$version" "$(<"$folder/out")"
[[ $(grep -c '^shared=1 ' "$folder/out") -eq 3 && $(sed -n 's/^shared=.*host=//p' "$folder/out" | sort -u | wc -l) -eq 1 ]] || {
  echo "this has changed: three ranks of one host had shared=1 each" >&2
  exit 1
}
