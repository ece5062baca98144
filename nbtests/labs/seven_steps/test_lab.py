"""The workshop: what has been passed is kept for each patient and repair, and said above the picture."""

from nbtests.labs.using import change, trained


def test_what_is_passed_is_kept_and_the_next_step_named(make):
    lab = make()
    assert (lab.passed, lab._progress.value) == ([1], "Passed: 1. Next: 2 small sample.")
    lab.show = "overfit"
    trained(lab)
    assert lab._progress.value == "Passed: 1, 2. Next: 3 learning rate."
    change(lab, show="initial", patient="a")
    assert (lab.passed, lab._progress.value) == ([], "No step passed yet. Next: 1 initial loss.")
    change(lab, repair="initialization")
    assert lab.passed == [1]
    change(lab, patient="healthy", repair="none")
    assert lab.passed == [1, 2]


def test_the_steps_are_numbered_as_they_stand(make):
    lab = make()
    assert [view.step for view in lab.views] == [1, 2, 3, 3, 4, 5, 6, 7]
    assert [view.label.split()[0] for view in lab.views] == [str(view.step) for view in lab.views]
