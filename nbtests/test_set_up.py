"""Behaviour: what the Makefile says when a set-up cannot go on: one line with the command to run next.

Nothing is installed.
"""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[1]
FAILS = '#!/bin/sh\ncase "$*" in *"{}"*) exit 1 ;; esac\n'


def make(*words):
    """What ``make`` says last, after a failure; ``words`` are goals and variables."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))}
    done = subprocess.run(
        ["make", "-C", REPOSITORY, *words], env=environment, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode != 0
    *_, said, failed = done.stderr.splitlines()
    assert failed.startswith("make: ***")
    return said


def stub(path, fails):
    """A Python that does nothing, and fails where its arguments contain ``fails``."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(FAILS.format(fails))
    path.chmod(0o755)
    return path


@pytest.mark.parametrize("port", ["", "70000", "http"])
def test_a_port_that_cannot_be_had_is_told_before_anything_is_installed(tmp_path, port):
    with socket.create_server(("127.0.0.1", 0)) as server:
        taken = server.getsockname()[1]
        said = make("app", f"PORT={port or taken}", f"VENV={tmp_path / 'venv'}", f"PYTHON={sys.executable}")
    assert said.startswith(f"Port {port} cannot be had (" if port else f"Port {taken} is taken.")
    assert "Next: make app PORT=" in said
    assert not (tmp_path / "venv").exists()


@pytest.mark.parametrize(
    ("fails", "next_command"),
    [("version_info", "make check PYTHON=python3.11"), ("-m venv", "apt-get install python3-venv")],
)
def test_without_a_virtual_environment(tmp_path, fails, next_command):
    python = stub(tmp_path / "python", fails)
    said = make("check", f"PYTHON={python}", f"VENV={tmp_path / 'venv'}")
    assert f"Next: {next_command}" in said


@pytest.mark.parametrize(
    ("fails", "next_command"), [("pip install", "make test once"), ("chromium", "apt-get install chromium")]
)
def test_without_packages_or_browser(tmp_path, fails, next_command):
    stub(tmp_path / "bin" / "python", fails)
    (tmp_path / ".created").touch()
    said = make("test", f"VENV={tmp_path}")
    assert f"Next: {next_command}" in said
