"""The classroom's server: Voila, with our own pages, and with nothing else to ask of it."""

import json
import logging
import os
import re
import signal
import socket
import tempfile
from collections.abc import Callable, Sequence
from ipaddress import ip_address
from pathlib import Path
from typing import Any, Self

import jinja2
from jupyter_events import EventLogger
from jupyter_server.auth.identity import IdentityProvider, User
from tornado.httpserver import HTTPServer
from tornado.ioloop import IOLoop
from traitlets import Instance, default
from traitlets.config import Config
from voila.app import Voila

from trainingwheels.classroom.assets import EXTENSIONS, AssetHandler, Assets
from trainingwheels.classroom.cards import Cards
from trainingwheels.classroom.forking import Zygote
from trainingwheels.classroom.gallery import CardPicture, Gallery, ShortLink
from trainingwheels.classroom.kernels import LabKernelSpec, common_environment
from trainingwheels.classroom.lessons import Shelf
from trainingwheels.classroom.pages import Channels, Farewell, KernelModel, LabPage, Line, NotFound
from trainingwheels.classroom.processes import allow_more_files
from trainingwheels.classroom.visits import Visits

__all__ = ["Classroom"]

_KERNEL = r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"
_PING = 30_000  # milliseconds between two pings; many a proxy cuts what is silent for 60 s
_CARDS_AFTER = 5.0  # seconds: whoever comes first with a deep link should not have to share the computer with them
_LONGEST_TEMP = 30  # characters: a socket's path may have 103 (macOS), and ours add 70 to the temporary folder's

_HEADERS = {
    # default-src 'self' is the promise that a page asks nobody but its own server. Widgets bring their code as blobs
    # (anywidget) and their styles inline; pictures come as data.
    "Content-Security-Policy": "; ".join(
        [
            "default-src 'self'",
            "script-src 'self' blob:",
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "font-src 'self' data:",
            "object-src 'none'",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'self'",
        ]
    ),
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}


class Anybody(IdentityProvider):
    """Whoever reaches this server may use it, and gets no cookie: there is nothing to remember."""

    def get_user(self, handler: Any) -> User:
        """The same learner for every request."""
        return User("learner")


