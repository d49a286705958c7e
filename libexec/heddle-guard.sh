#!/bin/bash
# heddle-guard.sh TOKEN [RUN_DIR | MPI TMP SHM]: sleeps at the pipe on its standard input until the other end of it is gone,
# then ends what is left of the run of that token. With an MPI the other end was `heddle`, which was killed if it said
# nothing before, and left its folders too; without, it was java on threads. Not for users: start_guard starts it.
set -u
heddle_home=${BASH_SOURCE[0]%/libexec/*}
IFS= read -r path
read -r word
[[ $word != dismissed ]] || exit 0
export PATH=$path
# shellcheck source=libexec/heddle-common.sh
. "$heddle_home/libexec/heddle-common.sh"
# shellcheck source=libexec/heddle-end.sh
. "$heddle_home/libexec/heddle-end.sh"
# shellcheck source=libexec/heddle-launch.sh
. "$heddle_home/libexec/heddle-launch.sh"
# Not exported: what we start ourselves is not of the run.
HEDDLE_RUN_TOKEN=$1
if [[ $# -le 2 ]]; then
  # shellcheck disable=SC2034 # heddle-folder.sh knows it
  HEDDLE_RUN_DIR=${2-}
  end_left_processes
else
  # shellcheck disable=SC2034 # heddle-launch.sh knows them
  mpi=$2 HEDDLE_TMP=$3 HEDDLE_SHM=$4 started_stamp=$3/owner
  end_killed_run
fi
