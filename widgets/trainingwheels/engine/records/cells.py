"""How a number may be written in a cell: 0.25, "2,5", 45.0 %, tensor(0.5), or not at all."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["NOT_MEASURED", "Column", "column_of"]

NOT_MEASURED = ("", "-", "--", "?", ".", "na", "n/a", "#n/a", "<na>", "none", "null", "nil", "no log", "missing")
"""What stands in a cell where nothing was measured, in small letters."""
NO_NUMBER = ("nan", "-nan", "+nan", "nan%", "nan(ind)", "-nan(ind)", "1.#qnan", "#num!")
THOUSANDS = re.compile(r"[-+]?\d{1,3}(,\d{3})+")
WRAPPED = re.compile(r"(?:[\w.]*\(\[?|\[)\s*([-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?)\s*[,\])].*", re.IGNORECASE)


@dataclass(frozen=True)
class Column:
    """The numbers of a column where it has any: ``values`` (float64) in the rows ``at``, both ndarrays of one length.

    A value may be NaN or infinite where the file says so in words; where nothing was measured there is no value.
    ``percent`` says whether a percent sign stood beside them; ``odd`` are the rows of what is no number, and ``texts``
    what stands there, ndarrays of one length too.
    """

    at: NDArray[np.int64]
    values: NDArray[np.float64]
    percent: bool = False
    odd: NDArray[np.int64] = field(default_factory=lambda: np.empty(0, np.int64))
    texts: NDArray[np.object_] = field(default_factory=lambda: np.empty(0, object))

    @property
    def strange(self) -> tuple[int, str] | None:
        """The first row and text that is no number."""
        return (int(self.odd[0]), str(self.texts[0])) if len(self.odd) else None

    @property
    def strangers(self) -> int:
        """How many texts are no numbers."""
        return len(self.odd)

    @property
    def numeric(self) -> bool:
        """Whether it is a column of numbers, with an oddity or two at most."""
        return len(self.at) > 0 and self.strangers <= len(self.at)

    def within(self, rows: NDArray[np.bool_]) -> Column:
        """What of it stands in the rows that are marked, an ndarray of one bool for each row of the table."""
        kept, odd = rows[self.at], rows[self.odd]
        return Column(self.at[kept], self.values[kept], self.percent, self.odd[odd], self.texts[odd])


def column_of(cells: pd.Series[Any], whole: bool = False) -> Column:
    """The numbers in ``cells``, whatever they are written as. ``whole`` numbers may have commas between thousands."""
    if cells.dtype.kind in "iuf":
        values = cells.to_numpy(np.float64)
        at = np.flatnonzero(~np.isnan(values))  # what the file calls NaN comes as text
        return Column(at, values[at])
    if cells.dtype.kind == "b":
        return Column(np.empty(0, np.int64), np.empty(0), False, np.arange(len(cells)), cells.to_numpy(object))
    return _of_text(cells, whole)


def _plain_numbers(cells: pd.Series[Any]) -> NDArray[np.float64]:
    """The numbers in cells that are written as Python writes them, NaN elsewhere."""
    import pandas as pd

    try:
        found = pd.to_numeric(cells, errors="coerce")
    except OverflowError:  # a whole number of more than 308 digits: each cell by itself
        return np.full(len(cells), np.nan)
    return np.array(found.to_numpy(np.float64, na_value=np.nan))


def _of_text(cells: pd.Series[Any], whole: bool) -> Column:
    values = _plain_numbers(cells)
    missing = cells.isna().to_numpy()
    written = ~np.isnan(values)
    odd = np.flatnonzero(~written & ~missing)
    texts = [str(cells.iat[row]).strip() for row in odd]
    comma = whole and all(THOUSANDS.fullmatch(text) for text in texts if "," in text)
    known = {text: _number(text, comma) for text in dict.fromkeys(texts)}
    found = [known[text] for text in texts]
    strange = np.array([value is None for value in found], bool)
    for row, value in zip(odd, found, strict=True):
        if value is not None and value != "":
            values[row], written[row] = value, True
    at = np.flatnonzero(written)
    percent = any("%" in text for text in known)
    return Column(at, values[at], percent, odd[strange], np.array(texts, object)[strange])


def _number(text: str, thousands: bool) -> float | str | None:
    """The number in a cell; "" if nothing was measured, None if it is something else."""
    small = text.lower()
    if small in NOT_MEASURED:
        return ""
    if small in NO_NUMBER:
        return np.nan
    plain = small.removesuffix("%").strip().replace("−", "-").replace("\u202f", "").replace("\xa0", "")
    if wrapped := WRAPPED.fullmatch(plain):
        plain = wrapped[1]
    if "," in plain:
        decimal = plain.rfind(",") > plain.rfind(".") and not thousands
        plain = plain.replace(".", "").replace(",", ".") if decimal else plain.replace(",", "")
    try:
        return float(plain)
    except ValueError:
        return None
