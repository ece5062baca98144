"""Kernels as forks of one process that is ready, from the server's side; without one, they start the stock way."""

import asyncio
import json
import logging
import os
import signal
import socket
import sys
from collections.abc import Mapping
from contextlib import suppress
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.provisioning.factory import KernelProvisionerFactory
from jupyter_client.provisioning.local_provisioner import LocalProvisioner
from traitlets import Instance

from trainingwheels.classroom.processes import adopt_orphans, kill, reap_group
from trainingwheels.classroom.zygote import READY, Order

__all__ = ["PROVISIONER", "ForkedProcess", "ForkingProvisioner", "Zygote"]

PROVISIONER = "trainingwheels"
"""The name under which jupyter_client finds `ForkingProvisioner`."""

_PATIENCE = 10.0  # seconds for a fork, which takes hundredths; a visitor who waits longer has no use for it
_TRIES = 3  # preparations that may fail one after the other; the next would too


class ForkedProcess:
    """A child of this process that somebody else has forked: what of `subprocess.Popen` a provisioner uses."""

    stdin = stdout = stderr = None

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self.returncode: int | None = None

    def poll(self) -> int | None:
        """The exit status, negative for a signal; None while the process runs."""
        self._reap(os.WNOHANG)
        return self.returncode

    def wait(self) -> int | None:
        """The exit status, once there is one."""
        self._reap(0)
        return self.returncode

    def send_signal(self, signum: int) -> None:
        """Send a signal, unless the process has ended."""
        if self.poll() is None:
            os.kill(self.pid, signum)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    def _reap(self, options: int) -> None:
        if self.returncode is None:
            pid, status = os.waitpid(self.pid, options)
            self.returncode = os.waitstatus_to_exitcode(status) if pid else None


class Zygote:
    """The process that kernels are forked from, as the server knows it.

    It takes seconds to prepare, and it may die: `fork` returns None whenever there is no kernel to be had from it. One
    that has died is replaced.
    """

    def __init__(self, folder: Path, environment: Mapping[str, str], log: logging.Logger) -> None:
        self._folder = folder
        self._environment = environment
        self._log = log
        self._turn = asyncio.Lock()
        self._process: asyncio.subprocess.Process | None = None
        self._ready: asyncio.Task[bool] | None = None
        self._tries = 0

    @property
    def pid(self) -> int | None:
        """Its process id; None if there is no such process."""
        return self._process.pid if self._process is not None else None

    async def start(self) -> None:
        """Begin to prepare; does nothing where forks cannot be had."""
        async with self._turn:
            await self._begin()

    async def settled(self) -> bool:
        """Wait until it has prepared; False if it will not be ready."""
        return self._ready is not None and await self._ready

    async def fork(self, order: Order) -> ForkedProcess | None:
        """A kernel as ordered, or None if there is none to be had now."""
        async with self._turn:
            if self._ready is None or not self._ready.done():
                return None
            pid = await self._ask(order) if self._ready.result() else 0
            if pid:
                self._tries = 0
                return ForkedProcess(pid)
            await self._end()
            if self._tries < _TRIES:
                await self._begin()
            return None

    async def close(self) -> None:
        """End the process; its kernels live on."""
        async with self._turn:
            await self._end()

    async def _begin(self) -> None:
        if sys.platform != "linux" or not adopt_orphans():
            return
        self._tries += 1
        ours, its = socket.socketpair()
        try:
            await self._launch(its)
        except OSError as error:
            ours.close()
            self._log.warning("Kernels start the slow way: %s", error)
            return
        self._reader, self._writer = await asyncio.open_unix_connection(sock=ours)
        self._ready = asyncio.create_task(self._prepared())

    async def _launch(self, its: socket.socket) -> None:
        with its:
            self._process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "trainingwheels.classroom.zygote", str(its.fileno())),
                pass_fds=[its.fileno()],
                stdin=asyncio.subprocess.DEVNULL,
                cwd=self._folder,
                env={**self._environment, "JPY_PARENT_PID": str(os.getpid())},
                start_new_session=True,
            )

    async def _prepared(self) -> bool:
        said = b""
        with suppress(OSError):
            said = await self._reader.readline()
        if said != READY:
            self._log.warning("Kernels start the slow way: %s", said.decode().strip() or "the zygote has died")
            self._tries = _TRIES if said else self._tries  # a reason that it knows will not go away
        return said == READY

    async def _ask(self, order: Order) -> int:
        """The process id of a new kernel, 0 if none came."""
        with suppress(OSError, TimeoutError):
            async with asyncio.timeout(_PATIENCE):
                self._writer.write(json.dumps(order).encode() + b"\n")
                await self._writer.drain()
                return int(await self._reader.readline() or 0)
        return 0

    async def _end(self) -> None:
        """Kill it, and any kernel of which it could not tell us any more."""
        if self._process is None or self._ready is None:
            return
        self._ready.cancel()  # to no effect, if it has heard
        await asyncio.wait([self._ready])
        kill(self._process)
        await self._process.wait()
        with suppress(OSError, TimeoutError):
            async with asyncio.timeout(_PATIENCE):
                for pid in map(int, (await self._reader.read()).split()):
                    with suppress(ProcessLookupError):
                        os.killpg(pid, signal.SIGKILL)
                    ForkedProcess(pid).wait()
        self._writer.close()
        reap_group(self._process.pid)
        self._process = self._ready = None


class ForkingProvisioner(LocalProvisioner):
    """Starts a kernel as a fork of `zygote`, or as its superclass does. Either way it is a child of this process."""

    zygote = Instance(Zygote)

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        environment = {**kwargs["env"], "JPY_PARENT_PID": str(os.getpid())}
        arguments = cmd[cmd.index("-f") :]
        process = await self.zygote.fork(Order(arguments=arguments, environment=environment, folder=kwargs["cwd"]))
        if process is None:
            return await super().launch_kernel(cmd, **kwargs)
        self.process = process  # type: ignore[assignment] # of a Popen it does what its superclass asks for
        self.pid = self.pgid = process.pid
        self.cwd = kwargs["cwd"]
        return self.connection_info

    async def wait(self) -> int | None:
        status = await super().wait()
        if self.pgid:
            reap_group(self.pgid)  # what the kernel has started and left
        return status


# What an entry point in the group `jupyter_client.kernel_provisioners` would do, for this process alone.
_ITS_ADDRESS = f"{ForkingProvisioner.__module__}:{ForkingProvisioner.__name__}"
KernelProvisionerFactory.provisioners[PROVISIONER] = EntryPoint(
    PROVISIONER, _ITS_ADDRESS, KernelProvisionerFactory.GROUP_NAME
)
