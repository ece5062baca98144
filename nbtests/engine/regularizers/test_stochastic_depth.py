import numpy as np
import pytest

from trainingwheels.engine import InvalidSetting
from trainingwheels.engine.regularizers import survival


def test_it_falls_linearly_to_the_last_as_in_the_paper():
    p = survival(54, 0.5)  # 54 blocks, which is the paper's net of 110 layers
    assert p.shape == (54,)
    assert p[-1] == 0.5
    assert p[0] == pytest.approx(1 - 1 / 108)
    np.testing.assert_allclose(np.diff(p), -1 / 108)
    assert p.sum() == pytest.approx((3 * 54 - 1) / 4)  # the expected depth that the paper gives, 40


def test_blocks_that_always_survive():
    assert (survival(3, 1) == 1).all()


@pytest.mark.parametrize(
    ("blocks", "last", "words"),
    [
        (0, 0.5, "blocks = 0"), (2.5, 0.5, "blocks = 2.5 is not a whole number"), ("a", 0.5, "blocks = 'a'"),
        (3, 0, "last = 0 never lets"), (3, 1.5, "last = 1.5 is out of range"), (3, float("nan"), "last = nan"),
    ],
)  # fmt: skip
def test_bad_input_is_one_clear_line(blocks, last, words):
    with pytest.raises(InvalidSetting, match=words) as refused:
        survival(blocks, last)
    assert "choose" in str(refused.value)
