"""Labs of data augmentation that are closed when their test ends, and a photograph to bring."""

import io
from functools import partial

import numpy as np
import pytest
from PIL import Image

from trainingwheels.labs.data_augmentation.lab import DataAugmentation


@pytest.fixture
def make(settled):
    return partial(settled, DataAugmentation)


@pytest.fixture
def stripes():
    """A PNG of 300 x 200 pixels: three stripes, red, green and blue."""
    pixels = np.repeat(np.eye(3, dtype=np.uint8) * 255, 100, axis=0)[None].repeat(200, axis=0)
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG")
    return file.getvalue()
