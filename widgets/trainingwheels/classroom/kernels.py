"""What the classroom starts behind a page: one kind of kernel, in an environment made for sharing a computer."""

import os
import sys
from pathlib import Path

from jupyter_client.kernelspec import KernelSpec, KernelSpecManager, NoSuchKernel
from traitlets import Instance

from trainingwheels.classroom.forking import PROVISIONER, Zygote

__all__ = ["KERNEL", "LabKernelSpec", "common_environment", "kernel_environment"]

KERNEL = "python3"
"""The name of the only kernel; what a notebook's metadata ask for does not matter."""

# A kernel that may use every core slows down every other learner's, and idle BLAS threads spin.
_THREAD_LIMITS = (
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
    "NUMEXPR_NUM_THREADS",
)


class LabKernelSpec(KernelSpecManager):
    """The one kernel that the classroom runs, in this very Python. Nothing is looked up on disk.

    `zygote` is the process to fork it from; None: each starts on its own.
    """

    zygote = Instance(Zygote, allow_none=True)

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
        """The specification of `KERNEL`; raises `NoSuchKernel` for any other name."""
        if kernel_name != KERNEL:
            raise NoSuchKernel(kernel_name)
        command = [sys.executable, "-m", "trainingwheels.classroom.kernel", "-f", "{connection_file}"]
        forking = {"provisioner_name": PROVISIONER, "config": {"zygote": self.zygote}}
        metadata = {"kernel_provisioner": forking} if self.zygote is not None else {}
        return KernelSpec(argv=command, display_name="Python 3", language="python", metadata=metadata)


def common_environment() -> dict[str, str]:
    """What the environments of all labs' processes have in common."""
    # glibc would keep a heap for each of a kernel's ten threads, most of which take turns: 6 MB a lab.
    return {**os.environ, **dict.fromkeys(_THREAD_LIMITS, "1"), "MALLOC_ARENA_MAX": "1"}


def kernel_environment(query: str, folder: Path, kernel_id: str, base_url: str) -> dict[str, str]:
    """The environment of one lab's process.

    `query` is the raw query string of the page, from which a lab may read its state: data, to be parsed strictly.
    """
    own = {
        "QUERY_STRING": query,
        "VOILA_KERNEL_ID": kernel_id,
        "VOILA_BASE_URL": base_url,
        "PWD": str(folder),
    }
    return {**common_environment(), **own}
