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
    {"OPENBLAS_CORETYPE": "Prescott"},  # NumPy's products
    {"OPENBLAS_CORETYPE": "Haswell"},
    {"NPY_DISABLE_CPU_FEATURES": "X86_V3,X86_V4"},  # NumPy's exponentials and sums
    {"ATEN_CPU_CAPABILITY": "default"},  # torch's
    {"ONEDNN_MAX_CPU_ISA": "SSE41"},
    {"MKL_CBWR": "COMPATIBLE"},  # torch's products
)
TESTS = ("nbtests/engine", "nbtests/labs")
WITHOUT = "not memory and not refused and not one_line and not public and not the_code_on_screen_runs"


def run(environment: dict[str, str], workers: str) -> bool:
    """Whether the tests pass in ``environment``; prints its line."""
    command = ["-q", "-n", workers, "--dist", "worksteal", "-p", "no:cacheprovider", "-k", WITHOUT, *TESTS]
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
    print(f"{name:45} {passed:5} passed {failed + broken:4} failed {time.monotonic() - began:5.0f} s", flush=True)
    if found.returncode:
        print(found.stdout[-20_000:], found.stderr[-2000:], flush=True)
    return found.returncode == 0


def main() -> int:
    workers = sys.argv[1] if len(sys.argv) > 1 else "2"
    good = [run(environment, workers) for environment in ENVIRONMENTS]
    return 0 if all(good) else 1


if __name__ == "__main__":
    sys.exit(main())
