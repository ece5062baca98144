"""The base of every lab, tested on a toy."""

import logging
import threading

import ipywidgets as w
import pytest

from nbtests.labs.conftest import point
from trainingwheels.labs.base.parameters import InvalidParameter


def test_a_lab_opens_with_its_first_picture(square):
    lab = square()
    lab.settle()
    assert (lab.state, lab.result, lab.text) == ("done", (1.0, 1.0), "The result is 1 & that's that.")
    assert point(lab) == [(1.0, 1.0)]
    assert isinstance(lab, w.VBox)


def test_settings_work_as_keywords_as_attributes_and_together(square):
    lab = square(x=4)
    lab.power = 3
    lab.settle()
    assert lab.result == (4.0, 64.0)
    lab.set(x=2, power=1)
    lab.settle()
    assert lab.result == (2.0, 2.0)


@pytest.mark.parametrize(
    ("settings", "says"),
    [({"y": 1}, "choose one of x, power"), ({"powr": 1}, "did you mean 'power'"), ({"x": 11}, "0 to 10")],
)
def test_a_bad_keyword_is_refused(square, settings, says):
    with pytest.raises(InvalidParameter, match=says):
        square(**settings)


def test_a_bad_value_changes_nothing_says_so_and_the_next_good_one_works(square):
    lab = square(x=3)
    lab.settle()
    with pytest.raises(InvalidParameter):
        lab.x = float("nan")
    with pytest.raises(InvalidParameter):
        lab.set(power=3, x=-1)
    assert lab.settings == {"x": 3.0, "power": 2}
    assert lab.message == "x = -1 is out of range: choose a number from 0 to 10."
    assert point(lab) == [(3.0, 9.0)]
    lab.x = 5
    lab.settle()
    assert (lab.message, lab.result) == ("", (5.0, 25.0))


@pytest.mark.parametrize(("x", "says"), [(7, "x = 7 is unlucky"), (8, "ZeroDivisionError")])
def test_a_computation_that_fails_leaves_the_last_picture_and_one_line(square, caplog, x, says):
    lab = square(x=3)
    lab.settle()
    with caplog.at_level(logging.CRITICAL, "trainingwheels"):
        lab.x = x
        lab.settle()
    assert lab.state == "failed"
    assert says in lab.message
    assert "/etc" not in lab.message
    assert "\n" not in lab.message
    assert (point(lab), lab.result) == ([(3.0, 9.0)], (3.0, 9.0))
    lab.x = 2
    lab.settle()
    assert (lab.state, lab.message, point(lab)) == ("done", "", [(2.0, 4.0)])


def test_details_of_a_failure_go_to_the_log(square, caplog):
    lab = square(x=8)
    lab.settle()
    assert "a secret path" in caplog.text


def test_the_latest_settings_win_and_a_stale_result_is_never_drawn(square):
    lab = square(gated=True)
    shown = []
    lab._picture._now.show = lambda result, pinned=None: shown.append(result)
    for x in range(2, 6):
        lab.x = x
    lab.gate.release(2)
    lab.settle()
    assert shown == [(5.0, 25.0)]


def test_state_tells_what_goes_on(square):
    lab = square(gated=True)
    states = []
    lab.observe(lambda change: states.append(change.new), "state")
    lab.gate.release(1)
    lab.settle()
    assert states[-1] == "done"
    running = threading.Event()
    lab.observe(lambda change: running.set() if change.new == "running" else None, "state")
    lab.x = 2
    assert running.wait()
    with pytest.raises(TimeoutError):
        lab.settle(0.05)
    assert lab.state == "running"
    lab.gate.release(1)
    lab.settle()
    assert lab.state == "done"


@pytest.mark.parametrize(
    "change",
    [
        lambda lab: lab._moved("x", 2.0),
        lambda lab: lab._typed("x", "2"),
        lambda lab: lab.apply("two"),
        lambda lab: lab.renew(),
        lambda lab: setattr(lab._face.page, "query", "x=2"),
    ],
    ids=["a control", "a box", "a preset", "a file", "a link"],
)
def test_until_the_picture_comes_the_page_is_told_what_it_waits_for(square, change):
    lab = square(gated=True)
    assert lab._face.page.waiting == "Computing …"  # also for the first
    lab.gate.release(1)
    lab.settle()
    assert lab._face.page.waiting is None
    change(lab)
    assert lab._face.page.waiting == "Computing …"
    lab.gate.release(1)
    lab.settle()
    assert (lab._face.page.waiting, lab.message) == (None, "")


