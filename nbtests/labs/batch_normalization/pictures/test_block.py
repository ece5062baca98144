"""The block: what is normalized together has one colour."""

import numpy as np
import pytest

from nbtests.figures.made_runs import made_picture
from nbtests.labs.batch_normalization.pictures.made_layers import layer
from trainingwheels.labs.batch_normalization.pictures.normalization import NormalizedLayerPicture

BLUES = ("0072B2", "4C9CCB", "005A8C")  # of cells on the front, on top and on the right


@pytest.mark.parametrize(
    ("kind", "front", "top", "right"), [("batch", 6, 2, 12), ("layer", 6, 12, 2), ("instance", 1, 2, 2)]
)
def test_the_block_colours_what_is_normalized_together(kind, front, top, right):
    """Of 6 examples and units and 2 positions, on the three faces that one sees."""
    picture = made_picture(NormalizedLayerPicture, 960)
    picture.update(layer(kind, positions=2))
    faces = picture._block._faces.get_facecolor()[:, :3]
    found = [int((np.rint(255 * faces) == list(bytes.fromhex(color))).all(axis=1).sum()) for color in BLUES]
    assert found == [front, top, right]
