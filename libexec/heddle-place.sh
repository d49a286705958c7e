# shellcheck shell=bash
# Where this process stands: on its own, one of many that somebody's launcher or a Slurm step has
# started, or below a rank.
#
# A run puts its token into the environment of its ranks. Who has it and is no rank is a child of one: a
# task has started a program of its own, whatever the launcher's variables say, which are the rank's. Who
# has no token and is one of many is meant as a rank; one alone is a program of its own. This has to be
# cheap, and starts no process: it runs on every rank.

# Sets started_count, the number of processes that were started together with this one (0: nobody says),
# started_rank, and started_as: openmpi or mpich by the launcher's or plug-in's variables, `srun` in a
# Slurm step without any, empty where nobody has started several. Not SLURM_PROCID alone: an sbatch
# script has it too, while only a step knows its number of tasks.
find_starter() {
  started_as='' started_count=0 started_rank=${SLURM_PROCID-0}
  if [[ -n ${OMPI_COMM_WORLD_SIZE-} ]]; then
    started_as=openmpi started_count=$OMPI_COMM_WORLD_SIZE started_rank=${OMPI_COMM_WORLD_RANK-0}
  elif [[ -n ${PMI_RANK-} ]]; then
    started_as=mpich started_count=${PMI_SIZE-${SLURM_STEP_NUM_TASKS-0}} started_rank=$PMI_RANK
  elif [[ -n ${PMIX_RANK-} ]]; then
    started_as=openmpi started_count=${SLURM_STEP_NUM_TASKS-0} started_rank=$PMIX_RANK
  elif [[ -n ${PALS_RANKID-${ALPS_APP_PE-}} ]]; then
    # Cray's, whose MPI is of MPICH's family; nobody says how many.
    started_as=mpich started_rank=${PALS_RANKID-$ALPS_APP_PE}
  elif [[ ${SLURM_STEP_NUM_TASKS-1} != 1 ]]; then
    started_as=srun started_count=$SLURM_STEP_NUM_TASKS
  fi
  [[ $started_count =~ ^[0-9]{1,9}$ ]] || started_count=0
}

# Called once, before anything is read. Of many only the first says what is wrong with what all were given.
find_place() {
  find_starter
  if [[ -n ${HEDDLE_RUN_TOKEN-} ]]; then
    # The driver of `bench peers` has a token too, but no launcher above it. The token stays: by it the outer run
    # finds what is left of it.
    if [[ -n $started_as ]]; then
      unset HEDDLE_RUN_DIR HEDDLE_STARTED_FD HEDDLE_TMP HEDDLE_SHM HEDDLE_HOST HEDDLE_HOST_RANKS HEDDLE_RANKS HEDDLE_INPUT
      leave_launcher
    fi
  elif [[ $started_count -eq 1 ]]; then
    leave_launcher
  elif [[ -n $started_as && $started_rank != 0 ]]; then
    others_refuse=1
  fi
}

# Takes the launcher's variables about its processes away, which would make this one, or what it starts,
# a rank once more; settings of the user's, such as OMPI_MCA_btl, stay.
leave_launcher() {
  local name
  for name in "${!OMPI_@}" "${!PMIX_@}" "${!PMI_@}" "${!PRTE_@}" "${!ORTE_@}" "${!HYDRA_@}" "${!HYDI_@}" \
    "${!PALS_@}" ALPS_APP_PE MPI_LOCALNRANKS MPI_LOCALRANKID SLURM_STEP_NUM_TASKS; do
    case $name in
      PMIX_MCA_*) ;;
      OMPI_COMM_WORLD_* | OMPI_UNIVERSE_SIZE | OMPI_APP_CTX_* | OMPI_NUM_APP_CTX | OMPI_FIRST_RANKS | \
        OMPI_ARGV | OMPI_COMMAND | OMPI_FILE_LOCATION | OMPI_MCA_ess | OMPI_MCA_ess_* | OMPI_MCA_pmix | \
        OMPI_MCA_initial_wdir | OMPI_MCA_mpi_oversubscribe | OMPI_MCA_shmem_RUNTIME_QUERY_hint | \
        OMPI_MCA_orte_app_num | OMPI_MCA_orte_bound_at_launch | OMPI_MCA_orte_ess_* | OMPI_MCA_orte_hnp_uri | \
        OMPI_MCA_orte_jobid | OMPI_MCA_orte_launch | OMPI_MCA_orte_local_daemon_uri | \
        OMPI_MCA_orte_num_* | OMPI_MCA_orte_node_regex | OMPI_MCA_orte_parent_uri | OMPI_MCA_orte_precondition_transports | \
        OMPI_MCA_orte_top_session_dir | OMPI_MCA_orte_*_session_dir | PMIX_* | PMI_* | PRTE_LAUNCHED | \
        PRTE_MCA_ess* | ORTE_SCHIZO_DETECTION | HYDRA_* | HYDI_* | PALS_RANKID | PALS_LOCAL_RANKID | PALS_LOCAL_SIZE | PALS_NODEID | PALS_APID | PALS_APINFO | PALS_DEPTH | PALS_FD | PALS_STARTUP_BARRIER | PALS_SPOOL_DIR | ALPS_APP_PE | MPI_LOCAL* | SLURM_STEP_NUM_TASKS)
        unset "$name"
        ;;
    esac
  done
}

# check_place: several processes that somebody has started together are the ranks of one program, or
# one sentence and nothing else. Called when the options are known.
check_place() {
  local given by='' with=''
  declare -A plugin=([openmpi]=pmix [mpich]=pmi2)
  [[ -z ${HEDDLE_RUN_TOKEN-} ]] || return 0
  find_starter
  [[ -n $started_as && $started_count -ne 1 ]] || return 0
  if [[ $started_as == srun ]]; then
    refuse "srun has started $started_count processes that can't find each other, since it was given no --mpi:" \
      "leave srun out and say 'heddle run --mpi openmpi|mpich -n $started_count ...', which starts the ranks itself;" \
      "or say srun --mpi=pmix for Open MPI, srun --mpi=pmi2 for MPICH;" \
      "or, for $started_count programs of their own, srun env -u SLURM_STEP_NUM_TASKS heddle run ...;" \
      "in a shell that srun has started (--pty), env -u SLURM_STEP_NUM_TASKS heddle run ..."
  fi
  if [[ -n $mpi && $mpi != "$started_as" ]]; then
    # Hydra and mpirun have variables of their own, also below a Slurm step.
    if [[ -n ${SLURM_STEP_NUM_TASKS-} && -z ${MPI_LOCALNRANKS-}${OMPI_COMM_WORLD_SIZE-} ]]; then
      by=" by srun --mpi=${plugin[$started_as]}" with=", srun --mpi=${plugin[$mpi]}"
    fi
    [[ -n $mpi_option ]] && given=--mpi || given=HEDDLE_MPI
    refuse "$given is $mpi, but this process was started as a rank of $started_as$by: leave the launcher out and say" \
      "'heddle run --mpi $mpi -n N ...', which starts the ranks itself, or use the launcher of $mpi$with"
  fi
  if [[ -n $ranks && $started_count -gt 0 && $((10#$ranks)) -ne $started_count ]]; then
    [[ -n $ranks_option ]] && given=-n || given=HEDDLE_RANKS
    refuse "$given is $ranks, but this process is one of $started_count ranks that a launcher has started:" \
      "leave $given out, or leave the launcher out, since 'heddle run' starts the ranks itself"
  fi
  # What is wrong from here on may be so on one host alone.
  others_refuse=''
}
