"""mpi4py.futures as its manual shows it, with its defaults: mpirun -n 2 python3 -m mpi4py.futures THIS.

Rank 0 submits, rank 1 is the one worker.
"""
import platform

import mpi4py
from mpi4py import MPI
from mpi4py.futures import MPIPoolExecutor

import peers_work


def main():
    name, numbers = MPI.get_vendor()
    version = (
        f"{mpi4py.__version__}, {name} {'.'.join(str(n) for n in numbers)}, Python {platform.python_version()}"
    )
    tasks, _, _ = peers_work.counts()
    # A hundredth of the tasks in a message: the more, the higher this rate.
    chunk = max(1, tasks // 100)
    with MPIPoolExecutor() as executor:
        peers_work.measure(
            version,
            lambda index: executor.submit(peers_work.mix64, index),
            lambda futures: [future.result() for future in futures],
            lambda indices: executor.map(peers_work.mix64, indices, chunksize=chunk),
        )


if __name__ == "__main__":
    main()
