"""What the classroom asks of the system."""

from __future__ import annotations

import asyncio
import signal
import sys

import pytest

from nbtests.browser.serving import PATIENCE
from nbtests.loop import Loop
from trainingwheels.classroom.processes import kill


@pytest.mark.parametrize(
    ("code", "ended", "status"),
    [("input()", False, -signal.SIGKILL), ("raise SystemExit(7)", True, 7)],
    ids=["lives", "has ended"],
)
def test_who_is_killed_says_how_it_ended(code: str, ended: bool, status: int) -> None:
    async def end() -> int:
        process = await asyncio.create_subprocess_exec(sys.executable, "-c", code, stdin=asyncio.subprocess.PIPE)
        if ended:
            await process.wait()
        kill(process)
        return await asyncio.wait_for(process.wait(), PATIENCE)

    with Loop() as loop:
        assert loop.run(end()) == status
