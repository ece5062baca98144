"""Short names that keep the part in which they differ."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainingwheels.figures.names import brief_names, differing_parts, without_shared_ends


@pytest.mark.parametrize(
    ("names", "short"),
    [
        (["inc.double_conv.2", "inc.double_conv.5", "up1.conv.double_conv.2"], ["inc…2", "inc…5", "up1…"]),
        (["body.block.1", "body.block.12"], ["….1", "….12"]),
        (["features.1", "classifier.4"], ["features…", "classifier…"]),
        (["one", "two"], ["one", "two"]),
        (["encoder.layers.0.activation"], ["encoder.layers.0.activation"]),
        (["layer1.0.relu", "layer1.0.relu (2)", "layer2.0.relu"], ["layer1…relu", "layer1…relu (2)", "layer2…"]),
    ],
)
def test_what_all_have_in_common_is_left_out(names, short):
    assert differing_parts(names) == short


@pytest.mark.parametrize(
    ("names", "short"),
    [
        (["resnet_lr0.1_wd0", "resnet_lr0.01_wd0"], ["…lr0.1…", "…lr0.01…"]),
        (["lr 0.1", "lr 0.12"], ["…0.1", "…0.12"]),
        (["a run", "a run, longer"], ["…run", "…run, longer"]),
        (["one", "two"], ["one", "two"]),
        (["alone"], ["alone"]),
    ],
)
def test_words_that_all_begin_or_end_with_are_left_out(names, short):
    assert without_shared_ends(names) == short


@pytest.mark.parametrize(
    ("room", "short"),
    [
        (30, ["encoder.wide_conv.2", "encoder.wide_conv.5", "decoder.wide_conv.2"]),
        (9, ["encoder…2", "encoder…5", "decoder…"]),
        (8, ["…ncoder…2", "…ncoder…5", "…decoder…"]),
        (1, ["", "", ""]),
    ],
)
def test_a_name_is_cut_as_far_as_the_room_asks(room, short):
    names = ["encoder.wide_conv.2", "encoder.wide_conv.5", "decoder.wide_conv.2"]
    found = brief_names(names, lambda text: len(text) <= room)
    assert all(len(text) <= room for text in found)
    if room != 8:
        assert found == short
    assert len(set(found)) == (3 if room > 1 else 1)


names = st.lists(
    st.lists(st.sampled_from(["layer", "conv_block", "0", "1", "relu"]), min_size=1, max_size=5), max_size=8
)


@given(names, st.integers(0, 30), st.sampled_from([differing_parts, without_shared_ends]))
def test_names_that_differ_never_look_alike(paths, room, forms):
    full = [".".join(path) for path in paths]
    short = brief_names(full, lambda text: len(text) <= room, forms)
    assert all(len(text) <= room for text in short)
    if any(short):
        assert len(set(short)) == len(set(full))


def test_with_room_names_stay_whole():
    full = ["a.b.c", "a.b.d", "a"]
    assert brief_names(full, lambda _: True) == full
