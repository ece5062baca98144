"""Domains check, read and clamp; every refusal is one line that names the value, what is allowed, and the fix."""

import math
from dataclasses import FrozenInstanceError, dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainingwheels.engine import ACTIVATIONS, DeepNet, InvalidSetting, propagate
from trainingwheels.engine.settings import Flag, ListOf, OneOf, Real, Settings, Table, Whole, setting

DOMAINS = [
    Real(-2.5, 7.0, "s"),
    Real(0, 1, high_open=True),
    Whole(3, 4096, "units"),
    Flag(),
    OneOf(ACTIVATIONS),
    ListOf(Whole(1, 9), 1, 3),
]
ANYTHING = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(), st.lists(st.integers()))


def refuse(function, *arguments, **keywords):
    with pytest.raises(InvalidSetting) as caught:
        function(*arguments, **keywords)
    message = str(caught.value)
    assert "\n" not in message
    assert len(message) < 300
    assert "choose" in message
    return message


def accept_or_refuse(take, domain, value):
    """The value as accepted must be accepted again; a refusal must be one line that tells what to choose."""
    try:
        accepted = take("x", value)
    except InvalidSetting:
        refuse(take, "x", value)
    else:
        assert domain.check("x", accepted) == accepted


@pytest.mark.parametrize("domain", DOMAINS, ids=lambda domain: type(domain).__name__)
@given(value=ANYTHING)
def test_a_domain_accepts_or_refuses_but_never_breaks(domain, value):
    accept_or_refuse(domain.check, domain, value)


@pytest.mark.parametrize("domain", DOMAINS, ids=lambda domain: type(domain).__name__)
@given(text=st.text(max_size=80))
def test_reading_text_accepts_or_refuses_but_never_breaks(domain, text):
    accept_or_refuse(domain.read, domain, text)


@pytest.mark.parametrize("domain", DOMAINS[:3], ids=lambda domain: type(domain).__name__)
@given(value=st.floats())
def test_clamping_ends_inside(domain, value):
    clamped = domain.clamp(value)
    assert domain.check("x", clamped) == clamped


def test_clamp_leaves_what_is_inside_and_finds_the_nearest_end():
    assert Real(0, 2).clamp(1.5) == 1.5
    assert Whole(1, 10).clamp(99) == 10
    assert OneOf(ACTIVATIONS).clamp("nonsense") == "sigmoid"
    assert ListOf(Whole(1, 9), 2, 3).clamp([0, 12, 5, 5]) == (1, 9, 5)
    assert ListOf(Whole(1, 9), 2, 3).clamp([4]) == (4, 4)
    assert Flag().clamp(1) is True


def test_a_comma_never_changes_a_number_in_silence():
    assert "1,500" in refuse(Real(0, 9999).read, "x", "1,500")
    assert "1,5" in refuse(Whole(1, 99).read, "depth", "1,5")
    assert "0,001" in refuse(Whole(1, 99).read, "depth", "0,001")


def test_text_is_read_as_people_write_it():
    assert Whole(1, 10_000).read("width", "4,096") == 4096
    assert Real(0, 1).read("std", "1e-2") == 0.01
    assert Real(0, 2).read("std", "1,5") == 1.5
    assert Real(0, 2).read("lr", "0,001") == 0.001
    assert Flag().read("batchnorm", "Yes") is True
    assert Flag().read("batchnorm", "off") is False
    assert ListOf(Whole(1, 9999), 2, 9).read("widths", "4096, 512,10") == (4096, 512, 10)


