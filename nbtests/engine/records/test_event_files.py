"""Event files: all kinds of numbers in a tensor, files that end too soon, and TensorBoard's own reader beside ours."""

import struct
import warnings

import numpy as np
import pytest

from nbtests.engine.records.test_files import FROM_TENSORBOARD
from trainingwheels.engine import InvalidSetting
from trainingwheels.engine.records.event_files import Scalar, read_events, write_events
from trainingwheels.engine.records.event_files import _bytes as field
from trainingwheels.engine.records.event_files import _record as record
from trainingwheels.engine.records.event_files import _varint as varint


def event(tensor):
    """An event file with one tensor at step 7."""
    value = field(1, b"loss") + field(8, tensor)
    return record(b"\x10" + varint(7) + field(5, field(1, value)))


def kind(code):
    return b"\x08" + varint(code)


@pytest.mark.parametrize(
    ("tensor", "value"),
    [
        (kind(1) + field(4, struct.pack("<f", 0.5)), 0.5),
        (kind(2) + field(4, struct.pack("<d", 0.5)), 0.5),
        (kind(2) + field(6, struct.pack("<d", 0.5)), 0.5),
        (kind(19) + field(4, struct.pack("<e", 0.5)), 0.5),
        (kind(19) + field(13, varint(int.from_bytes(struct.pack("<e", 0.5), "little"))), 0.5),
        (kind(14) + b"\x68" + varint(0x3F00), 0.5),  # a bfloat16, not packed
        (kind(3) + field(4, struct.pack("<i", -3)), -3),
        (kind(3) + field(7, varint(2**64 - 3)), -3),
        (kind(9) + field(10, varint(12)), 12),
        (kind(23) + field(17, varint(12)), 12),
        (kind(10) + field(11, b"\x01"), 1),
    ],
)
def test_a_tensor_of_one_number(tensor, value):
    assert read_events(event(tensor), "x").scalars == [Scalar("loss", 7, value)]


@pytest.mark.parametrize(
    "tensor", [kind(1) + field(4, bytes(8)), kind(7) + field(8, b"words"), kind(3) + field(7, b"\1\2"), kind(99), b""]
)
def test_a_tensor_of_anything_else_is_no_scalar(tensor):
    with pytest.raises(InvalidSetting, match="no scalar in it"):
        read_events(event(tensor), "x")


@pytest.mark.parametrize("end", [1, 4, 20, 41])
def test_a_file_that_ends_within_a_record_gives_all_before_it(end):
    data = write_events(Scalar("loss", step, 1.0) for step in range(3))
    scalars, notes = read_events(data[:-end], "x")
    assert [scalar.step for scalar in scalars] == [0, 1]
    assert notes == (f"the file ends within the record at byte {len(data) - 42:,}",)


# TensorBoard's own reader ---------------------------------------------------------------------------------------------


def theirs(path):
    """What TensorBoard reads in an event file: (tag, step, value)."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of its own imports
        loader = pytest.importorskip("tensorboard.backend.event_processing.event_file_loader")
        tensors = pytest.importorskip("tensorboard.util.tensor_util")
        return [
            Scalar(value.tag, found.step, float(tensors.make_ndarray(value.tensor)))
            for found in loader.EventFileLoader(str(path)).Load()
            for value in found.summary.value
        ]


def same(path):
    ours, expected = read_events(path.read_bytes(), path.name).scalars, theirs(path)
    assert [scalar[:2] for scalar in ours] == [scalar[:2] for scalar in expected]
    np.testing.assert_array_equal([scalar.value for scalar in ours], [scalar.value for scalar in expected])
    return ours


def test_tensorboard_reads_what_we_write_and_we_what_it_wrote(tmp_path):
    scalars = [Scalar(tag, step, value) for step in range(20) for tag, value in (("loss", 2 / (step + 1)), ("lr", 0.1))]
    scalars += [Scalar("loss", 20, float("nan")), Scalar("loss", 21, float("inf"))]
    for number, data in enumerate((write_events(scalars), FROM_TENSORBOARD)):
        path = tmp_path / f"events.out.tfevents.{number}"
        path.write_bytes(data)
        assert same(path)


def test_both_keep_what_was_written_before_an_earlier_step(tmp_path):
    path = tmp_path / "events.out.tfevents.1"
    path.write_bytes(write_events(Scalar("loss", step, float(step)) for step in (1, 2, 3, 4, 2, 3)))
    assert [scalar.step for scalar in same(path)] == [1, 2, 3, 4, 2, 3]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        accumulator = pytest.importorskip("tensorboard.backend.event_processing.event_accumulator")
        shown = accumulator.EventAccumulator(str(path)).Reload()
        steps = [found.step for found in shown.Scalars("loss")]
    assert steps == [1, 2, 3, 4, 2, 3]


def test_both_stop_where_a_file_was_cut(tmp_path):
    data = write_events(Scalar("loss", step, 1 / (step + 1)) for step in range(5))
    for end in (1, 3, 10, 30, 43, 60):
        path = tmp_path / f"events.out.tfevents.{end}"
        path.write_bytes(data[:-end])
        assert len(same(path)) == (4 if end <= 42 else 3)


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64", "int8", "int32", "int64", "uint8", "bool"])
def test_both_read_tensors_of_all_kinds_alike(tmp_path, dtype):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        protos = pytest.importorskip("tensorboard.compat.proto.event_pb2")
        tensors = pytest.importorskip("tensorboard.util.tensor_util")
    payload = b""
    for step, number in enumerate(np.array([0, 1, 3]).astype(dtype)):
        found = protos.Event(step=step)
        value = found.summary.value.add(tag="loss", tensor=tensors.make_tensor_proto(number))
        value.metadata.plugin_data.plugin_name = "scalars"
        payload += record(found.SerializeToString())
    path = tmp_path / "events.out.tfevents.1"
    path.write_bytes(payload)
    assert [scalar.value for scalar in same(path)] == [float(np.array(each).astype(dtype)) for each in (0, 1, 3)]