def test_a_picture_that_will_not_come_is_not_waited_for_and_the_old_one_stays_old(square):
    lab = square(x=3)
    lab.settle()
    lab.x = 7
    lab.settle()
    assert (lab.state, lab._face.page.waiting) == ("failed", "")
    lab.x = 3
    lab.settle()
    assert (lab.state, lab._face.page.waiting) == ("done", None)


def test_a_value_that_is_refused_leaves_the_picture_as_it_is(square):
    lab = square()
    lab.settle()
    lab._typed("x", "nan")
    assert lab._face.page.waiting is None


def test_presets_question_reveal_and_steps(square):
    lab = square(power=3)
    lab.apply("two")
    lab.settle()
    assert lab.settings == {"x": 2.0, "power": 2}  # all others at their defaults
    assert "square of 2" in lab._face._question.value
    assert ">4<" not in lab._face._question.value
    lab.advance(1)  # first the answer,
    assert "4</p>" in lab._face._question.value
    lab.advance(1)  # then the next preset
    lab.settle()
    assert lab.result == (3.0, 9.0)
    lab.advance(1)
    lab.advance(1)
    lab.advance(1)  # stays at the last
    lab.settle()
    assert lab.result == (3.0, 27.0)
    lab.advance(-1)
    lab.settle()
    assert lab.result == (3.0, 9.0)
    with pytest.raises(InvalidParameter, match="did you mean 'three'"):
        lab.apply("thre")


def test_renew_computes_again_though_no_setting_changes(square):
    lab = square(x=2)
    lab.settle()
    before = lab.result
    lab.renew(x=2.0)
    lab.settle()
    assert lab.result is not before
    assert lab.result == before
    lab.renew(x=3.0)
    lab.settle()
    assert lab.result == (3.0, 9.0)
    lab.undo()
    assert lab.x == 2.0


def test_the_preset_on_screen_is_marked_until_a_setting_changes(square):
    lab = square()
    lab.apply("two")
    assert [button.button_style for button in lab._face._presets.values()] == ["info", "", ""]
    lab.x = 2.5
    assert [button.button_style for button in lab._face._presets.values()] == ["", "", ""]


def test_pin_keeps_a_result_behind_the_next(square):
    lab = square(x=2)
    lab.settle()
    lab.pin()
    lab.x = 3
    lab.settle()
    assert point(lab) == [(3.0, 9.0), (2.0, 4.0)]
    lab.unpin()
    assert point(lab) == [(3.0, 9.0)]


def test_undo_takes_back_one_change_at_a_time(square):
    lab = square()
    lab.x = 3
    lab.power = 3
    lab.apply("two")
    seen = []
    for _ in range(4):
        lab.undo()
        seen.append((lab.x, lab.power))
    assert seen == [(3.0, 3), (3.0, 2), (1.0, 2), (1.0, 2)]


def test_reset_goes_back_to_how_the_lab_opened_and_can_be_undone(square):
    lab = square(x=4)
    lab.settle()
    lab.pin()
    lab.apply("cube")
    lab.reset()
    lab.settle()
    assert (lab.settings, point(lab)) == ({"x": 4.0, "power": 2}, [(4.0, 16.0)])
    assert lab._face._question_box.layout.display == "none"
    lab.undo()
    assert lab.settings == {"x": 3.0, "power": 3}


def test_code_follows_the_settings(square):
    lab = square(x=2)
    assert lab.code() == "print(2.0 ** 2)"
    lab._face.show_code.value = True
    lab.x = 3
    assert "print(3.0 ** 2)" in lab._face._code.value
    lab._face.show_code.value = False
    assert lab._face._code.value == ""


def test_links(square):
    lab = square(x=2.5)
    assert lab.query() == "x=2.5"
    other = type(lab).from_query("x=99&power=3&foo=1")
    try:
        assert other.settings == {"x": 10.0, "power": 3}
        assert "x = 99" in other.message
    finally:
        other.close()
    lab._face.page.query = "power=1&x=5"  # what the page reports when it was opened by a link
    lab.settle()
    assert lab.result == (5.0, 5.0)


