"""Dask distributed with one worker process of one thread, beside a scheduler in the client's process.

pure=False: else Dask hashes function and argument of each task, to find tasks that were run before.
"""
import platform

import distributed
from distributed import Client, LocalCluster

import peers_work


def main():
    version = f"{distributed.__version__}, Python {platform.python_version()}"
    with LocalCluster(
        n_workers=1, threads_per_worker=1, processes=True, dashboard_address=None
    ) as cluster, Client(cluster) as client:
        peers_work.measure(
            version,
            lambda index: client.submit(peers_work.mix64, index, pure=False),
            client.gather,
            lambda indices: client.gather(client.map(peers_work.mix64, indices, pure=False)),
        )


# The worker is a process that imports this file.
if __name__ == "__main__":
    main()
