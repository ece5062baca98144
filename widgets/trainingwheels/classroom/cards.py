"""The gallery's cards: what each lab is called, and its picture as it opens, made by a process of their own.

The labs need matplotlib and ipywidgets; the server, which only shows what they look like, does without.
Run as `python -m trainingwheels.classroom.cards FOLDER`: it writes `labs.json`, then `<slug>.webp` for each lab, but
what is there already. They are kept from server to server, until the package changes.
"""

import asyncio
import hashlib
import importlib.metadata
import json
import logging
import os
import shutil
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from platformdirs import user_cache_path

from trainingwheels.classroom.processes import die_with_server, kill

__all__ = ["Card", "Cards", "main"]

_LABS = "labs.json"
_PACKAGE = Path(__file__).parents[1]
_KEPT_FOR = 30 * 24 * 3600.0  # seconds, since a server last used them


@dataclass(frozen=True)
class Card:
    """What the gallery says about one lab."""

    slug: str
    number: str
    title: str
    summary: str
    part: str
    notebook: str


class Cards:
    """The cards of all labs. Their pictures follow one by one; who asks for one waits for it alone."""

    def __init__(self, log: logging.Logger) -> None:
        self._log = log
        self._starting: asyncio.Task[asyncio.subprocess.Process] | None = None
        self._kept = _kept_folder()
        self.folder = self._kept or Path(tempfile.mkdtemp(prefix="trainingwheels-cards-"))

    async def start(self) -> None:
        """Have those made that are missing."""
        if not self._complete():
            await self._process()

    async def _process(self) -> asyncio.subprocess.Process:
        """The process that makes them, started by whoever needs it first."""
        if self._starting is None:
            self._starting = asyncio.create_task(self._start())
        return await self._starting

    async def _start(self) -> asyncio.subprocess.Process:
        environment = {**os.environ, "JPY_PARENT_PID": str(os.getpid()), "OMP_NUM_THREADS": "1", "MPLBACKEND": "agg"}
        command = (sys.executable, "-m", "trainingwheels.classroom.cards", str(self.folder))
        return await asyncio.create_subprocess_exec(*command, env=environment)

    async def all(self) -> list[Card]:
        """Every card, in the lecture's order; none if the labs cannot be imported, which the server's log explains."""
        if not await self._made(_LABS):
            return []
        return [Card(**fields) for fields in self._listed()]

    async def picture(self, slug: str) -> bytes | None:
        """The picture of one lab as WebP, less than a third of its size as PNG; None if the lab could not be drawn."""
        path = _picture(self.folder, slug)
        return path.read_bytes() if await self._made(path.name) else None

    def drawn(self, notebook: str) -> str | None:
        """The slug of the lab that this notebook shows, if its picture is there; nothing is waited for."""
        slugs = [card["slug"] for card in self._listed() if card["notebook"] == notebook]
        return next((slug for slug in slugs if _picture(self.folder, slug).exists()), None)

    async def close(self) -> None:
        """Stop making cards, and delete them where they cannot be kept."""
        if self._starting is not None:
            process = await self._starting
            kill(process)
            await process.wait()
        if self._kept is None:
            shutil.rmtree(self.folder, ignore_errors=True)

    def _complete(self) -> bool:
        listed = self._listed()
        return bool(listed) and all(_picture(self.folder, card["slug"]).exists() for card in listed)

    def _listed(self) -> list[dict[str, str]]:
        """What the cards say, in the lecture's order; nothing before that is known."""
        labs = self.folder / _LABS
        return json.loads(labs.read_text()) if labs.exists() else []

    async def _made(self, name: str) -> bool:
        path = self.folder / name
        if path.exists():
            return True
        process = await self._process()
        while not path.exists():
            if process.returncode is not None:
                return path.exists()  # perhaps it was its last
            await asyncio.sleep(0.05)
        return True


def _kept_folder() -> Path | None:
    """Where the cards of this very package are kept, and those of others are forgotten in time; None if nowhere."""
    try:
        files = sorted((str(path), path.stat().st_size, path.stat().st_mtime_ns) for path in _PACKAGE.rglob("*.py"))
        drawn_by = [importlib.metadata.version(name) for name in ("matplotlib", "numpy")]
        key = hashlib.sha256(json.dumps([files, drawn_by]).encode()).hexdigest()[:16]
        folder = user_cache_path("trainingwheels") / "cards" / key
        folder.mkdir(parents=True, exist_ok=True)
        os.utime(folder)
        for other in folder.parent.iterdir():
            if time.time() - other.stat().st_mtime > _KEPT_FOR:
                shutil.rmtree(other, ignore_errors=True)
    except (OSError, RuntimeError):  # the latter where a user has no home
        return None
    return folder if os.access(folder, os.W_OK) else None


def main(folder: Path) -> None:
    """Write the cards of all labs into `folder`; a lab that cannot be drawn is reported and has no picture."""
    from trainingwheels.labs import LABS

    cards = [Card(lab.slug, lab.number, lab.title, lab.summary, lab.part, lab.notebook) for lab in LABS.values()]
    _write(folder / _LABS, json.dumps([asdict(card) for card in cards]).encode())
    for slug in LABS:
        path = _picture(folder, slug)
        try:
            if not path.exists():
                _write(path, _draw(slug))
        except Exception:
            logging.getLogger(__name__).exception("no picture of %s", slug)


def _yield_to_labs() -> None:
    """Let whoever opens a lab go first; but on a computer that is never idle the pictures come all the same."""
    if hasattr(os, "nice"):
        os.nice(5)  # a quarter of the time beside something else


def _draw(slug: str) -> bytes:
    """A lab's picture as it opens, at the proportions of a card."""
    from io import BytesIO

    from trainingwheels.labs import LABS

    lab = LABS[slug]()
    try:
        lab.settle()
        image = BytesIO()
        # At its own dpi, for which its text is laid out.
        lab.figure.savefig(image, format="webp", pil_kwargs={"quality": 80})
        return image.getvalue()
    finally:
        lab.close()


def _picture(folder: Path, slug: str) -> Path:
    return folder / f"{slug}.webp"


def _write(path: Path, content: bytes) -> None:
    """Write so that whoever sees the file sees all of it."""
    part = path.with_suffix(f".{os.getpid()}.part")
    part.write_bytes(content)
    part.replace(path)


if __name__ == "__main__":
    die_with_server()
    _yield_to_labs()
    main(Path(sys.argv[1]))
