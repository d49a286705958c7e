#!/usr/bin/env bash
# Starts a test under a real launcher: launch.sh FAMILY MPIRUN RANKS PROGRAM ARGS...
# The environment of an outer launcher would be taken for ours, so it goes.
set -euo pipefail
family=$1 mpirun=$2 ranks=$3
shift 3
while IFS='=' read -r name _; do
  case $name in
    OMPI_* | PRTE_* | PMI_* | PMIX_* | HYDRA_* | HYDI_* | MPI_LOCAL* | SLURM_*) unset "$name" ;;
  esac
done < <(env)
case $family in
  openmpi)
    export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
    exec "$mpirun" --oversubscribe --bind-to none -n "$ranks" "$@"
    ;;
  *) exec "$mpirun" -n "$ranks" "$@" ;;
esac
