"""Running the code of a lesson in its kernel and collecting what it shows."""

from collections.abc import AsyncIterator
from queue import Empty
from typing import Any

import zmq

from trainingwheels.classroom.lessons import Lesson

__all__ = ["CellFailed", "Output", "connect", "run_lesson"]

Output = dict[str, Any]  # what Jupyter calls an output: display_data, execute_result or stream

_REDIAL_MS = 10  # a client dials before its kernel listens; libzmq's own pause between two attempts is 100 ms
_ECHO_TIMEOUT = 0.5  # seconds after which a kernel_info request that nobody echoed is sent again


class CellFailed(Exception):
    """A cell raised. The message names the error; its traceback is in the server's log, where the kernel put it."""


async def connect(manager: Any) -> Any:
    """A client of the kernel of `manager`, returned once the kernel answers and its output arrives.

    `wait_for_ready` would do the same and then spend 200 ms on listening for silence.
    """
    client = manager.client()
    client.context.setsockopt(zmq.RECONNECT_IVL, _REDIAL_MS)
    for context in (client.context, manager.context):  # the latter is that of pages' lines to their kernels
        context.setsockopt(zmq.RCVHWM, 0)  # by itself ZeroMQ throws away what comes when 1,000 messages wait
    client.start_channels(stdin=False, hb=False, control=False)
    while not await _echoes(client):
        pass
    return client


async def run_lesson(client: Any, lesson: Lesson) -> AsyncIterator[tuple[int, list[Output]]]:
    """Run the cells of `lesson` in order; yield the index and the outputs of each as it ends.

    Raises `CellFailed` at the first one that does.
    """
    for cell in lesson.code:
        yield cell.index, await _run(client, cell.code)


async def _echoes(client: Any) -> bool:
    """Whether a request comes back on the output channel, which proves that the subscription stands."""
    request = client.kernel_info()
    try:
        while True:
            message = await client.iopub_channel.get_msg(timeout=_ECHO_TIMEOUT)
            if _is_end(message, request):
                return True
    except Empty:
        return False


async def _run(client: Any, code: str) -> list[Output]:
    """The outputs of one cell, in order."""
    request = client.execute(code, store_history=False, allow_stdin=False)
    outputs: list[Output] = []
    while not _is_end(message := await client.iopub_channel.get_msg(), request):
        if message["parent_header"].get("msg_id") == request:
            _collect(outputs, message["msg_type"], message["content"])
    await _check(client, request)
    return outputs


async def _check(client: Any, request: str) -> None:
    """Raise `CellFailed` if that is what the kernel replied."""
    while (reply := await client.shell_channel.get_msg())["parent_header"].get("msg_id") != request:
        pass
    if reply["content"]["status"] != "ok":
        raise CellFailed(f"{reply['content'].get('ename', 'aborted')}: {reply['content'].get('evalue', '')}")


def _is_end(message: dict[str, Any], request: str) -> bool:
    if message["msg_type"] != "status" or message["parent_header"].get("msg_id") != request:
        return False
    return bool(message["content"]["execution_state"] == "idle")


def _collect(outputs: list[Output], kind: str, content: dict[str, Any]) -> None:
    if kind == "clear_output":
        outputs.clear()
    elif kind in ("display_data", "execute_result"):
        outputs.append({"output_type": kind, "data": content["data"], "metadata": content["metadata"]})
    elif kind == "stream" and content["name"] == "stdout":  # warnings on stderr are for the author
        outputs.append({"output_type": kind, "text": content["text"]})