class Classroom(Voila):  # type: ignore[misc]
    """One server for a class. `shelf` holds the lessons, `cards` the gallery's, `visits` the pages that are open."""

    name = "trainingwheels"
    shelf = Instance(Shelf)
    event_logger = Instance(EventLogger, ())  # shared: a kernel manager that finds none builds its own
    when_listening: Callable[[], None] = staticmethod(lambda: None)

    @classmethod
    def of(
        cls, notebooks: Path, sockets: Sequence[socket.socket], base_url: str = "/", behind_proxy: bool = False
    ) -> Self:
        """A classroom of the lessons in a folder, to be opened with `start()` on sockets that are bound already.

        Raises `FileNotFoundError` if the folder or a file of the front end is missing.
        """
        shelf = Shelf(notebooks)
        app = cls(config=_settings(), shelf=shelf, root_dir=str(shelf.folder), base_url=base_url)
        app.log_level = logging.WARNING
        app._sockets = list(sockets)
        app._any_name = behind_proxy or not all(ip_address(each.getsockname()[0]).is_loopback for each in sockets)
        app._assets = Assets()
        app.page_config = app._page_config()
        app.initialize([])
        return app

    @default("config_file_paths")
    def _no_config_files(self) -> list[str]:
        return []  # else a voila.py in the working directory would be executed

    def setup_template_dirs(self) -> None:
        """Our pages come from this package; no folder is searched."""

    def init_settings(self) -> dict[str, Any]:
        """What handlers find in `self.settings`."""
        settings: dict[str, Any] = super().init_settings()
        self.zygote = Zygote(self.shelf.folder, common_environment(), self.log)
        self.kernel_spec_manager.zygote = self.zygote
        self.visits = Visits(self.kernel_manager, self.log)
        self.cards = Cards(self.log)
        self._templates = jinja2.Environment(loader=jinja2.PackageLoader("trainingwheels.classroom"), autoescape=True)
        return {
            **settings,
            "classroom": self,
            "allow_remote_access": self._any_name,  # False: check the Host header, against DNS rebinding
            "default_handler_class": NotFound,
            "headers": _HEADERS,
            "ws_ping_interval": _PING,
            "ws_ping_timeout": _PING,  # for tornado, which complains if it is longer; ours counts pings
        }

    def init_handlers(self) -> list[Any]:
        """All that can be asked of this server."""
        base = re.escape(self.base_url)
        return [
            (base, Gallery),
            (rf"{base}labs/([a-z0-9-]+)", ShortLink),
            (rf"{base}labs/([a-z0-9-]+)/picture", CardPicture),
            (rf"{base}voila/render/(.*)", LabPage),
            (rf"{base}line/({_KERNEL})/(.*)", Line),
            (rf"{base}api/kernels/({_KERNEL})", KernelModel),
            (rf"{base}api/kernels/(?P<kernel_id>{_KERNEL})/channels", Channels),
            (rf"{base}voila/api/shutdown/({_KERNEL})", Farewell),
            (rf"{base}assets/{self._assets.version}/(.*)", AssetHandler, {"assets": self._assets}),
        ]

    def asset(self, path: str) -> str:
        """The URL of a static file, such as `own/page.css`."""
        return f"{self.base_url}assets/{self._assets.version}/{path}"

    def render(self, template: str, **values: Any) -> str:
        """A page from the `templates` folder."""
        return self._templates.get_template(template).render(asset=self.asset, base=self.base_url, **values)

    def listen(self) -> None:
        """Answer requests until a signal comes."""
        allow_more_files()
        HTTPServer(self.app, xheaders=False).add_sockets(self._sockets)
        signal.signal(signal.SIGINT, self._handle_signal_stop)
        self.ioloop = IOLoop.current()
        self.ioloop.add_callback(self.zygote.start)
        self.ioloop.call_later(_CARDS_AFTER, self.cards.start)
        self.ioloop.add_callback(self.when_listening)
        try:
            self.ioloop.start()
        finally:
            self.stop()

    def stop(self) -> None:
        """End every process that this server has started."""
        self.ioloop.run_sync(self.visits.close)
        self.ioloop.run_sync(self.zygote.close)
        self.ioloop.run_sync(self.cards.close)
        super().stop()

    def _page_config(self) -> dict[str, Any]:
        """What Voila's front end reads when it starts."""
        extensions = [_extension(name, self._assets.folders[name]) for name in EXTENSIONS]
        return {
            "appUrl": "voila/",
            "baseUrl": self.base_url,
            "federated_extensions": [*extensions, {"name": "own", "load": "outputs.js", "extension": "./extension"}],
            "fullLabextensionsUrl": self.asset("").removesuffix("/"),
            "fullMathjaxUrl": None,  # both None: MathJax as bundled, not from a CDN
            "mathjaxConfig": None,
            "fullStaticUrl": self.asset("voila"),
            "jupyterLabTheme": "light",
            "terminalsAvailable": False,
        }


def _settings() -> Config:
    settings = Config()
    settings.Voila.identity_provider_class = Anybody
    settings.VoilaConfiguration.kernel_spec_manager_class = LabKernelSpec
    settings.KernelManager.autorestart = False  # a restarted kernel is empty: the page would look alive, and be dead
    if os.name == "posix" and len(tempfile.gettempdir()) <= _LONGEST_TEMP:
        settings.KernelManager.transport = "ipc"  # out of reach for other users of this computer
    return settings


def _extension(name: str, folder: Path) -> dict[str, str]:
    build = json.loads((folder / "package.json").read_text())["jupyterlab"]["_build"]
    return {"name": name, "load": build["load"], "extension": build["extension"]}
