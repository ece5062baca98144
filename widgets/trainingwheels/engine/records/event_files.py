"""TensorBoard's event files: scalar curves in and out, without TensorBoard, checked byte by byte.

A file is a row of TFRecords: length (uint64), masked CRC-32C of the length, payload, masked CRC-32C of the payload, all
little-endian. A payload is a protocol buffer ``Event`` (wall_time = 1, step = 2, file_version = 3, summary = 5); its
``Summary`` has values (1), each with tag (1) and simple_value (2), or as newer writers have it, tensor (8). Formats:
tensorflow/core/lib/io/record_writer.cc and tensorflow/core/framework/summary.proto. TensorBoard's own reader, against
which a test holds this one, would cost eleven packages and 170 MB, and gives Keras's scalars as raw tensors.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from trainingwheels.engine.settings import InvalidSetting, brief

__all__ = ["Events", "Scalar", "read_events", "write_events"]

MOST_SCALARS = 500_000  # of one file: more is no learner's run, and takes seconds to read
_HEADER, _FOOTER = struct.Struct("<QI"), struct.Struct("<I")
_FLOAT, _DOUBLE = struct.Struct("<f"), struct.Struct("<d")


class _Kind(NamedTuple):
    """A kind of number in a tensor: its type in ``tensor_content``, and the field that has it as a list otherwise."""

    dtype: str
    number: int
    packed: struct.Struct | None = None  # how the list is packed; None for varints, of which a half is the bits


_KINDS = {  # tensorflow/core/framework/types.proto and tensor.proto
    1: _Kind("<f4", 5, _FLOAT),
    2: _Kind("<f8", 6, _DOUBLE),
    3: _Kind("<i4", 7),
    4: _Kind("<u1", 7),
    5: _Kind("<i2", 7),
    6: _Kind("<i1", 7),
    9: _Kind("<i8", 10),
    10: _Kind("?", 11),
    14: _Kind("bfloat16", 13),
    17: _Kind("<u2", 7),
    19: _Kind("<f2", 13),
    22: _Kind("<u4", 16),
    23: _Kind("<u8", 17),
}


class Scalar(NamedTuple):
    """One value of the curve ``tag``."""

    tag: str
    step: int
    value: float


class Events(NamedTuple):
    """What an event file holds: its scalars in its order, and in a few words what of it was left out."""

    scalars: list[Scalar]
    notes: tuple[str, ...] = ()


class _Damaged(Exception):
    """The bytes are not what the format wants; the message says which."""


# CRC-32C (Castagnoli), RFC 3720, eight bytes at a time: the tables say what a byte does to the rest -------------------


@lru_cache(maxsize=1)
def _tables() -> tuple[tuple[int, ...], ...]:
    first = []
    for byte in range(256):
        for _ in range(8):
            byte = (byte >> 1) ^ (0x82F63B78 if byte & 1 else 0)
        first.append(byte)
    tables = [first]
    for _ in range(7):
        tables.append([first[value & 255] ^ (value >> 8) for value in tables[-1]])
    return tuple(map(tuple, tables))


def crc32c(data: bytes) -> int:
    """The checksum of ``data``."""
    t0, t1, t2, t3, t4, t5, t6, t7 = _tables()
    crc, whole = 0xFFFFFFFF, len(data) - len(data) % 8
    for (word,) in struct.iter_unpack("<Q", data[:whole]):
        word ^= crc
        crc = (
            t7[word & 255] ^ t6[word >> 8 & 255] ^ t5[word >> 16 & 255] ^ t4[word >> 24 & 255]
            ^ t3[word >> 32 & 255] ^ t2[word >> 40 & 255] ^ t1[word >> 48 & 255] ^ t0[word >> 56]
        )  # fmt: skip
    for byte in data[whole:]:
        crc = t0[(crc ^ byte) & 255] ^ (crc >> 8)
    return crc ^ 0xFFFFFFFF


def _masked(data: bytes) -> int:
    crc = crc32c(data)
    return ((crc >> 15 | crc << 17) + 0xA282EAD8) & 0xFFFFFFFF


# Out ------------------------------------------------------------------------------------------------------------------


def write_events(scalars: Iterable[Scalar]) -> bytes:
    """An event file with these scalars, in their order. Its wall times count the events: no clock, so equal runs give
    equal files."""
    events = [_double(1, 0.0) + _bytes(3, b"brain.Event:2")]
    for place, scalar in enumerate(scalars):
        value = _bytes(1, scalar.tag.encode()) + b"\x15" + _FLOAT.pack(_float32(scalar.value))
        events.append(_double(1, float(place)) + b"\x10" + _varint(scalar.step) + _bytes(5, _bytes(1, value)))
    return b"".join(map(_record, events))


def _float32(value: float) -> float:
    return value if not math.isfinite(value) or abs(value) < 3.4e38 else math.copysign(math.inf, value)


def _record(payload: bytes) -> bytes:
    length = struct.pack("<Q", len(payload))
    return length + _FOOTER.pack(_masked(length)) + payload + _FOOTER.pack(_masked(payload))


def _varint(value: int) -> bytes:
    out = bytearray()
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    return bytes([*out, value])


def _bytes(number: int, data: bytes) -> bytes:
    return _varint(number << 3 | 2) + _varint(len(data)) + data


def _double(number: int, value: float) -> bytes:
    return _varint(number << 3 | 1) + _DOUBLE.pack(value)


# In -------------------------------------------------------------------------------------------------------------------


def read_events(data: bytes, name: str) -> Events:
    """The scalars of an event file with this content, in its order.

    As TensorBoard does, a file that ends within a record is read up to there. Raises :class:`InvalidSetting`, naming
    the file ``name``, where a byte is wrong, or nothing is in it.
    """
    notes: list[str] = []
    try:
        found = _scalars(data, notes)
    except _Damaged as damage:
        raise InvalidSetting(f"{brief(name)} is a damaged event file: {damage}; choose an intact one.") from None
    if not found:
        why = f" ({notes[0]})" if notes else ""
        raise InvalidSetting(f"{brief(name)} has no scalar in it{why}: choose an event file written by add_scalar.")
    return Events(found, tuple(notes))


def _scalars(data: bytes, notes: list[str]) -> list[Scalar]:
    found: list[Scalar] = []
    for at, payload in _records(data, notes):
        try:
            found += _of_event(payload)
        except (_Damaged, UnicodeDecodeError, struct.error):
            raise _Damaged(f"the record at byte {at:,} is no event") from None
        if len(found) > MOST_SCALARS:
            raise _Damaged(f"it has more than {MOST_SCALARS:,} scalars")
    return found


def _records(data: bytes, notes: list[str]) -> Iterator[tuple[int, bytes]]:
    """The payloads, each with the byte at which its record begins; up to one that the file cuts short, with a note."""
    at = 0
    while at < len(data):
        head = data[at : at + _HEADER.size]
        if len(head) < _HEADER.size:
            notes.append(f"the file ends within the record at byte {at:,}")
            return
        length, crc = _HEADER.unpack(head)
        if _masked(head[:8]) != crc:
            raise _Damaged(f"the checksum at byte {at + 8:,} is wrong")
        begin, end = at + _HEADER.size, at + _HEADER.size + length
        if end + _FOOTER.size > len(data):
            notes.append(f"the file ends within the record at byte {at:,}")
            return
        payload = data[begin:end]
        if _masked(payload) != _FOOTER.unpack_from(data, end)[0]:
            raise _Damaged(f"the checksum at byte {end:,} is wrong")
        yield at, payload
        at = end + _FOOTER.size


def _fields(message: bytes) -> Iterator[tuple[int, int, int | bytes]]:
    """The fields of a protocol buffer: number, wire type, and a varint or raw bytes."""
    at = 0
    while at < len(message):
        key, at = _read_varint(message, at)
        number, wire = key >> 3, key & 7
        if wire == 0:
            value, at = _read_varint(message, at)
            yield number, wire, value
            continue
        if wire == 2:
            length, at = _read_varint(message, at)
        elif wire in (1, 5):
            length = 8 if wire == 1 else 4
        else:
            raise _Damaged("unknown wire type")
        if at + length > len(message):
            raise _Damaged("cut off")
        yield number, wire, message[at : at + length]
        at += length


def _read_varint(message: bytes, at: int) -> tuple[int, int]:
    value = 0
    for shift in range(0, 70, 7):
        if at >= len(message):
            raise _Damaged("cut off")
        byte = message[at]
        at += 1
        value |= (byte & 127) << shift
        if byte < 128:
            return value & (2**64 - 1), at
    raise _Damaged("number too long")


def _of_event(event: bytes) -> list[Scalar]:
    step, summaries = 0, []
    for number, _, value in _fields(event):
        if number == 2 and isinstance(value, int):
            step = value - 2**64 if value >= 2**63 else value
        if number == 5 and isinstance(value, bytes):
            summaries.append(value)
    values = [value for summary in summaries for number, _, value in _fields(summary) if number == 1]
    pairs = [_of_value(value) for value in values if isinstance(value, bytes)]
    return [Scalar(tag, step, number) for tag, number in pairs if number is not None]


def _of_value(message: bytes) -> tuple[str, float | None]:
    """The tag, and the number if it has one."""
    tag, found = "", None
    for number, wire, value in _fields(message):
        if number == 1 and isinstance(value, bytes):
            tag = value.decode()
        if number == 2 and wire == 5 and isinstance(value, bytes):
            found = _FLOAT.unpack(value)[0]
        if number == 8 and isinstance(value, bytes):
            found = _of_tensor(value)
    return tag, found


def _of_tensor(message: bytes) -> float | None:
    """The number in a TensorProto that holds a single one, else None."""
    fields = list(_fields(message))
    code = next((value for number, _, value in fields if number == 1), 0)
    kind = _KINDS.get(code) if isinstance(code, int) else None
    if kind is None:
        return None
    content = b"".join(value for number, _, value in fields if number == 4 and isinstance(value, bytes))
    if content:
        return _of_bytes(content, kind.dtype)
    listed = [value for number, _, value in fields if number == kind.number]
    if kind.packed is not None:
        raw = b"".join(value for value in listed if isinstance(value, bytes))
        return float(kind.packed.unpack(raw)[0]) if len(raw) == kind.packed.size else None
    numbers = [whole for value in listed for whole in ([value] if isinstance(value, int) else _varints(value))]
    if len(numbers) != 1:
        return None
    (whole,) = numbers
    if kind.number == 13:  # the bits of a half
        return _of_bytes((whole & 0xFFFF).to_bytes(2, "little"), kind.dtype)
    signed = kind.dtype[1:2] == "i"
    return float(whole - 2**64 if signed and whole >= 2**63 else whole)


def _varints(raw: bytes) -> Iterator[int]:
    at = 0
    while at < len(raw):
        value, at = _read_varint(raw, at)
        yield value


def _of_bytes(raw: bytes, dtype: str) -> float | None:
    """The number in these bytes, if it is one."""
    if dtype == "bfloat16":  # the upper half of a float32
        return float(_FLOAT.unpack(b"\0\0" + raw)[0]) if len(raw) == 2 else None
    form = np.dtype(dtype)
    return float(np.frombuffer(raw, form)[0]) if len(raw) == form.itemsize else None
