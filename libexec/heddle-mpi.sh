# shellcheck shell=bash
# The MPIs: their launchers and compilers, told by name or asked what they are. MPICH's heirs (Intel MPI,
# Cray MPICH, MVAPICH) count as mpich, whose library they can stand in for.
#
# Kinds of launchers: mpirun (Open MPI's), hydra (MPICH's and its heirs'), aprun, pals (Cray's), and srun
# (Slurm's), which serves whatever library the program has.

# ask_launcher PATH: sets `kind`, empty where it is none of these.
ask_launcher() {
  local text
  kind=
  case ${1##*/} in
    *.openmpi) kind=mpirun ;;
    *.mpich) kind=hydra ;;
    *)
      text=$("$1" --version 2>&1 </dev/null)
      case $text in
        *'Open MPI'* | *OpenRTE* | *open-mpi* | *PRRTE*) kind=mpirun ;;
        *HYDRA* | *'Intel(R) MPI'* | *MVAPICH*) kind=hydra ;;
        *PALS*) kind=pals ;;
        slurm\ [0-9]*) kind=srun ;;
        aprun* | *ALPS*) kind=aprun ;;
      esac
      ;;
  esac
}

# find_launcher openmpi|mpich: sets `launcher` to its full path and `launcher_kind`, or returns 1.
# HEDDLE_LAUNCHER names the only one that counts; srun does where the MPI has no launcher of its own.
find_launcher() {
  local names kinds path kind name folder folders
  case $1 in
    openmpi) names='mpirun.openmpi mpirun mpiexec orterun' kinds=' mpirun ' ;;
    mpich) names='mpiexec.hydra mpiexec.mpich mpiexec mpirun aprun' kinds=' hydra aprun pals ' ;;
    *) return 1 ;;
  esac
  if [[ -n ${HEDDLE_LAUNCHER-} ]]; then
    path=$(type -P "$HEDDLE_LAUNCHER") || return 1
    ask_launcher "$path"
    [[ $kinds == *" ${kind:-none} "* ]] ||
      { [[ $kind == srun ]] && { [[ ${mpi-} == "$1" ]] || has_library "$1"; }; } || return 1
    launcher=$path launcher_kind=$kind
    return 0
  fi
  IFS=: read -ra folders <<<"$PATH:${HEDDLE_MPI_DIR-/usr/lib64/$1/bin:/usr/lib64/mpi/gcc/$1/bin:/opt/$1/bin}"
  for name in $names; do
    for folder in "${folders[@]}"; do
      path=$folder/$name
      [[ -x $path && ! -d $path ]] || continue
      ask_launcher "$path"
      if [[ $kinds == *" ${kind:-none} "* ]]; then
        launcher=$path launcher_kind=$kind
        return 0
      fi
    done
  done
  path=$(type -P srun) && { [[ ${mpi-} == "$1" ]] || has_library "$1"; } || return 1
  launcher=$path launcher_kind=srun
}

# Is there anything of this MPI but a launcher?
has_library() {
  local compiler
  [[ -z ${HEDDLE_MPICC-} && -e ${heddle_home-}/native/build/lib/libheddle-$1.so ]] || search_compiler "$1" ''
}

# find_compiler openmpi|mpich: sets `compiler`, or returns 1. Where HEDDLE_MPICC names one, no other counts.
find_compiler() {
  local launcher launcher_kind
  find_launcher "$1" || return 1
  search_compiler "$1" "${launcher%/*}"
}

# search_compiler openmpi|mpich FOLDER: the same, beside a launcher and on the PATH.
search_compiler() {
  local path mark
  if [[ -n ${HEDDLE_MPICC-} ]]; then
    path=$(type -P "$HEDDLE_MPICC") && compiler_family "$path" && [[ $family == "$1" ]] || return 1
    compiler=$path
    return 0
  fi
  case $1 in
    openmpi) mark='Open MPI' ;;
    mpich) mark='MPICH|Intel\(R\) MPI|MVAPICH' ;;
  esac
  for path in ${2:+"$2/mpicc.$1" "$2/mpicc"} "$(type -P "mpicc.$1")" "$(type -P mpicc)"; do
    [[ -n $path && -x $path ]] || continue
    if [[ $path == *."$1" || $("$path" --showme:version 2>&1) =~ $mark || $("$path" -v 2>&1) =~ $mark ]]; then
      compiler=$path
      return 0
    fi
  done
  # Cray's compiler is MPI's too.
  [[ $1 == mpich && -n ${CRAYPE_VERSION-} ]] && path=$(type -P cc) && compiler=$path
}

