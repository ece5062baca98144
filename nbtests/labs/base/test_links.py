"""Links: what a lab writes it reads; what anybody else writes is checked, clamped, or left out."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainingwheels.labs.base.links import read_query, write_query
from trainingwheels.labs.weight_initialization.lab import WeightInitialization

PARAMETERS = WeightInitialization.parameters()
DEFAULTS = {name: parameter.default_value for name, parameter in PARAMETERS.items()}


def test_defaults_make_an_empty_link():
    assert write_query(DEFAULTS, DEFAULTS) == ""


@given(
    st.fixed_dictionaries(
        {
            "std": st.floats(1e-4, 1.0).map(lambda value: float(f"{value:.3g}")),
            "activation": st.sampled_from(PARAMETERS["activation"].table.keys()),
            "depth": st.integers(1, 100),
            "width": st.integers(16, 65_536),
            "batchnorm": st.booleans(),
            "seed": st.integers(0, 2**31 - 1),
        }
    )
)
def test_a_link_round_trips(settings):
    settings = {**DEFAULTS, **settings}
    read, notes = read_query(write_query(settings, DEFAULTS), PARAMETERS)
    assert notes == []
    assert {**DEFAULTS, **read} == settings


@given(st.text(max_size=300) | st.text(string.printable, max_size=300))
def test_no_text_whatever_raises_or_gets_a_bad_value_in(text):
    settings, notes = read_query(text, PARAMETERS)
    for name, value in settings.items():
        assert PARAMETERS[name].check(value) == value
    assert all("\n" not in note for note in notes)


@pytest.mark.parametrize(
    ("query", "settings", "says"),
    [
        ("std=99", {"std": 1.0}, "Using 1."),
        ("std=-3", {"std": 1e-4}, "Using 0.0001."),
        ("std=nan", {}, "not a number"),
        ("std=inf", {"std": 1.0}, "out of range"),
        ("std=", {}, "not a number"),
        ("std", {}, "not a number"),
        ("depth=3.7&std=0.05", {"std": 0.05, "depth": 4}, "whole number"),
        ("width=1e99", {"width": 65_536}, "out of range"),
        ("activation=tahn", {}, "did you mean 'tanh'"),
        ("<script>=1", {}, "not known"),
        ("__class__=1", {}, "not known"),
        ("std=0.05&std=0.1", {"std": 0.1}, ""),
        ("std=0.05&activation=re", {"std": 0.05}, "'relu'"),
        ("std=%ff", {}, "cannot be read"),
        ("a=1&" * 65, {}, "cannot be read"),
        ("std=0.05" + "0" * 3000, {}, "characters"),
    ],
)
def test_a_hostile_or_truncated_link_gives_one_line(query, settings, says):
    read, notes = read_query(query, PARAMETERS)
    assert read == settings
    assert says in "".join(notes[:1])


def test_secrets_of_the_page_around_are_neither_read_nor_repeated():
    assert read_query("token=s3cret&std=0.05&voila-template=x", PARAMETERS) == ({"std": 0.05}, [])
