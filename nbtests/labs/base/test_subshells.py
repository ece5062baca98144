"""A widget hears its page also when it spoke last in the name of a subshell that has ended."""

import pytest
from jupyter_client.manager import start_new_kernel

MAKES = """
import ipywidgets
from trainingwheels.labs.base.subshells import outlive_subshells

outlive_subshells()
slider = ipywidgets.IntSlider()
answer = ipywidgets.IntText()
slider.observe(lambda change: setattr(answer, "value", change.new), "value")
print(slider.model_id, answer.model_id)"""


@pytest.fixture
def talk():
    """A client of a kernel, and the ids of two widgets; the second says what the first hears."""
    manager, client = start_new_kernel(extra_arguments=["--IPKernelApp.log_level=50"])
    said = []
    client.execute_interactive(MAKES, output_hook=said.append, timeout=60)
    ids = next(each["content"]["text"] for each in said if each["msg_type"] == "stream").split()
    yield client, ids
    client.stop_channels()
    manager.shutdown_kernel(now=True)


def ask(client, kind, **content):
    """The reply to a request on the control channel."""
    message = client.session.msg(kind, content)
    client.control_channel.send(message)
    while (reply := client.get_control_msg(timeout=60))["parent_header"].get("msg_id") != message["header"]["msg_id"]:
        pass
    return reply["content"]


def send(client, kind, comm, subshell=None, **content):
    """What the kernel says to a page's message, until it is done with it."""
    message = client.session.msg(kind, {"comm_id": comm} | content, metadata={"version": "1.0.0"})
    message["header"]["subshell_id"] = subshell
    client.shell_channel.send(message)
    said = []
    while not said or said[-1]["content"].get("execution_state") != "idle":
        each = client.get_iopub_msg(timeout=60)
        if each["parent_header"].get("msg_id") == message["header"]["msg_id"]:
            said.append(each)
    return [each["content"]["data"] for each in said if each["msg_type"] == "comm_msg"]


def update(client, widget, subshell=None, **state):
    """The states that the kernel tells when a page has changed a widget's."""
    data = {"method": "update", "state": state, "buffer_paths": []}
    return [each["state"] for each in send(client, "comm_msg", widget, subshell, data=data)]


def test_a_widget_hears_its_page_when_the_subshell_that_it_answered_is_gone(talk):
    client, (slider, answer) = talk
    subshell = ask(client, "create_subshell_request")["subshell_id"]
    assert {"value": 3} in update(client, slider, subshell, value=3)
    assert ask(client, "delete_subshell_request", subshell_id=subshell)["status"] == "ok"
    assert update(client, answer, value=5) == [{"value": 5}]


def test_a_page_that_opens_later_is_told_of_all_widgets(talk):
    client, ids = talk
    send(client, "comm_open", "control", target_name="jupyter.widget.control", data={})
    (told,) = send(client, "comm_msg", "control", data={"method": "request_states"})
    assert {*ids} <= told["states"].keys()
