"""Behaviour: what holds for every lab in LABS: contract, notebook, first view, presets, links, code."""

import re
from html import escape
from types import SimpleNamespace

import pytest
from matplotlib import style

from nbtests.fresh import run_script
from nbtests.labs.sentences import trained
from trainingwheels.engine import InvalidSetting
from trainingwheels.engine.evaluation import few_shot
from trainingwheels.labs import LABS
from trainingwheels.labs.base.animation import AnimatedView
from trainingwheels.labs.base.links import read_query
from trainingwheels.labs.base.parameters import named
from trainingwheels.labs.base.training import NetsView

UNSPACED = r"\d%"  # shares are 95 %
SETTLED = ("done", "idle")  # a lab that trains waits to be started
every_lab = pytest.mark.parametrize("lab", LABS.values(), ids=LABS.keys())
PARTS = ["One-time setup", "Training dynamics", "Evaluation"]


@pytest.fixture(params=LABS)
def lab(request):
    lab = LABS[request.param]()
    yield lab
    lab.close()


def test_labs_stand_in_the_lectures_order():
    numbers = [lab.number for lab in LABS.values()]
    assert numbers == sorted(set(numbers))
    assert all(slug == lab.slug for slug, lab in LABS.items())


@every_lab
def test_each_lab_introduces_itself(lab):
    assert lab.title
    assert lab.summary.endswith(".")
    assert "\n" not in lab.summary
    assert lab.part in PARTS
    assert lab.notebook == f"{lab.number}-{lab.slug}.ipynb"
    assert all(parameter.help for parameter in lab.parameters().values())
    abouts = [view.about for view in lab.views]
    assert all(about.endswith(".") and "\n" not in about for about in abouts)
    assert len(set(abouts)) == len(abouts)


def test_the_first_view_shows_something(lab):
    lab.settle()
    assert lab.state in SETTLED
    assert lab.message == ""
    assert len(lab.text) > 40


STRANGE = [
    "dark_background",
    {
        "font.family": "monospace",
        "font.size": 20,
        "xtick.direction": "in",
        "axes.grid": True,
        "figure.autolayout": True,
    },
]


@every_lab
def test_a_notebooks_style_leaves_its_pictures_as_they_are(lab, monkeypatch):
    monkeypatch.setattr(few_shot, "time", SimpleNamespace(perf_counter=lambda: 0.0))  # one says how long it took

    def pictures():
        opened, drawn = lab(), {}
        opened._face.page.width = 900
        for view in opened.views:
            if len(opened.views) > 1:
                opened.show = view.name
            opened.settle()
            drawn[view.name] = bytes(opened.figure.canvas.buffer_rgba())
        opened.close()
        return drawn

    plain = pictures()
    assert all(set(pixels) > {255} for pixels in plain.values())
    with style.context(STRANGE):
        strange = pictures()
    assert [name for name in plain if strange[name] != plain[name]] == []


def test_every_preset_works_and_its_link_leads_back_to_it_and_every_view_introduces_itself(lab, monkeypatch):
    monkeypatch.setattr(AnimatedView, "per_second", 1e9)  # nobody watches
    lab._face.page.width = 900  # the words wait for a page
    shown = set()
    for preset in lab.presets:
        lab.apply(preset.name)
        shown.add(shows(lab))
        settings, notes = read_query(lab.query(), {**lab.parameters(), **lab.keepsakes})
        assert not notes
        assert {name: settings.get(name, usual) for name, usual in lab._defaults().items()} == lab.settings
    for view in lab.views:
        if view not in shown:
            lab.show = view.name
            assert shows(lab) is view


def test_a_link_leads_to_the_same_words(lab):
    lab._face.page.width = 900
    lab.apply(lab.presets[0].name)
    lab.settle()
    copy = type(lab).from_query(lab.query())
    try:
        copy._face.page.width = 900
        copy.settle()
        assert copy.settings == lab.settings
        assert copy.text == lab.text
    finally:
        copy.close()


def shows(lab):
    """The view that is shown, once it has its result and has introduced its words."""
    lab.settle()
    assert lab.state in SETTLED
    assert lab.message == ""
    assert not re.search(UNSPACED, lab.text)
    view = type(lab._shown)
    assert f">{escape(view.about)}</p>" in lab._face._text.value
    return view


@every_lab
def test_a_question_comes_with_an_answer(lab):
    for preset in lab.presets:
        assert bool(preset.question) == bool(preset.answer)
        assert preset.question == "" or preset.question.endswith("?")
        assert not re.search(UNSPACED, preset.question + preset.answer)


def test_every_parameter_refuses_nonsense(lab):
    for name in lab.parameters():
        with pytest.raises(InvalidSetting):
            setattr(lab, name, object())
        assert lab.message.startswith(f"{name} = ")


def test_the_code_on_screen_runs(lab):
    if "epochs" in lab.parameters():
        lab.set(epochs=min(lab.epochs, 8))  # for how long it trains is another matter
    assert run_script(lab.code())


LABELS = ("label_noise", "wrong_labels")
NOISY = [
    (slug, view.name, name)
    for slug, kind in LABS.items()
    for view in kind.views
    if issubclass(view, NetsView)
    for name in LABELS
    if name in view.parameters()
]


def test_labs_with_wrong_labels_are_found():
    assert {slug for slug, *_ in NOISY} >= {"train-a-net", "batch-normalization", "penalties", "dropout"}


@pytest.mark.parametrize(("slug", "show", "name"), NOISY)
def test_wrong_labels_are_told_wherever_there_are_any(opened, slug, show, name):
    lab = opened(LABS[slug])
    view = lab._views[show]
    for share in (0.3, 0.0):
        s = named(lab.settings | {"show": show, name: share})
        sentences = view.explain(trained(view, s, 1))
        assert any("30 % are wrong" in each for each in sentences) == (share > 0), sentences
