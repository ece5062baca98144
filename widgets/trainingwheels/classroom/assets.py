"""Static files: compressed once, cached by browsers for ever, under URLs that change when the files do."""

import gzip
import hashlib
import mimetypes
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from jupyter_core.paths import jupyter_path
from tornado.web import HTTPError, RequestHandler

__all__ = ["EXTENSIONS", "OWN_FILES", "AssetHandler", "Assets"]

OWN_FILES = Path(__file__).parent / "static"
# Labs bring their style sheet themselves, but it comes after they have been laid out: a page that has it already does
# not jump.
LAB_FILES = Path(__file__).parents[1] / "labs" / "base" / "page"

# What a lab needs of JupyterLab's extensions: the widget managers, the canvas, and the small browser pieces.
EXTENSIONS = (
    "@jupyter-widgets/jupyterlab-manager",
    "@voila-dashboards/widgets-manager8",
    "anywidget",
    "jupyter-matplotlib",
)
_VOILA = "voila/templates/base/static"

_SUFFIXES = frozenset({".js", ".css", ".woff", ".woff2", ".ttf", ".svg", ".png", ".ico"})
_COMPRESSIBLE = frozenset({".js", ".css", ".svg", ".ttf"})
_A_YEAR = 365 * 24 * 3600  # seconds


class Asset(NamedTuple):
    """A file in memory; `packed` is its gzip, empty where that gains nothing."""

    kind: str
    plain: bytes
    packed: bytes


class Assets:
    """The files of the page: ours, the labs', Voila's, and those of `EXTENSIONS`, each below a first path of its own.

    Raises `FileNotFoundError` naming the package whose files are missing; without them a page would load for ever.
    """

    def __init__(self) -> None:
        self.folders = {"own": OWN_FILES, "labs": LAB_FILES, "voila": _find(_VOILA, "voila")}
        for name in EXTENSIONS:
            self.folders[name] = _find(_extension_folder(name), name)
        self.version = self._version()
        self._front_end = _asset("front-end.js", b"\n".join(path.read_bytes() for path in self._front_end_files()))

    def get(self, path: str) -> Asset:
        """The file at `path`; raises `KeyError` for one outside the folders, or of a kind that pages do not use."""
        if path == "front-end.js":
            return self._front_end
        for name, folder in self.folders.items():
            if path.startswith(f"{name}/"):
                return _load(_inside(folder, path.removeprefix(f"{name}/")))
        raise KeyError(path)

    def _front_end_files(self) -> Iterator[Path]:
        """Pieces first; what starts them last, for it then finds them in place."""
        for name in EXTENSIONS:
            yield from (path for path in sorted(self.folders[name].glob("static/*.js")) if path.name[0].isdigit())
        voila = self.folders["voila"]
        lines = Path(__file__).with_name("front-end.txt").read_text().splitlines()
        pieces = " ".join(line for line in lines if not line.startswith("#")).split()
        yield from (path for path in (voila / f"{piece}.voila.js" for piece in pieces) if path.is_file())
        yield voila / "voila.js"

    def _version(self) -> str:
        digest = hashlib.sha256()
        for folder in self.folders.values():
            for path in sorted(folder.rglob("*")):
                status = path.stat()
                digest.update(f"{path.name} {status.st_size} {status.st_mtime_ns}".encode())
        return digest.hexdigest()[:12]


class AssetHandler(RequestHandler):
    """Sends the files of `assets`."""

    def initialize(self, assets: Assets) -> None:
        self._assets = assets

    def get(self, path: str) -> None:
        """Send a file, or 404."""
        try:
            asset = self._assets.get(path)
        except KeyError:
            raise HTTPError(404) from None
        self.set_header("Content-Type", asset.kind)
        self.set_header("Cache-Control", f"public, max-age={_A_YEAR}, immutable")
        self.set_header("X-Content-Type-Options", "nosniff")
        self.set_header("Vary", "Accept-Encoding")
        if asset.packed and "gzip" in self.request.headers.get("Accept-Encoding", ""):
            self.set_header("Content-Encoding", "gzip")
            self.finish(asset.packed)
        else:
            self.finish(asset.plain)

    head = get


def _extension_folder(name: str) -> str:
    return f"{'voila/' if name.startswith('@voila') else ''}labextensions/{name}"


def _find(below: str, package: str) -> Path:
    for folder in jupyter_path():
        path = Path(folder, below)
        if path.is_dir():
            return path.resolve()
    raise FileNotFoundError(f"the browser files of {package} are missing; reinstall trainingwheels[app]")


def _inside(folder: Path, path: str) -> Path:
    file = (folder / path).resolve()
    if file.suffix in _SUFFIXES and folder in file.parents and file.is_file():
        return file
    raise KeyError(path)


@lru_cache(maxsize=512)
def _load(path: Path) -> Asset:
    return _asset(path.name, path.read_bytes())


def _asset(name: str, plain: bytes) -> Asset:
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    return Asset(kind, plain, gzip.compress(plain, 6) if Path(name).suffix in _COMPRESSIBLE else b"")
