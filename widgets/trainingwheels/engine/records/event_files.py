"""TensorBoard's event files: scalar curves in and out, without TensorBoard, checked byte by byte.

A file is a row of TFRecords: length (uint64), masked CRC-32C of the length, payload, masked CRC-32C of the payload, all
little-endian. A payload is a protocol buffer ``Event`` (wall_time = 1, step = 2, file_version = 3, summary = 5); its
``Summary`` has values (1), each with tag (1) and simple_value (2), or as newer writers have it, tensor (8). Formats:
tensorflow/core/lib/io/record_writer.cc and tensorflow/core/framework/summary.proto. TensorBoard's own reader would cost
eleven packages and 170 MB, takes a file that was cut off for a short one, and gives Keras's scalars as raw tensors.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

from trainingwheels.engine.settings import InvalidSetting, brief

__all__ = ["Scalar", "read_events", "write_events"]

MOST_SCALARS = 500_000  # of one file: more is no learner's run, and takes seconds to read
_HEADER, _FOOTER = struct.Struct("<QI"), struct.Struct("<I")
_FLOAT, _DOUBLE = struct.Struct("<f"), struct.Struct("<d")
_DT_FLOAT, _DT_DOUBLE = 1, 2  # tensorflow/core/framework/types.proto


class Scalar(NamedTuple):
    """One value of the curve ``tag``."""

    tag: str
    step: int
    value: float


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


def read_events(data: bytes, name: str) -> list[Scalar]:
    """The scalars of an event file with this content, in its order.

    As TensorBoard does, what was written beyond a step at which a run was taken up again is left out. Raises
    :class:`InvalidSetting`, naming the file ``name``, where a byte is wrong or missing, or nothing is in it.
    """
    try:
        found = _without_abandoned(_scalars(data))
    except _Damaged as damage:
        raise InvalidSetting(f"{brief(name)} is a damaged event file: {damage}; choose an intact one.") from None
    if not found:
        raise InvalidSetting(f"{brief(name)} has no scalar in it: choose an event file written by add_scalar.")
    return found


def _scalars(data: bytes) -> list[Scalar]:
    found: list[Scalar] = []
    for at, payload in _records(data):
        try:
            found += _of_event(payload)
        except (_Damaged, UnicodeDecodeError, struct.error):
            raise _Damaged(f"the record at byte {at:,} is no event") from None
        if len(found) > MOST_SCALARS:
            raise _Damaged(f"it has more than {MOST_SCALARS:,} scalars")
    return found


def _records(data: bytes) -> Iterator[tuple[int, bytes]]:
    """The payloads, each with the byte at which its record begins."""
    at = 0
    while at < len(data):
        head = data[at : at + _HEADER.size]
        if len(head) < _HEADER.size:
            raise _Damaged(f"it ends within the record at byte {at:,}")
        length, crc = _HEADER.unpack(head)
        if _masked(head[:8]) != crc:
            raise _Damaged(f"the checksum at byte {at + 8:,} is wrong")
        begin, end = at + _HEADER.size, at + _HEADER.size + length
        if end + _FOOTER.size > len(data):
            raise _Damaged(f"it ends within the record at byte {at:,}")
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
    """The number in a TensorProto that holds a single float or double, else None."""
    fields = list(_fields(message))
    kind = next((value for number, _, value in fields if number == 1), 0)
    if kind not in (_DT_FLOAT, _DT_DOUBLE):
        return None
    form = _FLOAT if kind == _DT_FLOAT else _DOUBLE
    # tensor_content (4), float_val (5) or double_val (6), packed or not
    wanted = (4, 5) if kind == _DT_FLOAT else (4, 6)
    raw = b"".join(value for number, _, value in fields if number in wanted and isinstance(value, bytes))
    return float(form.unpack(raw)[0]) if len(raw) == form.size else None


def _without_abandoned(scalars: list[Scalar]) -> list[Scalar]:
    """The curves without what a run that was taken up again at an earlier step had written beyond it."""
    kept: list[Scalar] = []
    earliest: dict[str, int] = {}
    for scalar in reversed(scalars):
        if scalar.step < earliest.get(scalar.tag, scalar.step + 1):
            kept.append(scalar)
            earliest[scalar.tag] = scalar.step
    return kept[::-1]
