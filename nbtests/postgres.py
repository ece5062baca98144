"""A PostgreSQL of our own, on loopback, for as long as a test needs it."""

import contextlib
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from pathlib import Path

import pytest

USER = "trainingwheels"
PLACES = ("/usr/local/bin", *map(str, sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)))


def found(program):
    """Where it is; Debian keeps most of PostgreSQL's programs out of the path."""
    return shutil.which(program) or shutil.which(program, path=os.pathsep.join(PLACES))


def _as_nobody():
    """How to start a program as somebody who may: PostgreSQL refuses to run as root."""
    if os.geteuid():
        return {}
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def _free_port():
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        return asked.getsockname()[1]


@contextlib.contextmanager
def postgres():
    """The URL of an empty database, whose server is stopped at the end. Skips where there is no PostgreSQL."""
    initdb, server = found("initdb"), found("postgres")
    if not initdb or not server:
        pytest.skip("there is no PostgreSQL: apt-get install postgresql")
    with tempfile.TemporaryDirectory(prefix="tw_pg_") as folder:
        who = _as_nobody()
        if who:
            os.chown(folder, who["user"], who["group"])
        cluster, port = f"{folder}/cluster", _free_port()
        made = ("-D", cluster, "-U", USER, "-A", "trust", "--no-sync", "--no-instructions")
        environment = {"PATH": os.environ["PATH"], "LC_ALL": "C", "HOME": folder}
        subprocess.run([initdb, *made], env=environment, cwd=folder, check=True, capture_output=True, **who)
        settings = {"listen_addresses": "127.0.0.1", "port": port, "unix_socket_directories": "", "fsync": "off"}
        given = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        with open(f"{folder}/log", "wb") as log:
            running = subprocess.Popen(
                [server, "-D", cluster, *given], env=environment, cwd=folder, stdout=log, stderr=log, **who
            )
        try:
            _wait_for(port, running)
            yield f"postgresql://{USER}@127.0.0.1:{port}/postgres"
        finally:
            running.send_signal(2)  # fast shutdown: who is connected is sent away
            running.wait(20)


def _wait_for(port, running):
    import psycopg

    while running.poll() is None:
        with contextlib.suppress(psycopg.OperationalError):
            psycopg.connect(f"host=127.0.0.1 port={port} user={USER} dbname=postgres", connect_timeout=5).close()
            return
    raise RuntimeError(f"PostgreSQL has ended with {running.returncode}")
