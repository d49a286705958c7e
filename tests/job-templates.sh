#!/bin/bash
# Tests of the job templates without a scheduler: their syntax and directives, and their bodies in a
# made-up allocation of this host. Prints "ok NAME" or "FAILED NAME" per test.
set -u
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
templates=${here%/*}/job-templates
# shellcheck source=tests/check.sh
. "$here/check.sh" "${1-}"
for name in $(compgen -e | grep -E '^(HEDDLE|SLURM)_'); do
  [[ $name == HEDDLE_JAVA_HOME ]] || unset "$name"
done
export HEDDLE_BUILD=never HEDDLE_HOME=${here%/*}
# shellcheck source=libexec/heddle-common.sh
. "${here%/*}/libexec/heddle-common.sh"
need_jdk

mkdir program
cat >Probe.java <<'END'
public final class Probe {
  public static void main(String[] arguments) throws Exception {
    String descriptor = System.getenv("HEDDLE_STARTED_FD");
    try (var out = new java.io.FileOutputStream("/proc/self/fd/" + descriptor)) {
      out.write(1);
    }
    String rank = System.getenv("OMPI_COMM_WORLD_RANK");
    if (rank == null) rank = System.getenv("PMI_RANK");
    System.out.println("rank " + rank + " slots " + System.getenv("HEDDLE_SLOTS"));
    System.out.println("rank " + rank + " exports " + System.getenv("SLURM_EXPORT_ENV"));
    if (rank.equals("0")) System.exit(Integer.parseInt(arguments[0]));
  }
}
END
"$jdk/bin/javac" -d program Probe.java || exit 1

for template in "$templates"/*.template; do
  name=${template##*/}
  if begin "$name is correct bash"; then
    bash -n "$template" 2>err || problem "$(<err)"
    end
  fi
done

if begin "slurm.sh.template: every directive is one of sbatch"; then
  while read -r directive; do
    case $directive in
      --job-name=* | --nodes=* | --ntasks-per-node=* | --cpus-per-task=* | --time=* | --no-kill | --output=*) ;;
      *) problem "unknown directive $directive" ;;
    esac
  done < <(sed -n 's/^#SBATCH \([^ ]*\).*/\1/p' "$templates/slurm.sh.template")
  [[ $(grep -n -m 1 '^#SBATCH' "$templates/slurm.sh.template" | cut -d: -f1) -lt $(grep -nvm 1 '^#' "$templates/slurm.sh.template" | cut -d: -f1) ]] ||
    problem "directives after the first command are ignored by sbatch"
  end
fi

# Slurm's srun for MPICH, played by hydra; it refuses what the template should not ask for, and passes on
# of the environment what sbatch's --export has left in SLURM_EXPORT_ENV.
mkdir stand-in
cat >stand-in/srun <<'END'
#!/bin/bash
ranks=''
while [[ $1 == -* ]]; do
  case $1 in
    --mpi=pmi2 | --kill-on-bad-exit=0 | --no-kill | --input=0) ;;
    -n) ranks=$2 && shift ;;
    *) printf 'srun: unexpected option %s\n' "$1" >&2 && exit 1 ;;
  esac
  shift
done
hydra=$(type -P mpiexec.hydra)
if [[ ${SLURM_EXPORT_ENV-ALL} != ALL* ]]; then
  for name in $(compgen -e); do
    [[ $name == SLURM_* || ,$SLURM_EXPORT_ENV, == *",$name"[,=]* ]] || unset "$name"
  done
fi
exec "$hydra" -disable-auto-cleanup -n "$ranks" "$@"
END
chmod +x stand-in/srun

