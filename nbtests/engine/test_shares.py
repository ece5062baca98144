import numpy as np
import pytest

from trainingwheels.engine.shares import beside, in_percent, reaches


@pytest.mark.parametrize(
    ("share", "decimals", "text"),
    [
        (0.3, 0, "30 %"), (0.9998, 2, "99.98 %"), (-0.005, 1, "−0.5 %"), (0.0, 0, "0 %"), (1.0, 1, "100.0 %"),
        (-4e-4, 1, "0.0 %"),
    ],
)  # fmt: skip
def test_a_share_is_in_percent_with_a_space(share, decimals, text):
    assert in_percent(share, decimals) == text


@pytest.mark.parametrize(
    ("share", "bound", "text"),
    [
        (0.3, 0.3, "30 %"), (0.2996, 0.3, "29.96 %"), (0.9998, 0.3, "99.98 %"), (1.0, 0.3, "100 %"), (0.0, 0.3, "0 %"),
        (0.005, 0.3, "0.5 %"),  # half a per cent is written 0 %, and is more
    ],
)  # fmt: skip
def test_beside_a_bound_one_sees_on_which_side_a_share_lies(share, bound, text):
    assert beside(share, bound) == text
    assert reaches(share, bound) == (share >= bound)


def test_a_share_of_float32_reaches_its_bound():
    assert reaches(float(np.float32(342 / 360)), 0.95)
