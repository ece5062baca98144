import asyncio
import logging
import os
import time
from pathlib import Path

import pytest

from nbtests.loop import Loop
from trainingwheels.classroom import cards
from trainingwheels.classroom.cards import Cards
from trainingwheels.labs import LABS

LOG = logging.getLogger(__name__)


def run(what):
    """What a coroutine returns."""
    with Loop() as loop:
        return loop.run(what)


@pytest.fixture
def cache(tmp_path, monkeypatch):
    """A user's cache with nothing in it."""
    monkeypatch.setattr(cards, "user_cache_path", lambda name: tmp_path / name)
    return tmp_path


@pytest.fixture
def processes(monkeypatch):
    """What is started instead of the process that draws; each ends at once."""
    started = []

    async def start(self):
        started.append(self.folder)
        return await asyncio.create_subprocess_exec("true")

    monkeypatch.setattr(Cards, "_start", start)
    return started


def fill(folder):
    cards._write(
        folder / "labs.json", b'[{"slug": "one", "notebook": "1.ipynb"}, {"slug": "two", "notebook": "2.ipynb"}]'
    )
    for slug in ("one", "two"):
        cards._write(folder / f"{slug}.webp", slug.encode())


def test_what_one_server_has_drawn_the_next_one_shows(cache, processes):
    async def visit():
        made = Cards(LOG)
        await made.start()
        picture = await made.picture("two")
        await made.close()
        return picture

    assert run(visit()) is None
    assert len(processes) == 1
    fill(processes[0])
    assert run(visit()) == b"two"
    assert len(processes) == 1


def test_a_picture_that_is_missing_is_drawn_by_the_next_one(cache, processes):
    async def visit():
        made = Cards(LOG)
        fill(made.folder)
        (made.folder / "two.webp").unlink()
        await made.start()
        await made.close()

    run(visit())
    assert len(processes) == 1


def test_what_a_notebook_shows_is_known_when_it_is_drawn(cache, processes):
    made = Cards(LOG)
    assert made.drawn("2.ipynb") is None
    fill(made.folder)
    assert made.drawn("2.ipynb") == "two"
    assert made.drawn("3.ipynb") is None
    (made.folder / "two.webp").unlink()
    assert made.drawn("2.ipynb") is None
    assert processes == []  # nobody was asked to draw


def test_another_package_has_cards_of_its_own(cache, tmp_path, monkeypatch):
    ours = Cards(LOG).folder
    assert Cards(LOG).folder == ours
    (tmp_path / "lab.py").write_text("changed")
    monkeypatch.setattr(cards, "_PACKAGE", tmp_path)
    assert Cards(LOG).folder != ours


def test_what_no_server_has_used_for_a_month_is_forgotten(cache):
    old, young = (cache / "trainingwheels" / "cards" / name for name in ("old", "young"))
    for folder, days in ((old, 31), (young, 29)):
        folder.mkdir(parents=True)
        at = time.time() - days * 24 * 3600
        os.utime(folder, (at, at))
    ours = Cards(LOG).folder
    assert sorted(folder.name for folder in ours.parent.iterdir()) == sorted(["young", ours.name])


def below_a_file(name):
    return Path(__file__) / name


def of_nobody(name):
    raise RuntimeError("Could not determine home directory.")


@pytest.mark.parametrize("cache_path", [below_a_file, of_nobody], ids=lambda f: f.__name__)
def test_where_nothing_can_be_kept_a_folder_lasts_as_long_as_its_server(cache_path, monkeypatch):
    monkeypatch.setattr(cards, "user_cache_path", cache_path)
    made = Cards(LOG)
    assert made.folder.is_dir()
    run(made.close())
    assert not made.folder.exists()


def test_a_lab_is_drawn_unless_its_picture_is_there(tmp_path, monkeypatch):
    drawn = []
    monkeypatch.setattr(cards, "_draw", lambda slug: drawn.append(slug) or b"a picture")
    first, *others = LABS
    cards._write(tmp_path / f"{first}.webp", b"an older one")
    cards.main(tmp_path)
    assert drawn == others
    assert (tmp_path / f"{first}.webp").read_bytes() == b"an older one"
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(["labs.json", *(f"{slug}.webp" for slug in LABS)])
