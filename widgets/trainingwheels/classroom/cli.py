"""The command `trainingwheels`."""

import argparse
import errno
import re
import socket
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from trainingwheels import __version__

__all__ = ["main"]

_HOST_HELP = """address to listen on (default 127.0.0.1: this computer only). With 0.0.0.0 everybody who can reach this
computer can open labs, each of which runs a process here; there is no login, and nothing is encrypted. Do that on a
network you trust, or put a proxy with a login in front"""
_PROXY_HELP = """a proxy answers for this server, so accept any host name. Otherwise a server that listens on this
computer only is deaf to requests by other names"""
_STORAGE_HELP = """where it is kept: a file (SQLite), for workers on this computer, or postgresql://user@host/name, for
workers on several"""
_HEARTBEAT_HELP = """seconds between signs of life (default 10); a trial whose worker has given none for twice as long
is taken up by another. Choose the same for all workers"""


class CannotServe(Exception):
    """Why the command cannot do what it should, in one line with the way out."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit status, 1 with one line on stderr if it cannot do what it should."""
    options = _parser().parse_args(argv)
    try:
        options.run(options)
    except CannotServe as reason:
        print(f"trainingwheels: {reason}", file=sys.stderr)
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="trainingwheels", description="Live labs about training neural networks.")
    parser.add_argument("--version", action="version", version=f"%(prog)s {__version__}")
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    serve = commands.add_parser("serve", help="open the classroom: all labs, in the browser, without their code")
    serve.add_argument("--port", type=_port, default=8866, help="port to listen on (default 8866; 0: any free one)")
    serve.add_argument("--host", default="127.0.0.1", help=_HOST_HELP)
    serve.add_argument("--open", action="store_true", help="open the gallery in a browser")
    serve.add_argument("--base-url", type=_base_url, default="/", help="path under which a proxy serves the classroom")
    serve.add_argument("--behind-proxy", action="store_true", help=_PROXY_HELP)
    serve.add_argument("--notebooks", type=Path, metavar="DIR", help="serve the notebooks of this folder instead")
    serve.set_defaults(run=_serve)
    worker = commands.add_parser("worker", help="help with a search that others have begun, until no trial is left")
    worker.add_argument("--study", required=True, metavar="NAME", help="the name of the search")
    worker.add_argument("--storage", required=True, metavar="URL", help=_STORAGE_HELP)
    worker.add_argument("--batch", type=_count, metavar="N", help="trials to train at once (default 8)")
    worker.add_argument("--heartbeat", type=_count, default=10, metavar="SECONDS", help=_HEARTBEAT_HELP)
    worker.set_defaults(run=_work)
    return parser


def _count(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number above 0")
    return int(text)


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) > 65535:
        raise argparse.ArgumentTypeError(f"{text!r} is not a port; ports are numbers from 0 to 65535")
    return int(text)


def _base_url(text: str) -> str:
    path = f"/{text.strip('/')}/".replace("//", "/")
    if not re.fullmatch(r"/([\w.~@-]+/)*", path, re.ASCII):
        raise argparse.ArgumentTypeError(f"{text!r} is not a path such as /labs/")
    return path


def _serve(options: argparse.Namespace) -> None:
    try:
        from tornado.netutil import bind_sockets
    except ModuleNotFoundError as error:
        raise _missing(error) from None
    sockets = _listen(bind_sockets, options.host, options.port)  # first, for the server takes a second to import
    try:
        from trainingwheels.classroom.lessons import find_notebooks
        from trainingwheels.classroom.server import Classroom

        folder = options.notebooks or find_notebooks()
        app = Classroom.of(folder, sockets, options.base_url, behind_proxy=options.behind_proxy)
    except ModuleNotFoundError as error:
        raise _missing(error) from None
    except FileNotFoundError as error:
        raise CannotServe(str(error)) from None
    app.when_listening = lambda: _announce(sockets, options)
    app.start()


def _work(options: argparse.Namespace) -> None:
    from trainingwheels.classroom.worker import work
    from trainingwheels.engine import InvalidSetting

    try:
        for line in work(options.study, options.storage, options.batch, options.heartbeat):
            print(line, flush=True)
    except InvalidSetting as refusal:
        raise CannotServe(str(refusal)) from None


def _listen(bind: Callable[[int, str], list[socket.socket]], host: str, port: int) -> list[socket.socket]:
    try:
        return bind(port, host)
    except socket.gaierror:
        raise CannotServe(f"there is no host called {host!r}; try --host 127.0.0.1") from None
    except OSError as error:
        raise CannotServe(_refusal(error, host, port)) from None


def _refusal(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"port {port} is taken; choose another one with --port, or let --port 0 find one"
    if error.errno == errno.EADDRNOTAVAIL:
        return f"this computer has no address {host}; try --host 127.0.0.1"
    if error.errno == errno.EACCES:
        return f"port {port} is reserved for the system; choose one above 1023 with --port"
    return f"cannot listen on {host} port {port}: {error.strerror}"


def _missing(error: ModuleNotFoundError) -> CannotServe:
    return CannotServe(f"the classroom needs {error.name}; install it with: pip install 'trainingwheels[app]'")


def _announce(sockets: Sequence[socket.socket], options: argparse.Namespace) -> None:
    host, port = sockets[0].getsockname()[:2]
    url = f"http://{f'[{host}]' if ':' in host else host}:{port}{options.base_url}"
    print(f"The classroom is open at {url} (Ctrl-C closes it)", flush=True)
    if options.open:
        import webbrowser

        webbrowser.open(url)