# compiler_family PATH: sets `family` and `mpi_version` by the mpi.h that this compiler has.
compiler_family() {
  local macros
  family='' mpi_version=unknown
  macros=$("$1" -E -dM -include mpi.h -x c /dev/null 2>/dev/null) || return 1
  if [[ $macros =~ '#define OMPI_MAJOR_VERSION '([0-9]+) ]]; then
    family=openmpi mpi_version=${BASH_REMATCH[1]}
    [[ ! $macros =~ '#define OMPI_MINOR_VERSION '([0-9]+) ]] || mpi_version+=.${BASH_REMATCH[1]}
    [[ ! $macros =~ '#define OMPI_RELEASE_VERSION '([0-9]+) ]] || mpi_version+=.${BASH_REMATCH[1]}
  elif [[ $macros =~ '#define '(I_MPI_VERSION|MVAPICH_VERSION|MVAPICH2_VERSION|MPICH_VERSION)' "'([^\"]+)\" ]]; then
    family=mpich mpi_version=${BASH_REMATCH[2]}
  fi
  [[ -n $family ]]
}

# choose_mpi: sets `mpi`, `launcher` and `launcher_kind` from --mpi, or to the only one there is.
choose_mpi() {
  local found=() name path kind
  if [[ -n ${HEDDLE_LAUNCHER-} ]]; then
    path=$(type -P "$HEDDLE_LAUNCHER") ||
      refuse "HEDDLE_LAUNCHER=$HEDDLE_LAUNCHER is no program: correct it, or unset it to use the launcher that is found"
    ask_launcher "$path"
    [[ -n $kind ]] ||
      refuse "HEDDLE_LAUNCHER=$HEDDLE_LAUNCHER is no launcher that Heddle knows: it takes mpirun of Open MPI, mpiexec of MPICH or Intel MPI, srun, aprun and mpiexec of PALS"
  fi
  [[ -z ${HEDDLE_MPICC-} ]] || type -P "$HEDDLE_MPICC" >/dev/null ||
    refuse "HEDDLE_MPICC=$HEDDLE_MPICC is no program: correct it, or unset it to use the compiler that is found"
  if [[ -n $mpi ]]; then
    case $mpi in
      openmpi) name="Open MPI (Debian: apt-get install openmpi-bin libopenmpi-dev)" ;;
      mpich) name="MPICH (Debian: apt-get install mpich libmpich-dev)" ;;
      *) refuse "unknown MPI '$mpi': it is openmpi or mpich" ;;
    esac
    find_launcher "$mpi" && return
    [[ -z ${HEDDLE_LAUNCHER-} ]] ||
      refuse "HEDDLE_LAUNCHER=$HEDDLE_LAUNCHER is a launcher of another MPI than $mpi: correct it, or leave out --mpi"
    refuse "no launcher of $mpi found on the PATH: install $name, or name its folder in HEDDLE_MPI_DIR or the launcher in HEDDLE_LAUNCHER"
  fi
  for name in openmpi mpich; do
    find_launcher "$name" && found+=("$name")
  done
  case ${#found[@]} in
    0) refuse "no MPI found on the PATH, which -n needs: install one (Debian: apt-get install openmpi-bin libopenmpi-dev) or leave out -n to run on threads" ;;
    1) mpi=${found[0]} && find_launcher "$mpi" ;;
    *) refuse "two MPIs found, openmpi and mpich: choose one with --mpi openmpi or --mpi mpich" ;;
  esac
}

# launcher_for_ranks N: fills `starter`, what starts N ranks of `mpi`, without any of Heddle's wishes. srun's
# plug-in is the site's own where the site has chosen, and for Cray MPICH, which has one to itself.
launcher_for_ranks() {
  starter=("$launcher")
  case $launcher_kind in
    mpirun) starter+=(--bind-to none) ;;
    srun)
      if [[ -n ${SLURM_MPI_TYPE-} ]]; then
        :
      elif [[ $mpi == openmpi ]]; then
        starter+=(--mpi=pmix)
      elif [[ -z ${CRAY_MPICH_VERSION-}${CRAY_MPICH_DIR-} ]]; then
        starter+=(--mpi=pmi2)
      fi
      ;;
  esac
  starter+=(-n "$1")
}

# Slurm's srun, by which Open MPI's mpirun starts its daemons too, gives its processes what `sbatch --export`
# has named and nothing else, not even a PATH. What the ranks need is in our own environment.
pass_environment() {
  [[ -z ${SLURM_EXPORT_ENV-} ]] || export SLURM_EXPORT_ENV=ALL
  unset SRUN_EXPORT_ENV
}

# openmpi_folders TMP SHM: session folders and segments of Open MPI go there, where whoever made them can
# remove them. From version 5 on PRRTE makes the session folders, and vader is called sm.
openmpi_folders() {
  export OMPI_MCA_orte_tmpdir_base=$1 PRTE_MCA_prte_tmpdir_base=$1
  export OMPI_MCA_btl_vader_backing_directory=$2 OMPI_MCA_btl_sm_backing_directory=$2
  export OMPI_MCA_osc_sm_backing_directory=$2 OMPI_MCA_osc_rdma_backing_directory=$2
}
