"""Says as one line of JSON what this Python has: peers_found.py mpi4py|distributed.

Exit code 1 where the package is missing or broken, with the reason on stderr.
"""
import json
import platform
import sys


def main():
    package = sys.argv[1]
    try:
        if package == "mpi4py":
            import mpi4py

            mpi4py.rc.initialize = False
            from mpi4py import MPI
            import mpi4py.futures  # absent before mpi4py 3.0

            name, version = MPI.get_vendor()
            found = {
                "version": f"{mpi4py.__version__}, Python {platform.python_version()}",
                "mpi": name,
                "mpiVersion": ".".join(str(part) for part in version),
            }
        elif package == "distributed":
            import distributed

            found = {"version": f"{distributed.__version__}, Python {platform.python_version()}"}
        else:
            raise ImportError(f"nobody asks for {package}")
    except Exception as missing:  # a package that is there and broken throws whatever it likes
        sys.exit(" ".join(f"{type(missing).__name__}: {missing}".split()))
    print(json.dumps(found), flush=True)


main()
