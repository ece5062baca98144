"""What this process may use of the machine: cores and memory. In a container they are the container's."""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Iterator
from pathlib import Path

__all__ = ["free_memory", "give_back_memory", "has_room_for", "has_whole_avx512", "usable_cores"]

ROOT = Path("/")
"""Where /proc and /sys are found."""

ZEN_5 = 26  # the family that /proc/cpuinfo says


def usable_cores() -> int:
    """How many threads can run at once: no more than the process is bound to, or than its container's share pays for.

    Half a core is 1, and so is one and a half.
    """
    bound = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, int(min([bound, *_quotas()])))


def has_room_for(threads: int) -> bool:
    """Whether so many threads of this process, of which one asks, would each have a core now; True if nobody knows.

    What runs is counted on the whole machine, and in one instant.
    """
    load = _words(ROOT / "proc/loadavg")  # "0.20 0.18 0.12 1/80 11206": one of 80 threads runs, the one that asks
    running = int(load[3].partition("/")[0]) if len(load) > 3 else 1
    return running - 1 + threads <= (os.cpu_count() or 1)


def has_whole_avx512() -> bool:
    """Whether the processor is AMD's and multiplies 512 bits at once, as far as /proc/cpuinfo says: those of Zen 4 have
    AVX-512, too, but take two turns."""
    said = dict(line.split("\t: ", 1) for line in _lines(ROOT / "proc/cpuinfo") if "\t: " in line)
    return said.get("vendor_id") == "AuthenticAMD" and int(said.get("cpu family", 0)) >= ZEN_5


def free_memory() -> float:
    """Bytes that can still be had without swapping; infinite where nothing says so.

    Pages that only cache a file are counted as free: the kernel gives them up when asked.
    """
    return min([_available(), *_left()])


def give_back_memory() -> None:
    """Give the machine what this process has freed and its C library has kept; does nothing where that is not glibc.

    Others can use it then; this process has to ask for it again.
    """
    if sys.platform == "linux":
        trim = getattr(ctypes.CDLL(None), "malloc_trim", lambda pad: 0)
        trim(0)


def _available() -> float:
    """By the machine's own count; all of its memory where only that is known."""
    for key, value in _numbers(ROOT / "proc/meminfo"):
        if key == "MemAvailable:":
            return 1024 * value
    if "SC_PHYS_PAGES" in getattr(os, "sysconf_names", {}):
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return float("inf")


def _left() -> Iterator[float]:
    """What each limit on the memory of this process leaves, in bytes."""
    for folder in _groups("memory"):
        for limit, usage in (("memory.max", "memory.current"), ("memory.limit_in_bytes", "memory.usage_in_bytes")):
            allowed, used = _number(folder / limit), _number(folder / usage)
            if allowed is not None and used is not None:
                cached = dict(_numbers(folder / "memory.stat"))
                yield allowed - used + cached.get("total_inactive_file", cached.get("inactive_file", 0))


def _quotas() -> Iterator[float]:
    """What each limit on the time of this process allows, in cores."""
    for folder in _groups("cpu"):
        if quotient := _words(folder / "cpu.max"):
            quota, period = (float(word) if word != "max" else float("inf") for word in quotient)
            yield quota / period
        new, old = _number(folder / "cpu.cfs_quota_us"), _number(folder / "cpu.cfs_period_us")
        if new is not None and old is not None and new > 0:  # -1 is no limit
            yield new / old


def _groups(controller: str) -> Iterator[Path]:
    """The control groups that this process is in, for cgroup 1 and 2: the innermost, and those around it.

    A container may see itself as the root, whatever its path is said to be.
    """
    for line in _lines(ROOT / "proc/self/cgroup"):
        _, controllers, path = line.split(":", 2)
        if controllers and controller not in controllers.split(","):
            continue
        mounted = ROOT / "sys/fs/cgroup" / controllers
        inner = mounted / path.lstrip("/")
        yield from (folder for folder in (inner, *inner.parents) if folder.is_relative_to(mounted))


def _lines(file: Path) -> list[str]:
    try:
        return file.read_text().splitlines()
    except OSError:
        return []


def _words(file: Path) -> list[str]:
    return " ".join(_lines(file)).split()


def _number(file: Path) -> float | None:
    """The one number in a file; None without it, or where it is "max"."""
    words = _words(file)
    return float(words[0]) if len(words) == 1 and words[0] != "max" else None


def _numbers(file: Path) -> Iterator[tuple[str, float]]:
    """Names and numbers, one of each a line."""
    for line in _lines(file):
        name, number, *_ = line.split()
        yield name, float(number)
