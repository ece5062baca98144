"""The numeric tests under other arithmetic kernels, which round otherwise: ``python -m nbtests.kernels``.

A processor decides which kernel its libraries choose; these variables make them choose as on an older one. What must
hold on every machine has to hold under each of them. One line for each: how many tests passed, how many failed, and in
how many seconds; the output of a run with failures comes below its line.
"""

import os
import re
import subprocess
import sys
import time

ENVIRONMENTS = (
    {"OMP_NUM_THREADS": "1"},
    {"OMP_NUM_THREADS": "2"},
    # NumPy's products, exponentials and sums, as on the oldest processor that it runs on
    {"OPENBLAS_CORETYPE": "Prescott", "NPY_DISABLE_CPU_FEATURES": "X86_V3,X86_V4"},
    # torch's, likewise
    {"ATEN_CPU_CAPABILITY": "default", "ONEDNN_MAX_CPU_ISA": "SSE41", "MKL_CBWR": "COMPATIBLE"},
    # both, as on one of ten years ago
    {
        "OPENBLAS_CORETYPE": "Haswell",
        "ATEN_CPU_CAPABILITY": "avx2",
        "ONEDNN_MAX_CPU_ISA": "AVX2",
        "MKL_ENABLE_INSTRUCTIONS": "AVX2",
    },
)
TESTS = ("nbtests/engine", "nbtests/labs", "--ignore=nbtests/labs/base")
WITHOUT = ("memory", "every_lab", "test_watch", "public")
"""Words in the names of tests that compute little, or only what others compute too."""


def run(environment: dict[str, str], workers: int) -> bool:
    """Whether the tests pass in ``environment``; prints its line."""
    # Two workers with two threads each would wait for each other.
    workers = max(1, workers // int(environment.get("OMP_NUM_THREADS", "1")))
    command = ["-q", "-n", str(workers), "--dist", "worksteal", "-p", "no:cacheprovider"]
    command += ["-k", " and ".join(f"not {word}" for word in WITHOUT), *TESTS]
    began = time.monotonic()
    found = subprocess.run(
        [sys.executable, "-m", "pytest", *command],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    counts = {word: re.search(rf"(\d+) {word}", found.stdout) for word in ("passed", "failed", "error")}
    passed, failed, broken = (int(count.group(1)) if count else 0 for count in counts.values())
    name = " ".join(f"{variable}={value}" for variable, value in environment.items())
    print(f"{name:105} {passed:5} passed {failed + broken:4} failed {time.monotonic() - began:5.0f} s", flush=True)
    if found.returncode:
        print(found.stdout[-20_000:], found.stderr[-2000:], flush=True)
    return found.returncode == 0


def main() -> int:
    workers = int(sys.argv[1]) if len(sys.argv) > 1 else 2
    good = [run(environment, workers) for environment in ENVIRONMENTS]
    return 0 if all(good) else 1


if __name__ == "__main__":
    sys.exit(main())
