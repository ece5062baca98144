"""Pipelines as kornia's code: each is executed, and spreads pictures about as much as the engine's own."""

import contextlib
import io

import numpy as np
import pytest

from trainingwheels.engine.augmentation import TRANSFORMS
from trainingwheels.engine.scripts.augmentation import pipeline_script


def run(script):
    names = {}
    with contextlib.redirect_stdout(io.StringIO()) as said:
        exec(compile(script, "script", "exec"), names)
    return names, said.getvalue()


@pytest.mark.parametrize("kind", ["geometry", "colour", "texture", "policy"])
def test_each_transform_has_its_code(kind):
    for name, transform in TRANSFORMS.items():
        if transform.kind != kind:
            continue
        names, said = run(pipeline_script(((name, transform.default),), 0, "shapes"))
        kornias, ours = (each.numpy().std(axis=0).mean() for each in (names["samples"], names["shown"].images))
        assert names["samples"].shape == (16, 3, 16, 16)
        assert np.isfinite(kornias)
        assert len(said.splitlines()) == 17
        if kind != "policy":  # of which kornia draws one for the whole batch
            assert ours / 3.5 < kornias < 3.5 * ours, name


def test_a_pipeline_of_several_on_a_photograph():
    steps = (("flip", 0.5), ("pca", 0.1), ("lens", 0.3), ("blur", 0.02))
    names, _ = run(pipeline_script(steps, 5, "cat"))
    assert names["samples"].shape == names["shown"].images.shape == (16, 3, 224, 224)
    assert [each.name for each in names["shown"].drawn] == [name for name, _ in steps]
