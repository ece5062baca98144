"""All benchmarks, one after the other, and at the end one table of what is wanted and what was measured.

python -m nbtests.bench

Each runs in a process of its own. The yardstick is the lecture's forward pass, measured before and after: a machine on
which it takes half as long is twice as quick, and one that is busy gives two numbers that differ.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

from nbtests.bench.table import FOLDER, RUN, show

YARDSTICK = "from nbtests.bench.bench_propagation import lecture, seconds; print(seconds(lambda: lecture(False), 1))"
BENCHES = sorted(path.stem for path in Path(__file__).parent.glob("bench_*.py"))


def main() -> int:
    run = f"{time.time():.0f}"
    before = yardstick()
    parts = [one(name, os.environ | {RUN: run}) for name in BENCHES]
    after = yardstick()
    print("\nparts")
    show([{"benchmark": name, "s": taken, "": "" if well else "FAILED"} for name, taken, well in parts])
    lines = (FOLDER / "targets.jsonl").read_text(encoding="utf-8").splitlines()
    targets = [row for row in map(json.loads, lines) if row["run"] == run]
    print(f"\ntargets (yardstick: the lecture's forward pass {before:.2f} s before, {after:.2f} s after)")
    show([{key: row[key] for key in ("benchmark", "what", "column", "wanted", "worst", "")} for row in targets])
    return 0 if all(well for _, _, well in parts) else 1


def yardstick() -> float:
    """Seconds of the lecture's forward pass, in a process of its own: it is held to one thread, the others are not."""
    return float(subprocess.run([sys.executable, "-c", YARDSTICK], check=True, capture_output=True, text=True).stdout)


def one(name: str, environment: dict[str, str]) -> tuple[str, float, bool]:
    """Run a benchmark; its name, its seconds, and whether it came to its end."""
    start = time.perf_counter()
    done = subprocess.run([sys.executable, "-m", f"nbtests.bench.{name}"], env=environment, check=False)
    return name, time.perf_counter() - start, done.returncode == 0


if __name__ == "__main__":
    sys.exit(main())
