"""What is passed and found, as a link writes it and reads it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainingwheels.engine import LOSSES, InvalidSetting
from trainingwheels.engine.steps.patients import PATIENTS, REPAIRS
from trainingwheels.labs.seven_steps.progress import MOST, PASSED, Progress

HEALTHY = ("healthy", "none", "softmax", "")
NUMBERS = st.floats(1e-6, 1e5).map(lambda value: float(f"{value:.3g}"))
CASES = st.tuples(*(st.sampled_from(list(table)) for table in (PATIENTS, REPAIRS, LOSSES, ("", "8", "64"))))
STEPS = st.tuples(CASES, st.integers(1, 7), st.lists(NUMBERS, max_size=2).map(tuple))


def read(text):
    return PASSED.domain.read("passed", text)


@given(st.lists(STEPS, max_size=MOST))
def test_what_a_link_has_written_it_reads(steps):
    progress, other = Progress(), Progress()
    for each in steps:
        progress.add(*each)
    other.take_back(read(",".join(map(str, progress.cases))))
    assert all(other.of(case) == progress.of(case) for case, *_ in steps)


def test_defaults_are_left_out_and_the_latest_cases_kept():
    progress = Progress()
    for step, found in ((2, ()), (4, (0.05, 1e-5)), (1, ())):
        assert progress.add(HEALTHY, step, found)
    assert not progress.add(HEALTHY, 2, ())
    progress.add(("healthy", "none", "hinge", ""), 1, ())
    assert [*map(str, progress.cases)] == ["healthy_1_2_4~0.05~1e-5", "healthy~none~hinge_1"]
    for patient in PATIENTS:
        for repair in REPAIRS:
            progress.add((patient, repair, "hinge", "16"), 1, ())
    assert len(progress.cases) == MOST
    assert len(",".join(map(str, progress.cases))) < 500


def test_what_is_newer_stays():
    progress = Progress()
    progress.add(HEALTHY, 3, (0.1,))
    progress.take_back(read("healthy_1_3~0.01"))
    assert progress.of(HEALTHY) == {1: (), 3: (0.1,)}


@pytest.mark.parametrize(
    "text",
    [
        "healthy", "_1", "nobody_1", "healthy~nothing_1", "a~none~soft_1", "a~none~hinge~x_1",
        "a~none~hinge~8~8_1", "a~none~hinge~100_1", "a~none~hinge~0_1", "a_8", "a_12", "a_3~",
        "a_3~x", "a_3~1~2~3", "a_3~-1", "a_3~1e400", "a_3~1e9", "a_3~..", "<b>_1",
    ],
)  # fmt: skip
def test_anything_else_is_refused_in_a_line(text):
    with pytest.raises(InvalidSetting) as refused:
        read(text)
    assert "\n" not in str(refused.value)
    assert "choose" in str(refused.value)


def test_the_words_name_what_was_found_and_what_is_next():
    progress, steps = Progress(), {1: "1 loss", 2: "2 sample"}
    assert progress.words(HEALTHY, steps) == "No step passed yet. Next: 1 loss."
    progress.add(HEALTHY, 1, (0.1, 1e-5))
    assert progress.words(HEALTHY, steps) == "Passed: 1 (lr 0.1, λ 1e−5). Next: 2 sample."
    progress.add(HEALTHY, 2, ())
    assert progress.words(HEALTHY, steps).endswith("All seven.")