@pytest.mark.parametrize(
    ("keywords", "parts"),
    [
        ({"std": math.nan}, ["std = nan", "0 to 1000"]),
        ({"std": -0.1}, ["std = -0.1", "0 to 1000"]),
        ({"std": math.inf}, ["std = inf", "0 to 1000"]),
        ({"std": 1e300}, ["std = 1e+300", "0 to 1000"]),
        ({"std": "0.01"}, ["std = '0.01'", "not a number"]),
        ({"std": True}, ["std = True", "not a number"]),
        ({"widths": (100, 0, 10)}, ["widths[1] = 0", "1 to 10,000,000 units"]),
        ({"widths": (100, 2.5)}, ["widths[1] = 2.5", "whole number"]),
        ({"widths": (100,)}, ["widths has 1 entries", "2 to 1,001"]),
        ({"widths": 4096}, ["widths = 4096", "not a list"]),
        ({"activation": "rellu"}, ["activation = 'rellu'", "did you mean 'relu'?"]),
        ({"activation": None}, ["activation = None", "choose one of sigmoid"]),
        ({"initializer": "xaver"}, ["initializer = 'xaver'", "did you mean 'xavier'?"]),
        ({"dropout": 1.0}, ["dropout = 1.0", "below 1"]),
        ({"dropout": -0.1}, ["dropout = -0.1", "0 to below 1"]),
        ({"batchnorm": "maybe"}, ["batchnorm = 'maybe'", "True or False"]),
    ],
)
def test_a_net_refuses_what_makes_no_sense(keywords, parts):
    message = refuse(DeepNet, **keywords)
    assert all(part in message for part in parts), message


@pytest.mark.parametrize(
    ("keywords", "parts"),
    [
        ({"batch": 0}, ["batch = 0", "1 to 1,024 examples"]),
        ({"batch": 2000}, ["batch = 2000", "1 to 1,024 examples"]),
        ({"batch": "16"}, ["batch = '16'", "whole number"]),
        ({"seed": -1}, ["seed = -1", "from 0"]),
        ({"seed": None}, ["seed = None", "whole number"]),
        ({"method": "matrixfree"}, ["method = 'matrixfree'", "did you mean 'matrix-free'?"]),
    ],
)
def test_propagate_refuses_what_makes_no_sense(keywords, parts):
    message = refuse(propagate, DeepNet(widths=(4, 4)), **keywords)
    assert all(part in message for part in parts), message


@pytest.mark.parametrize("initializer", ["gaussian", "glorot_uniform"])
def test_dense_refuses_a_weight_matrix_that_would_fill_the_memory(initializer):
    net = DeepNet(widths=(16, 8192, 8193), initializer=initializer)
    method = "dense" if initializer == "gaussian" else "matrix-free"
    message = refuse(propagate, net, method=method)
    assert "8,192 x 8,193" in message
    assert "matrix-free" in message


def test_too_many_values_are_refused_with_a_batch_that_fits():
    message = refuse(propagate, DeepNet(widths=(1_000_000,) * 7), batch=64)
    assert "448,000,000 values" in message
    assert "a batch of 19" in message


def test_settings_are_frozen_equal_by_value_and_go_through_a_dict():
    net = DeepNet(widths=[30, 20], activation="relu", std=0.02)
    assert DeepNet.from_dict(net.to_dict()) == net
    assert hash(net) == hash(DeepNet(widths=(30, 20), activation="relu", std=0.02))
    assert net.depth == 1
    with pytest.raises(FrozenInstanceError):
        net.std = 1.0


def test_an_unknown_setting_is_refused_with_the_nearest_name():
    assert "did you mean 'dropout'?" in refuse(DeepNet.from_dict, {"drop_out": 0.5})


def test_a_hostile_value_is_shortened_to_one_line():
    assert "…" in refuse(DeepNet, activation="x\n" * 1000)


def test_none_is_allowed_only_where_it_is_the_default():
    @dataclass(frozen=True)
    class Knobs(Settings):
        a: float | None = setting(None, Real(0, 1), "a knob")
        b: float = setting(0.5, Real(0, 1), "another")

    assert Knobs().a is None
    assert "b = None" in refuse(Knobs, b=None)


def test_a_table_behaves_like_a_mapping():
    table = Table("activation", ACTIVATIONS.values())
    assert list(table) == table.keys() == [entry.name for entry in table.values()]
    assert len(table) == 9
    assert "relu" in table
    assert 3 not in table
    assert dict(table.items())["relu"] is ACTIVATIONS["relu"]


def test_unlisted_entries_are_found_and_not_offered():
    relu, gelu = ACTIVATIONS["relu"], ACTIVATIONS["gelu"]
    table = Table("activation", [relu], unlisted=[gelu])
    assert (list(table), "gelu" in table, table["gelu"]) == (["relu"], True, gelu)
    assert "gelu" not in refuse(OneOf(table).check, "activation", "gleu")
