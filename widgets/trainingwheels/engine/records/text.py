"""From the bytes of a file to its text, whatever program wrote it."""

from __future__ import annotations

import codecs
import re

from trainingwheels.engine.records.file_run import refuse

__all__ = ["EXAMPLE", "decode"]

EXAMPLE = "choose a CSV whose first row has names, as step,loss,val_loss,val_accuracy"
MARKS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF32_LE: "utf-32",  # before that of UTF-16, which is its first half
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
EUROPEAN_AND_ASIAN = ("cp1252", "cp1250", "cp1251", "shift_jis", "gb18030", "big5", "euc_kr")
"""What is looked for where a file is not UTF-8: any bytes are text in some encoding of the thirties, so not in all."""
NO_TEXT = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")  # tab, line ends, form feed and escape are text


def decode(data: bytes, name: str) -> str:
    """The text in ``data``, with newlines for its line ends. Raises :class:`InvalidSetting`, naming the file."""
    try:
        text = data.decode(_encoding(data))
    except UnicodeDecodeError as error:
        raise refuse(name, f"is not text (byte {error.start:,})", EXAMPLE) from None
    if strange := NO_TEXT.search(text):
        raise refuse(name, f"is not text (character {strange.start():,})", EXAMPLE)
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _encoding(data: bytes) -> str:
    for mark, encoding in MARKS.items():
        if data.startswith(mark):
            return encoding
    head = data[:400]
    if len(head) > 3 and head[1::2].count(0) > len(head) // 3:
        return "utf-16-le"
    if len(head) > 3 and head[::2].count(0) > len(head) // 3:
        return "utf-16-be"
    try:
        data.decode()
    except UnicodeDecodeError:
        return _guess(data)
    return "utf-8"


def _guess(data: bytes) -> str:
    if NO_TEXT.search(data.decode("latin-1")):
        return "utf-8"  # which says where it is no text
    from charset_normalizer import from_bytes

    best = from_bytes(data[:100_000], cp_isolation=list(EUROPEAN_AND_ASIAN)).best()
    return best.encoding if best else "latin-1"
