"""The search lab in a real browser: trials at a press, each view with its controls, and a search that others share."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import expect

from nbtests.browser.conftest import Visit
from nbtests.browser.lab_page import shown
from nbtests.browser.serving import Server
from trainingwheels.engine.search.study import Study, Taken, find_plan

pytestmark = pytest.mark.browser

NOTEBOOK = "14-search.ipynb"


def test_a_learner_draws_trials_and_goes_through_the_views(visit: Visit, classroom: Server) -> None:
    lab = shown(visit(classroom.lab(NOTEBOOK), "phone"))
    lab.check_controls()
    seen = [lab.pixels()]
    lab.button("New draw").click()
    lab.wait_for_change(seen[-1])
    for button, control, words in (
        ("Both matter", "importance of y", "the grid is ahead by"),
        ("Ten times each", "repetitions", "Not tried yet: 10 times 24 trials, chosen at random, and 10 times"),
        ("Log or linear", "trials n", "log is ahead by"),
        ("Winner's curse", "digits to choose by", "too much is promised"),
        ("Done wrong", "features", "Chosen before splitting"),
        ("Five folds", "folds", "Not trained yet: 35 nets"),
    ):
        lab.button(button).click()
        expect(lab.text).to_contain_text(words)
        lab.unfold()
        expect(lab.slider(control)).to_be_visible()
        lab.wait_for_picture()
        lab.check_controls()
        seen.append(lab.pixels())
    assert len({str(pixels) for pixels in seen}) == len(seen)


def test_a_shared_search_shows_what_comes_and_its_best_come_together(
    visit: Visit, odd_classroom: Server, tmp_path: Path
) -> None:
    """This process is a worker; the kernel trains what it leaves."""
    storage = str(tmp_path / "search.db")
    lab = shown(visit(odd_classroom.lab("09-shared.ipynb", f"?path={storage}")))
    expect(lab.text).to_contain_text("Not tried yet: 8 trials, chosen at random")
    with closing(Study(find_plan("class", storage), storage, "class")) as worker:
        first, *others = worker.take(3)
        tell(worker, first)
        lab.button("Start").click()
        expect(lab.text).to_contain_text("6 of 8 trials")
        for each in others:
            tell(worker, each)
    expect(lab.button("Train again")).to_be_visible()
    expect(lab.text).to_contain_text("8 of 8 trials")
    expect(lab.text).to_contain_text("The best, trial 3, has lr ")
    lab.unfold()
    lab.page.get_by_label("best five together").check()
    expect(lab.text).to_contain_text("The best 5 together, their probabilities averaged")


def tell(worker: Study, taken: Taken) -> None:
    """That a trial has come to its end, better than any that is trained for two epochs, and the later the better."""
    value = 0.98 + taken.trial.number / 1000
    worker.tell(taken, replace(taken.trial, state="complete", value=value, test=value, epochs=2.0))
