"""The no-op task of `heddle bench peers`, and how a system of Python is asked about it.

The task and the checks are those of Heddle's own benchmarks: it takes its index and returns a hash of it,
and the sum of all results goes to the harness, which knows what it has to be.
"""
import json
import sys
import time

MASK = (1 << 64) - 1


def mix64(index):
    """The finalizer of SplitMix64, modulo 2^64: dev.heddle.bench.measure.Work.mix64."""
    z = (index + 0x9E3779B97F4A7C15) & MASK
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
    return z ^ (z >> 31)


def counts():
    """TASKS LATENCY_TASKS WARMUP, from the command line."""
    tasks, latency_tasks, warmup = (int(word) for word in sys.argv[1:4])
    return tasks, latency_tasks, warmup


def measure(version, submit, results, bulk):
    """Prints one line of JSON.

    submit(index) gives a future, results(futures) their values in order; bulk(indices) gives the values of
    tasks that are handed over all at once, in whatever way the system has for it.
    """
    tasks, latency_tasks, warmup = counts()
    sums = []
    first = 0

    def one_by_one(count):
        nonlocal first
        indices = range(first, first + count)
        start = time.perf_counter()
        total = sum(results([submit(index) for index in indices]))
        elapsed = time.perf_counter() - start
        sums.append([first, count, str(total & MASK)])
        first += count
        return count / elapsed

    def all_at_once(count):
        nonlocal first
        start = time.perf_counter()
        total = sum(bulk(range(first, first + count)))
        elapsed = time.perf_counter() - start
        sums.append([first, count, str(total & MASK)])
        first += count
        return count / elapsed

    def round_trips(count):
        nonlocal first
        times = []
        total = 0
        for index in range(first, first + count):
            start = time.perf_counter_ns()
            total += submit(index).result()
            times.append(time.perf_counter_ns() - start)
        sums.append([first, count, str(total & MASK)])
        first += count
        return sorted(times)[count // 2] / 1e3

    for _ in range(warmup):
        round_trips(max(1, latency_tasks // 10))
        one_by_one(max(1, tasks // 10))
        all_at_once(max(1, tasks // 10))
    p50_us = round_trips(latency_tasks)
    rate = one_by_one(tasks)
    bulk_rate = all_at_once(tasks)
    print(
        json.dumps(
            {
                "version": version,
                "p50Us": p50_us,
                "tasksPerSecond": rate,
                "bulkTasksPerSecond": bulk_rate,
                "sums": sums,
            }
        ),
        flush=True,
    )
