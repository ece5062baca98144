"""Units removed: in each order, by the buttons and by hand; and the script."""

import pytest

from nbtests.labs.dropout.conftest import FEW
from nbtests.labs.using import change, run
from nbtests.words import numbers


def test_buttons_remove_and_put_back(make):
    lab = make(show="removal", removed=0, **FEW)
    for count in (1, 2):
        lab.view.remove_one()
        lab.settle()
        assert (lab.removed, len(lab.result.gone[0])) == (count, count)
    change(lab, order="hand")
    for count in range(1, 33):
        lab.view.remove_one()
        assert len(set(lab.by_hand)) == count
    lab.view.remove_one()
    lab.settle()
    assert sorted(lab.by_hand) == list(range(1, 33))
    assert lab.result.left[0] == pytest.approx(lab.result.curves[0][-1])


def test_by_hand_both_nets_lose_the_same_numbers(make):
    result = make(show="removal", order="hand", by_hand=(3, 17), **FEW).result
    assert [gone.tolist() for gone in result.gone] == [[2, 16], [2, 16]]


@pytest.mark.parametrize("order", ["random", "worst", "hand"])
@pytest.mark.parametrize("net", [0, 1])
def test_a_click_takes_a_unit_away_and_another_puts_it_back(make, order, net):
    lab = make(show="removal", order=order, removed=8, by_hand=(3, 17), **FEW)
    before = sorted(lab.result.gone[net].tolist())
    (unit,) = [unit for unit in range(32) if unit not in before][:1]
    for gone in (sorted([*before, unit]), before):
        lab._begin_drag()
        lab._drag((net, unit), (net, unit))
        lab.settle()
        assert lab.order == "hand"
        assert [sorted(each.tolist()) for each in lab.result.gone] == [gone, gone]
    lab._begin_drag()
    lab._drag((net, unit), (1 - net, unit))
    lab.settle()
    assert sorted(lab.result.gone[0].tolist()) == before


@pytest.mark.parametrize("order", ["random", "worst"])
def test_the_mark_lies_on_the_curve_of_the_order(make, order):
    result = make(show="removal", order=order, removed=8, **FEW).result
    place = result.nets[0].counts.tolist().index(8)
    for net, left in zip(result.nets, result.left, strict=True):
        curve = net.worst if order == "worst" else net.at_random[0]
        assert left == pytest.approx(curve[place])


def test_what_all_orders_lose_is_told_beside_what_one_does(make):
    lab = make(show="removal", order="random", removed=8, **FEW)
    place = lab.result.nets[0].counts.tolist().index(8)
    lost = [100 * (net.at_random[:, 0] - net.at_random[:, place]).mean() for net in lab.result.nets]
    assert numbers("On average over the 20 orders it is # and # points.", lab.text) == pytest.approx(lost, abs=0.06)
    change(lab, order="worst")
    assert "On average" not in lab.text


def test_the_script(make):
    """With every unit kept its net is the lab's, up to rounding; it removes what the lab does."""
    lab = make(show="removal", keep=1.0, order="hand", by_hand=(1, 2, 9), **FEW)
    names = run(lab)
    assert names["removed"] == [0, 1, 8]
    assert names["whole"] == pytest.approx(lab.result.nets[1].worst[0], abs=0.02)
    assert names["without"] == pytest.approx(lab.result.left[1], abs=0.02)
