"""The command `trainingwheels`: what it says when the classroom cannot open."""

from __future__ import annotations

import socket
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from trainingwheels import __version__


def run(arguments: Sequence[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, *arguments], capture_output=True, text=True, check=False)


def serve(*options: str) -> subprocess.CompletedProcess[str]:
    return run(["-m", "trainingwheels", "serve", *options])


def assert_one_line(outcome: subprocess.CompletedProcess[str], *words: str) -> None:
    assert outcome.returncode != 0
    assert outcome.stdout == ""
    assert "Traceback" not in outcome.stderr
    last = outcome.stderr.splitlines()[-1]
    for word in words:
        assert word in last


def test_port_that_is_taken() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        outcome = serve("--port", port)
    assert_one_line(outcome, port, "taken", "--port")
    assert len(outcome.stderr.splitlines()) == 1


@pytest.mark.parametrize("port", ["65536", "-1", "http", "8866.5"])
def test_port_out_of_range(port: str) -> None:
    assert_one_line(serve(f"--port={port}"), port, "0 to 65535")


def test_host_that_does_not_exist() -> None:
    assert_one_line(serve("--port", "0", "--host", "no.such.host.invalid"), "no.such.host.invalid", "--host")


def test_address_of_another_computer() -> None:
    assert_one_line(serve("--port", "0", "--host", "192.0.2.1"), "192.0.2.1", "--host")


@pytest.mark.parametrize("path", ["/a b/", "http://x/", "/?x"])
def test_base_url_that_is_no_path(path: str) -> None:
    assert_one_line(serve("--base-url", path), path)


def test_folder_that_does_not_exist(tmp_path: Path) -> None:
    assert_one_line(serve("--port", "0", "--notebooks", str(tmp_path / "none")), "none")


@pytest.mark.parametrize("package", ["tornado", "voila"])
def test_missing_extra_names_the_command_that_installs_it(package: str) -> None:
    code = f"import sys; sys.modules[{package!r}] = None\nfrom trainingwheels.classroom.cli import main\n"
    outcome = run(["-c", code + "sys.exit(main(['serve', '--port', '0']))"])
    assert_one_line(outcome, package, "pip install 'trainingwheels[app]'")


def test_version_and_help() -> None:
    assert run(["-m", "trainingwheels", "--version"]).stdout == f"trainingwheels {__version__}\n"
    text = run(["-m", "trainingwheels", "serve", "--help"]).stdout
    assert "no login" in " ".join(text.split())


def test_importing_the_classroom_is_cheap() -> None:
    heavy = "{'tornado', 'voila', 'jupyter_server', 'matplotlib', 'numpy', 'ipywidgets', 'torch'}"
    code = f"import sys, trainingwheels.classroom.cli; assert not {heavy} & set(sys.modules), sys.modules"
    assert run(["-c", code]).returncode == 0


def test_the_server_never_imports_matplotlib() -> None:
    code = "import sys, trainingwheels.classroom.server; assert not {'matplotlib', 'numpy', 'torch'} & set(sys.modules)"
    assert run(["-c", code]).returncode == 0
