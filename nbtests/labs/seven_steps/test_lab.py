"""The workshop: what has been passed is kept for each patient and repair, and said above the picture."""

from urllib.parse import unquote

from nbtests.labs.using import change, trained


def test_what_is_passed_is_kept_and_the_next_step_named(make):
    lab = make()
    assert (lab.passed, lab._so_far.value) == ([1], "Passed: 1. Next: 2 small sample.")
    lab.show = "overfit"
    trained(lab)
    assert lab._so_far.value == "Passed: 1, 2. Next: 3 learning rate."
    change(lab, show="initial", patient="a")
    assert (lab.passed, lab._so_far.value) == ([], "No step passed yet. Next: 1 initial loss.")
    change(lab, repair="initialization")
    assert lab.passed == [1]
    change(lab, patient="healthy", repair="none")
    assert lab.passed == [1, 2]


def test_a_net_with_a_convolution_is_another(make):
    lab = make()
    lab.set(conv=(8,), show="overfit")
    lab.settle()
    assert "The first layer's 8 filters see 3 x 3 pixels" in lab.text
    assert (lab.passed, lab._so_far.value) == ([], "No step passed yet. Next: 1 initial loss.")
    trained(lab)
    assert lab.passed == [2]
    assert "passed=healthy_1,healthy~none~softmax~8_2" in unquote(lab.query())
    lab.set(conv=())
    lab.settle()
    assert lab.passed == [1]


def test_the_steps_are_numbered_as_they_stand(make):
    lab = make()
    assert [view.step for view in lab.views] == [1, 2, 3, 3, 4, 5, 6, 7]
    assert [view.label.split()[0] for view in lab.views] == [str(view.step) for view in lab.views]


def test_a_link_brings_back_what_has_been_passed_and_found(make):
    lab = make(show="overfit")
    lab._progress.add(lab._case, 3, (0.1,))
    lab._progress.add(("a", "initialization", "softmax", ""), 1, ())
    other = type(lab).from_query(lab.query())
    try:
        other.settle()
        assert (other.passed, other.settings, other.message) == ([3], lab.settings, "")
        assert other._so_far.value == "Passed: 3 (lr 0.1). Next: 1 initial loss."
        other.set(patient="a", repair="initialization")
        assert other.passed == [1]
    finally:
        other.close()


def test_a_link_of_before_is_good_and_a_bad_one_gets_a_line(make):
    lab = make()
    lab._open("show=overfit")
    assert (lab.show, lab.message) == ("overfit", "")
    lab._open("show=initial&passed=healthy_8")
    assert lab.message.startswith("From the link: passed[0] = 'healthy_8' is not what this lab writes: choose")
    lab.settle()
    assert (lab.show, lab.passed) == ("initial", [1])


def test_what_is_found_is_what_the_step_shows(make):
    lab = make(show="rates")
    result = trained(lab)
    best = result.lines[0].x[result.lines[0].y.argmin()]
    assert lab._progress.of(lab._case)[3] == (best,)
    assert f"(lr {best:g})" in lab._so_far.value