# in_allocation MPI CODE: the template's body, as a job of 2 hosts with 3 cores.
in_allocation() {
  env PATH="$PWD/stand-in:$PATH" SLURM_JOB_ID=4711 SLURM_NTASKS=2 SLURM_CPUS_PER_TASK=3 SLURM_SUBMIT_DIR="$PWD" \
    OMPI_MCA_rmaps_base_oversubscribe=1 HEDDLE_TINY=1 HEDDLE_CP="$PWD/program" HEDDLE_MPI="$1" \
    timeout -k 5 90 bash "$templates/slurm.sh.template" Probe "$2" >out 2>err </dev/null
  code=$?
}

for mpi in openmpi mpich; do
  if ! find_launcher "$mpi"; then
    skipped "slurm.sh.template under $mpi: it is not installed"
    continue
  fi
  for wanted in 0 7; do
    if begin "slurm.sh.template in a made-up allocation ends with the program's code $wanted: $mpi"; then
      rm -rf heddle-runs
      in_allocation "$mpi" "$wanted"
      expect_code "$code" "$wanted"
      [[ $(grep -c 'slots 3' out) -eq 2 ]] || problem "$(<out) $(<err)"
      [[ $(cat heddle-runs/4711-*/exit) == "$wanted"* ]] || problem "no verdict file"
      end
    fi
  done
  if begin "slurm.sh.template after sbatch --export=NAME=value: $mpi"; then
    rm -rf heddle-runs
    SLURM_EXPORT_ENV="HEDDLE_HOME=$HEDDLE_HOME,HEDDLE_MPI=$mpi" in_allocation "$mpi" 0
    expect_code "$code" 0
    [[ $(grep -c 'slots 3' out) -eq 2 ]] || problem "$(<out) $(<err)"
    # mpirun reaches other hosts by srun, which obeys it as well
    [[ $(grep -c 'exports ALL' out) -eq 2 ]] || problem "$(<out)"
    end
  fi
done

for mpi in openmpi mpich; do
  find_launcher "$mpi" || continue
  if begin "two runs of slurm.sh.template in one job have their own folders: $mpi"; then
    rm -rf heddle-runs
    (in_allocation "$mpi" 0 && exit "$code") &
    first=$!
    mkdir -p second && (
      PATH=$PWD/stand-in:$PATH SLURM_JOB_ID=4711 SLURM_NTASKS=2 SLURM_CPUS_PER_TASK=3 SLURM_SUBMIT_DIR="$PWD" \
        OMPI_MCA_rmaps_base_oversubscribe=1 HEDDLE_TINY=1 HEDDLE_CP="$PWD/program" HEDDLE_MPI="$mpi" \
        timeout -k 5 90 bash "$templates/slurm.sh.template" Probe 7 >second/out 2>second/err </dev/null
    )
    expect_code $? 7
    wait "$first"
    expect_code $? 0
    [[ $(cat heddle-runs/4711-*/exit | grep -v '^run ' | cut -f 1 | sort | tr '\n' ' ') == "0 7 " ]] || problem "$(cat heddle-runs/4711-*/exit)"
    end
  fi
done

if begin "slurm.sh.template does not take an earlier run's verdict for its own"; then
  mkdir -p earlier && printf '0\tdone\nrun 000000000000\n' >earlier/exit
  env SLURM_JOB_ID=4711 SLURM_NTASKS=2 SLURM_CPUS_PER_TASK=3 SLURM_SUBMIT_DIR="$PWD" HEDDLE_RUN_DIR="$PWD/earlier" \
    HEDDLE_HOME="$PWD/no-such-folder" timeout 60 bash "$templates/slurm.sh.template" Probe 0 >out 2>err </dev/null
  expect_code $? 127
  end
fi
if begin "slurm.sh.template passes on that heddle refused to start"; then
  rm -rf heddle-runs
  env SLURM_JOB_ID=4711 SLURM_NTASKS=2 SLURM_CPUS_PER_TASK=3 SLURM_SUBMIT_DIR="$PWD" \
    HEDDLE_MPI=openmpi timeout 60 bash "$templates/slurm.sh.template" no.such.Program >out 2>err </dev/null
  expect_code $? 2
  expect_text err "no class no.such.Program"
  end
fi
summary
