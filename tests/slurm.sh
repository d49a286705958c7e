#!/bin/bash
# Tests in a real Slurm, for a site or for a Slurm of one's own: what people type in a job, and the job template, with
# both MPIs. Not part of `heddle test`. Needs a checkout that is built, sbatch, four hosts, and TMPDIR on a file system
# that they share. Prints "ok NAME", "FAILED NAME" or "skipped NAME" per test.
#
#   TMPDIR=/shared tests/slurm.sh [PATTERN]    all tests, or those whose name matches
set -u
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
heddle=${here%/*}/heddle
# shellcheck source=tests/check.sh
. "$here/check.sh" "${1-}"
for name in $(compgen -e | grep -E '^HEDDLE_'); do
  [[ $name == HEDDLE_JAVA_HOME ]] || unset "$name"
done
# shellcheck source=libexec/heddle-common.sh
. "${here%/*}/libexec/heddle-common.sh"
need_jdk
sinfo -h >/dev/null 2>&1 || refuse "no Slurm answers here: sinfo says what is missing"
export HEDDLE_JAVA_HOME=$jdk HEDDLE_BUILD=never HEDDLE_TINY=1

# job SBATCH_OPTIONS... : submits the script on standard input and waits; `code` is the job's, `out` what it printed.
job() {
  cat >job.sh
  rm -f out
  timeout -k 5 300 sbatch --quiet --wait --time=5 --output=out "$@" job.sh arguments >submitted 2>&1 </dev/null
  code=$?
  [[ -e out ]] || problem "the job left no output: $(<submitted)"
  touch out
}

# typed LINE: a job of four tasks that is LINE and nothing else.
typed() {
  job --nodes=4 --ntasks-per-node=1 --cpus-per-task=2 <<END
#!/bin/bash
timeout -k 5 120 $1
END
}

one_sentence() {
  expect_code "$code" 2
  [[ $(grep -c '^heddle: ' out) -eq 1 ]] || problem "not one sentence: $(<out)"
  expect_text out "$1"
  grep -q 'sum of squares' out && problem "it ran: $(<out)"
}

one_program() {
  expect_code "$code" 0
  [[ $(grep -c 'sum of squares: 385' out) -eq 1 ]] || problem "not one program: $(<out)"
  expect_text out "tree: ranks=4"
}

if begin "srun heddle run, without a plug-in"; then
  typed "srun --mpi=none $heddle run examples/hello"
  one_sentence "srun has started 4 processes that can't find each other"
  end
fi
if begin "srun heddle run --mpi openmpi -n 4, without a plug-in"; then
  typed "srun --mpi=none $heddle run --mpi openmpi -n 4 examples/hello"
  one_sentence "leave srun out"
  end
fi
if begin "srun --mpi=pmi2 heddle run --mpi openmpi -n 4"; then
  typed "srun --mpi=pmi2 $heddle run --mpi openmpi -n 4 examples/hello"
  one_sentence "this process was started as a rank of mpich by srun --mpi=pmi2"
  end
fi
if begin "srun --mpi=pmix heddle run --mpi mpich -n 4"; then
  typed "srun --mpi=pmix $heddle run --mpi mpich -n 4 examples/hello"
  one_sentence "this process was started as a rank of openmpi by srun --mpi=pmix"
  end
fi
declare -A plugin=([openmpi]=pmix [mpich]=pmi2)
for mpi in openmpi mpich; do
  if ! find_launcher "$mpi"; then
    skipped "everything under $mpi: it is not installed"
    continue
  fi
  if begin "srun --mpi=${plugin[$mpi]} heddle run --mpi $mpi -n 4"; then
    typed "srun --mpi=${plugin[$mpi]} $heddle run --mpi $mpi -n 4 examples/hello"
    one_program
    end
  fi
  if begin "srun --mpi=${plugin[$mpi]} heddle run: $mpi"; then
    typed "srun --mpi=${plugin[$mpi]} $heddle run examples/hello"
    one_program
    end
  fi
  if begin "heddle run in a job: $mpi"; then
    typed "$heddle run --mpi $mpi -n 4 examples/hello"
    one_program
    end
  fi
  if begin "srun with one task is a program of its own: $mpi"; then
    typed "srun --overlap --mpi=${plugin[$mpi]} --nodes=1 --ntasks=1 $heddle run examples/hello"
    expect_code "$code" 0
    [[ $(grep -c 'sum of squares: 385' out) -eq 1 ]] || problem "not one program: $(<out)"
    end
  fi
  if begin "heddle run keeps the input of a loop in a job: $mpi"; then
    job --nodes=4 --ntasks-per-node=1 --cpus-per-task=2 <<END
#!/bin/bash
printf 'one\ntwo\n' | while read -r line; do
  timeout -k 5 120 $heddle run --mpi $mpi -n 4 examples/hello
done
END
    expect_code "$code" 0
    [[ $(grep -c 'sum of squares: 385' out) -eq 2 ]] || problem "$(<out)"
    end
  fi
  for exports in "HEDDLE_HOME=${here%/*},HEDDLE_MPI=$mpi" "ALL,HEDDLE_HOME=${here%/*},HEDDLE_MPI=$mpi"; do
    if begin "the template with sbatch --export=${exports%%HEDDLE*}...: $mpi"; then
      rm -rf heddle-runs
      timeout -k 5 300 sbatch --quiet --wait --export="$exports" --nodes=4 --ntasks-per-node=1 --cpus-per-task=2 --time=5 \
        --output=out "${here%/*}/job-templates/slurm.sh.template" examples/hello >submitted 2>&1 </dev/null
      code=$?
      one_program
      end
    fi
  done
done
summary
