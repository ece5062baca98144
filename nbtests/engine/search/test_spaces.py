"""Ranges: what they refuse, how a scale is cut into equal parts, and the sides of a grid."""

import json
import math

import pytest

from trainingwheels.engine import InvalidSetting
from trainingwheels.engine.search import Choices, LogUniform, Uniform
from trainingwheels.engine.search.spaces import grid_shape, inside, outside, space_from, space_to

SPACE = {"lr": LogUniform(1e-4, 1.0), "dropout": Uniform(0, 0.5), "hidden": Choices((32,), (64, 64))}


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Uniform(1, 1), "low = high = 1 is an empty range"),
        (lambda: Uniform(2, 1), r"low = 2 is above high = 1: write Uniform\(1, 2\)"),
        (lambda: LogUniform(1, 1e-4), r"write LogUniform\(0.0001, 1\)"),
        (lambda: LogUniform(0, 1), "low = 0 has no logarithm: choose a number above 0"),
        (lambda: LogUniform(-1, 1), "low = -1 has no logarithm"),
        (lambda: Uniform(0, math.inf), "high = inf is not a finite number"),
        (lambda: Uniform("0", 1), "low = '0' is not a finite number"),
        (lambda: Choices(), "leave nothing to choose from"),
        (lambda: Choices(1, 2, 1), "have 1 twice"),
    ],
)
def test_what_cannot_be_is_refused_in_one_line(make, message):
    with pytest.raises(InvalidSetting, match=message) as refusal:
        make()
    assert "\n" not in str(refusal.value)


def test_options_are_given_one_by_one_or_as_a_list():
    assert Choices(16, 32) == Choices([16, 32]) == Choices((16, 32))
    assert Choices((16,), (32, 32)).options == ((16,), (32, 32))


@pytest.mark.parametrize("among", [Uniform(-2, 3), LogUniform(1e-4, 1.0), Choices("a", "b", "c")])
def test_a_grid_lies_in_the_middle_of_equal_parts(among):
    assert [among.share(value) for value in among.grid(3)] == pytest.approx([1 / 6, 1 / 2, 5 / 6])
    assert [among.at(among.share(value)) for value in among.grid(3)] == pytest.approx(among.grid(3), abs=1e-12)


def test_a_logarithmic_scale_has_its_ends():
    assert [LogUniform(1e-4, 1.0).at(share) for share in (0, 1)] == pytest.approx([1e-4, 1.0])
    assert LogUniform(1e-4, 1.0).at(0.5) == pytest.approx(1e-2)


@pytest.mark.parametrize(
    ("ranges", "trials", "shape"),
    [
        (2, 9, (3, 3)),
        (2, 24, (6, 4)),
        (1, 7, (7,)),
        (2, 7, (3, 2)),
        (2, 60, (10, 6)),
        (3, 27, (3, 3, 3)),
        (2, 1, (1, 1)),
    ],
)
def test_a_grid_is_as_large_and_as_square_as_its_budget_allows(ranges, trials, shape):
    assert grid_shape({str(place): Uniform(0, 1) for place in range(ranges)}, trials) == shape


def test_a_grid_tries_every_option():
    assert grid_shape(SPACE, 18) == (3, 3, 2)
    assert grid_shape({"a": Choices(1, 2, 3), "b": Choices(1, 2)}, 100) == (3, 2)


def test_a_grid_of_a_million_points_is_refused_with_the_count():
    hundred = Choices(range(100))
    with pytest.raises(InvalidSetting, match="grid of 1,000,000 points"):
        grid_shape({"a": hundred, "b": hundred, "c": hundred}, 24)
    with pytest.raises(InvalidSetting, match="grid of 1,000,000 points"):
        grid_shape({"a": Uniform(0, 1), "b": Uniform(0, 1)}, 10**6)
    with pytest.raises(InvalidSetting, match="trials = 24 is less than the grid's 100 points"):
        grid_shape({"a": hundred}, 24)


def test_a_space_survives_being_written_down():
    space = SPACE | {"batch_size": Choices(32), "conv": Choices([(8, 8)])}
    assert space_from(json.loads(json.dumps(space_to(space)))) == space
    params = {"lr": 0.1, "dropout": 0.2, "hidden": (64, 64)}
    assert inside(SPACE, params)["hidden"] == 1
    assert outside(SPACE, inside(SPACE, params)) == params
