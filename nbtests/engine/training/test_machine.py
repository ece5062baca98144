import os
import platform

import psutil
import pytest

from trainingwheels.engine.training import machine
from trainingwheels.engine.training.machine import free_memory, give_back_memory, has_room_for, usable_cores

GB = 10**9


@pytest.fixture
def tree(tmp_path, monkeypatch):
    """Writes files where the machine's would be: ``tree({"proc/meminfo": "..."})``."""
    monkeypatch.setattr(machine, "ROOT", tmp_path)
    monkeypatch.setattr(os, "sched_getaffinity", lambda process: set(range(8)), raising=False)

    def write(files):
        for name, text in files.items():
            place = tmp_path / name
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(text)

    write({"proc/meminfo": f"MemTotal: {16 * GB // 1024} kB\nMemAvailable: {8 * GB // 1024} kB\nHugePages_Total: 0\n"})
    return write


V2 = {"proc/self/cgroup": "0::/learners/seven\n"}
V1 = {"proc/self/cgroup": "5:memory:/docker/abc\n4:cpu,cpuacct:/docker/abc\n0::/\n"}


def test_without_limits_it_is_the_machines(tree):
    assert free_memory() == pytest.approx(8 * GB, abs=1024)
    assert usable_cores() == 8


@pytest.mark.parametrize(
    ("vendor", "family", "is_so"), [("GenuineIntel", 6, False), ("AuthenticAMD", 25, False), ("AuthenticAMD", 26, True)]
)
def test_which_processor_it_is(vendor, family, is_so, tree):
    assert not machine.has_whole_avx512()  # nobody says
    tree({"proc/cpuinfo": f"processor\t: 0\nvendor_id\t: {vendor}\ncpu family\t: {family}\npower management:\n\n"})
    assert machine.has_whole_avx512() is is_so


def test_a_machine_that_says_nothing_has_what_it_has(tmp_path, monkeypatch):
    monkeypatch.setattr(machine, "ROOT", tmp_path)
    assert free_memory() == os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    assert usable_cores() == len(os.sched_getaffinity(0))


def test_cgroup_2_leaves_the_tightest_of_its_limits(tree):
    tree(V2)
    group = "sys/fs/cgroup/learners"
    tree(
        {
            f"{group}/memory.max": "3000000000\n",
            f"{group}/memory.current": "2500000000\n",
            f"{group}/memory.stat": "anon 5\ninactive_file 300000000\n",
            f"{group}/cpu.max": "150000 100000\n",
            f"{group}/seven/memory.max": "max\n",
            f"{group}/seven/memory.current": "1000\n",
            f"{group}/seven/cpu.max": "max 100000\n",
        }
    )
    assert free_memory() == 800_000_000
    assert usable_cores() == 1


@pytest.mark.parametrize("seen", ["docker/abc", ""])
def test_cgroup_1_is_read_by_its_path_or_at_the_root_of_a_container(seen, tree):
    tree(V1)
    tree(
        {
            f"sys/fs/cgroup/memory/{seen}/memory.limit_in_bytes": "1000000000",
            f"sys/fs/cgroup/memory/{seen}/memory.usage_in_bytes": "400000000",
            f"sys/fs/cgroup/memory/{seen}/memory.stat": "cache 7\ntotal_inactive_file 100000000\n",
            f"sys/fs/cgroup/cpu,cpuacct/{seen}/cpu.cfs_quota_us": "250000",
            f"sys/fs/cgroup/cpu,cpuacct/{seen}/cpu.cfs_period_us": "100000",
        }
    )
    assert free_memory() == 700_000_000
    assert usable_cores() == 2


NO_QUOTA = {"cpu,cpuacct/cpu.cfs_quota_us": "-1", "cpu,cpuacct/cpu.cfs_period_us": "100000"}


@pytest.mark.parametrize(
    ("group", "files", "cores"), [(V1, NO_QUOTA, 8), (V2, {"cpu.max": "50000 100000"}, 1)], ids=["none", "half a core"]
)
def test_a_quota_is_whole_cores_and_at_least_one(group, files, cores, tree):
    tree(group | {f"sys/fs/cgroup/{name}": text for name, text in files.items()})
    assert usable_cores() == cores


@pytest.mark.parametrize(("running", "room"), [(1, 4), (3, 2), (4, 1), (9, 0)])
def test_there_is_room_for_as_many_threads_as_cores_are_idle_and_the_one_that_asks(running, room, tree, monkeypatch):
    monkeypatch.setattr(os, "cpu_count", lambda: 4)
    tree({"proc/loadavg": f"3.10 2.20 1.30 {running}/345 6789\n"})
    assert [has_room_for(threads) for threads in range(1, 6)] == [threads <= room for threads in range(1, 6)]


def test_a_machine_that_does_not_say_what_runs_has_room_for_its_cores(tmp_path, monkeypatch):
    monkeypatch.setattr(machine, "ROOT", tmp_path)
    assert has_room_for(os.cpu_count())


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc keeps what is freed, and can be told")
def test_what_is_freed_is_given_back():
    blocks = [bytearray(100_000) for _ in range(1000)]  # each too small to have pages of its own
    del blocks[:-1]  # the last one is in the way of those before it
    before = psutil.Process().memory_info().rss
    give_back_memory()
    assert before - psutil.Process().memory_info().rss > 50 * 10**6
    assert len(blocks[0]) == 100_000
