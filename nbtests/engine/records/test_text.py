"""From bytes to text, whatever wrote them."""

import codecs

import pytest

from trainingwheels.engine import InvalidSetting
from trainingwheels.engine.records.text import decode

TEXT = "step;loss\n1;2,5\n2;1,5\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_unicode_in_all_its_forms(encoding):
    assert decode(TEXT.encode(encoding), "a.csv") == TEXT


def test_marks_of_both_ends():
    assert decode(codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"), "a.csv") == TEXT


@pytest.mark.parametrize("encoding", ["latin-1", "cp1252", "cp1251", "shift_jis", "gb18030"])
def test_older_encodings_keep_names_that_we_know_and_numbers(encoding):
    word = {"cp1251": "эпоха", "shift_jis": "エポック", "gb18030": "时期"}.get(encoding, "époque")
    text = decode(f"{word};loss;val_loss\n1;2.5;2.6\n".encode(encoding), "a.csv")
    assert text.partition(";")[2] == "loss;val_loss\n1;2.5;2.6\n"


def test_line_ends_of_all_systems():
    assert decode(b"a\r\nb\rc\n", "a.csv") == "a\nb\nc\n"


@pytest.mark.parametrize("data", [b"\x89PNG\r\n\x1a\n\x00\x00", b"\xff\xfe\x00", b"loss\n\x01\x02", bytes(range(256))])
def test_what_is_no_text_is_said_in_a_line(data):
    with pytest.raises(InvalidSetting, match="is not text"):
        decode(data, "a.csv")