def test_the_page_steps_and_reports_on_links(square):
    lab = square()
    lab._on_event({"event": "step", "by": 1})
    assert lab.x == 2.0
    lab._on_event({"event": "copied", "link": "http://x/?x=2"})
    assert lab.message == "Link copied: http://x/?x=2"
    for nonsense in ({}, {"event": "step", "by": 10**9}, {"event": ["step"]}, {"event": "copied", "link": 3}):
        lab._on_event(nonsense)
    assert lab.x == 2.0


def test_html_in_a_message_is_text(square):
    lab = square()
    lab._typed("x", "<img src=x onerror=alert(1)>")
    assert "<img" not in lab._face._message.value
    assert "&lt;img" in lab._face._message.value
    lab._face.page.width = 500
    lab.settle()
    assert "&amp; that&#x27;s" in lab._face._text.value


def test_typing_a_value(square):
    lab = square()
    lab._typed("x", "nan")
    assert lab.message == "x = nan is not a number: choose a number from 0 to 10."
    lab._typed("x", "2.25")
    lab.settle()
    assert (lab.message, lab.result) == ("", (2.25, 5.0625))


@pytest.mark.parametrize("act", ["reset", "undo", "preset"])
def test_what_was_typed_and_refused_is_taken_back(square, act):
    lab = square()
    if act == "preset":
        lab.apply("two")
    lab._face.page.width = 500
    lab.settle()
    before = lab.settings
    box = lab._controls["x"].widget.children[1]
    box.value = "nan"
    assert (box.value, lab.message.startswith("x = nan")) == ("nan", True)  # there to be mended
    lab.apply("two") if act == "preset" else getattr(lab, act)()
    assert (lab.settings, lab.message) == (before, "")
    assert box.value == lab.parameters()["x"].text(before["x"])


def test_callbacks_from_many_threads(square):
    """JupyterLab calls back on subshell threads, several at once."""
    lab = square()
    lab._face.page.width = 400
    failures = []

    def fiddle(seed):
        try:
            for step in range(25):
                lab._moved("x", float((seed + step) % 6))
                lab._set_pin(step % 3 == 0)
                lab._face.page.width = 400 + (seed * step) % 300
                lab.advance(1 if step % 2 else -1)
        except Exception as error:  # noqa: BLE001 - the test fails below, in its own thread
            failures.append(error)

    threads = [threading.Thread(target=fiddle, args=(seed,)) for seed in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    lab._set_pin(False)
    lab.x = 4.0
    lab.power = 2
    lab.settle()
    assert failures == []
    assert point(lab) == [(4.0, 16.0)]


def test_close_leaves_nothing_behind(square):
    before = set(w.widget._instances)
    lab = square()
    lab._face.page.width = 500
    lab.settle()
    thread = lab._worker._thread
    lab.close()
    lab.close()
    thread.join()
    assert set(w.widget._instances) - before == set()
    assert lab.figure.axes == []


def test_the_first_frame_waits_for_a_page(square):
    """Nobody looks before a page has said how wide it is: a frame drawn then would be drawn for nothing."""
    lab = square()
    lab.settle()
    assert not lab._picture._now._kept
    lab._face.page.width = 508
    assert lab._picture.size == (500, 250)
    assert [*lab._picture._now._kept] == [(500, 250)]


def test_memory_is_given_back_after_a_picture_that_the_page_has_asked_for(square, monkeypatch):
    given_back = threading.Semaphore(0)
    monkeypatch.setattr("trainingwheels.labs.base.live.QUIET", 0.01)
    monkeypatch.setattr("trainingwheels.labs.base.live.give_back_memory", given_back.release)
    lab = square()
    lab.settle()
    assert given_back.acquire(timeout=60)  # after the computation
    lab._face.page.width = 508  # nothing is computed
    assert given_back.acquire(timeout=60)


def test_what_a_page_may_have_missed_while_it_was_made_is_told_again_once(square, monkeypatch):
    lab, told = square(), []
    lab.settle()
    monkeypatch.setattr(type(lab._face.page), "send_state", lambda page, key=None: told.append(key))
    for width in (900, 800):
        lab._face.page.width = width
        assert told.count(("waiting", "held")) == 1
