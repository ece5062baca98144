"""The Binder configuration: the versions that were tested, and a proxy for the classroom."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from trainingwheels.classroom import cli

REPOSITORY = Path(__file__).parents[2]
BINDER = REPOSITORY / "binder"


def constraints() -> dict[str, str]:
    """Version by name of everything in constraints.txt."""
    lines = (REPOSITORY / "constraints.txt").read_text().splitlines()
    return dict(line.split("==") for line in lines if "==" in line and not line.startswith("#"))


def conda_pins() -> dict[str, str]:
    """Version by name in environment.yml."""
    environment = yaml.safe_load((BINDER / "environment.yml").read_text())
    return dict(dependency.split("=") for dependency in environment["dependencies"])


def pip_command() -> list[str]:
    """The words of postBuild's one installation."""
    (line,) = re.findall(r"^python -m pip install .*$", (BINDER / "postBuild").read_text(), re.MULTILINE)
    return shlex.split(line)


def test_torch_is_the_tested_one_built_for_the_cpu() -> None:
    assert conda_pins()["pytorch-cpu"] == constraints()["torch"]


def test_python_is_pinned_to_a_supported_minor_version() -> None:
    assert re.fullmatch(r"3\.\d+", conda_pins()["python"])
    assert tuple(map(int, conda_pins()["python"].split("."))) >= (3, 11)


def test_pip_installs_this_package_in_the_tested_versions() -> None:
    words = pip_command()
    assert words[words.index("-c") + 1] == "constraints.txt"
    assert ".[app]" in words
    for name, version in (word.split("==") for word in words if "==" in word):
        assert constraints().get(name, version) == version


def test_no_registry_is_named() -> None:
    for path in BINDER.iterdir():
        assert "://" not in path.read_text()


@pytest.mark.parametrize("script", ["postBuild", "start"])
def test_scripts_can_be_run(script: str) -> None:
    assert sys.platform == "win32" or os.access(BINDER / script, os.X_OK)


@pytest.mark.skipif(sys.platform == "win32", reason="a shell script")
def test_start_runs_what_it_is_given_on_one_thread_of_blas() -> None:
    code = "import os; print(os.environ['OPENBLAS_NUM_THREADS'], *__import__('sys').argv[1:])"
    ran = subprocess.run(
        [BINDER / "start", sys.executable, "-c", code, "a b"], capture_output=True, text=True, check=True
    )
    assert ran.stdout == "1 a b\n"


def test_proxy_runs_a_command_that_exists() -> None:
    config = json.loads((BINDER / "jupyter_server_config.json").read_text())
    server = config["ServerProxy"]["servers"]["trainingwheels"]
    name, *arguments = [word.format(port=8866, base_url="/user/someone/") for word in server["command"]]
    assert name == "trainingwheels"
    options = cli._parser().parse_args(arguments)
    assert options.base_url == "/user/someone/trainingwheels/"
    assert options.behind_proxy
    assert server["absolute_url"], "the classroom is told its whole path, so the proxy must not cut it"
